"""Where a completion states an answer: the ends of its solutions, for measures of overthinking.

A reasoning text often comes to an answer, doubts it and comes to it again. "Do NOT Think That Much
for 2+3=?" (arXiv 2412.21187) has a model cut such a text into solutions; here a solution ends with
a sentence that states an answer: one with a box, "the answer is", "####" or a closing answer tag.
The thinking part is looked at like the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ATTEMPTS: Final = 64  # of one completion; those behind are not looked at
_MARK: Final = re.compile(
    r"\\boxed\s?\{|####|</answer>|\b(?:answer|result)(?: is|:| =|\s?=)", re.IGNORECASE
)
_END: Final = re.compile(r"[.!?](?=\s)|\n")
# A side of an equation: numbers, single letters, signs. So short that no text makes it slow.
_SIDE: Final = 40  # characters
_MOST_EQUATIONS: Final = 500  # of one completion; those behind are not looked at
_EQUALS: Final = re.compile(r"(?<![<>=!:])=(?!=)")
_LETTER: Final = r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])"
_LAST: Final = rf"(?:[\d)}}\]]|{_LETTER})"
_PART: Final = rf"(?:[\d.,()+\-*/^×·÷−\[\]{{}}$\s]|\\(?:times|cdot)\b|{_LETTER})"
_LEFT: Final = re.compile(rf"{_PART}*{_LAST}[\s$]*\Z")
_RIGHT: Final = re.compile(rf"{_PART}*{_LAST}")
_SPACES: Final = re.compile(r"[\s,${}]+")
_SIGNS: Final = str.maketrans("×·÷−", "**/-")
_TAGS: Final = re.compile(r"</?think>")


class Attempt(NamedTuple):
    """A sentence that states an answer.

    Attributes:
        text: the sentence, without tags of thinking.
        end: where it ends in the completion, in code points.
    """

    text: str
    end: int


def attempts(completion: str) -> list[Attempt]:
    """The sentences that state an answer, in order, at most `MOST_ATTEMPTS` of them.

    Args:
        completion: read once, left to right.
    """
    found = []
    for start, end in _sentences(completion):
        found.append(Attempt(_TAGS.sub(" ", completion[start:end]), end))
        if len(found) == MOST_ATTEMPTS:
            break
    return found


def repeats(completion: str, ends: list[int]) -> list[bool]:
    """Which solutions calculate nothing that an earlier one has not.

    The paper has a model say which solutions differ. Here a solution differs from those before it
    if it holds an equation that none of them holds, white space and the signs of multiplication
    aside; the first one always does, and one without any equation never.

    Args:
        completion: the text.
        ends: where each solution ends, in order; each begins where the one before it ends.
    """
    found: list[bool] = []
    seen: set[str] = set()
    signs = [sign.start() for sign in islice(_EQUALS.finditer(completion), _MOST_EQUATIONS)]
    start = 0
    for end in ends:
        own = signs[bisect_left(signs, start) : bisect_left(signs, end)]
        said = {said for place in own if (said := _equation(completion, place, start, end))}
        found.append(bool(found) and said <= seen)
        seen |= said
        start = end
    return found


def _equation(text: str, place: int, start: int, end: int) -> str:
    """Both sides of an equals sign, as far as they are made of numbers and single letters."""
    left = _LEFT.search(text[max(start, place - _SIDE) : place])
    right = _RIGHT.match(text[place + 1 : min(end, place + 1 + _SIDE)])
    return f"{_plain(left[0])}={_plain(right[0])}" if left and right else ""


def _plain(side: str) -> str:
    return _SPACES.sub("", side.replace(r"\times", "*").replace(r"\cdot", "*")).translate(_SIGNS)


def _sentences(completion: str) -> Iterator[tuple[int, int]]:
    position = 0
    while mark := _MARK.search(completion, position):
        begins = max(completion.rfind(each, position, mark.start()) for each in (". ", "\n"))
        start = max(begins + 1, position)
        stop = _END.search(completion, mark.end())
        position = stop.end() if stop else len(completion)
        yield start, position
