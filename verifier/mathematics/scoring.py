"""One item's references compared with its candidate, and the outcome put into words.

What `verifier.outcome.math` does, apart from it, because it takes a while to load and who only asks
which verifiers there are has no use for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.answers.choices import chosen_letter, chosen_letters, without_label
from verifier.answers.options import options_in
from verifier.answers.references import labelled_reference, stated_reference
from verifier.answers.rules import find_answer
from verifier.mathematics.compare import compare, is_readable
from verifier.mathematics.reading.words import is_verbal
from verifier.mathematics.symbolic.wire import encode_pair
from verifier.mathematics.verdicts import Comparison, Match
from verifier.pending import Pending
from verifier.types import (
    Extraction,
    Item,
    MathDetail,
    MathPolicy,
    MathTask,
    Method,
    Outcome,
    Reason,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from verifier.answers.rules import Found

    Ask = Callable[[bytes], Awaitable[bytes | None]]

# "A) not sure, B", "A: B is right"
_HEDGED: Final = re.compile(
    r"[,;:]\s{0,3}(?:or\s|maybe\s|perhaps\s)?\(?[A-J]\)?(?=\s|\Z|\.|\})|\bnot\s(?:sure|this|that|it)\b"
)
_DEFAULT_POLICY: Final = MathPolicy()
_MAX_SHOWN: Final = 60  # characters of an answer in a message

_HOW: Final = {
    Method.TEXT: "same text",
    Method.EXACT: "exact",
    Method.TOLERANCE: "within the digits written",
    Method.STRUCTURAL: "same expression",
    Method.ALGEBRAIC: "by exact algebra",
    Method.NUMERIC: "by numbers with error bounds",
    Method.SYMBOLIC: "by computer algebra",
}


def score(item: Item, task: MathTask) -> Outcome:
    """Scores one completion; `Pending` if SymPy should have a look. Total and bounded."""
    return _Scoring(item, task).outcome(find_answer(item.completion, task.policy.extraction))


async def settle(pending: Pending, ask: Ask) -> Outcome | None:
    """What SymPy says of a pending outcome; None if it cannot tell either.

    Args:
        pending: what `score` said.
        ask: has a worker decide an encoded pair of trees; None where that takes too long.

    Raises:
        TypeError: not what `score` said.
    """
    question = pending.question
    if not isinstance(question, _Question):
        raise TypeError(f"not of this verifier: {question!r}")
    scoring = _Scoring(question.item, question.task)
    hopeless = question.hopeless
    for reference, pair in question.asked:
        answer = await ask(pair)
        match = Match.UNDECIDED if answer is None else Match(answer.decode())
        if match is Match.EQUAL:
            return scoring.correct(question.found, reference, Method.SYMBOLIC)
        hopeless |= match is Match.UNDECIDED
    return None if hopeless else scoring.incorrect(question.found, Method.SYMBOLIC)


class _Question(NamedTuple):
    """What is left to SymPy.

    Attributes:
        item, task: what is scored.
        found: the candidate.
        asked: references that SymPy may settle, each with the encoded pair of trees.
        hopeless: whether there are others that nobody can.
    """

    item: Item
    task: MathTask
    found: Found
    asked: tuple[tuple[str, bytes], ...]
    hopeless: bool


class _Scoring:
    """One item's references and policy, compared with the candidate that was found.

    Args:
        item: what is scored.
        task: its task.
    """

    def __init__(self, item: Item, task: MathTask) -> None:
        self._item = item
        self._task = task
        self._references = tuple(map(stated_reference, task.reference_answers))
        self._policy = task.policy
        self._echoed = task.policy.effective() if task.policy != _DEFAULT_POLICY else None

    def outcome(self, found: Found | None) -> Outcome:
        """Compares with one reference after the other; the first equal one decides."""
        if found is None:
            readable = any(map(is_readable, self._references))
            # All rollouts of a broken row agree, with or without an answer: none gets a 0.
            return self._no_answer() if readable else self._unreadable(MathDetail())
        undecided = unreadable = 0
        asked: list[tuple[str, bytes]] = []
        method: Method | None = None
        for reference in self._references:
            comparison = self._compare(found.text, reference)
            if comparison.match is Match.EQUAL:
                return self.correct(found, reference, comparison.method)
            pair = comparison.pending and encode_pair(*comparison.pending)
            if pair:
                asked.append((reference, pair))
            undecided += comparison.match is Match.UNDECIDED
            unreadable += comparison.match is Match.REFERENCE_UNPARSEABLE
            method = method or comparison.method
        if unreadable == len(self._references):
            return self._unreadable(self._detail(found, None))
        if undecided:
            return self._undecided(found, tuple(asked), hopeless=undecided > len(asked))
        return self._no_answer() if self._says_nothing(found) else self.incorrect(found, method)

    def _compare(self, candidate: str, reference: str) -> Comparison:
        """Compares with one reference; where that is a letter or options are listed, by choice."""
        if self._item.prompt:
            by_letters = self._compare_letters(candidate, reference)
            if by_letters is not None:
                return by_letters
        letter, reference = labelled_reference(reference)
        if letter is None and not (candidate[:1].isalpha() or candidate[:1] in "(\\"):
            return compare(candidate, reference, self._policy)
        options = options_in(self._item.prompt) if self._item.prompt else {}
        chosen = chosen_letter(candidate, options) if letter or options else None
        if letter is not None and chosen is not None:
            same = chosen == letter and not _HEDGED.search(candidate)
            match = Match.EQUAL if same else Match.DIFFERENT
            return Comparison(match, Method.TEXT)
        if chosen is not None:
            return compare(options.get(chosen, candidate), reference, self._policy)
        return compare(without_label(candidate) or candidate, reference, self._policy)

    def _compare_letters(self, candidate: str, reference: str) -> Comparison | None:
        """Compares where a reference is several letters of options; None where it is not."""
        options = options_in(self._item.prompt)
        wanted = chosen_letters(reference, options) if options else ()
        chosen = chosen_letters(candidate, options) if len(wanted) > 1 else ()
        if not chosen:
            return None
        return Comparison(Match.EQUAL if chosen == wanted else Match.DIFFERENT, Method.TEXT)

    def correct(self, found: Found, reference: str, method: Method | None) -> Outcome:
        message = f"{_shown(found.text)} equals {_shown(reference)}{_how(method)}"
        detail = self._detail(found, method, reference)
        return Outcome.correct(Reason.EQUIVALENT, message, detail)

    def incorrect(self, found: Found, method: Method | None) -> Outcome:
        how = _how(method, equal=False)
        message = f"{_shown(found.text)} does not equal {_shown_all(self._references)}{how}"
        return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, self._detail(found, method))

    def _undecided(
        self, found: Found, asked: tuple[tuple[str, bytes], ...], *, hopeless: bool
    ) -> Outcome:
        shown = _shown_all(self._references)
        message = f"cannot tell whether {_shown(found.text)} equals {shown}"
        detail = self._detail(found, None)
        if not asked:
            return Outcome.unscored(Reason.UNDECIDED, message, detail)
        question = _Question(self._item, self._task, found, asked, hopeless)
        return Pending(Verdict.UNSCORED, Reason.UNDECIDED, None, message, detail, question)

    def _unreadable(self, detail: MathDetail) -> Outcome:
        message = f"cannot read {_shown_all(self._references)} as mathematics"
        return Outcome.unscored(Reason.REFERENCE_UNPARSEABLE, message, detail)

    def _no_answer(self) -> Outcome:
        detail = MathDetail(policy=self._echoed)
        return Outcome.incorrect(Reason.NO_ANSWER, "no answer found", detail)

    def _says_nothing(self, found: Found) -> bool:
        """Tells whether a bare completion is words where no reference is: "I do not know"."""
        return (
            found.rule is Extraction.WHOLE
            and is_verbal(found.text)
            and not any(map(is_verbal, self._references))
        )

    def _detail(
        self, found: Found, method: Method | None, reference: str | None = None
    ) -> MathDetail:
        span = (found.start, found.end)
        return MathDetail(found.text, reference, method, found.rule, span, self._echoed)


def _shown_all(references: tuple[str, ...]) -> str:
    return _shown(references[0]) if len(references) == 1 else f"any of {len(references)} references"


def _how(method: Method | None, *, equal: bool = True) -> str:
    if method is None or (not equal and method is not Method.EXACT):
        return ""
    return f" ({_HOW[method]})"


def _shown(text: str) -> str:
    if not text.strip():
        return "an empty text"
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"
