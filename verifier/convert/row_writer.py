"""Results written as JSON straight from our words, byte for byte as protobuf would write them.

Protobuf's JSON mapping, in Python, takes ten times as long. What it does is simple: fields in the
order of their numbers, those that hold a zero last, those that are absent not at all. What is rare
(a plugin's free-form data, a lone surrogate, a number that JSON cannot spell) is left to it.
"""

from __future__ import annotations

import math
from enum import Enum
from functools import partial
from json.encoder import encode_basestring
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from msgspec import Struct, structs

from verifier.convert.enums import wire_names
from verifier.convert.words import DETAILS, LINE_BREAKS
from verifier.types import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Spell = Callable[[Any], str]

_MAX_UINT32: Final = 2**32 - 1
# The fields of a result in the order of their numbers, which is not the order they are given in.
RESULT_ORDER: Final = (
    *("id", "verdict", "reward", "reason", "verifier", "message"),
    *("queue_seconds", "work_seconds"),
)


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
            line = _object(pieces + zeros)
            if not line.isascii():
                for char, escape in LINE_BREAKS:
                    line = line.replace(char, escape)
            return line.encode()
        except (LookupError, UnicodeEncodeError, ValueError):
            return None


class _Plan:
    """How the fields of a struct are written.

    Args:
        fields: name and type of each, in the order of their numbers on the wire.
    """

    def __init__(self, fields: Iterable[tuple[str, Any]]) -> None:
        known = list(fields)
        self._fields = [(_key(name), *_field(annotation)) for name, annotation in known]
        self._values = _getter([name for name, _ in known])

    def pieces(self, ours: Any) -> tuple[list[str], list[str]]:
        """The fields of `ours` that are not zero, and those that are.

        Raises:
            LookupError, ValueError: a value that is not of the common shape.
        """
        pieces: list[str] = []
        zeros: list[str] = []
        for (key, spell, zero), value in zip(self._fields, self._values(ours), strict=True):
            if value is not None:
                spelled = spell(value)
                (zeros if spelled == zero else pieces).append(key + spelled)
            elif zero is not None:
                zeros.append(key + zero)
        return pieces, zeros

    def spell(self, ours: Any) -> str:
        """The object that stands for `ours`."""
        pieces, zeros = self.pieces(ours)
        return _object(pieces + zeros)


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Gets all these fields at once."""
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda ours: (get(ours),)


def _plan_of(ours: type[Struct]) -> _Plan:
    return _Plan((field.name, field.type) for field in structs.fields(ours))


def _key(name: str) -> str:
    return f'"{name}": '


def _object(pieces: Sequence[str]) -> str:
    return f"{{{', '.join(pieces)}}}"


def _field(annotation: Any) -> tuple[Spell, str | None]:
    """How a value of this type is spelled, and what its zero is; None if it may be absent instead.

    Raises:
        TypeError: results have nothing for such a field yet.
    """
    if type(None) not in get_args(annotation):
        return _spell(annotation)
    kind = next(kind for kind in get_args(annotation) if kind is not type(None))
    spell, zero = _spell(kind)
    return spell, zero if _is_a(kind, Enum) else None  # an enum's "not given" has a name


def _spell(kind: Any) -> tuple[Spell, str | None]:
    simple: dict[Any, tuple[Spell, str | None]] = {
        str: (encode_basestring, '""'),
        float: (_spell_number, "0.0"),
        bool: (_spell_flag, "false"),
        tuple[int, int]: (_spell_span, None),
    }
    if kind in simple:
        return simple[kind]
    if get_origin(kind) is tuple:
        return partial(_spell_all, _spell(get_args(kind)[0])[0]), "[]"
    if _is_a(kind, Enum):
        names = {member: encode_basestring(name) for member, name in wire_names(kind).items()}
        return names.__getitem__, names[None]
    if _is_a(kind, Struct):
        return _plan_of(kind).spell, None
    raise TypeError(f"a result cannot hold a {kind!r}")


def _is_a(kind: Any, base: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, base)


def _spell_flag(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "true" if value else "false"


def _spell_all(spell: Spell, values: Iterable[object]) -> str:
    return f"[{', '.join(map(spell, values))}]"


def _spell_number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError
    return repr(float(value))


def _spell_span(span: tuple[int, int]) -> str:
    """A place in a text: `Span` on the wire, whose fields may be zero like any other."""
    start, end = span
    if not (0 <= start <= _MAX_UINT32 and 0 <= end <= _MAX_UINT32):
        raise ValueError
    if end and not start:  # zeros come last here too
        return f'{{"end": {end}, "start": 0}}'
    return f'{{"start": {start}, "end": {end}}}'
