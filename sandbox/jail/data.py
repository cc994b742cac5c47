"""Python values as tagged JSON, for a pipe whose other end may be hostile.

None, booleans, strings, finite floats, integers below 2**53 and lists are themselves. Anything else
is an object with one key that names the type:

| Node                                        | Value                                           |
|---------------------------------------------|-------------------------------------------------|
| ``{"int": "-ff"}``                          | an integer of any size, hexadecimal             |
| ``{"float": "nan"}``, ``"inf"``, ``"-inf"`` | what JSON has no number for                     |
| ``{"complex": [re, im]}``                   | two floats                                      |
| ``{"str": "eda0bd"}``                       | a string with surrogates, its UTF-8 as hex      |
| ``{"bytes": "00ff"}``, ``{"bytearray": …}`` | hexadecimal                                     |
| ``{"tuple": […]}``, ``set``, ``frozenset``, | their members                                   |
| ``deque``                                   |                                                 |
| ``{"dict": [[key, value], …]}``             | in order                                        |
| ``{"range": [start, stop, step]}``          | three integers                                  |
| ``{"fraction": [over, under]}``             | two integers                                    |
| ``{"decimal": "1.50"}``                     | as `str` writes it                              |
| ``{"iterator": […]}``                       | what a generator, map or dict view gave         |
| ``{"ndarray": […]}``                        | a numpy array as nested lists                   |
| ``{"ref": 3, "type": "Node"}``              | an object that is no data, by its number        |

A value of a subclass is what its base type holds, read by the base type's own methods: an `int`
that claims to equal everything arrives as the plain integer it is.
"""

from __future__ import annotations

import sys
from collections import OrderedDict, deque
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from sandbox.jail.decoding import decode, parse
from sandbox.jail.kinds import DEFAULT_LIMITS, Array, Iterated, Limits, NotData, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "DEFAULT_LIMITS",
    "Array",
    "Iterated",
    "Limits",
    "NotData",
    "decode",
    "encode",
    "parse",
    "type_name",
]

_PLAIN_INT: Final = 2**53  # from here on other readers of JSON may round
_VIEWS: Final[tuple[type, ...]] = (Iterated, type({}.keys()), type({}.values()), type({}.items()))


def encode(
    value: object,
    limits: Limits = DEFAULT_LIMITS,
    refer: Callable[[object], int] | None = None,
) -> object:
    """A value as what `json.dumps` can write.

    Args:
        value: anything. Iterators are used up, unless there is `refer`.
        limits: beyond them a value is no data; a list that holds itself is too deep.
        refer: gives the number of an object that is no data, or raises `NotData`.

    Raises:
        NotData: the value, or one inside it, is no data.
        Exception: an iterator raised it.
    """
    return _Encoder(limits, refer).node(value, limits.depth)


class _Encoder:
    def __init__(self, limits: Limits, refer: Callable[[object], int] | None) -> None:
        self._nodes = limits.nodes
        self._size = limits.size
        self._refer = refer

    def node(self, value: Any, depth: int) -> object:
        """The node for a value that may hold `depth` more levels."""
        self._nodes -= 1
        if self._nodes < 0:
            raise NotData(f"{type_name(value)} with too many values")
        if depth < 0:
            raise NotData(f"{type_name(value)} nested too deeply")
        kind = type(value)
        if value is None or kind is bool:
            return value
        for base, write in _SCALARS:
            if issubclass(kind, base):
                return write(self, value)
        return self._container(value, kind, depth - 1)

    def spend(self, size: int, what: str) -> None:
        """Counts characters or bytes.

        Raises:
            NotData: they are more than is left.
        """
        self._size -= size
        if self._size < 0:
            raise NotData(f"{what} that is too long")

    def integer(self, value: int) -> object:
        plain = int.__index__(value)
        if -_PLAIN_INT < plain < _PLAIN_INT:
            return plain
        self.spend(plain.bit_length() // 4, "int")
        return {"int": f"{plain:x}"}

    def real(self, value: float) -> object:
        plain = float.__float__(value)
        return plain if isfinite(plain) else {"float": str(plain)}

    def complex_number(self, value: complex) -> object:
        plain = complex.__complex__(value)
        return {"complex": [self.real(plain.real), self.real(plain.imag)]}

    def text(self, value: str) -> object:
        plain = str.__str__(value)
        self.spend(len(plain), "str")
        if not plain.isascii():
            try:
                plain.encode()
            except UnicodeEncodeError:  # JSON would join two surrogates into one character
                return {"str": plain.encode("utf-8", "surrogatepass").hex()}
        return plain

    def octets(self, value: bytes) -> object:
        self.spend(bytes.__len__(value), "bytes")
        return {"bytes": bytes.hex(value)}

    def mutable_octets(self, value: bytearray) -> object:
        self.spend(bytearray.__len__(value), "bytearray")
        return {"bytearray": bytearray.hex(value)}

    def span(self, value: range) -> object:
        return {"range": [self.integer(part) for part in (value.start, value.stop, value.step)]}

    def fraction(self, value: Any) -> object:
        parts = (value._numerator, value._denominator)  # noqa: SLF001 - a subclass may hide the names
        if any(type(part) is not int for part in parts):
            raise NotData("Fraction of what is no integer")
        return {"fraction": [self.integer(part) for part in parts]}

    def decimal(self, value: Decimal) -> object:
        return {"decimal": self.text(Decimal.__str__(value))}

    def _container(self, value: Any, kind: type, depth: int) -> object:
        if issubclass(kind, list):
            return self._nodes_of("list", list.__len__(value), list.__iter__(value), depth)
        for base, tag, length, members in _COLLECTIONS:
            if issubclass(kind, base):
                return {tag: self._nodes_of(tag, length(value), members(value), depth)}
        if issubclass(kind, dict):
            items = OrderedDict.items if issubclass(kind, OrderedDict) else dict.items
            self._bound(dict.__len__(value), "dict")
            pairs = [*items(value)]
            return {"dict": [[self.node(k, depth), self.node(v, depth)] for k, v in pairs]}
        if self._refer is None and _is_iterator(kind):
            return {"iterator": self._consumed(value, depth)}
        return self._other(value, kind, depth)

    def _other(self, value: Any, kind: type, depth: int) -> object:
        ndarray, generic = _numpy("ndarray"), _numpy("generic")
        if kind is Array:
            return {"ndarray": self.node(value.items, depth)}
        if issubclass(kind, ndarray):
            self._bound(ndarray.size.__get__(value), "ndarray")
            return {"ndarray": self.node(ndarray.tolist(value), depth)}
        if issubclass(kind, generic):
            return self.node(generic.item(value), depth)
        if self._refer is not None:
            return {"ref": self._refer(value), "type": type_name(value)}
        raise NotData(type_name(value))

    def _nodes_of(
        self, what: str, length: int, members: Iterable[object], depth: int
    ) -> list[object]:
        self._bound(length, what)
        # A list of its own: a generator inside may change what is being read.
        return [self.node(member, depth) for member in [*members]]

    def _consumed(self, value: Iterable[object], depth: int) -> list[object]:
        nodes = []
        for member in value:
            nodes.append(self.node(member, depth))  # noqa: PERF401 - the bound ends it, not the iterator
        return nodes

    def _bound(self, length: int, what: str) -> None:
        """Refuses before anything is copied."""
        if length > self._nodes:
            raise NotData(f"{what} with too many values")


def _numpy(name: str) -> Any:
    """A class of numpy, never imported for this; of what is not loaded no value can be."""
    found = getattr(sys.modules.get("numpy"), name, None)
    return found if isinstance(found, type) else ()


def _is_iterator(kind: type) -> bool:
    return kind in _VIEWS or (hasattr(kind, "__next__") and hasattr(kind, "__iter__"))


# In the order they are tried: what may be a subclass of two of them does not exist.
_SCALARS: Final[tuple[tuple[type, Callable[[_Encoder, Any], object]], ...]] = (
    (int, _Encoder.integer),
    (str, _Encoder.text),
    (float, _Encoder.real),
    (bytes, _Encoder.octets),
    (complex, _Encoder.complex_number),
    (bytearray, _Encoder.mutable_octets),
    (range, _Encoder.span),
    (Fraction, _Encoder.fraction),
    (Decimal, _Encoder.decimal),
)
_COLLECTIONS: Final[tuple[tuple[type, str, Callable[[Any], int], Callable[[Any], Any]], ...]] = (
    (tuple, "tuple", tuple.__len__, tuple.__iter__),
    (set, "set", set.__len__, set.__iter__),
    (frozenset, "frozenset", frozenset.__len__, frozenset.__iter__),
    (deque, "deque", deque.__len__, deque.__iter__),
)
