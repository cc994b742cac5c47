"""Trees on their way to a worker process: msgpack, small, and nothing that could be executed."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import Any, Final, get_args

import msgspec

from verifier.mathematics.limits import MAX_SYMBOLIC_NODES
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Clock,
    Date,
    Equation,
    Logic,
    Node,
    Quantity,
    Ratio,
    Relation,
    Sequence,
    SetBuilder,
    TooComplexError,
    UnsupportedError,
    Words,
)

_CLASSES: Final[tuple[type[Any], ...]] = get_args(Node)
_FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in _CLASSES}
_TAGS: Final = {kind: tag for tag, kind in enumerate(_CLASSES)}
# What `building` has no constructor for.
_HOPELESS: Final = frozenset((Quantity, Words, Clock, Date, Ratio, SetBuilder))
_HEADED: Final = frozenset((Apply, BigOperator))
_HOPELESS_HEADS: Final = frozenset("pm mp prime cup cap setminus complement bigcup bigcap".split())
# Lists start with a tag: a class's place above, or one of these.
_TUPLE: Final = -1
_FRACTION: Final = -2
_INTEGER: Final = -3  # beyond 64 bits, in hexadecimal
_MAX_INTEGER: Final = 2**63  # what msgpack holds, in either direction


def encode_pair(left: Node, right: Node) -> bytes | None:
    """Two trees as bytes; None if a worker could do nothing with them, for their size or kind."""
    alike = isinstance(left, Equation) == isinstance(right, Equation)
    if not (alike and _may_be_decided(left) and _may_be_decided(right)):
        return None
    budget = _Budget()
    try:
        return msgspec.msgpack.encode([_plain(left, budget), _plain(right, budget)])
    except (TooComplexError, UnsupportedError, RecursionError, UnicodeEncodeError):
        return None


def decode_pair(encoded: bytes) -> tuple[Node, Node]:
    """The two trees.

    Raises:
        ValueError: the bytes are not from `encode_pair`.
    """
    left, right = msgspec.msgpack.decode(encoded, type=tuple[Any, Any])
    return _tree(left), _tree(right)


def _may_be_decided(node: Node) -> bool:
    if isinstance(node, Sequence):
        return node.brackets == "()"
    return not isinstance(node, (Relation, Logic))


class _Budget:
    """Counts values on their way out."""

    def __init__(self) -> None:
        self._left = 4 * MAX_SYMBOLIC_NODES  # a node has some four values

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooComplexError("too large for a worker")


def _plain(value: Any, budget: _Budget) -> Any:
    """Turns a value into lists, numbers and strings."""
    budget.spend()
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return value if -_MAX_INTEGER <= value < _MAX_INTEGER else [_INTEGER, hex(value)]
    if isinstance(value, Fraction):
        over, under = value.as_integer_ratio()
        return [_FRACTION, _plain(over, budget), _plain(under, budget)]
    if isinstance(value, tuple):
        return [_TUPLE, *(_plain(part, budget) for part in value)]
    kind = type(value)
    if kind in _HOPELESS or (kind in _HEADED and value.head in _HOPELESS_HEADS):
        raise UnsupportedError("nothing that SymPy could decide")
    return [_TAGS[kind], *(_plain(getattr(value, name), budget) for name in _FIELDS[kind])]


def _value(plain: Any) -> Any:
    """Turns lists back into values."""
    if not isinstance(plain, list):
        return plain
    tag, *rest = plain
    if tag == _INTEGER:
        return int(rest[0], 16)
    values = tuple(map(_value, rest))
    if tag == _FRACTION:
        return Fraction(*values)
    if tag == _TUPLE:
        return values
    if not isinstance(tag, int) or not 0 <= tag < len(_CLASSES):
        raise ValueError(f"no node has the tag {tag!r}")
    return _CLASSES[tag](*values)


def _tree(plain: Any) -> Node:
    value = _value(plain)
    if type(value) not in _TAGS:
        raise ValueError(f"a tree is no {type(value).__name__}")
    node: Node = value
    return node
