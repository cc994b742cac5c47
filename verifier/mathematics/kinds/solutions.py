"""Reading answers as solutions: ``x=1, y=2``, ``(x,y)=(1,2)``, ``x=1 or x=2``, ``x in {1, 2}``."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.mathematics.kinds.equations import as_equation
from verifier.mathematics.kinds.names import is_name
from verifier.mathematics.limits import MAX_SOLUTIONS
from verifier.mathematics.syntax import Equation, Logic, Node, Relation, Sequence, Symbol
from verifier.mathematics.traversal import free_symbols

if TYPE_CHECKING:
    from collections.abc import Mapping

Solution = dict[Node, Node]
"""Values by name, in the order written."""

_LISTS: Final = frozenset(("", "{}"))
_STATEMENTS: Final = (Equation, Relation, Logic)
_INDEXED: Final = re.compile(r"(?P<stem>[^_]+)_(?P<index>[0-9]{1,3})")
_COORDINATES: Final = "abcdefghijklmnopqrstuvwxyz"


class Solutions(NamedTuple):
    """The solutions that an answer gives.

    Attributes:
        names: the unknowns, in the order written.
        rows: for each solution the values of the unknowns, in the order of `names`.
    """

    names: tuple[Node, ...]
    rows: tuple[tuple[Node, ...], ...]


def read_solutions(node: Node) -> Solutions | None:
    """Reads an answer that gives values to names; None if it is none, or has too many."""
    if isinstance(node, Relation) and node.signs == ("in",) and not _is_listing(node.operands[1]):
        return None
    found = _read(node)
    if not found:
        return None
    solutions = _aligned(found)
    if solutions is None and isinstance(node, Logic) and node.head == "or":
        return None  # x = 2 or y = 3 is less than both
    return solutions or _aligned(_as_alternatives(found))


_ROOTS: Final = 2
_ROOT_STEMS: Final = frozenset(("x", "z", "r", "lambda"))


def roots_of(solutions: Solutions) -> tuple[str, tuple[Node, ...]] | None:
    """Reads solutions of one unknown, or ``x_1 = …, x_2 = …``, as the unknown and its values.

    Returns:
        None where there are several unknowns. Indices must run 1, 2, …, and values hold no
        variable: ``y_1 = 2x`` and ``y_2 = 3x`` are two functions.
    """
    names, rows = solutions
    if len(names) == 1:
        name = names[0]
        return (name.name if isinstance(name, Symbol) else ""), tuple(row[0] for row in rows)
    if len(rows) != 1 or any(map(free_symbols, rows[0])):
        return None
    stems = set()
    for place, name in enumerate(names, start=1):
        found = _INDEXED.fullmatch(name.name) if isinstance(name, Symbol) else None
        if found is None or int(found["index"]) != place:
            return None
        stems.add(found["stem"])
    # x_1 and x_2 are two roots; of three and more, or of times and forces, each is its own.
    if len(stems) != 1 or len(names) != _ROOTS or not stems <= _ROOT_STEMS:
        return None
    return stems.pop(), rows[0]


def alphabetical(solutions: Solutions) -> Solutions:
    """Brings the unknowns into the order in which a point lists its coordinates: x, y, z."""
    names = solutions.names
    if not all(isinstance(name, Symbol) and name.name in _COORDINATES for name in names):
        return solutions
    order = sorted(range(len(names)), key=lambda place: str(names[place]))
    rows = tuple(tuple(row[place] for place in order) for row in solutions.rows)
    return Solutions(tuple(names[place] for place in order), rows)


def _read(node: Node) -> list[Solution] | None:
    """Reads the solutions of one answer or part of one."""
    if isinstance(node, Logic):
        join = {"or": _joined, "and": _merged}.get(node.head)
        return None if join is None else join([_read(part) for part in node.args])
    if isinstance(node, Sequence):
        return _row(node.items) if node.brackets in {"", "{}", "()", "[]"} else None
    if isinstance(node, Relation):
        return _related(node)
    equation = as_equation(node)
    if equation is None or not is_name(equation.left):
        return None
    return _assigned(equation.left, _listed(equation.right))


def _related(node: Relation) -> list[Solution] | None:
    r"""Reads ``x \in \{1, 2\}``, ``x = y = 2``, and of ``x = 2 + 3 = 5`` the ends."""
    if node.signs == ("in",):
        name, where = node.operands
        is_readable = _is_listing(where) or isinstance(where, Symbol)
        return _assigned(name, _listed(where)) if is_readable else None
    *names, value = node.operands
    if set(node.signs) != {"="}:
        return None
    if all(map(is_name, names)):
        return [dict.fromkeys(names, value)]
    # A line, x = y/2 = z/3, is no value.
    return None if free_symbols(value) else _assigned(names[0], _listed(value))


def _is_listing(node: Node) -> bool:
    return isinstance(node, Sequence) and node.brackets in _LISTS


def _listed(node: Node) -> tuple[Node, ...]:
    """Lists the alternatives that a right side gives: ``1, 2`` and ``{1, 2}`` give two."""
    if isinstance(node, Sequence) and node.brackets in _LISTS:
        return node.items
    if isinstance(node, Logic) and node.head == "or":
        return node.args
    return (node,)


def _assigned(name: Node, values: tuple[Node, ...]) -> list[Solution] | None:
    """Gives each of the values to a name, or to the names of a tuple."""
    if not is_name(name) or not values:
        return None
    if not isinstance(name, Sequence):
        return [{name: value} for value in values]
    solutions: list[Solution] = []
    for value in values:
        if not isinstance(value, Sequence) or len(value.items) != len(name.items):
            return None
        solutions.append(dict(zip(name.items, value.items, strict=True)))
    return solutions


def _joined(parts: list[list[Solution] | None]) -> list[Solution] | None:
    """Joins alternatives."""
    found: list[Solution] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _merged(parts: list[list[Solution] | None]) -> list[Solution] | None:
    """Joins statements that hold at once: every solution of one with every one of the others."""
    found: list[Solution] = [{}]
    for part in parts:
        if part is None or len(part) * len(found) > MAX_SOLUTIONS:
            return None
        found = [{**first, **second} for first in found for second in part]
    return found


def _row(items: tuple[Node, ...]) -> list[Solution] | None:
    """Reads a list of assignments; one to a name that has its value begins the next solution.

    A value without a name belongs to the name before, or to the only ones there are.
    """
    found: list[Solution] = []
    last: Node | None = None
    for item in items:
        part = _read(item)
        if part is None and last is not None and not isinstance(item, _STATEMENTS):
            part = _assigned(last, (item,))
        if part is None:
            return None
        equation = as_equation(item)
        last = equation.left if equation is not None else last
        if len(part) == 1 and found and len(part[0]) == 1 and not part[0].keys() & found[-1].keys():
            found[-1].update(part[0])
        else:
            found += [dict(solution) for solution in part]
    return found


def _aligned(found: list[Solution]) -> Solutions | None:
    """Brings the values of all solutions into one order; None if they name different unknowns."""
    names = tuple(found[0])
    if not names or len(found) > MAX_SOLUTIONS:
        return None
    if any(solution.keys() != found[0].keys() for solution in found):
        return None
    return Solutions(names, tuple(tuple(one[name] for name in names) for one in found))


def _as_alternatives(found: list[Solution]) -> list[Solution]:
    """Takes every unknown's values as alternatives of their own: x = 1, -1 and y = 2."""
    values: Mapping[Node, list[Node]] = {name: [] for solution in found for name in solution}
    for solution in found:
        for name, value in solution.items():
            values[name].append(value)
    size = 1
    for several in values.values():
        size *= len(several)
    if size > MAX_SOLUTIONS:
        return [{}]
    return [dict(zip(values, choice, strict=True)) for choice in product(*values.values())]
