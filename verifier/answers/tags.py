"""ANSWER_TAG: what the last ``<answer>`` holds (the format of DeepSeek-R1's prompt)."""

from __future__ import annotations

from typing import Final

from verifier.answers.spans import MAX_ANSWER_CHARS, Span, trim

_OPEN: Final = "<answer>"
_CLOSE: Final = "</answer>"


def find_tag(text: str) -> Span | None:
    """Finds the content of the last answer tag.

    A last tag that is never closed reaches to the end of the text: trainers stop generation at the
    closing tag and often drop it.
    """
    opening = text.rfind(_OPEN)
    if opening < 0:
        return None
    start = opening + len(_OPEN)
    end = text.find(_CLOSE, start)
    if end < 0:
        end = len(text)
    if end - start > MAX_ANSWER_CHARS:
        return None
    return trim(text, start, end)
