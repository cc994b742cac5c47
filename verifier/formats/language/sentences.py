"""The sentences of a text in turn, past all that have nothing of what is looked for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from verifier.formats.language.evidence import evidence_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from verifier.formats.language.marking import Marked

_FEW_LETTERS: Final = 100  # that are looked for one by one, and not all letters beyond ASCII
_MAX_MEMORY: Final = 1 << 24  # bytes for a list's automaton; with half of it, RE2 is slow


class Sentences:
    """The sentences of a text in turn.

    Attributes:
        current: the sentence.
    """

    __slots__ = ("_found", "_marked", "_next", "_raw", "current")

    def __init__(self, marked: Marked, words: re.Pattern[bytes] | None, letters: set[str]) -> None:
        """Stops before the first sentence.

        Args:
            marked: the text.
            words: what may be looked for: a byte, then a word.
            letters: the same, letters beyond ASCII.
        """
        self.current = ""
        self._marked = marked
        self._raw = b"\n%b\n" % marked.text.encode()
        self._next = 1
        self._found = [_Search(words, 1)] if words else []
        if letters:
            self._found.append(_Search(_any_of(letters), 0))

    def next(self, *, found: bool) -> int | None:
        """Goes on by a sentence.

        Args:
            found: to one that has what is looked for, or may have it.

        Returns:
            Where it begins, in bytes; None behind the last.
        """
        raw, start = self._raw, self._next
        if found and start < len(raw):
            place = min(search.next(raw, start) for search in self._found)
            start = raw.rfind(b"\n", start - 1, place) + 1 if place < len(raw) else place
        if start >= len(raw):
            return None
        end = raw.index(b"\n", start)
        self.current = raw[start:end].decode()
        self._next = end + 1
        return start

    def origin(self, start: int) -> int:
        """Where in the text given a sentence begins that begins at a byte."""
        return self._marked.origin(len(self._raw[1:start].decode()))


class _Search:
    """Searches each stretch of a text once: asking in order costs linear time."""

    __slots__ = ("_before", "_pattern", "_place")

    def __init__(self, pattern: re.Pattern[bytes], before: int) -> None:
        self._pattern = pattern
        self._before = before
        self._place = 0

    def next(self, raw: bytes, start: int) -> int:
        """Where what is looked for stands next, at or after `start`; behind the text if nowhere."""
        if self._place < start:
            found = self._pattern.search(raw, start - self._before)
            self._place = found.start() + self._before if found else len(raw)
        return self._place


@cache
def foreign_words(script: str, language: str) -> re.Pattern[bytes]:
    """A gap, then a word that is on the list of a language of a script, but not of this one."""
    import re2  # noqa: PLC0415 - many texts have no such word

    evidence = evidence_for(script)
    words = sorted(evidence.weights.keys() - evidence.listed[language])
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.never_capture = True
    pattern = f"[ \n](?:{'|'.join(map(re2.escape, words))})[ \n]"
    found: re.Pattern[bytes] = re2.compile(pattern.encode(), options)
    return found


def _any_of(letters: Collection[str]) -> re.Pattern[bytes]:
    if len(letters) > _FEW_LETTERS:
        return re.compile(rb"[\x80-\xff]")
    return re.compile(b"|".join(letter.encode() for letter in sorted(letters)))
