"""Test code taken apart: what it asks of the submission, and what must hold of the answers.

``assert f(1, [2]) == (3,)`` becomes the call of `f`, whose arguments alone enter the jail, and an
expression in which the call is a hole. The expression stays here and is evaluated on the data that
comes back, by Python's rules: ``1 == True`` and ``(1, 2) != [1, 2]``. What is not that simple is
not taken apart and needs a jail of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sandbox.jail.data import NotData, encode
from verifier.programs.expressions import evaluate, require_supported
from verifier.programs.functions import FUNCTIONS, NotSupported

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_HARMLESS_MODULES: Final = frozenset(
    "collections copy datetime decimal fractions functools itertools math operator random re "
    "string sys typing".split()
)
_HELPERS: Final = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)
_REMEMBERED: Final = 4096  # prompts read: those of a few training steps
_NO_TEST: Final = (SyntaxError, ValueError, RecursionError, MemoryError, NotSupported, NotData)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the submission, as the jail is asked for it."""

    target: str  # a name, or "Class.method" of a new instance
    args: tuple[object, ...] = ()  # nodes of sandbox.jail.data
    kwargs: tuple[tuple[str, object], ...] = ()
    source: str = ""  # as the test has it, for messages

    def payload(self) -> dict[str, object]:
        """The call as `sandbox.jail.calls` reads it."""
        return {"target": self.target, "args": list(self.args), "kwargs": dict(self.kwargs)}


@dataclass(frozen=True, slots=True)
class Check:
    """One assert: an expression whose holes are names of calls."""

    expression: ast.expr
    source: str  # the statement, for messages
    calls: tuple[int, ...]  # those it needs, by their place in `Parts.calls`


@dataclass(frozen=True, slots=True)
class Parts:
    """Asserts taken apart; the calls in the order Python would make them."""

    calls: tuple[Call, ...]
    checks: tuple[Check, ...]


def take_apart(assertion: str, entry_point: str = "") -> Parts | None:
    """Takes asserts apart.

    Args:
        assertion: one assert statement or several; trusted.
        entry_point: the function under test. A builtin of that name is not meant. Without it a
            builtin is meant only where the assert calls nothing else.

    Returns:
        None if the text is anything but asserts on calls with literal arguments.
    """
    try:
        tree = ast.parse(assertion)
        name = entry_point or entry_point_of([assertion])
        return _Apart(name).parts(tree.body)
    except _NO_TEST:
        return None


def take_apart_program(program: str, entry_point: str) -> tuple[Parts, ...] | None:
    """Takes a program apart that defines ``check(candidate)``.

    Args:
        program: constants, imports of plain modules and the function, which holds asserts and
            literals given names, and may be called at the end; trusted.
        entry_point: what ``candidate`` is.

    Returns:
        One `Parts` for each assert that asks something of the submission, or None.
    """
    try:
        body = _check_body(ast.parse(program).body)
        if body is None or not entry_point:
            return None
        made = [_Apart(entry_point, names).parts([test]) for test, names in _with_names(body)]
    except _NO_TEST:
        return None
    return tuple(made) or None


def entry_point_of(assertions: Iterable[str]) -> str:
    """The function that asserts test, where nobody says: the name that most of them call.

    Builtins that may stand around it (`set`, `sorted`) count only where nothing else is called.
    Empty if nothing is.
    """
    counts: dict[str, int] = {}
    builtins: dict[str, int] = {}
    for assertion in assertions:
        try:
            nodes = [*ast.walk(ast.parse(assertion))]
        except _NO_TEST:
            continue
        # Breadth first: of calls inside calls the outer one is counted first, and wins a tie.
        for name in dict.fromkeys(
            node.func.id
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ):
            table = builtins if name in FUNCTIONS else counts
            table[name] = table.get(name, 0) + 1
    table = counts or builtins
    return max(table, key=table.__getitem__, default="")


@lru_cache(_REMEMBERED)
def helpers_in(prompt: str, entry_point: str) -> str:
    """What a prompt defines beside the function it asks for: code that tests may rely on.

    Taken from the prompt rather than from the submission, which could define it as it likes.

    Returns:
        Imports, functions, classes and constants; empty if there are none, or the prompt is no
        Python.
    """
    try:
        body = ast.parse(prompt).body
    except _NO_TEST:
        return ""
    kept = [
        statement
        for statement in body
        if isinstance(statement, _HELPERS) and getattr(statement, "name", "") != entry_point
    ]
    return "\n".join(map(ast.unparse, kept))


def setup_is_plain(setup: str) -> bool:
    """Tells whether setup code is nothing but imports of plain modules, so that none is needed."""
    try:
        return all(_is_plain(statement) for statement in ast.parse(setup).body)
    except _NO_TEST:
        return False


class _Apart(ast.NodeTransformer):
    """Replaces calls of the submission by holes."""

    def __init__(self, entry_point: str, named: Mapping[str, ast.expr] | None = None) -> None:
        self._entry_point = entry_point
        self._named = {} if named is None else named
        self._is_program = named is not None
        self._calls: list[Call] = []

    def parts(self, statements: Sequence[ast.stmt]) -> Parts:
        """The parts of asserts.

        Raises:
            NotSupported: they cannot be taken apart.
            NotData: an argument is too large.
        """
        checks = [self._check(statement) for statement in statements]
        if not self._calls:
            raise NotSupported("no call")
        return Parts(tuple(self._calls), tuple(checks))

    def _check(self, statement: ast.stmt) -> Check:
        if not isinstance(statement, ast.Assert):
            raise NotSupported(type(statement).__name__)
        source = ast.unparse(statement.test)
        first = len(self._calls)
        expression: ast.expr = self.visit(statement.test)
        calls = tuple(range(first, len(self._calls)))
        if not calls:
            raise NotSupported("an assert without a call")
        require_supported(expression, map(hole, calls))
        _require_constants(expression)
        return Check(expression, source, calls)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Puts in the literal that a name was given."""
        return self._named.get(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Puts in a hole for a call of the submission."""
        target = self._target(node.func)
        if target is None:
            return self.generic_visit(node)  # type: ignore[return-value]
        source = ast.unparse(node)
        args = tuple(self._argument(argument) for argument in node.args)
        kwargs = tuple((str(word.arg), self._argument(word.value)) for word in node.keywords)
        if any(word.arg is None for word in node.keywords):
            raise NotSupported("arguments from a dict")
        self._calls.append(Call(target, args, kwargs, source))
        return ast.Name(hole(len(self._calls) - 1), ast.Load())

    def _argument(self, node: ast.expr) -> object:
        value: ast.expr = self.visit(node)
        require_supported(value)
        return encode(_constant(value))

    def _target(self, function: ast.expr) -> str | None:
        """What the jail calls for a function in a test, or None for a builtin."""
        if isinstance(function, ast.Name):
            if self._is_program and function.id == "candidate":
                return self._entry_point
            if function.id == self._entry_point or function.id not in FUNCTIONS:
                return function.id
            return None
        match function:  # Solution().name
            case ast.Attribute(ast.Call(ast.Name(owner), [], []), name) if owner not in FUNCTIONS:
                return f"{owner}.{name}"
        return None


def hole(index: int) -> str:
    """The name that stands for a call in an expression."""
    return f"call {index}"  # no Python name: it has a blank


def _constant(node: ast.expr) -> Any:
    """The value of an expression without holes.

    Raises:
        NotSupported: Python raises an exception for it, too.
    """
    try:
        return evaluate(node, {})
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the test's
        raise NotSupported(str(error)) from None


def _require_constants(node: ast.expr) -> None:
    """Evaluates what depends on no call, so that a test's own fault is not the submission's."""
    if not any(isinstance(part, ast.Name) and " " in part.id for part in ast.walk(node)):
        if not isinstance(node, ast.Slice):
            _constant(node)
        return
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr) and not (isinstance(node, ast.Call) and part is node.func):
            _require_constants(part)


def _is_plain(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import(names):
            return all(name.name in _HARMLESS_MODULES and not name.asname for name in names)
        case ast.ImportFrom(module, _, 0):
            return module in _HARMLESS_MODULES
        case ast.Pass() | ast.Expr(ast.Constant()):
            return True
    return False


def _check_body(statements: Sequence[ast.stmt]) -> list[ast.stmt] | None:
    """What the function ``check`` does, if there is nothing else of consequence."""
    body = None
    for statement in statements:
        match statement:
            case ast.FunctionDef("check", ast.arguments() as given, inside):
                if (
                    body is not None
                    or statement.decorator_list
                    or ast.unparse(given) != "candidate"
                ):
                    return None
                body = inside
            case ast.Assign([ast.Name()], value):
                _literal(value)
            case ast.Expr(ast.Call(ast.Name("check"), [ast.Name()], [])) if body is not None:
                pass
            case _ if not _is_plain(statement):
                return None
    return body


def _with_names(
    body: Sequence[ast.stmt],
) -> Iterable[tuple[ast.Assert, dict[str, ast.expr]]]:
    """Each assert that is not true by itself, with the literals that have names there."""
    named: dict[str, ast.expr] = {}
    for statement in body:
        match statement:
            case ast.Assign([ast.Name(name)], value) if name != "candidate":
                value = _Apart("", named).visit(value)
                _require_immutable(_literal(value))
                named[name] = value
            case ast.Assert(test):
                if not _is_true(test):
                    yield statement, dict(named)
            case _ if not _is_plain(statement):
                raise NotSupported(type(statement).__name__)


def _literal(node: ast.expr) -> Any:
    require_supported(node)
    return _constant(node)


def _require_immutable(value: object) -> None:
    """A list with a name may be changed by one call and seen by the next."""
    if isinstance(value, tuple | frozenset):
        for member in value:
            _require_immutable(member)
    elif isinstance(value, list | dict | set | bytearray):
        raise NotSupported("a name for what can change")


def _is_true(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)
