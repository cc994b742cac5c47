"""HASHES and ANCHOR: marks after which a completion states its answer.

``#### 42`` closes GSM8K's own solutions; "the answer is", "Answer:", "A:", 答案是 and "la respuesta
es" are how models announce an answer in prose: `languages` holds the table. The last anchor that is
followed by anything decides, whatever its language. A sentence that chooses an option (`lettered`)
is an anchor too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.answers.clauses import stated
from verifier.answers.languages import LANGUAGES
from verifier.answers.lettered import find_choice
from verifier.answers.spans import (
    MAX_ANSWER_CHARS,
    MAX_SEARCHED_CHARS,
    MAX_TRIES,
    Excerpt,
    drop_unpaired,
    excerpt,
    trim,
)
from verifier.answers.whole import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.answers.languages import Language

_HASHES: Final = "####"
_LETTER: Final = "\na:"
_MAX_MENTIONS: Final = 64  # of one word for "answer", looked at from the end

_ENGLISH: Final = LANGUAGES[0]
# The words besides "answer", each with its language.
_ALL: Final = tuple(
    (language, stem)
    for language in LANGUAGES
    for stem in language.stems
    if (language, stem) != (_ENGLISH, _ENGLISH.stems[0])
)
_ASCII: Final = tuple((language, stem) for language, stem in _ALL if stem.isascii())
_ANY: Final = re.compile("|".join(re.escape(stem) for _, stem in _ALL))
_SHORT: Final = 64  # characters in which one search for all words is faster than one for each

# A heading stands alone on its line: "### Final Answer", "**Respuesta**", "# 答案".
_HEADING: Final = re.compile(r"[*_]{0,3}[ \t]*\n")
_FOREIGN_HEADING: Final = re.compile(r"(?: [^\W\d_]{1,12})?[*_]{0,3}[ \t]*\n")
_HEADING_START: Final = re.compile(r"[#*_ \t]*(?:the )?(?:final )?")
_FOREIGN_HEADING_START: Final = re.compile(r"[#*_ \t]*(?:[^\W\d_]{1,12} ?)?")
# "Answer $9$", "Answer (3, 4)" at the beginning of a line.
_BARE_START: Final = re.compile(r"[#*_ \t]*(?:final )?")
_BARE: Final = re.compile(r"answer[*_]{0,3} (?=\$|\\[(\[]|-?[0-9]|\(-?[0-9.]{1,12} ?,)")
_NEXT_OPTION: Final = re.compile(r"[^\n]*\n+B:")
# "The answer is correct", "I hope this answer is helpful": talk about an answer, none itself.
_TALK: Final = re.compile(
    r"(?:not\s|very\s|also\s)?(?:correct|right|incorrect|wrong|reasonable|plausible|valid|helpful"
    r"|clear|consistent|verified|confirmed|complete|final|based|expressed|rounded|given|as|in|above"
    r"|below|already|found|obtained|boxed|shown|stated)\b[^0-9\\$]*"
)
# "Hence 42 is the answer.": the answer in front of its anchor.
_BEFORE: Final = re.compile(
    r"(?<![\w$\\])(?P<value>\$[^$\n]{1,200}\$|\\\([^\n]{1,200}?\\\)|\*\*[^*\n]{1,80}\*\*"
    r"|\([A-J]\)|[B-J]|[-−]?[$€£]?[0-9][0-9.,/]{0,40}%?)\s(?:is|are|must\sbe)\s"
    r"(?:(?:therefore|thus|indeed|then)\s)?(?:the|our|my)\s"
    r"(?:(?:final|correct|right|required|desired)\s)?\Z"
)
_MAX_BEFORE: Final = 260  # characters: a formula and "is the correct"
_SAID: Final = re.compile(r"s?[*_\"']{0,3}\s{0,3}(?:[.!,)\n]|\Z)")
_HEADING_WORD: Final = re.compile(
    r"[^0-9\\$]*:?|(?:step|part|case|question|problem)\b.*", re.IGNORECASE
)

_HAS_VALUE: Final = re.compile(r"[0-9$\\]")
_LAYOUT: Final = re.compile(
    r"[\s$*{},]|\\[,;!()\[\]]|\\(?:text|left|right|[dt]?frac|mathrm)(?![a-z])"
)
# "The answer is in the form a + b", "is boxed above": a pointer, a question, a denial.
_POINTS: Final = re.compile(
    r"\b(?:boxed|above|below|see|step|part|question|in|of|not|form)\b", re.IGNORECASE
)
_MAX_WORDS: Final = 3  # of a corrected answer; more are talk
_MAX_STATEMENT: Final = 32  # characters of "answer is therefore"


def find_hashes(text: str) -> Excerpt | None:
    """Finds what follows the last ``####`` on its line."""
    mark = text.rfind(_HASHES)
    if mark < 0:
        return None
    start = mark + len(_HASHES)
    end = text.find("\n", start)
    if end < 0:
        end = len(text)
    span = trim(text, start, end) if end - start <= MAX_ANSWER_CHARS else None
    if span is None:
        return None
    inner = find_anchored(text[span[0] : span[1]])
    if inner is not None:
        return inner.shifted(span[0])
    if _HEADING_WORD.fullmatch(text, *span) and not text[end:].isspace() and text[end:]:
        return None
    start, end = drop_unpaired(text, *span)
    return Excerpt(text[start:end], start, end)


def find_anchored(text: str) -> Excerpt | None:
    r"""Finds the clause after the last anchor; a ``\boxed`` inside the clause decides.

    An anchor that nothing follows (the text ends there) is passed over for the one before it, and
    so is talk about the answer ("the answer is correct"); at most the last 16 statements in the
    last 64 Ki characters are looked at. Where there is only talk, the last of it is the answer.
    """
    offset = max(0, len(text) - MAX_SEARCHED_CHARS)
    window = text[offset:] if offset else text
    search = _Search(window)
    search.look(_ENGLISH, _LETTER)
    search.look(_ENGLISH, _ENGLISH.stems[0])
    search.look_for_others()
    search.look_for_choice()
    found = search.best or search.talk
    if found is None and not offset and text.startswith("A:") and not _NEXT_OPTION.match(text):
        found = stated(text, 2, _ENGLISH)
    return found.shifted(offset) if found and offset else found


def find_correction(text: str, start: int, stated: str) -> Excerpt | None:
    r"""Finds the answer that is stated behind `start` and takes back the one stated before.

    "``\boxed{8}``. Wait. The sum is 9, so the answer is 9." A statement of the same, one in words,
    or one that answers a question of its own ("the answer to part (a) is 3") takes back nothing.
    """
    begin = max(start, len(text) - MAX_SEARCHED_CHARS)
    if text.find("nswer", begin) < 0:
        return None
    search = _Search(text[begin:])
    search.look(_ENGLISH, _ENGLISH.stems[0])
    found, place = search.best, search.place
    if found is None or not _HAS_VALUE.search(found.text) or len(prose(found.text)) > _MAX_WORDS:
        return None
    between = search.text[place : found.start]
    is_asked = search.text.startswith("?", found.end)
    if is_asked or len(between) > _MAX_STATEMENT or _POINTS.search(between + found.text):
        return None
    return None if _plain(stated) in _plain(found.text) else found.shifted(begin)


def _plain(text: str) -> str:
    return _LAYOUT.sub("", text)


def foreign_statements(text: str) -> list[int]:
    """Lists where statements in other languages than English begin, in order.

    At most the last 64 mentions of each word for "answer" in the last 64 Ki characters count.
    """
    offset = max(0, len(text) - MAX_SEARCHED_CHARS)
    search = _Search(text[offset:])
    starts = {
        offset + start
        for language, stem in search.words
        if language is not _ENGLISH
        for start in search.statements(language, stem)
    }
    return sorted(starts)


class _Search:
    """The search for the last statement of a text, over the words of every language."""

    def __init__(self, text: str) -> None:
        # The one letter that is two when made small is replaced first: places stay the same.
        self.text = text
        self._lower = text.replace("\u0130", "i").lower()
        # The words besides "answer" that may occur at all.
        self.words = _ASCII if self._lower.isascii() else _ALL
        self._tries = MAX_TRIES
        self._floor = 0  # only what stands behind the best statement so far can be better
        self._talk_floor = -1
        self.best: Excerpt | None = None
        self.talk: Excerpt | None = None

    @property
    def place(self) -> int:
        """Where the word of the best statement stands."""
        return self._floor

    def look(self, language: Language, stem: str) -> None:
        """Looks for a later statement than the best one so far that is made with this word."""
        place = len(self._lower)
        for _ in range(_MAX_MENTIONS):
            place = self._lower.rfind(stem, self._floor, place)
            if place < 0 or self._tries == 0:
                return
            start = self._statement(language, stem, place)
            if start is None:
                found = self._in_front(place + len(stem), place) if language is _ENGLISH else None
            else:
                self._tries -= 1
                found = stated(self.text, start, language)
            if found is None:
                continue
            if not _TALK.fullmatch(found.text):
                self.best, self._floor = found, place
                return
            if place > self._talk_floor:
                self.talk, self._talk_floor = found, place

    def look_for_others(self) -> None:
        """Looks for a later statement that is made with another word than "answer"."""
        lower = self._lower
        if len(lower) - self._floor <= _SHORT and not _ANY.search(lower, self._floor):
            return
        find = lower.rfind
        for language, stem in self.words:
            if find(stem, self._floor) >= 0:
                self.look(language, stem)

    def look_for_choice(self) -> None:
        """Looks for a later sentence that chooses an option of a multiple choice."""
        choice = find_choice(self.text, self._floor)
        if choice is not None and choice[0] >= self._floor:
            self._floor, self.best = choice

    def statements(self, language: Language, stem: str) -> Iterator[int]:
        """Yields where the statements made with this word begin, from the last on."""
        place = len(self._lower)
        for _ in range(_MAX_MENTIONS):
            place = self._lower.rfind(stem, 0, place)
            if place < 0:
                return
            said = language.statement.match(self._lower, place)
            if said:
                yield said.end()

    def _in_front(self, end: int, place: int) -> Excerpt | None:
        """Finds the answer in front of "is the answer"."""
        if not self.text.startswith(" ", place - 1) or not _SAID.match(self.text, end):
            return None
        found = _BEFORE.search(self.text, max(0, place - _MAX_BEFORE), place)
        return excerpt(self.text, found.span("value")) if found else None

    def _statement(self, language: Language, stem: str, place: int) -> int | None:
        """Tells where the statement begins if the word found at `place` is an anchor."""
        lower = self._lower
        if stem == _LETTER:
            if not self.text.startswith("A", place + 1):
                return None
            is_option = _NEXT_OPTION.match(self.text, place + 1, place + MAX_ANSWER_CHARS)
            return None if is_option else place + len(stem)
        said = language.statement.match(lower, place)
        if said:
            return said.end()
        line = lower.rfind("\n", max(0, place - 40), place) + 1 or max(0, place - 40)
        is_english = language is _ENGLISH
        heading = (_HEADING if is_english else _FOREIGN_HEADING).match(lower, place + len(stem))
        opening = _HEADING_START if is_english else _FOREIGN_HEADING_START
        if heading and opening.fullmatch(lower, line, place):
            return heading.end()
        bare = _BARE.match(lower, place)
        return bare.end() if bare and _BARE_START.fullmatch(lower, line, place) else None
