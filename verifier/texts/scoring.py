"""One completion's text compared with its reference answers, and the outcome put into words.

What `verifier.outcome.text` does, apart from it, because it takes a while to load and who only asks
which verifiers there are has no use for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.answers.boxed import find_box
from verifier.answers.choices import stated_choice
from verifier.answers.folding import bare, overlap_tokens, same_form, words
from verifier.answers.options import option_form, option_meant, options_in
from verifier.answers.thinking import hide_thinking
from verifier.types import Item, Outcome, Reason, TextDetail, TextMode, TextTask, Verdict

if TYPE_CHECKING:
    from collections import Counter

_MAX_CANDIDATE_CHARS: Final = 1000  # of what the detail repeats; all of it is compared
_MAX_QUOTED_CHARS: Final = 60  # of what a message repeats
_TEXT_COMMAND: Final = re.compile(
    r"\\(?:text(?:bf|it|rm|sf|tt|normal)?|math(?:rm|bf|it|sf)|mbox)\s{0,4}\{([^{}]*)\}"
)
_ANSWER_TAG: Final = re.compile(r"</?answer>")


def score(item: Item, task: TextTask) -> Outcome:
    """Scores one completion; linear in its length, raises on no text."""
    if problem := _problem(task):
        return problem
    references = list(filter(_is_seen, task.reference_answers))
    shown = hide_thinking(item.completion).strip()
    if task.mode is TextMode.CHOICE:
        return _choice(shown, references, item.prompt)
    if task.mode is TextMode.CONTAINS:
        return _contains(shown, references)
    answer = _final_answer(shown)
    if task.mode is TextMode.F1:
        return _f1(answer, references, task.threshold)
    return _exact(answer, references)


@dataclass(frozen=True, slots=True)
class _Overlap:
    """F1 against one reference answer."""

    f1: float
    reference: str


def _is_seen(reference: str) -> bool:
    """Tells whether anything of a reference answer is to be seen: a soft hyphen alone is blank."""
    return bool(words(reference).strip())


def _problem(task: TextTask) -> Outcome | None:
    if not task.reference_answers:
        return Outcome.unscored(
            Reason.INVALID_INPUT, "text.reference_answers is empty: give at least one"
        )
    if not any(map(_is_seen, task.reference_answers)):
        return Outcome.unscored(Reason.REFERENCE_UNPARSEABLE, "every reference answer is blank")
    threshold = task.threshold
    if task.mode is TextMode.F1 and threshold is not None and not 0 < threshold <= 1:
        return Outcome.unscored(
            Reason.INVALID_INPUT, f"text.threshold is {threshold}: must be above 0 and at most 1"
        )
    return None


def _tagged(text: str) -> str:
    """What the last answer tag holds, or all of the text if it has none.

    Not `answers.tags`, which is for short answers: a text answer may be longer than its bound.
    """
    _, tag, inside = text.rpartition("<answer>")
    return inside.partition("</answer>")[0].strip() if tag else text


def _final_answer(text: str) -> str:
    inside = _tagged(text)
    box = find_box(inside)
    if box is None:
        return inside
    content = inside[slice(*box)]
    for _ in range(2):  # \text{\textbf{…}}; deeper nesting is not seen
        content = _TEXT_COMMAND.sub(r"\1", content)
    return content.replace("\\ ", " ").strip()


def _exact(answer: str, references: list[str]) -> Outcome:
    if not answer:
        return _no_answer()
    form = same_form(answer)
    for reference in references:
        if form == same_form(_final_answer(reference)):
            message = f"{_quoted(answer)} is the reference answer {_quoted(reference)}"
            return Outcome.correct(Reason.EQUIVALENT, message, _detail(answer, reference))
    return _different(answer, references, _detail(answer))


def _f1(answer: str, references: list[str], threshold: float | None) -> Outcome:
    if not answer:
        return _no_answer(f1=0.0)
    tokens = overlap_tokens(answer)
    overlaps = [_Overlap(_overlap(answer, tokens, text), text) for text in references]
    best = max(overlaps, key=lambda overlap: overlap.f1)
    matched = best.reference if best.f1 > 0 else None
    detail = TextDetail(_cut(answer), matched, best.f1)
    message = f"overlap {best.f1:.3f} with {_quoted(best.reference)}"
    if best.f1 == 1:
        return Outcome.correct(Reason.EQUIVALENT, message, detail)
    if best.f1 == 0:
        return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, detail)
    if threshold is None:
        return Outcome(Verdict.SCORED, Reason.PARTIAL_MATCH, best.f1, message, detail)
    if best.f1 >= threshold:
        message += f", threshold {threshold:g}"
        return Outcome.correct(Reason.PARTIAL_MATCH, message, detail)
    message += f", below the threshold {threshold:g}"
    return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, detail)


def _overlap(answer: str, tokens: Counter[str], reference: str) -> float:
    others = overlap_tokens(reference)
    if not tokens or not others:
        return float(same_form(answer) == same_form(reference))
    return 2 * (tokens & others).total() / (tokens.total() + others.total())


def _contains(shown: str, references: list[str]) -> Outcome:
    if not shown:
        return _no_answer()
    text = words(_ANSWER_TAG.sub(" ", shown))
    for reference in references:
        if words(bare(reference.strip())) in text:
            message = f"{_quoted(reference)} occurs"
            return Outcome.correct(Reason.EQUIVALENT, message, _detail(shown, reference))
    message = f"{_quoted(references[0])} does not occur"
    if len(references) > 1:
        message = f"none of {len(references)} reference answers occurs"
    return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, _detail(shown))


def _choice(shown: str, references: list[str], prompt: str) -> Outcome:
    options = options_in(prompt)
    meant = [(found, text) for text in references if (found := option_meant(text, options))]
    if not meant:
        known = f"options {', '.join(options)}" if options else "no options in the prompt"
        message = f"{_quoted(references[0])} means no option ({known})"
        return Outcome.unscored(Reason.REFERENCE_UNPARSEABLE, message)
    if not options:
        options = {letter: option_form(text) for (letter, text), _ in meant if text}
    choice = stated_choice(_tagged(shown), options)
    if choice is None or choice.letter is None:
        why = "no option is stated" if choice is None else "several options are stated at once"
        return _no_answer(why)
    for (letter, _), reference in meant:
        if letter == choice.letter:
            message = f"chose {letter}"
            return Outcome.correct(Reason.EQUIVALENT, message, TextDetail(letter, reference))
    message = f"chose {choice.letter}, the reference answer is {meant[0][0][0]}"
    return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, TextDetail(choice.letter))


def _no_answer(why: str = "nothing outside the thinking part", f1: float | None = None) -> Outcome:
    return Outcome.incorrect(Reason.NO_ANSWER, why, TextDetail(f1=f1))


def _different(answer: str, references: list[str], detail: TextDetail) -> Outcome:
    message = f"{_quoted(answer)} is not {_quoted(references[0])}"
    if len(references) > 1:
        message = f"{_quoted(answer)} is none of {len(references)} reference answers"
    return Outcome.incorrect(Reason.NOT_EQUIVALENT, message, detail)


def _detail(candidate: str, reference: str | None = None) -> TextDetail:
    return TextDetail(_cut(candidate), reference)


def _cut(text: str, limit: int = _MAX_CANDIDATE_CHARS) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _quoted(text: str) -> str:
    return f'"{_cut(text, _MAX_QUOTED_CHARS)}"'
