"""Which of the languages that share a script some words are of.

A naive Bayes classifier over lists of common words: a listed word speaks for a language by its
rank, as Zipf's law has it; letters that a language does not have speak against it; and where words
are on no list, sequences of three letters, learned from the lists themselves, speak a little.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache, lru_cache
from operator import sub
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.language import words_other, words_scripts, words_western
from verifier.formats.language.scripts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Weights = tuple[tuple[int, float], ...]
    """Languages, by their number among those of a script, and nats for each."""

_SHARE: Final = 0.2  # of running text, times 1 / rank
_RANK_OFFSET: Final = 8.0
_UNLISTED: Final = 1e-4  # the chance of a word that is listed for another language only
_FOREIGN_LETTER: Final = 3.0  # nats against a language without it
_MAX_FOREIGN_LETTERS: Final = 6  # that are held against a language
_SEQUENCE: Final = (
    0.25  # of the nats that a sequence of letters weighs: neighbours repeat each other
)
_SMOOTHING: Final = 0.3
_MANY: Final = (
    40  # words, from which on most must not be unlisted; so many are read letter by letter
)
_MOST: Final = 0.97
_REMEMBERED: Final = 1 << 13  # words and letters looked at before
_BEYOND_ASCII: Final = re.compile("[^\\x00-\\x7f]")
_MARGIN: Final = 0.25  # nats by which the best language must lead
_MARGIN_OF_LETTERS: Final = 1.5  # the same, where no word is listed

_ALPHABETS: Final = MappingProxyType(
    {
        "en": "",
        "de": "äöüß",
        "nl": "éëïèöüáó",
        "sv": "åäöé",
        "da": "æøåé",
        "no": "æøåéòô",
        "fr": "àâæçéèêëîïôœùûüÿ",
        "es": "áéíóúüñªº",
        "pt": "áâãàçéêíóôõúü",
        "it": "àèéìíòóùú",
        "ro": "ăâîșțşţ",
        "pl": "ąćęłńóśźż",
        "cs": "áčďéěíňóřšťúůýž",
        "fi": "äöå",
        "hu": "áéíóöőúüű",
        "tr": "çğıöşüâîû",
        "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
        "id": "é",
        "sw": "",
        "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
        "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
        "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي" + "ًٌٍَُِّْـ",
        "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی" + "ًٌٍَُِّْ",
        "ur": "ءآأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھیےۓۂ" + "ًٌٍَُِّْ",
    }
)

_LISTS: Final = MappingProxyType(
    {
        **words_western.WORDS,
        **words_other.WORDS,
        **words_scripts.CYRILLIC,
        **words_scripts.ARABIC,
        **words_scripts.DEVANAGARI,
    }
)


class Evidence:
    """What speaks for the languages of one script.

    Scores and handicaps are in the order of the languages. A score is added up in the order of the
    words, so that it is the same to the last bit however a text's words were found.

    Attributes:
        languages: their codes.
        listed: each language's common words.
        weights: from a word to each language that lists it, by number, and nats for it.
        letters: each language's letters; of Latin ones, those beyond ASCII. Empty: not told apart.
    """

    def __init__(self, script: str) -> None:
        ranked = {code: _ranked(_LISTS[code]) for code in LANGUAGES[script]}
        self.languages = tuple(ranked)
        self.listed: Mapping[str, frozenset[str]] = MappingProxyType(
            {code: frozenset(words) for code, words in ranked.items()}
        )
        self.weights: Mapping[str, Weights] = MappingProxyType(_weights(ranked))
        self.letters: Mapping[str, frozenset[str]] = MappingProxyType(
            {code: frozenset(_ALPHABETS[code]) for code in ranked if code in _ALPHABETS}
        )
        self._sequences = _sequences(ranked)
        self._sequences_of = lru_cache(_REMEMBERED)(self._add_up)
        self._lacking = lru_cache(_REMEMBERED)(self._without)

    def listed_of(self, counted: Mapping[str, int]) -> dict[str, int]:
        """Those of some words that are on a list, in their order."""
        return {word: counted[word] for word in filter(self.weights.__contains__, counted)}

    def language(
        self,
        counted: Mapping[str, int],
        listed: Mapping[str, int],
        handicaps: Sequence[float],
    ) -> str | None:
        """The language that words are of, if one leads clearly.

        Args:
            counted: how often each word occurs.
            listed: those of them that are on a list.
            handicaps: nats by which each language has to be better than one without any.

        Returns:
            None if nothing speaks clearly, or if too few of many words are on the list of any
            language: letters alone prove nothing of a long text.
        """
        others = len(counted) - len(listed)
        if others > _MANY and others > _MOST * len(counted):
            return None
        scores = self._scores(listed)
        scores = list(map(sub, scores, handicaps))
        unlisted = [word for word in counted if word not in listed] if others else []
        if not self._holds_letters(unlisted, scores) and listed:
            leader = self._best(scores, _MARGIN)
            if leader is not None:
                return leader
        for word in unlisted[:_MANY]:
            for language, nats in self._sequences_of(word):
                scores[language] += nats
        return self._best(scores, _MARGIN if listed else _MARGIN_OF_LETTERS)

    def listed_scores(self, listed: Mapping[str, int]) -> dict[str, float]:
        """Nats that words on a list speak for each language."""
        return dict(zip(self.languages, self._scores(listed), strict=True))

    def _scores(self, listed: Mapping[str, int]) -> list[float]:
        scores = [0.0] * len(self.languages)
        for word, times in listed.items():
            for language, nats in self.weights[word]:
                scores[language] += nats * times
        return scores

    def _best(self, scores: list[float], margin: float) -> str | None:
        """The language that leads clearly, if one does."""
        *_, second, first = sorted(scores)
        return self.languages[scores.index(first)] if first - second >= margin else None

    def _holds_letters(self, words: list[str], scores: list[float]) -> bool:
        """Holds letters against the languages that do not have them; tells if there are any."""
        text = "".join(words)
        if not self.letters or text.isascii():
            return False
        foreign = [0] * len(scores)
        for letter, times in Counter(_BEYOND_ASCII.findall(text)).items():
            for language in self._lacking(letter):
                foreign[language] += times
        for language, times in enumerate(foreign):
            if times:
                scores[language] -= _FOREIGN_LETTER * min(times, _MAX_FOREIGN_LETTERS)
        return True

    def _without(self, letter: str) -> tuple[int, ...]:
        """The languages that do not have a letter."""
        return tuple(
            number
            for number, code in enumerate(self.languages)
            if code in self.letters and letter not in self.letters[code]
        )

    def _add_up(self, word: str) -> Weights:
        """What the sequences of a word's letters speak for languages, one after the other."""
        found: list[tuple[int, float]] = []
        for piece in _pieces(word):
            found += self._sequences.get(piece, ())
        return tuple(found)


@cache
def evidence_for(script: str) -> Evidence:
    """What tells the languages of a script apart; made when first asked for."""
    return Evidence(script)


def _ranked(listed: str) -> list[str]:
    parted = listed.replace("'", " ").replace("-", " ").replace("\u200c", " ").split()
    return [word for word in dict.fromkeys(parted) if len(word) > 1 or word > "\x7f"]


def _weights(ranked: Mapping[str, list[str]]) -> dict[str, Weights]:
    found: dict[str, list[tuple[int, float]]] = {}
    for language, words in enumerate(ranked.values()):
        for rank, word in enumerate(words):
            nats = math.log(_SHARE / (rank + _RANK_OFFSET) / _UNLISTED)
            found.setdefault(word, []).append((language, nats))
    return {word: tuple(weights) for word, weights in found.items()}


def _pieces(word: str) -> Iterable[str]:
    framed = f" {word[:30]} "
    return (framed[at : at + 3] for at in range(len(framed) - 2))


def _sequences(ranked: Mapping[str, list[str]]) -> dict[str, Weights]:
    counts = [
        Counter(piece for word in words for piece in _pieces(word)) for words in ranked.values()
    ]
    every = sorted(set().union(*counts))
    found: dict[str, Weights] = {}
    for piece in every:
        found[piece] = tuple(
            (language, _SEQUENCE * math.log(1 + seen[piece] / _SMOOTHING))
            for language, seen in enumerate(counts)
            if piece in seen
        )
    return found
