"""Whether a condition holds at a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.numeric.balls import NoEvidenceError, real_part
from verifier.mathematics.syntax import Equation, Logic, Node, Relation

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.mathematics.numeric.evaluator import Evaluator


def holds(evaluator: Evaluator, condition: Node) -> bool:
    """Decides a condition.

    Raises:
        NoEvidenceError: it is not known, or no relation of numbers.
    """
    if isinstance(condition, Equation):
        return _relates(evaluator, condition.left, "=", condition.right)
    if isinstance(condition, Relation):
        pairs = zip(condition.operands, condition.signs, condition.operands[1:], strict=False)
        return all(_relates(evaluator, *pair) for pair in pairs)
    if isinstance(condition, Logic):
        if condition.head == "not":
            return not holds(evaluator, condition.args[0])
        if condition.head in {"and", "or"}:
            answers = [holds(evaluator, part) for part in condition.args]
            return all(answers) if condition.head == "and" else any(answers)
    raise NoEvidenceError("not a condition")


def _relates(evaluator: Evaluator, left: Node, sign: str, right: Node) -> bool:
    if sign not in _SIGNS:
        raise NoEvidenceError(sign)
    ours, theirs = real_part(evaluator.value(left)), real_part(evaluator.value(right))
    if ours < theirs:
        order = -1
    elif ours > theirs:
        order = 1
    elif ours.is_exact() and theirs.is_exact() and ours == theirs:
        order = 0
    else:
        raise NoEvidenceError("too close to tell")
    return _SIGNS[sign](order, 0)


_SIGNS: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}
