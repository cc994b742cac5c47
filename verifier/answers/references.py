"""Reference answers that were handed over as whole solutions."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from verifier.answers.rules import find_answer
from verifier.types import Extraction

_MARKS: Final = ("\\boxed", "\\fbox", "####")
_RULES: Final = (Extraction.BOXED, Extraction.HASHES)
_MAX_CACHED: Final = 512  # solutions kept; each serves all rollouts of its prompt


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
