r"""The end of a completion that is no part of what it says.

Sampling stops at a token: chat templates leave it in the text ("42<|im_end|>"), and a completion
that ran out of tokens stops in the middle of its box ("``\boxed{12``", where 123 was meant).
"""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.boxed import box_content, find_command
from verifier.answers.spans import MAX_ANSWER_CHARS

_MAX_TOKENS_CHARS: Final = 200  # a few end tokens
_TOKENS: Final = re.compile(
    r"(?:\s{0,8}(?:<\|[a-z_]{2,24}\|>(?:user|assistant)?|<｜[^<>｜]{2,32}｜>|</s>|<end_of_turn>|<eos>"
    r"))+\s*\Z"
)
_OPENED: Final = re.compile(r"\\(?:boxed|fbox)\s{0,16}(?:\{|\Z)")


def cut_ending(text: str) -> str:
    """Cuts off special tokens at the end, and the last box if the end of the text cuts it off.

    A box that is never closed although another paragraph follows was not cut off, only misspelt.
    """
    if text.endswith((">", "> ", ">\n", "user", "assistant")):
        tokens = _TOKENS.search(text, max(0, len(text) - _MAX_TOKENS_CHARS))
        text = text[: tokens.start()] if tokens else text
    if "\\" not in text:
        return text
    command = find_command(text, len(text))
    if command < 0 or len(text) - command > MAX_ANSWER_CHARS:
        return text
    is_cut_off = _OPENED.match(text, command) and box_content(text, command) is None
    return text[:command] if is_cut_off and text.find("\n\n", command) < 0 else text
