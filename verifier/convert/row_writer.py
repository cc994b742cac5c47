"""Results written as JSON straight from our words, byte for byte as protobuf would write them.

Protobuf's JSON mapping, in Python, takes ten times as long. What it does is simple: fields in the
order of their numbers, those that hold a zero last, those that are absent not at all. What is rare
(a plugin's free-form data, a lone surrogate, a number that JSON cannot spell) is left to it.
"""

from __future__ import annotations

import math
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from msgspec import Struct, structs
from msgspec.json import Encoder

from verifier.convert.enums import wire_names
from verifier.convert.words import DETAILS, LINE_BREAKS
from verifier.types import Result
from verifier.word import Int64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Spell = Callable[[Any], bytes]

_LINE_BREAK_BYTES: Final = tuple((char.encode(), escape.encode()) for char, escape in LINE_BREAKS)
_MAX_UINT32: Final = 2**32 - 1
_INT32: Final = range(-(2**31), 2**31)
_INT64: Final = range(-(2**63), 2**63)
# The fields of a result in the order of their numbers, which is not the order they are given in.
RESULT_ORDER: Final = (
    *("id", "verdict", "reward", "reason", "verifier", "message"),
    *("queue_seconds", "work_seconds"),
)
# msgspec finds a number's digits in a fifteenth of the time that Python's own repr takes. In this
# range they write the same; just below it, where many a time in seconds lies, Python writes 5e-05.
_PLAIN_FROM: Final = 1e-4
_PLAIN_BELOW: Final = 1e15
_TINY_FROM: Final = 1e-5
_TINY_ZEROS: Final = len("0.0000")
_spell_text = Encoder().encode  # what it is, in quotes
_spell_plain = Encoder().encode


class RowWriter:
    """Writes results of the common shape."""

    def __init__(self) -> None:
        known = {field.name: field.type for field in structs.fields(Result)}
        self._result = _Plan((name, known[name]) for name in RESULT_ORDER)
        self._details = {ours: (_key(name), _plan_of(ours).spell) for ours, name in DETAILS.items()}

    def write(self, result: Result) -> bytes | None:
        """One line, without its newline; None for a result that is not of the common shape."""
        detail = result.detail
        try:
            pieces, zeros = self._result.pieces(result)
            if detail is not None:
                key, spell = self._details[type(detail)]
                pieces.append(key + spell(detail))
        except (LookupError, UnicodeEncodeError, ValueError):
            return None
        line = _object(pieces + zeros)
        if not line.isascii():
            for char, escape in _LINE_BREAK_BYTES:
                line = line.replace(char, escape)
        return line


class _Plan:
    """How the fields of a struct are written.

    Args:
        fields: name and type of each, in the order of their numbers on the wire.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]]) -> None:
        self._fields = [(name, _key(name), *_field(annotation)) for name, annotation in fields]

    def pieces(self, ours: Any) -> tuple[list[bytes], list[bytes]]:
        """The fields of `ours` that are not zero, and those that are.

        Raises:
            LookupError, ValueError: a value that is not of the common shape.
        """
        pieces: list[bytes] = []
        zeros: list[bytes] = []
        for name, key, spell, zero in self._fields:
            value = getattr(ours, name)
            spelled = zero if value is None else spell(value)
            if spelled is not None:
                (zeros if spelled == zero else pieces).append(key + spelled)
        return pieces, zeros

    def spell(self, ours: Any) -> bytes:
        """The object that stands for `ours`."""
        pieces, zeros = self.pieces(ours)
        return _object(pieces + zeros)


def _plan_of(ours: type[Struct]) -> _Plan:
    return _Plan((field.name, field.type) for field in structs.fields(ours))


def _key(name: str) -> bytes:
    return b'"%b": ' % name.encode()


def _object(pieces: Sequence[bytes]) -> bytes:
    return b"{%b}" % b", ".join(pieces)


def _field(annotation: Any) -> tuple[Spell, bytes | None]:
    """How a value of this type is spelled, and what its zero is; None if it may be absent instead.

    Raises:
        TypeError: results have nothing for such a field yet.
    """
    if type(None) not in get_args(annotation):
        return _spell(annotation)
    kind = next(kind for kind in get_args(annotation) if kind is not type(None))
    spell, zero = _spell(kind)
    return spell, zero if _is_a(kind, Enum) else None  # an enum's "not given" has a name


def _spell(kind: Any) -> tuple[Spell, bytes | None]:
    simple: dict[Any, tuple[Spell, bytes | None]] = {
        str: (_spell_text, b'""'),
        float: (_spell_number, b"0.0"),
        int: (partial(_spell_whole, b"%d", _INT32), b"0"),
        Int64: (partial(_spell_whole, b'"%d"', _INT64), b'"0"'),
        bool: (_spell_flag, b"false"),
        tuple[int, int]: (_spell_span, None),
    }
    if kind in simple:
        return simple[kind]
    if get_origin(kind) is tuple:
        return partial(_spell_all, _spell(get_args(kind)[0])[0]), b"[]"
    if _is_a(kind, Enum):
        names = {member: _spell_text(name) for member, name in wire_names(kind).items()}
        return names.__getitem__, names[None]
    if _is_a(kind, Struct):
        return _plan_of(kind).spell, None
    raise TypeError(f"a result cannot hold a {kind!r}")


def _is_a(kind: Any, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def _spell_flag(value: bool) -> bytes:  # noqa: FBT001 - the value itself
    return b"true" if value else b"false"


def _spell_all(spell: Spell, values: Iterable[object]) -> bytes:
    return b"[%b]" % b", ".join(map(spell, values))


def _spell_number(value: float) -> bytes:
    value = float(value)
    if _PLAIN_FROM <= value < _PLAIN_BELOW:
        return _spell_plain(value)
    if _TINY_FROM <= value < _PLAIN_FROM:
        digits = _spell_plain(value)[_TINY_ZEROS:]
        return b"%b%b%be-05" % (digits[:1], b"." if digits[1:] else b"", digits[1:])
    if not math.isfinite(value):
        raise ValueError
    return repr(value).encode()


def _spell_whole(form: bytes, wire: range, value: int) -> bytes:
    if value not in wire:
        raise ValueError
    return form % value


def _spell_span(span: tuple[int, int]) -> bytes:
    """A place in a text: `Span` on the wire, whose fields may be zero like any other."""
    start, end = span
    if not (0 <= start <= _MAX_UINT32 and 0 <= end <= _MAX_UINT32):
        raise ValueError
    if end and not start:  # zeros come last here too
        return b'{"end": %d, "start": 0}' % end
    return b'{"start": %d, "end": %d}' % (start, end)
