"""Fenced blocks in a text: where they begin and end, and what language they are labelled with.

CommonMark's fences, with what models make of them: a fence deeper in a list, or behind words on its
line, opens a block if it is labelled with a language; so does one where the block before was never
closed. One pass over the text; each line is looked at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_FENCES: Final = 10_000  # lines with fences that are told apart; a completion has some dozens
_MAX_INDENT: Final = 3  # of a fence; CommonMark's
_MAX_LIST_INDENT: Final = 40  # of a fence that says its language
_MIN_FENCE: Final = 3

_FENCE_LINE: Final = re.compile(r"^[^\n]*?(?:```|~~~)[^\n]*", re.MULTILINE)
# What ends a block that no line of its own ends; possessive, so that a megabyte is read once.
_LATE_FENCE: Final = re.compile(r"(?<![\s`~])(?:`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_INDENT: Final = re.compile(r"^[ \t]*+(?=\S)", re.MULTILINE)  # of a line that is not blank
_LABEL: Final = re.compile(r"[\s{.]*([\w+#./-]*)")

_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        label: language
        for language, labels in {
            "python": "python py pypy ipython sage",
            "cpp": "cpp c++ cc cxx g++ cplusplus",
            "c": "c gcc",
            "javascript": "javascript js node nodejs node.js mjs cjs ecmascript es jsx",
            "bash": "bash sh shell shellscript",
            "java": "java",
            "rust": "rust rs",
            "go": "go golang",
        }.items()
        for label in labels.split()
    }
)
"""From a label, without its version, to the language's name as tasks spell it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        language: as tasks spell it; a label that no task knows as written; empty without a label.
        text: what stands between the fences, less the fence's own indentation.
    """

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class _Fence:
    """One line that may open or close a block: what stands before, the run, and what follows."""

    start: int  # of the line
    end: int  # of the line, its newline left out
    before: str
    run: str
    info: str

    @property
    def language(self) -> str:
        return language_of(self.info)

    def opens(self) -> bool:
        """Tells whether it can begin a block."""
        if not self.before.strip() and len(self.before) <= _MAX_INDENT:
            return True
        if self.language not in _LABELS.values():
            return False
        if self.before.strip():
            return " " not in self.info.strip()
        return len(self.before) <= _MAX_LIST_INDENT

    def ends(self, opening: _Fence) -> bool:
        """Tells whether it ends the block that another one opened: closes it or begins the next."""
        if self.before.strip() or self.run[0] != opening.run[0] or len(self.run) < len(opening.run):
            return False
        margin = 0 if opening.before.strip() else len(opening.before)
        if not self.info.strip():
            return len(self.before) <= margin + _MAX_INDENT
        return len(self.before) <= margin and self.language in _LABELS.values()


def language_of(info: str) -> str:
    """The language that a fence's info string names: ``Python3``, ``{.py}``, ``cpp title="a"``.

    Case and version say nothing; of a file's name, its extension counts.
    """
    match = _LABEL.match(info)
    label = match[1].lower() if match else ""
    for name in (label, label.rstrip("0123456789.-"), label.rpartition(".")[2]):
        if name in _LABELS:
            return _LABELS[name]
    return label


def fenced_blocks(text: str) -> tuple[list[Block], str]:
    """Takes a text apart.

    Args:
        text: any text.

    Returns:
        The blocks in order, and the text up to a fence at its end that encloses nothing: the rest
        of a block that began before the text did. An unclosed last block runs to the end.
    """
    blocks, opening = _walked(text)
    if opening is None:
        return blocks, text
    rest = text[opening.end + 1 :]
    if not rest.strip() and not opening.info.strip():
        return blocks, text[: opening.start]
    late = _LATE_FENCE.search(rest)
    blocks.append(_block(opening, rest[: late.start()] if late else rest))
    return blocks, text


def left_open(text: str) -> str | None:
    """The end of a text from the fence on that opens a block and leaves it open.

    Only a fence on a line of its own and with a language: prompts talk of fences, too.
    """
    _, opening = _walked(text)
    if opening is None or opening.before.strip() or opening.language not in _LABELS.values():
        return None
    return text[opening.start :]


def _walked(text: str) -> tuple[list[Block], _Fence | None]:
    """The blocks that end, and the fence that opens one that does not."""
    blocks: list[Block] = []
    opening: _Fence | None = None
    for match in islice(_FENCE_LINE.finditer(text), _MAX_FENCES):
        fence = _read(match)
        if fence is None:
            continue
        if opening is None:
            opening = fence if fence.opens() else None
        elif fence.ends(opening):
            blocks.append(_block(opening, text[opening.end + 1 : fence.start]))
            opening = fence if fence.info.strip() else None
    return blocks, opening


def _read(match: re.Match[str]) -> _Fence | None:
    """The last run of a line with fences; a run that is too short, or none, makes it no fence."""
    line = match[0]
    cut = max(line.rfind("`"), line.rfind("~")) + 1
    before = line[:cut].rstrip(line[cut - 1])
    if cut - len(before) < _MIN_FENCE:
        return None
    return _Fence(match.start(), match.end(), before, line[len(before) : cut], line[cut:])


def _block(opening: _Fence, text: str) -> Block:
    """The block less its fence's indentation, as far as every line of it has that."""
    margin = 0 if opening.before.strip() else len(opening.before)
    if margin:
        margin = min([margin, *map(len, _INDENT.findall(text))])
        text = re.sub(rf"^[ \t]{{{margin}}}", "", text, flags=re.MULTILINE) if margin else text
    return Block(opening.language, text)
