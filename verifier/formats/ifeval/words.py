"""Words as NLTK's tokenizer takes them, which some of the published checkers count.

They split with `word_tokenize`, in the manner of the Penn Treebank: punctuation stands apart,
hyphens, slashes and full stops inside a word do not, and English contractions are two words
(``I'M`` is ``I`` and ``'M``, ``DON'T`` is ``DO`` and ``N'T``). A straight double quote becomes two
backticks where it opens and two apostrophes where it closes. This is a reading of those rules that
takes one pass; a full stop stands apart unless the word is an abbreviation.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from itertools import chain, filterfalse, islice
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.sentences import is_abbreviation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MARKS_APART: Final = '[](){}<>"“”«»‘’„`;@#$%&?!*'
_APART: Final = re.escape(_MARKS_APART)
# Possessive: a word of a million characters is no stack of a million ways to go back.
_TOKEN: Final = re.compile(
    rf"--+|\.\.+|``|''|[,:](?!\d)|[{_APART}]"
    rf"|(?:[A-Za-z0-9]++|[^\s{_APART},:.\-]++|[,:](?=\d)|\.(?!\.)|-(?!-))++"
)
_OPENING_QUOTE: Final = re.compile(r'"(?<![^\s(\[{<]")')
# Some characters before which no token goes on, whatever stands around them; before quotes one may.
_CUT: Final = re.compile(r"[ \n\t\[\](){}<>;@#$%&?!*]")
_RUN: Final = 4096  # characters that are split at once
_AT_EDGE: Final = 3  # tokens, and words that are looked at for them
_DOUBLES: Final = frozenset(("..", "--", "``", "''"))
_ASCII_MARKS: Final = dict.fromkeys(map(ord, string.punctuation))
_AROUND: Final = string.punctuation + " "
_CONTRACTION: Final = re.compile(r"(?:n't|'(?:s|m|d|ll|re|ve))$", re.IGNORECASE)
_MAX_CONTRACTION: Final = 4  # characters of the longest ending with one before it


def tokens(text: str) -> list[str]:
    """Splits a text into words and marks, in order. Linear in the text."""
    return _told_apart(_TOKEN.findall(_with_pairs(text)))


def each_token(text: str) -> Iterator[str]:
    """Hands out the `tokens` of a text in order, for who may not need all of them."""
    return chain.from_iterable(_runs(_with_pairs(text)))


def counted_tokens(words: Iterable[str]) -> Counter[str]:
    """Counts the `tokens` of words that white space parted; equal words are split once."""
    found: Counter[str] = Counter()
    alike: defaultdict[int, list[str]] = defaultdict(list)  # by how often they stand
    for word, times in Counter(words).items():
        if word.isalnum():
            found[word] += times
        else:
            alike[times].append(word)
    for times, several in alike.items():
        for token in tokens(" ".join(several)):
            found[token] += times
    return found


def without_apart(text: str) -> str:
    """A text with spaces for the marks that stand apart; its other `tokens` remain."""
    for mark in _MARKS_APART:
        text = text.replace(mark, " ")
    return text


def edges(text: str) -> tuple[list[str], list[str]]:
    """The first `tokens` of a text and its last ones: three on either side, if it has so many."""
    first = " ".join(text.split(maxsplit=_AT_EDGE)[:_AT_EDGE])
    last = _with_pairs(" ".join(text.rsplit(maxsplit=_AT_EDGE)[-_AT_EDGE:]))
    reach = _RUN
    while reach < len(last):
        cut = _CUT.search(last, len(last) - reach)
        found = tokens(last[cut.start() :]) if cut else []
        if len(found) >= _AT_EDGE:
            break
        reach *= 8
    else:
        found = tokens(last)
    return list(islice(each_token(first), _AT_EDGE)), found[-_AT_EDGE:]


def capital_words(text: str) -> int:
    """Counts the words that have capital letters and no small ones."""
    counted = counted_tokens(filterfalse(str.islower, without_apart(text).split()))
    return sum(times for word, times in counted.items() if word.isupper())


def each_once(words: Iterable[str]) -> Iterator[str]:
    """Hands out words in order, equal ones only once."""
    seen: set[str] = set()
    for word in words:
        if word not in seen:
            seen.add(word)
            yield word


def bare_words(text: str) -> list[str]:
    """Words separated by white space, after ASCII punctuation is dropped: ``don't`` is ``dont``."""
    return without_marks(text).split()


def without_marks(text: str) -> str:
    """A text without its ASCII punctuation."""
    if text.isascii():
        return text.translate(_ASCII_MARKS)
    for mark in string.punctuation:  # translate would look up every character
        text = text.replace(mark, "")
    return text


def trimmed(word: str) -> str:
    """A word without the ASCII punctuation and spaces around it."""
    return word.strip(_AROUND)


def is_spoken(word: str) -> bool:
    """Tells whether one of `tokens` holds a letter or digit."""
    return any(map(str.isalnum, word))


def _with_pairs(text: str) -> str:
    """A text with backticks and apostrophes, two of each, for its straight double quotes."""
    if '"' not in text:
        return text
    return _OPENING_QUOTE.sub("`` ", text).replace('"', " '' ")


def _runs(text: str) -> Iterator[list[str]]:
    start = 0
    while start < len(text):
        cut = _CUT.search(text, start + _RUN)
        end = cut.start() if cut else len(text)
        yield _told_apart(_TOKEN.findall(text, start, end))
        start = end


def _told_apart(pieces: list[str]) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        if len(piece) == 1 or piece.isalnum() or piece[:2] in _DOUBLES:
            found.append(piece)
        else:
            found.extend(_parts(piece))
    return found


def _parts(piece: str) -> list[str]:
    """Takes the quotes, the full stop and the ending of a contraction off a word."""
    word = piece.lstrip("'")
    before = ["'"] * (len(piece) - len(word))
    behind: list[str] = []
    if word.endswith(".") and len(word) > 1 and not is_abbreviation(word[:-1]):
        word, behind = word[:-1], ["."]
    bare = word.rstrip("'")
    behind = ["'"] * (len(word) - len(bare)) + behind
    ending = _CONTRACTION.search(bare, max(0, len(bare) - _MAX_CONTRACTION))
    if ending and ending.start() > 0:
        behind = [ending.group(), *behind]
        bare = bare[: ending.start()]
    return [*before, *([bare] if bare else []), *behind]
