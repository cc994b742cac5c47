"""Reference answers as datasets store them: whole solutions, letters of options with their text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from verifier.answers.rules import find_answer
from verifier.types import Extraction

_MARKS: Final = ("\\boxed", "\\fbox", "####")
_RULES: Final = (Extraction.BOXED, Extraction.HASHES)
_MAX_CACHED: Final = 512  # solutions kept; each serves all rollouts of its prompt
_MAX_LABELS: Final = 2048  # remembered over the rollouts of a prompt
_LETTER: Final = re.compile(
    r"\s*(?:\\(?:text|textbf|mathrm|mathbf)\s?\{)?\s*\(?([A-J])\)?[.:]?\s*\}?[.:]?\s*"
)
_LABELLED: Final = re.compile(
    r"\s*(?:\\(?:text|textbf|mathrm|mathbf)\s?\{\s*)?\(([A-J])\)\s*\}?"
    r"(?:\\[ ,;:]|\\q?quad(?![a-z])|~|\s)*([^\s,=()][^\n]{0,200})"
)


def stated_reference(reference: str) -> str:
    """Takes the answer out of a reference that is a whole solution, as datasets store them.

    Only the two marks that leave no doubt count, a box and ``####``; any other text is the
    reference answer as it stands.
    """
    if "\\" not in reference and "#" not in reference:
        return reference  # most of them
    return _stated(reference) if any(mark in reference for mark in _MARKS) else reference


@lru_cache(maxsize=_MAX_CACHED)
def _stated(reference: str) -> str:
    found = find_answer(reference, _RULES)
    return reference if found is None else found.text


@lru_cache(maxsize=_MAX_LABELS)
def labelled_reference(reference: str) -> tuple[str | None, str]:
    r"""Reads a reference that is the letter of an option, or has it in front: ``\textbf{(C)}\ 18``.

    Returns:
        The letter, if there is one, and what it stands for or the reference itself.
    """
    letter = _LETTER.fullmatch(reference)
    if letter is not None:
        return letter[1], reference
    labelled = _LABELLED.fullmatch(reference)
    return (labelled[1], labelled[2]) if labelled else (None, reference)
