"""Hostile bytes to JSON, and JSON to values. The table of nodes stands in `sandbox.jail.data`."""

from __future__ import annotations

import json
import re
from collections import deque
from decimal import Decimal
from fractions import Fraction
from math import inf, isfinite, nan
from typing import TYPE_CHECKING, Any, Final, NoReturn

from sandbox.jail.kinds import DEFAULT_LIMITS, Array, Iterated, Limits, check_hashes, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PLAIN_INT: Final = 2**53  # from here on other readers of JSON may round
_MAX_FRACTION_DIGITS: Final = 10_000  # hexadecimal ones; reducing takes quadratic time
_MAX_DECIMAL: Final = 10_000  # characters, and what its exponent may be: int() writes it out
_MAX_NAME: Final = 100  # characters of a type's name
_TOKENS_PER_NODE: Final = 8  # brackets, commas and strings that write one value, at most
_TOKEN: Final = re.compile(rb'"[^"]*+"?|[\[{,]')
_HEX_INT: Final = re.compile(r"-?[0-9a-f]+")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})*+")
_DECIMAL: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:E[+-]?([0-9]{1,5}))?|Infinity|NaN)")
_SPECIAL_FLOATS: Final = {"nan": nan, "inf": inf, "-inf": -inf}


def parse(text: bytes, limits: Limits = DEFAULT_LIMITS) -> object:
    """Hostile bytes as JSON, for `decode`; memory stays in proportion to `limits.nodes`.

    Raises:
        ValueError: no JSON, too deep, or with more in it than a value within the limits has.
    """
    _bound_tokens(text, _TOKENS_PER_NODE * limits.nodes)
    try:
        node: object = json.loads(text.decode("ascii"), parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    return node


def decode(
    node: object,
    limits: Limits = DEFAULT_LIMITS,
    resolve: Callable[[int, str], object] | None = None,
) -> object:
    """The value that a node of parsed JSON stands for: exact builtin types all through.

    Args:
        node: what `parse` returned; nothing about it is taken on trust.
        limits: what the value may hold.
        resolve: gives the object for a reference's number and type name; without it references
            are refused.

    Raises:
        ValueError: the node is malformed or beyond a limit.
    """
    try:
        return _Decoder(limits, resolve).value(node, limits.depth)
    except (TypeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"no data: {error}") from None


def _bound_tokens(text: bytes, limit: int) -> None:
    if text.count(b",") + text.count(b"[") + text.count(b"{") + text.count(b'"') <= limit:
        return  # even if nothing of it stood inside strings
    bare = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    for count, _ in enumerate(_TOKEN.finditer(bare)):
        if count >= limit:
            raise ValueError("more values than the limit")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


class _Decoder:
    def __init__(self, limits: Limits, resolve: Callable[[int, str], object] | None) -> None:
        self._nodes = limits.nodes
        self._size = limits.size
        self._resolve = resolve

    def value(self, node: object, depth: int) -> object:
        """The value of a node that may hold `depth` more levels.

        Raises:
            ValueError: there is none.
            TypeError: a member of a set has no hash.
            ArithmeticError: a number there cannot be.
        """
        self._nodes -= 1
        if self._nodes < 0:
            raise ValueError("more values than the limit")
        if depth < 0:
            raise ValueError("nested deeper than the limit")
        if node is None or type(node) is bool:
            return node
        if type(node) is int or type(node) is float:
            return self._number(node)
        if type(node) is str:
            return self._text(node)
        if type(node) is list:
            return [self.value(member, depth - 1) for member in node]
        if type(node) is dict:
            return self._tagged(node, depth - 1)
        raise ValueError(f"{type_name(node)} is no JSON")

    def _number(self, node: float) -> float:
        if type(node) is int and not -_PLAIN_INT < node < _PLAIN_INT:
            raise ValueError("a plain integer of 2**53 or more")
        if type(node) is float and not isfinite(node):
            raise ValueError("a plain float that is not finite")
        return node

    def _text(self, node: str) -> str:
        self._size -= len(node)
        if self._size < 0:
            raise ValueError("more text than the limit")
        if not node.isascii():
            node.encode()  # a surrogate is a ValueError
        return node

    def _tagged(self, node: dict[str, Any], depth: int) -> object:
        if node.keys() == {"ref", "type"}:
            return self._reference(node["ref"], node["type"])
        if len(node) != 1:
            raise ValueError("an object that is no tagged value")
        ((tag, content),) = node.items()
        if tag in _TAGGED_TEXTS:
            return _TAGGED_TEXTS[tag](self._text(_expect(content, str)))
        if tag == "ndarray":
            return Array(self.value(content, depth))
        members: list[object] = _expect(content, list)
        if tag == "dict":
            return self._dict(members, depth)
        if tag not in _TAGGED_LISTS:
            raise ValueError("an unknown tag")
        return _TAGGED_LISTS[tag]([self.value(member, depth) for member in members])

    def _dict(self, members: list[Any], depth: int) -> dict[object, object]:
        pairs = []
        for pair in members:
            if type(pair) is not list or len(pair) != 2:
                raise ValueError("a dict of what is no pair")
            pairs.append((self.value(pair[0], depth), self.value(pair[1], depth)))
        check_hashes(key for key, _ in pairs)
        return dict(pairs)

    def _reference(self, number: object, name: object) -> object:
        if self._resolve is None:
            raise ValueError("a reference where only data may be")
        if type(number) is not int or number < 0 or type(name) is not str:
            raise ValueError("a reference without number and type")
        return self._resolve(number, name[:_MAX_NAME])


def _expect(content: object, kind: type) -> Any:
    if type(content) is not kind:
        raise ValueError(f"{type_name(content)} where {kind.__name__} must be")
    return content


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    if match := pattern.fullmatch(text):
        return match
    raise ValueError(f"{text[:40]!r} is not as it must be written")


def _hex_int(text: str) -> int:
    return int(_matched(_HEX_INT, text)[0], 16)


def _special_float(text: str) -> float:
    if text not in _SPECIAL_FLOATS:
        raise ValueError(f"{text[:40]!r} is no special float")
    return _SPECIAL_FLOATS[text]


def _octets(text: str) -> bytes:
    return bytes.fromhex(_matched(_HEX, text)[0])


def _decimal(text: str) -> Decimal:
    if len(text) > _MAX_DECIMAL:
        raise ValueError("a decimal that is too long")
    exponent = _matched(_DECIMAL, text)[1]
    if exponent and int(exponent) > _MAX_DECIMAL:
        raise ValueError("a decimal that is too large or too small")
    return Decimal(text)


def _all_of(kind: type, members: Sequence[Any], count: int) -> Any:
    if len(members) != count or any(type(member) is not kind for member in members):
        raise ValueError(f"expected {count} of {kind.__name__}")
    return members


def _complex(members: list[object]) -> complex:
    return complex(*_all_of(float, members, 2))


def _range(members: list[object]) -> range:
    return range(*_all_of(int, members, 3))


def _fraction(members: list[object]) -> Fraction:
    over, under = _all_of(int, members, 2)
    if under <= 0 or max(over.bit_length(), under.bit_length()) > 4 * _MAX_FRACTION_DIGITS:
        raise ValueError("a fraction that is none, or too long")
    return Fraction(over, under)


def _set(members: list[object]) -> set[object]:
    check_hashes(members)
    return set(members)


def _frozenset(members: list[object]) -> frozenset[object]:
    return frozenset(_set(members))


_TAGGED_TEXTS: Final[dict[str, Callable[[str], object]]] = {
    "int": _hex_int,
    "float": _special_float,
    "str": lambda text: _octets(text).decode("utf-8", "surrogatepass"),
    "bytes": _octets,
    "bytearray": lambda text: bytearray(_octets(text)),
    "decimal": _decimal,
}
_TAGGED_LISTS: Final[dict[str, Callable[[list[object]], object]]] = {
    "tuple": tuple,
    "set": _set,
    "frozenset": _frozenset,
    "deque": deque,
    "range": _range,
    "complex": _complex,
    "fraction": _fraction,
    "iterator": Iterated,
}
