"""Which part of a completion the rules about languages look at."""

from __future__ import annotations

from typing import Final

from verifier.answers.thinking import thinking_spans

_TAGS: Final = ("<think>", "</think>")


def thought_of(completion: str) -> str:
    """The thinking part if there is one, else the whole completion.

    What is a thinking part `verifier.answers.thinking` says: also one that is never closed, or
    whose opening tag stands in the prompt. The rest is overwritten with spaces, so that places stay
    those of the completion.
    """
    spans = thinking_spans(completion) if "think>" in completion else []
    if not spans:
        return completion
    parts: list[str] = []
    position = 0
    for start, end in spans:
        parts.append(" " * (start - position))
        parts.append(completion[start:end])
        position = end
    parts.append(" " * (len(completion) - position))
    thought = "".join(parts)
    for tag in _TAGS:
        thought = thought.replace(tag, " " * len(tag))
    return thought
