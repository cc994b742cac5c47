"""Comparing relations in several variables: up to moving terms, positive factors and order."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from verifier.mathematics.exact.algebra import Budget, tidy
from verifier.mathematics.kinds.congruences import compare_congruences
from verifier.mathematics.kinds.inequalities import TURNED, holds
from verifier.mathematics.kinds.matching import all_of
from verifier.mathematics.kinds.ordering import proven_order
from verifier.mathematics.kinds.statements import (
    Alternatives,
    Link,
    NotAStatementError,
    is_linear,
    ratio_of,
    read_statement,
)
from verifier.mathematics.kinds.terms import is_shallow, parts, rewritten, unknowns
from verifier.mathematics.limits import MAX_SAMPLED_LINKS, MAX_STATEMENTS
from verifier.mathematics.syntax import (
    Apply,
    Logic,
    Node,
    Number,
    Relation,
    Sequence,
    Symbol,
    TooComplexError,
)
from verifier.mathematics.verdicts import (
    OTHER_STRUCTURE,
    SAME_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Sequence as Several

    from verifier.mathematics.kinds.judge import Judge

_SYMMETRIC: Final = frozenset(("equiv", "parallel", "perp"))
_MAX_POINTS: Final = 24


def compare_relations(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares two relations, chains or systems of inequalities.

    Returns:
        None if neither has a relation besides equations, or one states nothing.

    Raises:
        TooComplexError: by `Judge.compare`, of what is related by more than numbers.
    """
    if not (_has_relation(candidate) or _has_relation(reference)):
        return None
    if not is_shallow(candidate) or not is_shallow(reference):
        return UNDECIDED
    return compare_congruences(candidate, reference) or _compare_statements(
        candidate, reference, judge
    )


def _compare_statements(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    try:
        ours, theirs = read_statement(candidate), read_statement(reference)
    except NotAStatementError:
        return None
    except TooComplexError:
        return SAME_STRUCTURE if candidate == reference else UNDECIDED
    matched = _match_alternatives(ours, theirs, judge)
    if matched.match is Match.UNDECIDED and _differ_somewhere(ours, theirs):
        return OTHER_STRUCTURE
    return matched


def _has_relation(node: Node) -> bool:
    if isinstance(node, Sequence):
        return node.brackets == "" and any(map(_has_relation, node.items))
    if isinstance(node, Logic):
        return any(map(_has_relation, node.args))
    return isinstance(node, Relation)


def _match_alternatives(ours: Alternatives, theirs: Alternatives, judge: Judge) -> Comparison:
    if len(ours) == len(theirs) == 1:
        return _match_links(ours[0], theirs[0], judge)
    matched: list[Comparison] = []
    free = list(theirs)
    for one in ours:
        for place, other in enumerate(free):
            compared = _match_links(one, other, judge)
            if compared.match is Match.EQUAL:
                matched.append(compared)
                del free[place]
                break
        else:
            return UNDECIDED
    return UNDECIDED if free else all_of(matched)


def _match_links(ours: Several[Link], theirs: Several[Link], judge: Judge) -> Comparison:
    """Matches what must hold together, in any order; only single relations are surely different."""
    if len(ours) == len(theirs) == 1:
        return _compare_links(ours[0], theirs[0], judge)
    matched: list[Comparison] = []
    for some, others in ((ours, theirs), (theirs, ours)):
        for link in some:
            for other in others:
                compared = _compare_links(link, other, judge)
                if compared.match is Match.EQUAL:
                    matched.append(compared)
                    break
            else:
                return UNDECIDED
    return all_of(matched)


def _compare_links(ours: Link, theirs: Link, judge: Judge) -> Comparison:
    if ours.sign in TURNED and theirs.sign in TURNED:
        return _compare_numeric(ours, theirs)
    if ours.sign != theirs.sign:
        return UNDECIDED
    if ours.sign == "~":  # similar triangles: which corner is which counts
        alike = {_sides(ours), _sides(ours)[::-1]}
        return SAME_STRUCTURE if _sides(theirs) in alike else UNDECIDED
    compared = _compare_sides(ours, _sides(theirs), judge)
    if ours.sign in _SYMMETRIC and compared.match is not Match.EQUAL:
        turned = _compare_sides(ours, _sides(theirs)[::-1], judge)
        compared = turned if turned.match is not Match.DIFFERENT else compared
    if compared.match is Match.DIFFERENT and not _tells_apart(ours, theirs):
        return UNDECIDED
    return compared


def _tells_apart(ours: Link, theirs: Link) -> bool:
    """Tells whether different sides make different statements: not for 2x in A and x in B."""
    if ours.sign in {"in", "notin"}:
        both = ours.left, theirs.left
        return ours.left == theirs.left or all(isinstance(side, Symbol) for side in both)
    return ours.sign in {"parallel", "perp", "subset", "subseteq"}


def _compare_sides(ours: Link, theirs: tuple[Node, Node], judge: Judge) -> Comparison:
    first = judge.compare(ours.left, theirs[0])
    if first.match is Match.DIFFERENT:
        return first
    return all_of([first, judge.compare(ours.right, theirs[1])])


def _compare_numeric(ours: Link, theirs: Link) -> Comparison:
    """Compares differences of sides: p < 0 and 3p < 0 are one, p < 0 and -p < 0 are two."""
    if ours.form is None or theirs.form is None:
        same = ours.sign == theirs.sign and (ours.left, ours.right) == (theirs.left, theirs.right)
        return SAME_STRUCTURE if same else UNDECIDED
    try:
        ratio = ratio_of(ours.form, theirs.form, Budget())
    except TooComplexError:
        return UNDECIDED
    may_turn = ours.sign in {"=", "!="}
    if ratio is not None and ours.sign == theirs.sign and (ratio > 0 or may_turn):
        return SAME_STRUCTURE
    return OTHER_STRUCTURE if is_linear(ours.form) and is_linear(theirs.form) else UNDECIDED


def _differ_somewhere(ours: Alternatives, theirs: Alternatives) -> bool:
    """Tells whether two statements have provably different truth at a sample point."""
    links = [link for statement in (ours, theirs) for one in statement for link in one]
    if not links or any(link.sign not in TURNED for link in links):
        return False
    found = frozenset().union(*(unknowns(side) for link in links for side in _sides(link)))
    free = frozenset().union(*map(_free, found))
    count = min(_MAX_POINTS, MAX_SAMPLED_LINKS // len(links))
    for point in (*_risen(ours), *_risen(theirs), *_points(free, count)):
        truths = [_truth(statement, point) for statement in (ours, theirs)]
        if None not in truths and truths[0] != truths[1]:
            return True
    return False


def _risen(statement: Alternatives) -> Iterator[dict[Node, Node]]:
    """Makes points where a chain of letters holds: every letter as high as it must be."""
    for links in statement:
        heights: dict[Node, int] = {side: 0 for link in links for side in _sides(link)}
        if any(_free(side) != {side} for side in heights) or len(heights) > MAX_STATEMENTS:
            continue
        for _ in heights:
            for link in links:
                step = link.sign in {"<", "!="}
                heights[link.right] = max(heights[link.right], heights[link.left] + step)
        yield {side: Number(height) for side, height in heights.items()}


def _sides(link: Link) -> tuple[Node, Node]:
    return link.left, link.right


def _free(node: Node) -> frozenset[Node]:
    """Collects what may be worth anything: letters, and what unknown functions are worth."""
    if isinstance(node, Symbol) or (isinstance(node, Apply) and node.head.startswith("call ")):
        return frozenset((node,))
    return frozenset().union(*(_free(inner) for part in parts(node) for inner in unknowns(part)))


def _points(free: frozenset[Node], count: int) -> Iterator[dict[Node, Node]]:
    """Makes fixed points: every other one of 0, 1 and 2 only, for ties, the rest spread out."""
    names = sorted(free, key=repr)
    for round_ in range(count):
        values = [
            (round_ * 7 + place * place * 11 + round_ * place * 5) % 23
            for place in range(len(names))
        ]
        yield {
            name: Number(value % 3 if round_ % 2 else tidy(Fraction(value - 11, 1 + round_ % 3)))
            for name, value in zip(names, values, strict=True)
        }


def _truth(statement: Alternatives, point: Mapping[Node, Node]) -> bool | None:
    """Tells whether a statement holds; None if that cannot be told."""
    known = [[_holds(link, point) for link in alternative] for alternative in statement]
    if any(None in one for one in known):
        return None
    return any(all(one) for one in known)


def _holds(link: Link, point: Mapping[Node, Node]) -> bool | None:
    left, right = (rewritten(side, point.get) for side in _sides(link))
    order = proven_order(left, right)
    return None if order is None else holds(link.sign, order)
