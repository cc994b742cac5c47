"""The words of a script that several languages write, by language."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from verifier.formats.language.evidence import evidence_for
from verifier.formats.language.sentences import Sentences, foreign_words
from verifier.formats.language.tally import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.formats.language.evidence import Evidence
    from verifier.formats.language.marking import Marked
    from verifier.formats.language.tally import Tally

    Verdict = Callable[[str], tuple[str | None, int]]
    """A sentence's language, None if nothing speaks for one, and how many words it has."""

_PREFERRED: Final = 2.75  # nats by which a text's main language leads in each sentence
# Languages easily mistaken for each other, and nats more than _PREFERRED against all but one.
_SIBLINGS: Final = (
    (frozenset({"da", "no"}), 4.0),
    (frozenset({"es", "pt"}), 1.5),
    (frozenset({"hi", "mr", "ne"}), 1.5),
    (frozenset({"ru", "uk", "bg"}), 1.5),
)
_FEW: Final = 40  # different words, of which nothing needs to speak for the language expected
_GAP: Final = re.compile("[ \n]")


class SharedScript:
    """The words of a script that several of the known languages write."""

    def __init__(
        self, marked: Marked, script: str, counted: Mapping[str, int], expected: str
    ) -> None:
        self._marked = marked
        self._script = script
        self._counted = counted
        self._evidence: Evidence = evidence_for(script)
        self._listed = self._evidence.listed_of(counted)
        self._main: str | None
        if expected in self._evidence.listed:
            handicaps = self._handicaps(expected)
            self._main = self._evidence.language(counted, self._listed, handicaps)
            if self._main is None and len(counted) <= _FEW:
                self._main = expected
        else:
            none = [0.0] * len(self._evidence.languages)
            self._main = self._evidence.language(counted, self._listed, none)

    def count(self, tally: Tally) -> None:
        """Adds the words of each language.

        Only sentences with a word that may be of another language than the main one are weighed;
        the others have none, so that a text in one language takes one look at its vocabulary.
        """
        main, total = self._main, sum(self._counted.values())
        place, origin = place_of(self._counted, self._marked.text), self._marked.origin
        if main is None:
            tally.add(UNKNOWN, total, place, origin)
            return
        suspects, letters = self._suspects(main)
        if suspects or letters:
            words = foreign_words(self._script, main) if suspects else None
            sentences = Sentences(self._marked, words, letters)
            verdict = self._verdicts(main, suspects, letters)
            others, first = _count_others(main, sentences, verdict, tally)
            total -= others
            if first is not None:
                place, origin = first, sentences.origin
        tally.add(main, total, place, origin)

    def _suspects(self, main: str) -> tuple[set[str], set[str]]:
        """The listed words and the letters of the text that the main language does not have."""
        suspects = self._listed.keys() - self._evidence.listed[main]
        text = "".join(self._counted) if self._evidence.letters else ""
        if text.isascii():
            return suspects, set()
        letters = {letter for letter in set(text) if letter > "\x7f"}
        return suspects, letters - self._evidence.letters[main]

    def _verdicts(self, main: str, suspects: set[str], letters: set[str]) -> Verdict:
        """What is said again and again, as in a loop, is weighed once."""
        own, handicaps = self._evidence.listed[main], self._handicaps(main)
        is_counted = self._counted.__contains__

        @cache
        def verdict(sentence: str) -> tuple[str | None, int]:
            every = sentence.split()
            words = list(filter(is_counted, every))
            if suspects.isdisjoint(words) and letters.isdisjoint("".join(words)):
                return None if own.isdisjoint(every) else main, len(words)
            counted: dict[str, int] = {}
            for word in words:
                counted[word] = counted.get(word, 0) + 1
            listed = self._evidence.listed_of(counted)
            return self._evidence.language(counted, listed, handicaps), len(words)

        return verdict

    def _handicaps(self, main: str) -> list[float]:
        """What each language has to make up for, beside a main one.

        Of languages easily mistaken for each other, a text has one: the main one or, where that is
        none of them, the one that the whole text speaks for.
        """
        handicaps = {code: _PREFERRED for code in self._evidence.listed if code != main}
        scores = self._evidence.listed_scores(self._listed)
        for group, nats in _SIBLINGS:
            if handicaps.keys().isdisjoint(group):
                continue
            first = main if main in group else max(sorted(group), key=scores.__getitem__)
            for code in group - {first}:
                handicaps[code] += nats
        return [handicaps.get(code, 0.0) for code in self._evidence.languages]


def _count_others(
    main: str, sentences: Sentences, verdict: Verdict, tally: Tally
) -> tuple[int, int | None]:
    """Adds the words of all languages but the main one.

    Returns:
        How many they are, and where the first sentence of the main language begins.
    """
    others = 0
    first: int | None = None
    before: str | None = None
    waiting: list[tuple[int, int]] = []  # sentences before the first that tells
    while (start := sentences.next(found=before == main)) is not None:
        language, known = verdict(sentences.current)
        language = language or before
        if language == main:
            if first is None:
                first = waiting[0][1] if waiting else start
            before = main
            waiting.clear()
            continue
        waiting.append((known, start))
        if language is None:
            continue
        before = language
        for count, place in waiting:
            tally.add(language, count, place, sentences.origin)
            others += count
        waiting.clear()
    return others, first


def place_of(counted: Mapping[str, int], marked: str) -> int:
    """Where the first of some words stands; they are in the order of the text."""
    first = next(iter(counted))
    place = marked.find(first)
    while not _is_word(marked, place, place + len(first)):
        gap = _GAP.search(marked, place)
        place = marked.find(first, gap.end() if gap else place + 1)
    return place


def _is_word(marked: str, start: int, end: int) -> bool:
    before = marked[start - 1] if start else " "
    return before in " \n" and marked[end : end + 1] in ("", " ", "\n")
