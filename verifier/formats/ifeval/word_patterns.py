"""How words and sentences follow each other (IFBench; two of IFEvalG's ``keywords``)."""

from __future__ import annotations

import operator
import re
import string
from array import array
from collections import Counter
from itertools import cycle, islice, pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta

from verifier.formats.ifeval.counting import at_least, at_most, exactly, quoted
from verifier.formats.ifeval.counts import SmallArguments
from verifier.formats.ifeval.instruction import Arguments, Instruction
from verifier.formats.ifeval.sentences import each_sentence, sentences
from verifier.formats.ifeval.words import bare_words, each_once, trimmed

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from collections.abc import Set as AbstractSet

_CLUSTER: Final = re.compile(r"[b-df-hj-np-tv-z]{2}")
_RUN: Final = re.compile(r"(.)\1+", re.DOTALL)
_PRIMES: Final = frozenset(
    (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97)
)
_MARGIN: Final = 2  # per cent, to both sides


class OverlapArguments(Arguments, frozen=True):
    """A text and how much of it must come again."""

    reference_text: str
    percentage: Annotated[float, Meta(ge=0, le=100)]


def no_adjacent_consecutive(text: str, _given: Arguments) -> str:
    """No word begins with the character right behind that of the word before, in any case."""
    for before, word in pairwise(text.lower().split()):
        if ord(word[0]) - ord(before[0]) == 1:
            return f"{quoted(word)} behind {quoted(before)}"
    return ""


def any_palindrome(text: str, _given: Arguments) -> str:
    """A word, with its punctuation, reads the same backwards; ``a`` does, ``Anna`` does not."""
    return "" if any(word == word[::-1] for word in set(text.split())) else "no palindrome"


def palindromes(text: str, _given: Arguments) -> str:
    """Ten palindromes of five letters at least, in any case; the same one may stand ten times."""
    words = bare_words(text.lower())
    some = {word for word in set(words) if len(word) >= 5 and word == word[::-1]}
    count = sum(map(some.__contains__, words)) if some else 0
    return at_least(count, 10, "palindromes")


def alphabet(text: str, _given: Arguments) -> str:
    """Every word begins with the letter behind that of the word before; a follows z."""
    words = bare_words(text.lower())
    if not words or words[0][0] not in string.ascii_lowercase:
        return "does not begin with a letter from a to z"
    first = string.ascii_lowercase.index(words[0][0])
    letters = islice(cycle(string.ascii_lowercase), first, None)
    for word, letter in zip(words, letters, strict=False):
        if word[0] != letter:
            return f"{quoted(word)} should begin with {letter}"
    return ""


def vowels(text: str, _given: Arguments) -> str:
    """One line, with at most three of the vowels a, e, i, o, u."""
    if "\n" in text.strip():
        return "more than one line"
    lower = text.lower()
    return at_most(sum(vowel in lower for vowel in "aeiou"), 3, "different vowels")


def consonants(text: str, _given: Arguments) -> str:
    """Every word has two consonants side by side; y is one."""
    words = text.lower().split()
    bare = (word for word in each_once(words) if not _CLUSTER.search(word))
    return next((f"{quoted(word)} has no two consonants together" for word in bare), "")


def prime_lengths(text: str, _given: Arguments) -> str:
    """Every word has a prime number of characters below 100; ASCII punctuation does not count."""
    wrong = (word for word in bare_words(text) if len(word) not in _PRIMES)
    return next((f"{quoted(word)} has {len(word)} characters" for word in wrong), "")


def repeats(text: str, given: SmallArguments) -> str:
    """No word stands more often than that, in any case; ASCII punctuation does not count."""
    counted = Counter(bare_words(text.lower()))
    count = max(counted.values(), default=0)
    if count <= given.small_n:
        return ""
    word = next(word for word, times in counted.items() if times == count)
    return at_most(count, given.small_n, f"times {quoted(word)}")


def no_consecutive(text: str, _given: Arguments) -> str:
    """No two words in a row begin with the same letter; ASCII punctuation does not count."""
    for before, word in pairwise(bare_words(text.lower())):
        if before[0] == word[0]:
            return f"{quoted(before)} before {quoted(word)}"
    return ""


def last_first(text: str, _given: Arguments) -> str:
    """Every sentence begins with the last word of the one before, in any case."""
    marks = string.punctuation + " "
    for before, sentence in pairwise(each_sentence(text)):
        last, first = before.rstrip(marks).split()[-1:], sentence.lstrip(marks).split()[:1]
        if not last or not first or last[0].lower() != first[0].lower():
            return f"{quoted(sentence)} does not begin with the last word before it"
    return ""


def paragraph_last_first(text: str, _given: Arguments) -> str:
    """Every line ends with the word that it began with, in any case."""
    for line in each_once(text.lower().split("\n")):
        words = trimmed(line.strip()).split()
        if words and words[0] != words[-1]:
            return f"a line begins with {quoted(words[0])}, ends with {quoted(words[-1])}"
    return ""


def increment(text: str, given: SmallArguments) -> str:
    """Every sentence has exactly so many words more than the one before."""
    lengths = (len(bare_words(sentence)) for sentence in each_sentence(text))
    for place, (before, count) in enumerate(pairwise(lengths), start=2):
        if count != before + given.small_n:
            return f"sentence {place} has {exactly(count, before + given.small_n, 'words')}"
    return ""


def alliteration_increment(text: str, _given: Arguments) -> str:
    """Every sentence has more words in alliterating runs than the one before."""
    longest = -1
    for place, sentence in enumerate(each_sentence(text), start=1):
        count = _alliterating(sentence.lower())
        if count <= longest:
            return f"sentence {place} has {count} alliterating words, must be more than {longest}"
        longest = count
    return ""


def sentence_type(text: str, _given: Arguments) -> str:
    """Twice as many sentences end with a full stop as with a question mark."""
    ends = _endings(text)
    return exactly(ends["."], 2 * ends["?"], "sentences with a full stop")


def sentence_balance(text: str, _given: Arguments) -> str:
    """As many sentences end with a full stop as with a question and with an exclamation mark."""
    ends = _endings(text)
    counts = [ends["."], ends["?"], ends["!"]]
    return "" if len(set(counts)) == 1 else f"sentences with . ? and !: {counts}"


def sentence_words(text: str, _given: Arguments) -> str:
    """Three sentences of the same number of characters.

    That their words differ is asked too, but the published checker does not look; nor does this.
    """
    lengths = [len(sentence) for sentence in sentences(text)]
    if problem := exactly(len(lengths), 3, "sentences"):
        return problem
    return "" if len(set(lengths)) == 1 else f"sentences of {lengths} characters"


def overlap(text: str, given: OverlapArguments) -> str:
    """So many per cent of the text's different runs of three characters occur in the reference.

    Two per cent more or less will do.
    """
    own, other = _trigrams(text, given.reference_text)
    if not own:
        return "shorter than three characters"
    share = 100 * len(own & other) / len(own)
    near = given.percentage - _MARGIN <= share <= given.percentage + _MARGIN
    return "" if near else f"overlap {share:.1f} %, must be {given.percentage:g} %"


def _alliterating(sentence: str) -> int:
    initials = "".join(map(operator.itemgetter(0), bare_words(sentence)))
    return sum(run.end() - run.start() for run in _RUN.finditer(initials))


def _endings(text: str) -> Counter[str]:
    return Counter(sentence[-1] for sentence in sentences(text))


def _trigrams(text: str, reference: str) -> tuple[AbstractSet[Hashable], AbstractSet[Hashable]]:
    """The different runs of three characters of both texts."""
    own, other = _packed_trigrams(text), _packed_trigrams(reference)
    if own is not None and other is not None:
        return own, other
    return _plain_trigrams(text), _plain_trigrams(reference)


def _plain_trigrams(text: str) -> set[str]:
    return {text[start : start + 3] for start in range(len(text) - 2)}


def _packed_trigrams(text: str) -> set[int] | None:
    """The same as numbers, in a fifth of the time.

    None if a character has more than 16 bits, and for a text of less than four characters.
    """
    try:
        data = text.encode("utf-16-le")
    except UnicodeEncodeError:  # a lone surrogate
        return None
    if len(data) != 2 * len(text) or len(text) < 4:
        return None
    fours = set(array("Q", data[-8:]))  # numbers that hold four characters, and so two trigrams
    for start in (0, 4):
        fours.update(array("Q", data[start : len(data) - (len(data) - start) % 8]))
    return {four >> 16 for four in fours} | {four & 0xFFFF_FFFF_FFFF for four in fours}


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "keywords:no_adjacent_consecutive": Instruction(no_adjacent_consecutive),
        "keywords:palindrome": Instruction(any_palindrome),
        "words:palindrome": Instruction(palindromes),
        "words:alphabet": Instruction(alphabet),
        "words:vowel": Instruction(vowels),
        "words:consonants": Instruction(consonants),
        "words:prime_lengths": Instruction(prime_lengths),
        "words:repeats": Instruction(repeats, SmallArguments),
        "words:no_consecutive": Instruction(no_consecutive),
        "words:last_first": Instruction(last_first),
        "words:paragraph_last_first": Instruction(paragraph_last_first),
        "sentence:increment": Instruction(increment, SmallArguments),
        "sentence:alliteration_increment": Instruction(alliteration_increment),
        "ratio:sentence_type": Instruction(sentence_type),
        "ratio:sentence_balance": Instruction(sentence_balance),
        "ratio:sentence_words": Instruction(sentence_words),
        "ratio:overlap": Instruction(overlap, OverlapArguments),
    }
)
