"""Malformed requests: bytes of valid ones spoilt at random, and messages nobody meant."""

import random

from google.protobuf.descriptor import FieldDescriptor
from soaking.rows import one_of, steps_pool

from verifier.convert.rows import dict_to_proto
from verifier.v1 import judge_pb2, process_pb2, service_pb2

_ODD_TEXTS = (
    "",
    "\x00",
    "\x00" * 1000,
    "\u202e",
    "\\boxed{" * 500,
    "A" * 100_000,
    "\U0010ffff",
    "%s{0}",
)
_ODD_NUMBERS = (0, 1, -1, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63))
_ODD_FLOATS = (0.0, -0.0, 1e308, -1e308, float("nan"), float("inf"), float("-inf"), 5e-324)
_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_ENUM: (-(2**31), 2**31 - 1),
}
_FLOATS = (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT)
_CHEAP = ("inline", "text", "form", "judge", "composite")
_DEAR = ("code", "symbolic", "worker form")  # the point is what reads requests, not what works
_MOST_BYTES = 200_000  # of one mutant


def valid_requests(seed):
    """(method, message) pairs to spoil: every RPC, every kind of row."""
    rng, messages = random.Random(seed), []
    kinds = _CHEAP * 8 + _DEAR
    for number in range(150):
        kind = kinds[number % len(kinds)]
        rows = [one_of(kind, rng, number).row, one_of(rng.choice(_CHEAP), rng, number + 1).row]
        items = [dict_to_proto(row) for row in rows]
        messages.append(("Score", service_pb2.ScoreRequest(items=items)))
        messages.append(("ScoreStream", service_pb2.ScoreStreamRequest(items=items)))
    task = judge_pb2.JudgeTask(threshold=0.5)
    for mode in (1, 2, 3):
        request = judge_pb2.JudgeRequest(
            mode=mode, prompt="2+2?", completions=["4", "5"], task=task
        )
        messages += [("Judge", request)] * 4
    select = service_pb2.SelectRequest()
    for name in "abc":
        select.candidates.add(id=name, completion=rf"\boxed{{{name}}}", score=0.5)
    messages += [("Select", select)] * 10
    messages += [("ListVerifiers", service_pb2.ListVerifiersRequest())] * 3
    items = [dict_to_proto(known.row) for known in steps_pool(seed, 10)]
    messages.append(("Score", service_pb2.ScoreRequest(items=items)))
    steps = process_pb2.ScoreStepsRequest(prompt="2+3*4")
    steps.branches.add(id="b", new_steps=["3*4=12:2+12"])
    messages += [("ScoreSteps", steps)] * 10
    return messages


def mutants(seed, requests):
    """(method, bytes) pairs without end."""
    rng = random.Random(seed)
    encoded = [(method, message.SerializeToString()) for method, message in requests]
    while True:
        if rng.random() < 0.5:
            method, message = rng.choice(requests)
            spoilt = type(message)()
            spoilt.CopyFrom(message)
            for _ in range(rng.randint(1, 3)):
                _spoil_message(rng, spoilt)
            yield method, spoilt.SerializeToString()[:_MOST_BYTES]
        else:
            method, raw = rng.choice(encoded)
            spoilt = bytearray(raw)
            for _ in range(rng.randint(1, 4)):
                rng.choice(_BYTES)(rng, spoilt, rng.choice(encoded)[1])
            yield method, bytes(spoilt[:_MOST_BYTES])


def _spoil_message(rng, message):
    """Something odd in one field, set or not, at any depth."""
    if not message.DESCRIPTOR.fields:
        return
    field = rng.choice(message.DESCRIPTOR.fields)
    deep = field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE
    if field.is_repeated and _is_map(field):
        message.ClearField(field.name)
    elif field.is_repeated:
        values = getattr(message, field.name)
        if values and rng.random() < 0.3:
            del values[rng.randrange(len(values)) :]
        elif deep:
            _spoil_message(
                rng, rng.choice(values) if values and rng.random() < 0.7 else values.add()
            )
        else:
            odd = _odd(rng, field)
            many = 1 if isinstance(odd, str | bytes) and len(odd) > 100 else 200
            values.extend([odd] * rng.choice((1, 1, 3, many)))
    elif deep:
        child = getattr(message, field.name)
        child.SetInParent()
        _spoil_message(rng, child)
    elif rng.random() < 0.2:
        message.ClearField(field.name)
    else:
        setattr(message, field.name, _odd(rng, field))


def _is_map(field):
    kind = field.message_type
    return kind is not None and kind.GetOptions().map_entry


def _odd(rng, field):
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        text = rng.choice(_ODD_TEXTS)
        return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if field.cpp_type in _FLOATS:
        return rng.choice(_ODD_FLOATS)
    least, most = _INTEGERS[field.cpp_type]
    return min(max(rng.choice(_ODD_NUMBERS), least), most)


def _flip(rng, data, other):
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _overwrite(rng, data, other):
    if data:
        at = rng.randrange(len(data))
        data[at : at + rng.randint(1, 8)] = rng.randbytes(rng.randint(1, 8))


def _cut(rng, data, other):
    at = rng.randrange(len(data) + 1)
    del data[at : at + rng.choice((1, 2, 8, len(data)))]


def _insert(rng, data, other):
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.randbytes(rng.choice((1, 2, 9, 100)))


def _repeat(rng, data, other):
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.randint(1, 64)]
    data[start:start] = piece * rng.choice((1, 2, 50))


def _splice(rng, data, other):
    """The head of one and the tail of another."""
    data[rng.randrange(len(data) + 1) :] = other[rng.randrange(len(other) + 1) :]


def _lie_of_length(rng, data, other):
    """A varint that says far too much."""
    at = rng.randrange(len(data) + 1)
    data[at : at + 1] = b"\xff" * rng.randint(1, 10) + bytes([rng.randrange(128)])


def _nest(rng, data, other):
    """The whole within itself, again and again."""
    field = rng.randrange(1, 20)
    for _ in range(rng.choice((1, 5, 120))):
        data[:0] = _varint(field << 3 | 2) + _varint(len(data))
        if len(data) > _MOST_BYTES:
            return


def _varint(number):
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    return bytes([*encoded, number])


def extremes():
    """(what, method, bytes): too many, too large, too deep; each has to be refused as a whole."""
    item = b"\x0a\x02\x1a\x00"
    yield "a million items", "Score", item * 1_000_000
    yield "80 MiB", "Score", b"\x0a" + _varint(80 * 1024**2) + b"\x1a" + bytes(80 * 1024**2 - 1)
    for method, field in (("Score", 1), ("ScoreStream", 1), ("Judge", 4)):
        inside = b""
        for _ in range(10_000):
            inside = _varint(field << 3 | 2) + _varint(len(inside)) + inside
        yield "10,000 deep", method, inside
    values = b""
    for _ in range(5_000):  # a list in a list: what `plugin.options` may hold, as deep as it goes
        values = (
            b"\x32"
            + _varint(len(values) + 1 + len(_varint(len(values))))
            + (b"\x0a" + _varint(len(values)) + values)
        )
    options = b"\x0a" + _varint(len(values) + 2 + len(_varint(len(values)))) + b"\x0a\x00"
    options += b"\x12" + _varint(len(values)) + values
    plugin = b"\x12" + _varint(len(options)) + options
    task = _varint(18 << 3 | 2) + _varint(len(plugin)) + plugin
    yield "options 5,000 deep", "Score", b"\x0a" + _varint(len(task)) + task


_BYTES = (_flip, _flip, _overwrite, _cut, _insert, _repeat, _splice, _lie_of_length, _nest)
