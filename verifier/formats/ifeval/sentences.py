"""Where sentences end.

The published checkers split with NLTK's Punkt model for English (Kiss and Strunk, Unsupervised
Multilingual Sentence Boundary Detection, 2006), which learnt its abbreviations and its commonest
first words from newspapers. The rules below are Punkt's; the lists of words are our own and short,
so that nothing has to be downloaded and a splitting can be explained.

| Mark            | Ends a sentence                                                             |
|-----------------|-----------------------------------------------------------------------------|
| ``?``, ``!``    | always                                                                      |
| ``..`` or more  | before a capitalised word that commonly begins sentences                    |
| ``.``           | unless the word before it is an abbreviation or an initial                  |
| abbreviation    | before a capitalised word that commonly begins sentences                    |
| ``1.``          | unless a small letter follows: in a numbered list each number is a sentence |

All this only where white space, a quote, a bracket or another mark follows: ``3.14`` and
``example.com`` have no end. Closing quotes, brackets and asterisks behind the mark belong to the
sentence. A line break alone ends nothing: a title without a full stop is one with what follows it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# A run of marks with something behind it that lets it be an end, then what closes the sentence.
# Possessive, and never begun inside a run: a run is read once, whatever follows it. That is asked
# behind the first mark, so that the search may leap from mark to mark.
_MARKS: Final = re.compile(
    r"""(
    [.?!] (?<! [.?!]{2} ) [.?!]*+ (?= [\s)";}\]*:@'({\[‘’“”«»] | \Z )
    (?: ["')\]}‘’“”«»*]++ (?= \s | \Z ) )?
    )""",
    re.VERBOSE,
)
_CLOSERS: Final = "\"')]}‘’“”«»*"
_NEXT_WORD: Final = re.compile(r"\s+([^\W\d_]*)")
_WORD: Final = re.compile(r"[\w.]*")
_INITIALS: Final = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")
_MAX_ABBREVIATION: Final = 16  # characters looked at before a full stop
# What a run of marks is: the end of a sentence, none, or one that depends on the next word.
_END: Final = 1
_NO_END: Final = 0
_BEHIND_NUMBER: Final = 2
_BEHIND_ABBREVIATION: Final = 3

ABBREVIATIONS: Final = frozenset(
    """
    mr mrs ms messrs dr prof rev hon st mt ft gen col capt lt maj sgt cmdr adm gov pres rep reps sen
    jr sr inc ltd co corp bros cos cie dept univ assn etc vs viz cf ca approx est fig figs eq eqs no
    nos vol vols ed eds pp al resp misc min max avg tel jan feb mar apr jun jul aug sept sep oct
    nov dec mon tue tues wed thu thur thurs fri ave blvd rd hwy apt ph.d b.sc m.sc b.a m.a
    calif colo conn fla ga ill kan ky mich minn okla ore pa penn tenn tex va vt wash wis
    """.split()
) - {"no", "ed", "al", "min", "max", "mar", "jun", "jul", "mon", "thu", "ill", "wash", "ore", "est"}
"""Words before whose full stop a sentence goes on; not those that are common words as well."""

STARTERS: Final = frozenset(
    """
    a an the this that these those there here it its he she they we you i my your his her our their
    and but or so yet for nor if when while as since because although though after before once until
    in on at by to from with without under over during among between through despite what who whom
    which whose where why how is are was were do does did can could will would should may might must
    let please some many most both all each every any no not one two first second next then finally
    however moreover furthermore meanwhile therefore thus instead indeed also additionally perhaps
    now today yes even just only overall according another such nevertheless still
    """.split()
)
"""Words that, capitalised, most often begin a sentence."""


def sentences(text: str) -> list[str]:
    """Splits a text into sentences, stripped; none is blank. Linear in the text."""
    return list(each_sentence(text))


def each_sentence(text: str) -> Iterator[str]:
    """Hands out the `sentences` of a text in order, for who may not need all of them."""
    pieces = _MARKS.split(text)
    start = end = 0
    for before, mark, behind in zip(pieces[::2], pieces[1::2], pieces[2::2], strict=False):
        end += len(before) + len(mark)
        tail = before[-_MAX_ABBREVIATION:].rpartition(" ")[2]
        kind = _full_stop(tail) if mark == "." else _marks(mark, tail)
        if kind == _END or (kind and _is_end(kind, behind)):
            yield text[start:end].strip()
            start = end
    if rest := text[start:].strip():
        yield rest


@lru_cache(maxsize=4096)
def is_abbreviation(word: str) -> bool:
    """Tells whether a full stop behind the word is likely to be part of it; ``I`` is a word."""
    if len(word) > _MAX_ABBREVIATION:
        return False
    return word.lower() in ABBREVIATIONS or (word != "I" and bool(_INITIALS.fullmatch(word)))


@lru_cache(maxsize=4096)
def _full_stop(tail: str) -> int:
    """What a full stop is behind this, which need not begin where the word before it does."""
    found = _WORD.match(tail[::-1])
    word = found.group()[::-1] if found else ""
    if word.isdecimal():
        return _BEHIND_NUMBER
    return _BEHIND_ABBREVIATION if is_abbreviation(word) else _END


def _marks(marks: str, tail: str) -> int:
    """What a run of marks is behind this, with the quotes and brackets that close the sentence."""
    run = marks.rstrip(_CLOSERS)
    if run.strip("."):
        return _END
    kind = _full_stop(tail) if run == "." else _BEHIND_ABBREVIATION
    if run == marks:
        return kind
    # What follows is no word, but what closes the sentence.
    return _NO_END if kind == _BEHIND_ABBREVIATION else _END


def _is_end(kind: int, behind: str) -> bool:
    """Tells whether a full stop behind a number or an abbreviation is an end before this."""
    if not behind[:1].isspace():
        return kind == _BEHIND_NUMBER
    if kind == _BEHIND_NUMBER:
        first = behind.lstrip()[:1]
        return not (first.islower() and first.isalnum())
    following = _NEXT_WORD.match(behind)
    word = following.group(1) if following else ""
    return word[:1].isupper() and word.lower() in STARTERS
