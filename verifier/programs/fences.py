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
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_FENCES: Final = 10_000  # lines with fences that are told apart; a completion has some dozens
_MAX_INDENT: Final = 3  # of a fence; CommonMark's
_MAX_LIST_INDENT: Final = 40  # of a fence that says its language
_MIN_FENCE: Final = 3

_FENCE_LINE: Final = re.compile(r"^[^\n]*?(?:```|~~~)[^\n]*", re.MULTILINE)
# What ends a block that no line of its own ends; possessive, so that a megabyte is read once.
# What stands before it is asked behind its first mark, so that the search may leap to that.
_LATE_FENCE: Final = re.compile(
    r"[`~](?<![\s`~][`~])(?:(?<=`)`{2,}+|(?<=~)~{2,}+)[ \t]*+$", re.MULTILINE
)
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

_LANGUAGES: Final = frozenset(_LABELS.values())


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
    """What a line that may open or close a block says, wherever it stands.

    Attributes:
        before: what stands before the run.
        run: the last backticks or tildes of the line.
        info: what follows.
        language: that `info` names; empty if it names none.
        is_alone: nothing but white space stands before.
        is_bare: nothing but white space follows.
        is_known: a task may ask for the language.
        margin: by how much the block that it opens is indented.
    """

    before: str
    run: str
    info: str
    language: str
    is_alone: bool
    is_bare: bool
    is_known: bool
    margin: int

    def opens(self) -> bool:
        """Tells whether it can begin a block."""
        if self.is_alone:
            return self.margin <= (_MAX_LIST_INDENT if self.is_known else _MAX_INDENT)
        return self.is_known and " " not in self.info.strip()

    def ends(self, opening: _Fence) -> bool:
        """Tells whether it ends the block that another one opened: closes it or begins the next."""
        if not self.is_alone or not self.run.startswith(opening.run):
            return False
        if self.is_bare:
            return self.margin <= opening.margin + _MAX_INDENT
        return self.margin <= opening.margin and self.is_known


class _Opening(NamedTuple):
    """A fence that opened a block, and where its line stands, its newline left out."""

    fence: _Fence
    start: int
    end: int


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
    if not rest.strip() and opening.fence.is_bare:
        return blocks, text[: opening.start]
    late = _LATE_FENCE.search(rest)
    blocks.append(_block(opening.fence, rest[: late.start()] if late else rest))
    return blocks, text


def left_open(text: str) -> str | None:
    """The end of a text from the fence on that opens a block and leaves it open.

    Only a fence on a line of its own and with a language: prompts talk of fences, too.
    """
    _, opening = _walked(text)
    if opening is None or not opening.fence.is_alone or not opening.fence.is_known:
        return None
    return text[opening.start :]


def _walked(text: str) -> tuple[list[Block], _Opening | None]:
    """The blocks that end, and the fence that opens one that does not."""
    blocks: list[Block] = []
    opening: _Fence | None = None
    start = end = 0
    read: dict[str, _Fence | None] = {}  # the lines with fences of one text are mostly alike
    for match in islice(_FENCE_LINE.finditer(text), _MAX_FENCES):
        line = match.group()
        fence = read[line] if line in read else read.setdefault(line, _read(line))
        if fence is None:
            continue
        if opening is None:
            opening = fence if fence.opens() else None
        elif fence.ends(opening):
            blocks.append(_block(opening, text[end + 1 : match.start()]))
            opening = None if fence.is_bare else fence
        else:
            continue
        start, end = match.span()
    return blocks, _Opening(opening, start, end) if opening else None


def _read(line: str) -> _Fence | None:
    """The last run of a line with fences; a run that is too short, or none, makes it no fence."""
    cut = max(line.rfind("`"), line.rfind("~")) + 1
    before = line[:cut].rstrip(line[cut - 1])
    if cut - len(before) < _MIN_FENCE:
        return None
    info = line[cut:]
    language = language_of(info)
    is_alone = not before.strip()
    return _Fence(
        before,
        line[len(before) : cut],
        info,
        language,
        is_alone,
        is_bare=not info.strip(),
        is_known=language in _LANGUAGES,
        margin=len(before) if is_alone else 0,
    )


def _block(opening: _Fence, text: str) -> Block:
    """The block less its fence's indentation, as far as every line of it has that."""
    if margin := opening.margin:
        margin = min([margin, *map(len, _INDENT.findall(text))])
        text = re.sub(rf"^[ \t]{{{margin}}}", "", text, flags=re.MULTILINE) if margin else text
    return Block(opening.language, text)
