"""The math verifier: is the completion's answer mathematically equal to a reference answer?"""

from __future__ import annotations

from typing import Final

from verifier.answers.rules import Found, find_answer
from verifier.mathematics.compare import compare, is_readable
from verifier.mathematics.reading.words import is_verbal
from verifier.mathematics.verdicts import Match
from verifier.types import (
    Extraction,
    Item,
    MathDetail,
    MathPolicy,
    MathTask,
    Method,
    Outcome,
    Reason,
    SelfTest,
    Task,
    Verdict,
)

_MAX_SHOWN: Final = 60  # characters of an answer in a message

_HOW: Final = {
    Method.TEXT: "same text",
    Method.EXACT: "exact",
    Method.TOLERANCE: "within the digits written",
    Method.STRUCTURAL: "same expression",
}


class MathVerifier:
    """Compares the one candidate answer of a completion with the reference answers.

    Runs inline: exact arithmetic under size bounds, no threads, no clocks, no evaluation of text.
    """

    name = "math"
    version = "1"
    task_type: type[Task] = MathTask
    description = "Is the completion's final answer mathematically equal to a reference answer?"
    self_test: SelfTest = (
        (Item("equal", r"so \boxed{1{,}000.50}", MathTask(("1000.5",))), Verdict.CORRECT),
        (Item("fraction", "The answer is 3/4.", MathTask(("0.75",))), Verdict.CORRECT),
        (Item("expression", r"\boxed{2x+3}", MathTask(("3+2x",))), Verdict.CORRECT),
        (Item("different", "#### 41", MathTask(("42",))), Verdict.INCORRECT),
        (Item("thinking", "<think>42", MathTask(("42",))), Verdict.INCORRECT),
        (Item("no reference", "42", MathTask(("",))), Verdict.UNSCORED),
    )

    def verify(self, item: Item) -> Outcome:
        """Scores one completion.

        Raises:
            TypeError: the item carries another kind of task.
        """
        task = item.task
        if not isinstance(task, MathTask):
            raise TypeError(f"a MathTask is needed, not {type(task).__name__}")
        references = task.reference_answers
        found = find_answer(item.completion, task.policy.extraction)
        if found is not None:
            outcome = _outcome(found, references, task.policy)
            if outcome.verdict is not Verdict.INCORRECT or not _says_nothing(found, references):
                return outcome
        elif not any(map(is_readable, references)):
            # All rollouts of a broken row agree, with or without an answer: none gets a 0.
            return _unreadable(references, MathDetail())
        return Outcome.incorrect(Reason.NO_ANSWER, "no answer found", MathDetail())


def _says_nothing(found: Found, references: tuple[str, ...]) -> bool:
    """Tells whether a bare completion is words where no reference is: "I do not know"."""
    return (
        found.rule is Extraction.WHOLE
        and is_verbal(found.text)
        and not any(map(is_verbal, references))
    )


def _outcome(found: Found, references: tuple[str, ...], policy: MathPolicy) -> Outcome:
    undecided = unreadable = 0
    method: Method | None = None
    for reference in references:
        comparison = compare(found.text, reference, policy)
        if comparison.match is Match.EQUAL:
            detail = _detail(found, comparison.method, reference)
            message = f"{_shown(found.text)} equals {_shown(reference)}{_how(comparison.method)}"
            return Outcome.correct(Reason.EQUIVALENT, message, detail)
        undecided += comparison.match is Match.UNDECIDED
        unreadable += comparison.match is Match.REFERENCE_UNPARSEABLE
        method = method or comparison.method
    shown = _shown_all(references)
    if unreadable == len(references):
        return _unreadable(references, _detail(found, None))
    if undecided:
        message = f"cannot tell whether {_shown(found.text)} equals {shown}"
        return Outcome.unscored(Reason.UNDECIDED, message, _detail(found, None))
    message = f"{_shown(found.text)} does not equal {shown}{_how(method, equal=False)}"
    return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, _detail(found, method))


def _unreadable(references: tuple[str, ...], detail: MathDetail) -> Outcome:
    message = f"cannot read {_shown_all(references)} as mathematics"
    return Outcome.unscored(Reason.REFERENCE_UNPARSEABLE, message, detail)


def _shown_all(references: tuple[str, ...]) -> str:
    return _shown(references[0]) if len(references) == 1 else f"any of {len(references)} references"


def _detail(found: Found, method: Method | None, reference: str | None = None) -> MathDetail:
    return MathDetail(found.text, reference, method, found.rule, (found.start, found.end))


def _how(method: Method | None, *, equal: bool = True) -> str:
    if method is None or (not equal and method is not Method.EXACT):
        return ""
    return f" ({_HOW[method]})"


def _shown(text: str) -> str:
    if not text.strip():
        return "an empty text"
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"
