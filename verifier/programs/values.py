"""What a function returned, compared with the JSON that it should have returned.

| Expected (JSON)   | Matched by                                                                   |
|-------------------|------------------------------------------------------------------------------|
| null, true, false | None, True, False and nothing else: 1 is not true                            |
| an integer        | this int, of any size; a float that is exactly this and below 2**53          |
| with a point or   | an int or a finite float within the tolerance                                |
| an exponent       |                                                                              |
| a string          | the same str                                                                 |
| an array          | a list or a tuple of as many values that match, in order                     |
| an object         | a dict with the same keys, as `json.dumps` would write them, and values that |
|                   | match; the order of keys says nothing                                        |

Nothing else matches anything: no set, no bytes, no Fraction, no iterator. What was returned is data
made by hostile code; all of it is compared by its type and contents, in time linear in what was
expected.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Final, NoReturn, cast

from verifier.errors import InputError
from verifier.programs.closeness import is_close
from verifier.programs.quoting import described, quoted_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    Step = int | str | None
    """An index, a key, or None for the whole."""
    Pair = tuple[Step, object, object]
    """A step into a value, what was returned there and what was expected there."""

_MAX_DEPTH: Final = 100  # of arrays and objects in each other: what comes out of a sandbox, too
_MAX_INT_DIGITS: Final = 4000  # below the 4300 from which on `int` refuses; there, it is slow
_MAX_EXACT: Final = 2**53  # from here on, a float does not say which integer it was
_MAX_RANGE: Final = 10**308  # of integers that are compared as floats
_MAX_KEY_BITS: Final = 13_000  # of an integer as a key: below 4000 digits
_MAX_PATH_CHARS: Final = 60
_FLAT: Final = frozenset({int, float, str, bool})  # of one type, these match if they are equal


def parse_expected(text: str, *, field: str = "expected_json") -> object:
    """Reads one JSON value: None, bool, int of any size, finite float, str, list, dict.

    Args:
        text: the JSON.
        field: dotted path of what the text stands in, for the error.

    Raises:
        InputError: no JSON; NaN, Infinity or a number that a float cannot hold; a key twice in one
            object; more than 100 levels.
    """
    try:
        value = json.loads(
            text,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_refused,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise InputError(f"is nested more than {_MAX_DEPTH} levels deep", field=field) from None
    except ValueError as error:
        raise InputError(f"is no JSON that could be compared: {error}", field=field) from None
    if _is_deeper(value, _MAX_DEPTH):
        raise InputError(f"is nested more than {_MAX_DEPTH} levels deep", field=field)
    return cast("object", value)


def mismatch(actual: object, expected: object, tolerance: float) -> str | None:
    """Compares what was returned with what was expected.

    Args:
        actual: plain data: what `type` says of a value is what it is.
        expected: what `parse_expected` gave.
        tolerance: for numbers expected with a point or an exponent, see `is_close`; at least 0.

    Returns:
        None for a match, else one line for a person, at most 200 characters, that says where.
    """
    # One iterator for each level, so that depth costs no recursion and width no memory.
    levels: list[Iterator[Pair]] = [iter([(None, actual, expected)])]
    path: list[Step] = []
    while levels:
        for step, got, wanted in levels[-1]:
            if type(got) is type(wanted) and type(wanted) in _FLAT and got == wanted:
                continue
            said = _difference(got, wanted, tolerance)
            if said:
                return _at([*path, step]) + said
            if type(wanted) in {list, dict}:
                path.append(step)
                levels.append(_members(got, wanted))
                break
        else:
            levels.pop()
            del path[len(levels) - 1 :]
    return None


def _whole(digits: str) -> int:
    if len(digits) <= _MAX_INT_DIGITS:
        return int(digits)
    import flint  # noqa: PLC0415 - it takes some 50 ms to load, and hardly any task needs it

    return int(flint.fmpz(digits))


def _finite(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError(f"{quoted_text(digits)} is more than a float can hold")
    return value


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {quoted_text(twice)} occurs twice in one object")
    return members


def _is_deeper(value: object, depth: int) -> bool:
    """Tells whether arrays and objects stand in each other more than `depth` deep."""
    level = [value] if isinstance(value, (list, dict)) else []
    for _ in range(depth):
        level = [
            member
            for container in level
            for member in (container.values() if isinstance(container, dict) else container)
            if isinstance(member, (list, dict))
        ]
    return bool(level)


def _difference(got: object, wanted: object, tolerance: float) -> str | None:
    """What is wrong with one value, the members of a list or dict apart."""
    if isinstance(wanted, list):
        return _list_difference(got, wanted)
    if isinstance(wanted, dict):
        return _dict_difference(got, wanted)
    if isinstance(wanted, float):
        matches = _is_near(got, wanted, tolerance)
    elif type(wanted) is int and type(got) is float:
        matches = abs(got) < _MAX_EXACT and got == wanted
    else:
        matches = type(got) is type(wanted) and got == wanted
    return None if matches else f"expected {described(wanted)}, got {described(got)}"


def _is_near(got: object, wanted: float, tolerance: float) -> bool:
    if type(got) is int:
        return abs(got) < _MAX_RANGE and is_close(float(got), wanted, tolerance)
    return type(got) is float and isfinite(got) and is_close(got, wanted, tolerance)


def _list_difference(got: object, wanted: list[object]) -> str | None:
    if not isinstance(got, (list, tuple)):
        return f"expected {described(wanted)}, got {described(got)}"
    if len(got) != len(wanted):
        return f"expected length {len(wanted)}, got {len(got)}"
    return None


def _dict_difference(got: object, wanted: dict[str, object]) -> str | None:
    if not isinstance(got, dict):
        return f"expected {described(wanted)}, got {described(got)}"
    if len(got) != len(wanted):
        return f"expected {len(wanted)} keys, got {len(got)}"
    keys = {_json_key(key) for key in got}
    for key in wanted:
        if key not in keys:
            return f"the key {quoted_text(key)} is missing"
    return None


def _members(got: object, wanted: object) -> Iterator[Pair]:
    """The pairs inside two lists of one length or two dicts with the same keys."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        values = {_json_key(key): value for key, value in got.items()}
        return ((key, values[key], wanted[key]) for key in wanted)
    pairs = zip(cast("list[object]", got), cast("list[object]", wanted), strict=True)
    return ((index, one, other) for index, (one, other) in enumerate(pairs))


def _json_key(key: object) -> str | None:
    """The key as `json.dumps` writes it; None for one that it refuses."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, int) and key.bit_length() <= _MAX_KEY_BITS:
        return str(key)
    if isinstance(key, float) and isfinite(key):
        return repr(key)
    return None


def _at(path: list[Step]) -> str:
    steps = [quoted_text(step) if isinstance(step, str) else str(step) for step in path[1:]]
    place = "".join(f"[{step}]" for step in steps)
    if len(place) > _MAX_PATH_CHARS:
        place = f"…{place[1 - _MAX_PATH_CHARS :]}"
    return f"{place}: " if place else ""
