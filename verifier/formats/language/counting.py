"""How many words of a text are of which language.

A text is cut into sentences, and each sentence's words are told apart by script. Words of a script
that one known language writes are of that language. Where languages share a script, a sentence is
of one language as a whole, for hardly a word is of one language alone; a sentence that nothing
speaks for is of the language of the one before it.
"""

from __future__ import annotations

import re
from collections import Counter
from types import MappingProxyType
from typing import Final

from verifier.formats.language.marking import Source
from verifier.formats.language.scripts import LANGUAGES, every_letter, script_of
from verifier.formats.language.shared import SharedScript, place_of
from verifier.formats.language.tally import UNKNOWN, Tally, commonest
from verifier.formats.language.unspaced import count_unspaced

__all__ = ["UNKNOWN", "Tally", "commonest", "count_words"]

# Names of functions and units, and single letters, which stand for symbols in any language.
_SYMBOLS: Final = (
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln exp lim max min sup inf"
    " mod gcd lcm det dim ker deg arg sgn sqrt frac pi km cm mm nm kg mg kwh mph usd eur".split()
)
_NO_WORDS: Final = MappingProxyType(dict.fromkeys((*_SYMBOLS, *every_letter("Latin", "Greek"))))
_BEYOND_ASCII: Final = re.compile("[^\\x00-\x7f]")
_AT_ONCE: Final = 1 << 16  # characters: their words are still in the processor's cache when counted


def count_words(text: str, expected: str = "") -> Tally:
    """Counts a text's words by language; formulas, code, addresses and numbers are left out.

    Single Latin and Greek letters, names of functions (``sin``) and units (``km``) are symbols, not
    words. In a text with letters beyond the Latin ones, capitals such as ``ABC`` are symbols, too.

    Args:
        text: anything; time is linear in its length.
        expected: code of the language that gets the benefit of the doubt where its script is used
            and little speaks for another; empty for none.

    Returns:
        The counts. Words that nothing speaks for stand under `UNKNOWN`.
    """
    tally = Tally()
    marked = count_unspaced(Source(text), tally)
    if marked is None:
        return tally
    words = _vocabulary(marked.text)
    for script, counted in _by_script(words, ascii_only=marked.text.isascii()).items():
        languages = LANGUAGES[script]
        if len(languages) == 1:
            place = place_of(counted, marked.text)
            tally.add(languages[0], sum(counted.values()), place, marked.origin)
        else:
            SharedScript(marked, script, counted, expected).count(tally)
    return tally


def _vocabulary(marked: str) -> dict[str, int]:
    """How often each word occurs, in the order of the text."""
    found: Counter[str] = Counter()
    start = 0
    while start < len(marked):
        end = marked.find(" ", start + _AT_ONCE)
        end = len(marked) if end < 0 else end
        found.update(marked[start:end].split())
        start = end
    return found


def _by_script(vocabulary: dict[str, int], *, ascii_only: bool) -> dict[str, dict[str, int]]:
    """The words of each script, without symbols."""
    found: dict[str, dict[str, int]] = {"Latin": {}}
    if ascii_only:
        found["Latin"] = vocabulary
    else:
        _part(vocabulary, found)
    for counted in found.values():
        # The shorter one of the two is gone through.
        for word in counted.keys() & _NO_WORDS.keys():
            del counted[word]
    return {script: counted for script, counted in found.items() if script and counted}


def _part(vocabulary: dict[str, int], found: dict[str, dict[str, int]]) -> None:
    latin = found["Latin"]
    by_letter: dict[str, dict[str, int]] = {}  # what begins with a letter beyond ASCII
    for word, times in vocabulary.items():
        if word.isascii():
            latin[word] = times
            continue
        letter = word[0]
        counted = by_letter.get(letter)
        if counted is None:
            letter = next(_BEYOND_ASCII.finditer(word))[0]  # of "x와", the second
            counted = found.setdefault(script_of(letter), {})
            if letter == word[0]:
                by_letter[letter] = counted
        counted[word] = times
