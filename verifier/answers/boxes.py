r"""BOXED: the last box, or the last group of boxes that state one answer in several parts.

"``\boxed{1}`` and ``\boxed{2}``", "``x = \boxed{1}, y = \boxed{2}``" and a list of labelled lines
are one answer, "1, 2"; what stands between them, and the names in front of them, are left out.
Boxes that hold the same are one box. Boxes with a sentence between them, or a word that takes the
first one back or reasons on from it ("no", "so", "which gives"), are steps: the last one decides.
Joining is no lottery: "1, 2" is right only where both parts were asked for; labelled parts, (a) and
(b), are joined to a tuple, since their order counts. A box behind "not" is what the answer is not.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.answers.boxed import box_content, find_command, last_box
from verifier.answers.spans import MAX_ANSWER_CHARS, Excerpt, trim

if TYPE_CHECKING:
    from verifier.answers.spans import Span

_MAX_PARTS: Final = 64  # of one answer; a text with more boxes in a row is no answer
_MAX_GAP: Final = 160  # characters between two boxes of one sentence
_MAX_NAME: Final = 40
_MAX_LABEL_WORDS: Final = 6  # "- Median of the sample: ": a longer item is a step

# What is typeset between two boxes and says nothing: delimiters, spaces, emphasis, table signs.
_LAYOUT: Final = re.compile(
    r"\\(?:[()\[\]\\,;:! ]|quad|qquad|hspace\{[^{}]*\}|left|right|big|Big|displaystyle"
    r"|(?:begin|end)\{[^{}]*\}|mathbf|bf)|[$&~*]|\u00a0"
)
_WRAPPED: Final = re.compile(r"\\(?:text\w{0,6}|mathrm|mbox|operatorname)\s*\{([^{}]*)\}")
# The name a box's content is given: "x =", "y_1 =", "f(x) =", "\alpha =", "x \in".
_NAME: Final = re.compile(
    r"(?:(?<![A-Za-z\\])(?!(?:no|not|wait|so|thus|hence|then|but|or|actually)\b)"
    r"\\?[A-Za-z]{1,12}'{0,3}(?:_?\{?\w{1,8}\}?)?(?:\([^()]{1,12}\))?"
    r"|\([A-Za-z](?:\s?,\s?[A-Za-z]){1,4}\))\s{0,4}(?:=|:=|:|\\in\b|\\approx\b|≈|∈)[\s$]{0,4}\Z"
)
_JOINER: Final = re.compile(
    r"[,;，；、]|\b(?:and|or|und|oder|et|ou|y|e|o|en|of|och|eller|og|i|lub|и|или|ve|veya)\b"
    r"|[和与與及或と및]|또는|以及"
)
_OPERATOR_FIRST: Final = re.compile(
    r"^\s*[-+*/^=<>|.:]|\\(?:times|cdot|approx|equiv|sim|le|ge|pm|div)\b"
)
_ONLY_JOINER: Final = re.compile(
    r"\s*[,;，；、]?\s*(?:and/or|and|or|as well as|und|oder|et|ou|y|e|o|och|eller|og|i|lub|и|или"
    r"|ve|veya|和|与|與|及|或|以及|と|または|및|또는)?\s*",
    re.IGNORECASE,
)
# "and x + y =": the joiner, then what the next box is the value of.
_JOINED_SUM: Final = re.compile(rf"(?:{_JOINER.pattern})[^=\n]{{1,40}}=\s*\Z")
_COMPUTES: Final = re.compile(r"[0-9)]\s?[-+*/^]|[-+*/]\s?[0-9(]|\\(?:times|cdot|frac|div)\b")
# "for n = 1": the case in which the box in front holds.
_CASE: Final = re.compile(
    r"\b(?:for|when|if|at|with|where|für|wenn|pour|si|para)\s{1,3}\\?[A-Za-z]\w{0,3}\s?=\s?[-\w.]{1,12}"
)
_SENTENCE_END: Final = re.compile(r"[.!?](?:\s|\Z)|[。！？]|\n\s*\n")
# Words after which the next box is another step, a correction or the same value once more.
_STEP: Final = re.compile(
    r"\b(?:no|not|nor|wait|hmm|wrong|incorrect|mistake|error|but|actually|instead|rather|so|thus|then"
    r"|therefore|hence|gives?|giving|becomes?|because|since|means|meaning|implies|i\.?e|simplif\w+"
    r"|equivalent\w*|equals?|approximately|about|roughly|correct\w*|sorry|step|yields?|leads?|makes?"
    r"|namely|again|finally|or\s+rather|that\s+is|answer|total|nein|nicht|non|pas|donc|alors"
    r"|dann|luego|entonces|quindi|allora)\b"
    r"|[=≈⇒→]\s*\S|…|\.\.\.|\\[lc]?dots\b|\\(?:Rightarrow|implies|to|rightarrow|longrightarrow|iff|Longrightarrow)\b"
    r"|所以|因此|不|即|得",
    re.IGNORECASE,
)
# "(b)", "Part (b):", "b)", "Part 2:", "- ", "2. " at the beginning of a line.
_PART: Final = re.compile(
    r"[ \t]{0,4}[.;,]?[ \t]{0,4}\n\s{0,8}(?:part\s{1,3}\(?(?:[b-j]|[2-9]|[ivx]{2,4})\)?[.:)]?"
    r"|\((?:[b-j]|[2-9]|[ivx]{2,4})\)[.:]?|[b-j][.)]|(?P<item>[-•–]|[2-9][.)]))\s{0,4}"
    r"(?P<label>[^\n]*)",
    re.IGNORECASE,
)
# "\nCase 2 gives x =", " (b) ": the other cases and parts.
_CASE_LINE: Final = re.compile(
    r"\s*[.;,]?\s*\n\s{0,8}(?:[-•–]\s)?(?:case|fall|cas|caso)\s(?:[2-9]|[b-j]|[ivx]{2,4})\b[^\n.!?]{0,80}",
    re.IGNORECASE,
)
_PART_INLINE: Final = re.compile(r"\s*[.;,]?\s*\((?:[b-j]|[2-9]|i[iv]+|v)\)\s*:?\s*", re.IGNORECASE)
# "\boxed{8} (not \boxed{7})": what the answer is not.
_DENIED: Final = re.compile(r"(?<![A-Za-z])not\s{1,3}(?:\$|\\\(|\*\*)?\s?\Z", re.IGNORECASE)
_MAX_DENIAL: Final = 16
_LETTERED_PART: Final = re.compile(
    r"[\s.;,$*\\)\]]{0,12}(?:part\s{1,3})?\((?:[b-j]|[2-9]|i[iv]+|v)\)", re.IGNORECASE
)
_BRACKETS: Final = {"(": ")", "[": "]", "\\{": "\\}", "\\left(": "\\right)", "\\{ ": " \\}"}
# A word in front of the content: "\text{Total: }42", "Answer: 42".
_INNER_LABEL: Final = re.compile(
    r"\\(?:text\w{0,6}|mathrm|mbox)\s{0,4}\{\s{0,4}[^\W\d_][^{}:=]{2,40}(?:[:=]|\bis)\s{0,4}\}"
    r"|[^\W\d_]{4,20}(?: [^\W\d_]{1,20}){0,3}\s?:\s"
)
_SPACES: Final = re.compile(r"\s+")
_SLASHES: Final = re.compile(r"\\+\Z")


class _Box(NamedTuple):
    """One box.

    Attributes:
        command: where it begins.
        content: what it holds, without white space at the edges.
        end: one past its closing brace.
    """

    command: int
    content: Span
    end: int


def find_boxes(text: str) -> Excerpt | None:
    """Finds the last box, or the last group of boxes that are the parts of one answer.

    Returns:
        One box: its content. A group: the contents joined by ", ", from the first one's beginning
        to the last one's end; in brackets where the group stands in brackets.
    """
    found = last_box(text)
    if found is None:
        return None
    if _DENIED.search(text, max(0, found[0] - _MAX_DENIAL), found[0]):
        before = last_box(text[: found[0]])
        found = before if before and found[0] - before[1][1] <= _MAX_GAP else found
    boxes = _group(text, found[0])
    contents = [_content(text, box) for box in boxes]
    if len(boxes) == 1 or (_are_same(contents) and not _named_apart(text, boxes)):
        return _single(contents[-1], boxes[-1].content)
    in_parts = _are_parts(text, boxes)
    opening, closing = ("(", ")") if in_parts else _brackets(text, boxes[0], boxes[-1])
    joined = f"{opening}{', '.join(contents)}{closing}"
    return Excerpt(joined, boxes[0].content[0], boxes[-1].content[1])


def _single(content: str, span: Span) -> Excerpt:
    """What one box holds, without a label in front."""
    label = _INNER_LABEL.match(content)
    is_same = len(content) == span[1] - span[0]
    if not (label and is_same and content[label.end() :].strip()):
        return Excerpt(content, *span)
    if _INNER_LABEL.search(content, label.end()):
        return Excerpt(content, *span)
    rest = content[label.end() :].lstrip()
    return Excerpt(rest, span[1] - len(rest), span[1])


def _are_same(contents: list[str]) -> bool:
    return len({_SPACES.sub("", content) for content in contents}) == 1


def _named_apart(text: str, boxes: list[_Box]) -> bool:
    """Tells whether equal contents are values of different names: "x = 1 and y = 1"."""
    names = {_name(text, box.command) for box in boxes}
    return len(names) == len(boxes) and "" not in names


def _content(text: str, box: _Box) -> str:
    r"""What a box holds, with single backslashes where its own command has a doubled one.

    Only an odd number of backslashes in front of the command doubles it: ``\\`` ends a row.
    """
    content = text[slice(*box.content)]
    if "\\\\" not in content:
        return content
    before = _SLASHES.search(text, max(0, box.command - 8), box.command)
    slashes = before.end() - before.start() if before else 0
    while slashes % 2:
        content = content.replace("\\\\", "\\")
        slashes //= 2
    return content


def _group(text: str, command: int) -> list[_Box]:
    """Collects the boxes that belong to the one at `command`, the last one, first to last."""
    boxes: list[_Box] = []
    start = command
    floor = max(0, command - MAX_ANSWER_CHARS)
    for _ in range(_MAX_PARTS):
        content = box_content(text, start)
        span = trim(text, *content) if content else None
        if content is None or span is None:
            break
        end = content[1] + text.startswith("}", content[1])  # a bare box has no brace
        if boxes and not (end <= command <= end + _MAX_GAP and _joined(text[end:command])):
            break
        boxes.append(_Box(start, span, end))
        command, start = start, find_command(text, start, floor)
        if start < 0:
            break
    return boxes[::-1]


def _name(text: str, command: int) -> str:
    found = _NAME.search(text, max(0, command - _MAX_NAME), command)
    return found.group() if found else ""


def _joined(gap: str) -> bool:
    """Tells whether two boxes with this between them are parts of one answer."""
    gap = _LAYOUT.sub(" ", _WRAPPED.sub(r" \1 ", gap.rstrip("\\")))
    gap = _NAME.sub("", gap.rstrip())
    part = _PART.match(gap)
    if part:
        label = part["label"]
        is_short = len(label.split()) <= _MAX_LABEL_WORDS and not _STEP.search(label)
        return is_short or (part["item"] is None and not _SENTENCE_END.search(label))
    if _ONLY_JOINER.fullmatch(gap) or _PART_INLINE.fullmatch(gap) or _CASE_LINE.fullmatch(gap):
        return True
    value_of = _JOINED_SUM.search(gap)
    if value_of:
        if _COMPUTES.search(value_of.group()):
            return False
        gap = gap.rstrip("= \n")
    gap = _CASE.sub("", gap)
    if _OPERATOR_FIRST.search(gap) or _SENTENCE_END.search(gap) or _STEP.search(gap):
        return False
    return _JOINER.search(gap) is not None


def _are_parts(text: str, boxes: list[_Box]) -> bool:
    """Tells whether each box but the first one is labelled as a part: their order counts."""
    pairs = pairwise(boxes)
    return all(_LETTERED_PART.match(text, before.end, box.command) for before, box in pairs)


def _brackets(text: str, first: _Box, last: _Box) -> tuple[str, str]:
    """The brackets a group stands in, if nothing stands between them and the group."""
    before = text[max(0, first.command - 8) : first.command].rstrip()
    after = text[last.end : last.end + 8].lstrip()
    for opening, closing in _BRACKETS.items():
        if before.endswith(opening) and after.startswith(closing):
            return opening.replace("\\left", ""), closing.replace("\\right", "")
    return "", ""
