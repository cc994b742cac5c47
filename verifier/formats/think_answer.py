"""The rule ``think_answer``: <think>…</think>, then <answer>…</answer>, and nothing else."""

from __future__ import annotations

import re
from typing import Final

from verifier.types import RuleOutcome, ThinkAnswerRule

NAME: Final = "think_answer"

_ORDER: Final = ("<think>", "</think>", "<answer>", "</answer>")
_TAG: Final = re.compile(r"</?(?:think|answer)>")


def think_answer(_rule: ThinkAnswerRule, completion: str) -> RuleOutcome:
    """Does the completion have the form that DeepSeek-R1 was rewarded for?

    | Part                                     | What it may hold                              |
    |------------------------------------------|-----------------------------------------------|
    | before, between and after the two parts  | white space only                              |
    | ``<think>…</think>``, ``<answer>…``      | anything but these four tags; also nothing    |
    | each tag                                 | exactly once, in this order, in this spelling |

    Both parts may be empty: every published form of the rule (open-r1, ms-swift, open-instruct)
    accepts that, and whether there is an answer is for the accuracy term to say. White space at
    both ends is accepted, which is what a chat template leaves there.

    Args:
        _rule: no parameters.
        completion: the model's text; read once, left to right.

    Returns:
        The message names the first violation, looked for in this order: a tag that is missing, a
        tag that is repeated, tags in the wrong order, text outside.
    """
    return RuleOutcome(NAME, passed=not (found := _violation(completion)), message=found)


def _violation(completion: str) -> str:
    tags = list(_TAG.finditer(completion))
    spelled = [tag.group() for tag in tags]
    for tag in _ORDER:
        if tag not in spelled:
            return f"no {tag}"
    for tag in _ORDER:
        if (count := spelled.count(tag)) > 1:
            return f"{'two' if count == 2 else count} {tag} tags"
    for found, wanted in zip(spelled, _ORDER, strict=True):
        if found != wanted:
            return f"{found} before {wanted}"
    think, end_think, answer, end_answer = tags
    outside = (
        ("text before <think>", completion[: think.start()]),
        ("text between </think> and <answer>", completion[end_think.end() : answer.start()]),
        ("text after </answer>", completion[end_answer.end() :]),
    )
    return next((message for message, text in outside if text and not text.isspace()), "")
