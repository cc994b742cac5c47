"""What of a completion the judge sees."""

from __future__ import annotations

from typing import Final

from verifier.answers.thinking import thinking_spans
from verifier.types import JudgeScope

_OPEN: Final = "<answer>"
_CLOSE: Final = "</answer>"


def seen(completion: str, scope: JudgeScope) -> str:
    """The part of a completion that is judged.

    The final answer is what stands behind the last thinking part; there, if it has answer tags,
    what the last of them holds. A last tag that is never closed reaches to the end, as it does for
    every verifier here: trainers stop generation at the closing tag and often drop it. DeepSeek-R1
    (arXiv 2501.12948, 2.3.4) judged helpfulness on that part alone, and harmlessness on everything.

    Args:
        completion: any text; it is read a bounded number of times, left to right.
        scope: which part.

    Returns:
        The part, for the final answer without the white space around it; a completion that neither
        thinks nor has tags is one as it stands. Empty if there is no final answer: thinking that
        was never closed, or nothing but white space behind it.
    """
    if scope is JudgeScope.WHOLE_COMPLETION:
        return completion
    spans = thinking_spans(completion) if "think>" in completion else []
    # Thinking that is never closed reaches to the end, so that nothing is left.
    begin = spans[-1][1] if spans else 0
    opening = completion.rfind(_OPEN, begin)
    if opening < 0:
        answer = completion[begin:]
        return answer.strip() if begin else answer if answer.strip() else ""
    begin = opening + len(_OPEN)
    end = completion.find(_CLOSE, begin)
    return completion[begin : end if end >= 0 else len(completion)].strip()
