"""A small evaluator for what tests say of data: comparing, arithmetic, a few pure functions.

Expressions are trusted, values are not: they are exact builtin types, so nothing they do can be
forged, but they may be chosen to cost time or memory. Every operation is bounded for that.
"""

from __future__ import annotations

import ast
import operator
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from verifier.programs.functions import (
    FUNCTIONS,
    MATH,
    MAX_BITS,
    MAX_MEMBERS,
    NotSupported,
    check_bits,
    check_power,
    check_quotient,
    countable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def require_supported(node: ast.expr, names: Iterable[str] = ()) -> None:
    """Refuses an expression that `evaluate` does not know, whatever its names stand for.

    Raises:
        NotSupported: it holds something else, or a name that is none of `names`.
    """
    known = {*names, *_NAMED}
    parts = [*ast.walk(node)]
    # Functions and "math" stand for no value; where they stand, they are looked at by themselves.
    apart = {id(part.func) for part in parts if isinstance(part, ast.Call)}
    apart |= {id(part.value) for part in parts if isinstance(part, ast.Attribute)}
    for part in parts:
        if not isinstance(part, _KNOWN_NODES):
            raise NotSupported(type(part).__name__)
        if isinstance(part, ast.Call):
            _function(part.func)
            if any(keyword.arg is None for keyword in part.keywords):
                raise NotSupported("arguments from a dict")
        elif isinstance(part, ast.Name) and part.id not in known and id(part) not in apart:
            raise NotSupported(f"the name {part.id}")
        elif isinstance(part, ast.Attribute):
            _attribute(part)
        elif isinstance(part, ast.Compare):
            _require_sound_identity(part)
        elif isinstance(part, ast.Dict) and None in part.keys:
            raise NotSupported("a dict inside a dict")


def evaluate(node: ast.expr, names: Mapping[str, Callable[[], object]]) -> Any:
    """The value of an expression that `require_supported` let pass.

    Args:
        node: the expression.
        names: gives, when called, what a name stands for; only names that are reached are asked.

    Raises:
        NotSupported: an operation would make something too large.
        Exception: what Python raises for these values, or what a name raises.
    """
    return _Evaluator(names).value(node)


class _Evaluator:
    def __init__(self, names: Mapping[str, Callable[[], object]]) -> None:
        self._names = names

    def value(self, node: ast.expr) -> Any:
        """The value of one node; see `evaluate`."""
        evaluator = _EVALUATORS.get(type(node))
        if evaluator is None:
            raise NotSupported(type(node).__name__)
        return evaluator(self, node)

    def constant(self, node: ast.Constant) -> Any:
        return node.value

    def name(self, node: ast.Name) -> Any:
        if node.id in self._names:
            return self._names[node.id]()
        if node.id in _NAMED:
            return _NAMED[node.id]
        raise NotSupported(f"the name {node.id}")

    def attribute(self, node: ast.Attribute) -> Any:
        return _attribute(node)

    def list_of(self, node: ast.List) -> Any:
        return [self.value(part) for part in node.elts]

    def tuple_of(self, node: ast.Tuple) -> Any:
        return tuple([self.value(part) for part in node.elts])

    def set_of(self, node: ast.Set) -> Any:
        return {self.value(part) for part in node.elts}

    def dict_of(self, node: ast.Dict) -> Any:
        pairs = zip(node.keys, node.values, strict=True)
        return {self.value(key): self.value(value) for key, value in pairs if key is not None}

    def boolean(self, node: ast.BoolOp) -> Any:
        stops = isinstance(node.op, ast.Or)
        value: Any = None
        for part in node.values:
            value = self.value(part)
            if bool(value) is stops:
                break
        return value

    def conditional(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def unary(self, node: ast.UnaryOp) -> Any:
        return _UNARY[type(node.op)](self.value(node.operand))

    def binary(self, node: ast.BinOp) -> Any:
        left, right = self.value(node.left), self.value(node.right)
        operation, check = _BINARY[type(node.op)]
        check(left, right)
        return operation(left, right)

    def compare(self, node: ast.Compare) -> Any:
        left = self.value(node.left)
        result: Any = True
        for operation, part in zip(node.ops, node.comparators, strict=True):
            right = self.value(part)
            if isinstance(operation, ast.In | ast.NotIn):
                _check_contains(left, right)
            result = _COMPARE[type(operation)](left, right)
            if not result:
                break
            left = right
        return result

    def subscript(self, node: ast.Subscript) -> Any:
        return self.value(node.value)[self.value(node.slice)]

    def slice_of(self, node: ast.Slice) -> Any:
        parts = (node.lower, node.upper, node.step)
        return slice(*[None if part is None else self.value(part) for part in parts])

    def call(self, node: ast.Call) -> Any:
        arguments = [self.value(part) for part in node.args]
        named = {str(keyword.arg): self.value(keyword.value) for keyword in node.keywords}
        return _function(node.func)(*arguments, **named)


def _function(node: ast.expr) -> Callable[..., Any]:
    if isinstance(node, ast.Name) and node.id in FUNCTIONS:
        return FUNCTIONS[node.id]
    if isinstance(node, ast.Attribute) and callable(found := _attribute(node)):
        return found  # type: ignore[no-any-return]
    raise NotSupported("a call of another function")


def _attribute(node: ast.Attribute) -> Any:
    if isinstance(node.value, ast.Name) and node.value.id == "math" and node.attr in MATH:
        return MATH[node.attr]
    raise NotSupported(f"the attribute {node.attr}")


def _require_sound_identity(node: ast.Compare) -> None:
    """Lets "is" pass only for what there is one of."""
    for operation, part in zip(node.ops, node.comparators, strict=True):
        if isinstance(operation, ast.Is | ast.IsNot) and not (
            (isinstance(part, ast.Constant) and (part.value is None or type(part.value) is bool))
            or (isinstance(part, ast.Name) and part.id in _NAMED)
        ):
            raise NotSupported("identity of values")


def _anything(left: object, right: object) -> None:
    """Lets an operation pass whose cost is that of reading its values."""


def _check_product(left: object, right: object) -> None:
    for repeated, count in ((left, right), (right, left)):
        if isinstance(repeated, str | bytes | bytearray | list | tuple | deque):
            if isinstance(count, int) and len(repeated) * count > MAX_MEMBERS:
                raise NotSupported("a sequence repeated too often")
            return
    check_bits(MAX_BITS, left, right)


def _check_shift(left: object, right: object) -> None:
    check_bits(MAX_BITS, left)
    if isinstance(right, int) and right > MAX_BITS:
        raise NotSupported("a shift that is too far")


def _check_contains(member: object, container: object) -> None:
    if isinstance(container, range) and type(member) not in (int, bool):
        countable(container)  # Python goes through it


_NAMED: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (bool, bytes, complex, dict, float, frozenset, int, list, range, set, str, tuple)
}


_UNARY: Final[dict[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Invert: operator.invert,
}
_BINARY: Final[
    dict[type[ast.operator], tuple[Callable[[Any, Any], Any], Callable[[object, object], None]]]
] = {
    ast.Add: (operator.add, _anything),
    ast.Sub: (operator.sub, _anything),
    ast.BitAnd: (operator.and_, _anything),
    ast.BitOr: (operator.or_, _anything),
    ast.BitXor: (operator.xor, _anything),
    ast.Mult: (operator.mul, _check_product),
    ast.Div: (operator.truediv, check_quotient),
    ast.FloorDiv: (operator.floordiv, check_quotient),
    ast.Mod: (operator.mod, check_quotient),
    ast.Pow: (operator.pow, check_power),
    ast.LShift: (operator.lshift, _check_shift),
    ast.RShift: (operator.rshift, _anything),
}
_COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda member, container: member in container,
    ast.NotIn: lambda member, container: member not in container,
}
_EVALUATORS: Final[dict[type[ast.expr], Callable[[_Evaluator, Any], Any]]] = {
    ast.Constant: _Evaluator.constant,
    ast.Name: _Evaluator.name,
    ast.Attribute: _Evaluator.attribute,
    ast.List: _Evaluator.list_of,
    ast.Tuple: _Evaluator.tuple_of,
    ast.Set: _Evaluator.set_of,
    ast.Dict: _Evaluator.dict_of,
    ast.BoolOp: _Evaluator.boolean,
    ast.IfExp: _Evaluator.conditional,
    ast.UnaryOp: _Evaluator.unary,
    ast.BinOp: _Evaluator.binary,
    ast.Compare: _Evaluator.compare,
    ast.Subscript: _Evaluator.subscript,
    ast.Slice: _Evaluator.slice_of,
    ast.Call: _Evaluator.call,
}
_KNOWN_NODES: Final[tuple[type[ast.AST], ...]] = (
    *_EVALUATORS,
    *_UNARY,
    *_BINARY,
    *_COMPARE,
    ast.And,
    ast.Or,
    ast.Load,
    ast.keyword,
)
