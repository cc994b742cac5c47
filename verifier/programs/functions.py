"""Pure functions that tests may call on data, bounded in what they make and how long they take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from sandbox.jail.data import Iterated
from sandbox.jail.kinds import check_hashes

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_BITS: Final = 2**18  # of integers that are multiplied or divided: a tenth of a second
_MAX_SUM_BITS: Final = 2**33  # members times the largest one's bits
_MAX_MATH_BITS: Final = 2**16  # of integers given to functions of math; gcd is quadratic
MAX_MEMBERS: Final = 2_000_000  # of what an operation makes: more than data may hold
_MAX_ROUND_DIGITS: Final = 400  # more than a float has


class NotSupported(Exception):  # noqa: N818 - says what an expression is; mostly no failure
    """An expression that is not evaluated here, or one whose values are too large for it."""


def check_bits(limit: int, *values: object) -> None:
    """Refuses integers of more than `limit` bits; raises NotSupported."""
    if any(isinstance(value, int) and value.bit_length() > limit for value in values):
        raise NotSupported("an integer that is too large to calculate with")


def check_quotient(left: object, right: object) -> None:
    """Refuses what ``/``, ``//`` and ``%`` would take long for; raises NotSupported."""
    if isinstance(left, str | bytes | bytearray):
        raise NotSupported("a format")
    check_bits(MAX_BITS, left, right)


def check_power(left: object, right: object) -> None:
    """Refuses powers that are too large, or of other than numbers; raises NotSupported."""
    if not isinstance(left, int | float | complex) or not isinstance(right, int | float | complex):
        raise NotSupported("a power of these types")
    if isinstance(left, int) and isinstance(right, int):
        check_bits(MAX_BITS, left, right)
        if left.bit_length() * abs(right) > MAX_BITS:
            raise NotSupported("a power that is too large")


def countable(values: Any) -> Any:
    """What can be iterated, if it is of a length that may be written out."""
    if isinstance(values, range) and not -MAX_MEMBERS < values.stop - values.start < MAX_MEMBERS:
        raise NotSupported("a range that is too long")
    return values


def _apart(values: Any) -> list[Any]:
    """Members of a set to be, if it can be made in linear time."""
    members = list(countable(values))
    check_hashes(members)
    return members


def _dict(values: Any = (), **named: object) -> dict[Any, Any]:
    if isinstance(values, dict):
        return {**values, **named}
    pairs = [(key, value) for key, value in countable(values)]
    check_hashes([key for key, _ in pairs])
    return {**dict(pairs), **named}


def _sum(values: Any, start: Any = 0) -> Any:
    members = [start, *countable(values)]
    if any(not isinstance(member, int | float | complex) for member in members):
        raise NotSupported("a sum of these types")
    bits = max(member.bit_length() for member in [0, *members] if isinstance(member, int))
    if bits * len(members) > _MAX_SUM_BITS:
        raise NotSupported("a sum of integers that are too large")
    return sum(members)


def _round(number: Any, ndigits: Any = None) -> Any:
    if isinstance(ndigits, int) and abs(ndigits) > _MAX_ROUND_DIGITS:
        raise NotSupported("rounding to that many digits")
    if ndigits is not None:
        check_bits(MAX_BITS, number)
    return round(number, ndigits)


def _pow(base: Any, exponent: Any) -> Any:
    check_power(base, exponent)
    return base**exponent


def _divmod(left: Any, right: Any) -> Any:
    check_quotient(left, right)
    return divmod(left, right)


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    def found(*values: Any, **named: Any) -> Any:
        if "key" in named:
            raise NotSupported("a key")
        return function(*map(countable, values), **named)

    return found


def _type(value: object) -> type:
    return type(value)


def _bounded_math(function: Callable[..., Any]) -> Callable[..., Any]:
    def bounded(*values: Any, **named: Any) -> Any:
        check_bits(_MAX_MATH_BITS, *values)
        return function(*values, **named)

    return bounded


def _of_members(function: Callable[..., Any]) -> Callable[..., Any]:
    def found(values: Any = ()) -> Any:
        return function(countable(values))

    return found


def _sorted(values: Any, *, reverse: bool = False) -> list[Any]:
    return sorted(countable(values), reverse=reverse)


def _refuse() -> Any:
    raise NotSupported("bytes of these types")


MATH: Final[dict[str, Any]] = {
    **{name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")},
    **{
        name: _bounded_math(getattr(math, name))
        for name in (
            "acos asin atan atan2 ceil copysign cos degrees exp fabs floor fmod gcd hypot isclose "
            "isfinite isinf isnan isqrt log log10 log2 pow radians sin sqrt tan trunc"
        ).split()
    },
}
FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "abs": abs,
    "all": _of_members(all),
    "any": _of_members(any),
    "bool": bool,
    "bytes": lambda values=b"": bytes(values) if isinstance(values, bytes | list) else _refuse(),
    "chr": chr,
    "complex": complex,
    "dict": _dict,
    "divmod": _divmod,
    "float": float,
    "frozenset": lambda values=(): frozenset(_apart(values)),
    "int": int,
    "isinstance": isinstance,
    "len": len,
    "list": _of_members(list),
    "max": _extreme(max),
    "min": _extreme(min),
    "ord": ord,
    "pow": _pow,
    "range": range,
    "repr": repr,
    "reversed": lambda values: Iterated(list(reversed(countable(values)))),
    "round": _round,
    "set": lambda values=(): set(_apart(values)),
    "sorted": _sorted,
    "str": str,
    "sum": _sum,
    "tuple": _of_members(tuple),
    "type": _type,
}
"""Builtins that may be called, by name: pure, and bounded in what they make."""
