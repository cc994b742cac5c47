"""Texts of which the words are parted by spaces and the sentences by newlines."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.language.prose import prose_of
from verifier.formats.language.scripts import LANGUAGES, letters
from verifier.formats.language.shortening import Shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_BREAKS: Final = (
    b'!?:;"\r\n\v\f\x1c\x1d\x1e'  # they part sentences; a full stop does before a space
)
_ASCII: Final = bytes(
    ord(chr(code).lower())
    if code <= 0x7F and chr(code).isalpha()
    else code
    if code > 0x7F
    else 0x0A
    if code in _BREAKS
    else 0x20
    for code in range(256)
)
# Marks beyond ASCII: such as part sentences; such as part words and, behind a full stop, sentences;
# and such as part words only.
_OTHERS: Final = (
    ("\n", "。！？；：।॥؟؛۔“”„«»「」『』\u2028\u2029\x85"),
    (" ", "’‘‚‹›–—…·•、，،（）【】《》〈〉・\u00a0\u200b\u200c\u3000\ufeff"),
    ("\0", "\u1680\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))),
)
_BY_FIRST_BYTE: Final = MappingProxyType(
    {
        lead: tuple(
            (mark, by) for by, marks in _OTHERS for mark in marks if mark.encode()[0] == lead
        )
        for lead in {mark.encode()[0] for _, marks in _OTHERS for mark in marks}
    }
)

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DECOMPOSED: Final = re.compile("[A-Za-z\u00c0-\u04ff][\u0300-\u036f]{1,3}")
_COMBINING: Final = (b"\xcc", b"\xcd")  # first bytes, in UTF-8, of the marks above
_NOT_LATIN: Final = re.compile(
    f"[{letters(*(script for script in LANGUAGES if script != 'Latin'))}]"
)
_PERHAPS_NOT_LATIN: Final = tuple(
    bytes([lead]) for lead in range(0xCD, 0xF1) if lead not in {0xE2, 0xEE}
)
# Begins with a plain class, for which the text is searched fast.
_ACRONYM: Final = re.compile(
    rf"[A-Z](?<![{letters('Latin')}][A-Z])[A-Z]{{1,4}}+(?![{letters('Latin')}])"
)
_LOWER: Final = re.compile("[a-z]")
_CAPITALS: Final = bytes(0x41 if 0x41 <= code <= 0x5A else 0x20 for code in range(256))


class Source:
    """The prose of a text, its accents composed.

    Attributes:
        text: the prose, without lone surrogates.
        raw: the same in UTF-8: what it lacks is found out fastest here.
    """

    __slots__ = ("_composed", "_prose", "raw", "text")

    def __init__(self, text: str) -> None:
        self._prose = prose_of(text)
        prose = self._prose.text
        try:
            self.raw = prose.encode()
        except UnicodeEncodeError:
            prose = _SURROGATE.sub(" ", prose)
            self.raw = prose.encode()
        self.text = prose
        # Not the whole text at once: sorting a long run of marks would take quadratic time.
        pattern = _DECOMPOSED if self.has(_COMBINING) else None
        self._composed = Shortened(prose, pattern, _compose)
        if self._composed.passages:
            self.text = self._composed.text
            self.raw = self.text.encode()

    def has(self, leads: Iterable[bytes]) -> bool:
        """Whether the text may have letters that begin with these bytes in UTF-8."""
        return not self.text.isascii() and any(lead in self.raw for lead in leads)

    def origin(self, place: int) -> int:
        """Where a character of `text` stands in the text given, accents composed there as well."""
        return place + self._prose.lost(place + self._composed.lost(place))

    def has_acronyms(self) -> bool:
        """Whether capitals may stand for symbols: letters beyond the Latin ones are about."""
        if not self.has(_PERHAPS_NOT_LATIN):
            return False
        if b"AA" not in self.raw.translate(_CAPITALS):
            return False
        return bool(_LOWER.search(self.text) and _NOT_LATIN.search(self.text))


@dataclass(frozen=True, slots=True)
class Marked:
    """Words parted by spaces, in sentences parted by newlines, in lower case.

    Attributes:
        text: the words.
        origin: where a character of it stands in the text given.
    """

    text: str
    origin: Callable[[int], int]


def mark(source: Source, prose: str, origin: Callable[[int], int]) -> Marked:
    """Parts words and sentences.

    Args:
        source: where the prose is from.
        prose: the prose, or some of it.
        origin: where a character of it stands in the text given.
    """
    shortened = Shortened(prose, _ACRONYM if source.has_acronyms() else None, " ")
    text = shortened.text.replace("İ", "i")
    if not text.isascii():
        for lead, marks in _BY_FIRST_BYTE.items():
            for mark, by in marks if lead in source.raw else ():
                text = text.replace(mark, by)
    text = text.replace(". ", "\n ")
    if not text.isascii():
        text = text.lower()
    text = text.encode().translate(_ASCII).decode()
    return Marked(text, shortened.origin(origin))


def _compose(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])
