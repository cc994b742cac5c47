"""Comparing truth values and propositions, the latter by their truth tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.kinds.matching import match_in_order, match_unordered
from verifier.mathematics.limits import MAX_PROPOSITIONS
from verifier.mathematics.syntax import Logic, Node, Symbol, Words
from verifier.mathematics.verdicts import (
    EXACT_DIFFERENT,
    EXACT_EQUAL,
    OTHER_STRUCTURE,
    UNDECIDED,
    Comparison,
    Match,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.mathematics.kinds.judge import Judge

_TRUE: Final = frozenset(("true", "True", "TRUE"))
_FALSE: Final = frozenset(("false", "False", "FALSE"))
_LETTERS: Final = {"T": True, "F": False, "t": True, "f": False, "top": True, "bot": False}


def compare_truths(candidate: Node, reference: Node, _judge: Judge) -> Comparison | None:
    """Compares where a side is the word true or false; ``T`` and ``F`` stand for them there."""
    if _spelled(candidate) is None and _spelled(reference) is None:
        return None
    ours, theirs = _truth(candidate), _truth(reference)
    if ours is None or theirs is None:
        return None if Logic in {type(candidate), type(reference)} else OTHER_STRUCTURE
    return EXACT_EQUAL if ours is theirs else EXACT_DIFFERENT


def compare_logic(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    """Compares where a side joins statements; None where none does.

    Propositions are compared by their truth tables, up to `MAX_PROPOSITIONS` variables. Other
    statements are equal where they match one by one, in any order within ``and`` and ``or``.
    """
    if not isinstance(candidate, Logic) and not isinstance(reference, Logic):
        return None
    names: dict[str, int] = {}
    if _collect(candidate, names) and _collect(reference, names):
        if len(names) > MAX_PROPOSITIONS:
            return _compare_parts(candidate, reference, judge)
        full = (1 << (1 << len(names))) - 1
        same = _table(candidate, names, full) == _table(reference, names, full)
        return EXACT_EQUAL if same else EXACT_DIFFERENT
    return _compare_parts(candidate, reference, judge)


def _spelled(node: Node) -> bool | None:
    """Reads a truth value that is written as a word."""
    name = node.text if isinstance(node, Words) else node.name if isinstance(node, Symbol) else ""
    return True if name in _TRUE else False if name in _FALSE else None


def _truth(node: Node) -> bool | None:
    spelled = _spelled(node)
    if spelled is not None:
        return spelled
    name = node.text if isinstance(node, Words) else node.name if isinstance(node, Symbol) else ""
    return _LETTERS.get(name)


def _collect(node: Node, names: dict[str, int]) -> bool:
    """Numbers the variables of a proposition; False if it holds anything else."""
    if isinstance(node, Logic):
        return all(_collect(part, names) for part in node.args)
    if not isinstance(node, Symbol):
        return _spelled(node) is not None
    if _spelled(node) is None:
        names.setdefault(node.name, len(names))
    return True


def _table(node: Node, names: Mapping[str, int], full: int) -> int:
    """Computes a truth table, one bit for each row."""
    if not isinstance(node, Logic):
        spelled = _spelled(node)
        if spelled is not None:
            return full if spelled else 0
        return _column(names[node.name], full) if isinstance(node, Symbol) else 0
    tables = [_table(part, names, full) for part in node.args]
    result = tables[0]
    if node.head == "not":
        return full ^ result
    join = _JOINS[node.head]
    if node.head == "implies":
        for table in reversed(tables[:-1]):
            tables[-1] = join(table, tables[-1]) & full
        return tables[-1]
    for table in tables[1:]:
        result = join(result, table) & full
    return result


def _column(place: int, full: int) -> int:
    """Builds the column of one variable: blocks of 2^place zeros and ones in turn."""
    half = 1 << place
    return full // ((1 << half) + 1) << half


_JOINS: Final[Mapping[str, Callable[[int, int], int]]] = {
    "and": lambda left, right: left & right,
    "or": lambda left, right: left | right,
    "xor": lambda left, right: left ^ right,
    "implies": lambda left, right: ~left | right,
    "iff": lambda left, right: ~(left ^ right),
}


def _compare_parts(candidate: Node, reference: Node, judge: Judge) -> Comparison | None:
    if not isinstance(candidate, Logic) or not isinstance(reference, Logic):
        return None
    if candidate.head != reference.head:
        return None
    in_any_order = candidate.head in {"and", "or", "xor", "iff"}
    match = match_unordered if in_any_order else match_in_order
    outcome = match(candidate.args, reference.args, judge)
    return outcome if outcome.match is Match.EQUAL else UNDECIDED
