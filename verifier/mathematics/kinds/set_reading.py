r"""From a tree to a set of reals: intervals, unions, set builders, relations in one variable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from verifier.mathematics.kinds.inequalities import TURNED, solve
from verifier.mathematics.kinds.real_sets import (
    EVERYTHING,
    NOTHING,
    Endpoint,
    NotASetError,
    Ordering,
    RealSet,
    above,
    below,
    complement,
    endpoint,
    integers_of,
    intersect,
    interval,
    single,
    snap,
    unite,
)
from verifier.mathematics.kinds.set_words import EMPTY_WORDS, REAL_WORDS
from verifier.mathematics.kinds.terms import (
    NAMED_SETS,
    both_signs,
    has_signs,
    infinity_of,
    is_constant,
    names_a_value,
    parts,
    unknowns,
)
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Node,
    Number,
    Quantity,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Several

_PAIRS: Final = frozenset(("()", "[]", "(]", "[)"))
_GRIDS: Final = frozenset(("Integers", "Naturals"))
_COMPARES: Final = frozenset(TURNED)
_ZERO: Final = Endpoint(Number(0), 0)


@dataclass(frozen=True, slots=True)
class Solution:
    """A set of reals as an answer states it.

    Attributes:
        reals: the set.
        variable: what is said to lie in it: x, f(x), a + b; None for a bare set.
        grid: ``Integers`` or ``Naturals`` where only those of the set are meant, else empty.
    """

    reals: RealSet
    variable: Node | None = None
    grid: str = ""


def read_set(node: Node, ordering: Ordering) -> Solution:
    """Reads a set of reals, or relations in one variable as the set of what satisfies them.

    Raises:
        NotASetError: it is neither.
        UnorderedError: it depends on the order of endpoints that cannot be proven.
        TooComplexError: a bound would be exceeded.
    """
    reader = _READERS.get(type(node))
    if reader is not None:
        return reader(node, ordering)
    if isinstance(node, Symbol | Apply | Words) and is_certain(node):
        return _read_named(node) if not isinstance(node, Apply) else _read_operation(node, ordering)
    return Solution(_points((node,), ordering))


def is_pair(node: Node) -> bool:
    """Tells whether two items in round or square brackets may be an interval."""
    return isinstance(node, Sequence) and node.brackets in _PAIRS and len(node.items) == 2


def is_certain(node: Node) -> bool:
    """Tells whether a tree can be nothing but a set of numbers or a relation between them."""
    certain = _CERTAIN.get(type(node))
    return certain is not None and certain(node)


def _is_certain_sequence(node: Sequence) -> bool:
    if is_pair(node):
        return node.brackets in {"(]", "[)"} or any(map(infinity_of, node.items))
    if node.brackets == "{}":
        return not node.items
    return node.brackets == "" and any(map(is_certain, node.items))


def _is_certain_operation(node: Apply) -> bool:
    return node.head in _OPERATIONS and (node.head != "+" or is_certain(node.args[0]))


def _is_certain_equation(node: Equation) -> bool:
    return isinstance(node.left, Symbol | Words | Apply) and is_certain(node.right)


def _points(nodes: Several[Node], ordering: Ordering) -> RealSet:
    """The set of these numbers.

    Raises:
        NotASetError: they are no numbers.
    """
    written: list[Node] = []
    for node in nodes:
        written += both_signs(node) if has_signs(node) else [node]
    if not all(_is_bound(node) and not infinity_of(node) for node in written):
        raise NotASetError("not numbers")
    return unite([single(endpoint(node)) for node in written], ordering)


def _is_bound(node: Node) -> bool:
    """Tells whether an expression may be a number: 3, 2 pi, but also a parameter."""
    return isinstance(node, Apply | Quantity | Symbol) or is_constant(node)


def _read_sequence(node: Sequence, ordering: Ordering) -> Solution:
    if is_pair(node):
        return Solution(_read_pair(node, ordering))
    if node.brackets == "{}":
        return Solution(_points(node.items, ordering))
    if node.brackets:
        raise NotASetError("a tuple")
    items = inherited(node.items)
    if all(is_pair(item) or _is_bare_set(item) for item in items):
        if not any(map(is_certain, items)):
            raise NotASetError("a list of points")
        return _joined([read_set(item, ordering) for item in items], ordering)
    if not any(isinstance(item, Relation | Equation | Logic) for item in items):
        return Solution(_points(items, ordering))
    solutions = [read_set(item, ordering) for item in items]
    if all(isinstance(item, Equation) for item in items):
        return _joined(solutions, ordering)
    return _met_or_joined(solutions, ordering)


def _is_bare_set(node: Node) -> bool:
    return is_certain(node) and not isinstance(node, Relation | Equation | Logic)


def inherited(items: Several[Node]) -> tuple[Node, ...]:
    """Writes out what a list leaves out: ``x != 1, 2`` is ``x != 1, x != 2``."""
    full: list[Node] = []
    for item in items:
        last = full[-1] if full else None
        if isinstance(last, Relation) and last.signs == ("!=",) and is_constant(item):
            full.append(Relation((last.operands[0], item), last.signs))
        else:
            full.append(item)
    return tuple(full)


def _read_pair(node: Sequence, ordering: Ordering) -> RealSet:
    low, high = node.items
    if not _is_bound(low) or not _is_bound(high) or has_signs(low) or has_signs(high):
        raise NotASetError("not numbers")
    least, greatest = infinity_of(low), infinity_of(high)
    if least > 0 or greatest < 0:
        raise NotASetError("an interval of falling endpoints")
    if (least and node.brackets[0] == "[") or (greatest and node.brackets[1] == "]"):
        raise NotASetError("infinity is no element")
    if least and greatest:
        return EVERYTHING
    if least:
        return below(endpoint(high), closed=node.brackets[1] == "]")
    if greatest:
        return above(endpoint(low), closed=node.brackets[0] == "[")
    return interval(endpoint(low), endpoint(high), node.brackets, ordering)


def _read_named(node: Symbol | Words) -> Solution:
    name = node.name if isinstance(node, Symbol) else node.text
    if name in _GRIDS:
        return Solution(EVERYTHING, None, name)
    if name in EMPTY_WORDS or name == "emptyset":
        return Solution(NOTHING)
    if name in REAL_WORDS or name == "Reals":
        return Solution(EVERYTHING)
    raise NotASetError(name)


def _read_equation(node: Equation, ordering: Ordering) -> Solution:
    if is_certain(node.right):
        return Solution(read_set(node.right, ordering).reals)
    return _read_relation(Relation((node.left, node.right), ("=",)), ordering)


def _read_relation(node: Relation, ordering: Ordering) -> Solution:
    if has_signs(node):
        heads = {("=",): "or", ("!=",): "and"}
        if node.signs not in heads:
            raise NotASetError("a relation with two signs")
        return _read_logic(Logic(heads[node.signs], both_signs(node)), ordering)
    if node.signs in {("in",), ("notin",)}:
        return _read_membership(node, ordering)
    if not _COMPARES.issuperset(node.signs):
        raise NotASetError("a relation that compares no numbers")
    variable = _variable(node)
    links = zip(node.operands, node.signs, node.operands[1:], strict=False)
    solved = [solve(*link, variable, ordering) for link in links]
    return Solution(intersect(solved, ordering), variable)


def _variable(node: Relation) -> Node:
    """Finds what a relation is to be solved for.

    That is its only letter or function value, or else the only side that is not constant.

    Raises:
        NotASetError: there is none.
    """
    found = frozenset().union(*map(unknowns, node.operands))
    if len(found) == 1:
        (only,) = found
        if names_a_value(only):
            return only
    sides = {operand for operand in node.operands if not is_constant(operand)}
    if len(sides) == 1 and len(found) > 1 and all(map(names_a_value, found)):
        return sides.pop()
    raise NotASetError("not one variable")


def _read_membership(node: Relation, ordering: Ordering) -> Solution:
    element, place = node.operands
    if is_constant(element) or not _is_bound(element):
        raise NotASetError("no variable")
    found = read_set(place, ordering)
    if found.variable is not None:
        raise NotASetError("no set")
    if node.signs == ("in",):
        return Solution(found.reals, element, found.grid)
    return Solution(_complement(found).reals, element)


def _complement(solution: Solution) -> Solution:
    if solution.grid:
        raise NotASetError("all but some integers")
    return Solution(complement(solution.reals), solution.variable)


def _read_logic(node: Logic, ordering: Ordering) -> Solution:
    if node.head not in {"and", "or", "not"}:
        raise NotASetError(node.head)
    items = inherited(node.args)
    solutions = [read_set(item, ordering) for item in items]
    if node.head == "not":
        return _complement(solutions[0])
    # "On (0, 1) and (2, 3)" lists two sets; "x > 0 and x < 1" states two conditions.
    lists_sets = all(solution.variable is None for solution in solutions)
    joins = node.head == "or" or lists_sets
    return _joined(solutions, ordering) if joins else _met(solutions, ordering)


def _met_or_joined(solutions: Several[Solution], ordering: Ordering) -> Solution:
    """Takes conditions as they are meant: "x < 1, x > 3" lists the parts of a set."""
    met = _met(solutions, ordering)
    return _joined(solutions, ordering) if met.reals.is_empty else met


def _read_builder(node: SetBuilder, ordering: Ordering) -> Solution:
    if not isinstance(node.element, Symbol):
        raise NotASetError("a set of values")
    met = _met([read_set(condition, ordering) for condition in node.conditions], ordering)
    if met.variable not in {None, node.element}:
        raise NotASetError("conditions on something else")
    return Solution(met.reals, None, met.grid)


def _read_operation(node: Apply, ordering: Ordering) -> Solution:
    if node.head == "+":
        node = difference_of_sets(node)
    solutions = [read_set(arg, ordering) for arg in flattened(node)]
    if any(solution.variable is not None for solution in solutions):
        raise NotASetError("a relation among sets")
    return _OPERATIONS[node.head](solutions, ordering)


def difference_of_sets(node: Apply) -> Apply:
    r"""Reads ``\mathbb{R} - \{0\}`` as what it means.

    Raises:
        NotASetError: it is a sum of numbers.
    """
    first, *rest = node.args
    taken = [term.args[0] for term in rest if isinstance(term, Apply) and term.head == "neg"]
    if not is_certain(first) or len(taken) != len(rest):
        raise NotASetError("a sum")
    return Apply("setminus", (first, *taken))


def flattened(node: Apply) -> list[Node]:
    """Lists what is joined, or met, however it is bracketed: (A cup B) cup C has three parts."""
    found: list[Node] = []
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        same = isinstance(part, Apply) and part.head == node.head
        if same and (part is node or node.head in {"cup", "cap"}):
            waiting += reversed(parts(part))
        else:
            found.append(part)
    return found


def _joined(solutions: Several[Solution], ordering: Ordering) -> Solution:
    if any(solution.grid for solution in solutions):
        raise NotASetError("integers among reals")
    return Solution(unite([one.reals for one in solutions], ordering), _common(solutions))


def _met(solutions: Several[Solution], ordering: Ordering) -> Solution:
    """Keeps what satisfies all; bounded sets of integers are listed."""
    reals = intersect([one.reals for one in solutions], ordering)
    variable = _common(solutions)
    grids = {one.grid for one in solutions}
    if not _GRIDS & grids:
        return Solution(reals, variable)
    if "Naturals" in grids:
        # Whether 0 is natural is anybody's guess; often the rest leaves it out anyway.
        has_zero = not intersect([reals, single(_ZERO)], ordering).is_empty
        reals = intersect([reals, above(_ZERO, closed=True)], ordering)
        if has_zero:
            return Solution(snap(reals), variable, "Naturals")
    listed = integers_of(reals)
    if listed is not None:
        return Solution(listed, variable)
    return Solution(snap(reals), variable, "Integers")


def _less(solutions: Several[Solution], ordering: Ordering) -> Solution:
    first, *others = solutions
    return _met([first, *map(_complement, others)], ordering)


def _opposite(solutions: Several[Solution], ordering: Ordering) -> Solution:
    del ordering
    if len(solutions) != 1:
        raise NotASetError("a complement in something")
    return _complement(solutions[0])


def _common(solutions: Several[Solution]) -> Node | None:
    variables = {one.variable for one in solutions} - {None}
    if len(variables) > 1:
        raise NotASetError("more than one variable")
    return variables.pop() if variables else None


_OPERATIONS: Final[dict[str, Callable[[Several[Solution], Ordering], Solution]]] = {
    "cup": _joined,
    "cap": _met,
    "setminus": _less,
    "complement": _opposite,
    "+": _less,
}
_READERS: Final[dict[type, Callable[[Any, Ordering], Solution]]] = {
    Sequence: _read_sequence,
    Relation: _read_relation,
    Equation: _read_equation,
    Logic: _read_logic,
    SetBuilder: _read_builder,
}
_CERTAIN: Final[dict[type, Callable[[Any], bool]]] = {
    Sequence: _is_certain_sequence,
    Relation: lambda node: _COMPARES.union(("in", "notin")).issuperset(node.signs),
    Equation: _is_certain_equation,
    Logic: lambda node: node.head in {"and", "or", "not"} and any(map(is_certain, node.args)),
    Words: lambda node: node.text in EMPTY_WORDS or node.text in REAL_WORDS,
    Symbol: lambda node: node.name in NAMED_SETS and node.name != "...",
    Apply: _is_certain_operation,
    SetBuilder: lambda node: bool(node.conditions),
}
