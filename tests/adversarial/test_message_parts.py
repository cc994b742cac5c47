"""Messages that are small on the wire and huge in memory: refused before they are decoded."""

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import InputError
from verifier.server.parts import MAX_PARTS, check_parts, count_parts
from verifier.v1 import (
    code_pb2,
    composite_pb2,
    item_pb2,
    judge_pb2,
    math_pb2,
    plugin_pb2,
    process_pb2,
    service_pb2,
)

SCORE = "/verifier.v1.VerifierService/Score"
KIND = service_pb2.ScoreRequest.DESCRIPTOR


def _parts(message):
    """Parts of a message by its own account: an independent way to count."""
    total = 0
    for field, value in message.ListFields():
        for one in _each(field, value):
            total += 1
            if isinstance(one, Message):
                total += _parts(one)
    return total


def _each(field, value):
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        entry = field.message_type
        for key in value:
            yield entry._concrete_class(key=key, value=value[key])
    elif field.is_repeated and field.message_type is None and field.is_packed:
        yield value  # one part, however many numbers
    elif field.is_repeated:
        yield from value
    else:
        yield value


def _varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(kind, name, content):
    number = kind.DESCRIPTOR.fields_by_name[name].number
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _request(kind, task, name, times):
    """A request of one item whose task holds nothing, many times."""
    held = _field(kind, name, b"") * times
    item = _field(item_pb2.ScoreItem, task, held)
    return _field(service_pb2.ScoreRequest, "items", item)


BOMBS = {
    "items": lambda n: _field(service_pb2.ScoreRequest, "items", b"") * n,
    "reference answers": lambda n: _request(math_pb2.MathTask, "math", "reference_answers", n),
    "terms": lambda n: _request(composite_pb2.CompositeTask, "composite", "terms", n),
    "options": lambda n: _request(plugin_pb2.PluginTask, "plugin", "options", n),
    "steps": lambda n: _request(process_pb2.ProcessTask, "process", "steps", n),
    "setups": lambda n: _request(code_pb2.CodeTask, "code", "assertions", n),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_message_of_a_million_nothings_is_refused_undecoded(name):
    bomb = BOMBS[name](2**20)
    assert len(bomb) < 4 * 2**20
    with pytest.raises(InputError, match="several calls"):
        check_parts(bomb, SCORE)


def test_what_a_caller_may_have_to_send_is_let_through():
    items = [
        item_pb2.ScoreItem(
            id=str(number),
            completion="x" * 100,
            prompt="y",
            math=math_pb2.MathTask(reference_answers=["4", "5"]),
        )
        for number in range(16_384)
    ]
    check_parts(service_pb2.ScoreRequest(items=items).SerializeToString(), SCORE)


def test_a_long_text_is_one_part():
    item = item_pb2.ScoreItem(completion="x" * 8_000_000)
    data = service_pb2.ScoreRequest(items=[item]).SerializeToString()
    assert count_parts(data, KIND, MAX_PARTS) == 2


def test_of_an_unknown_method_nothing_is_said():
    check_parts(bytes(2**21), "/somebody.Else/Calls")


def _nested(levels):
    task = plugin_pb2.PluginTask(name="n")
    inner = task.options.fields["a"]
    for _ in range(levels):
        inner = inner.struct_value.fields["a"]
    inner.bool_value = True
    return item_pb2.ScoreItem(plugin=task)


@pytest.mark.parametrize(
    "message",
    [
        service_pb2.ScoreRequest(),
        service_pb2.ScoreRequest(items=[item_pb2.ScoreItem()] * 3),
        service_pb2.ScoreRequest(items=[_nested(5), _nested(20)]),
        service_pb2.ScoreRequest(
            items=[
                item_pb2.ScoreItem(
                    id="a",
                    judge=judge_pb2.JudgeTask(
                        rubric=judge_pb2.Rubric(criteria=[judge_pb2.Criterion(name="x", weight=2)])
                    ),
                )
            ],
            work_limit={"seconds": 3},
        ),
    ],
)
def test_parts_are_those_of_the_message(message):
    assert count_parts(message.SerializeToString(), KIND, 10**6) == _parts(message)


@given(st.binary(max_size=400))
def test_any_bytes_are_counted_without_an_error(data):
    assert 0 <= count_parts(data, KIND, 50) <= 51


@given(st.binary(min_size=1, max_size=200), st.integers(1, 20))
def test_no_bytes_decode_to_more_than_was_counted(data, times):
    """Whatever gets past the count has at most so many parts, or the decoder refuses it."""
    from google.protobuf.message import DecodeError

    data *= times
    counted = count_parts(data, KIND, 10**6)
    request = service_pb2.ScoreRequest()
    try:
        request.ParseFromString(data)
    except DecodeError:
        return
    assert _parts(request) <= counted


def test_a_number_without_end_is_not_followed():
    assert count_parts(b"\x08" + b"\xff" * 2**20, KIND, MAX_PARTS) == 1
