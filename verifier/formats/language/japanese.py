"""How many characters of a text with kana are Japanese, and how many Chinese."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from verifier.formats.language.scripts import letters

if TYPE_CHECKING:
    from verifier.formats.language.marking import Marked
    from verifier.formats.language.tally import Tally

_SHARE: Final = 0.1  # of kana among a sentence's letters
_HEAD: Final = 200  # characters at the beginning in which kana say how to read what precedes them
_SHORT_HAN: Final = 8  # characters up to which Han alone may be Japanese
# Very common in Chinese, unknown in Japanese, at least without kana beside it.
_CHINESE: Final = re.compile("[们們这這那么麼吗嗎呢吧还還没沒说說让讓对從从給给你您她它]")

# These begin with a plain class, for which a text is searched fast.
UNSPACED: Final = re.compile("[{0}][{0}]*+".format(letters("Han", "Kana", "Thai")))
"""Letters of the scripts without spaces between words."""
_NEITHER: Final = re.compile("[^\n{0}][^\n{0}]*+".format(letters("Han", "Kana")))
# The others begin, in UTF-8, with a byte that says whether they are Han or kana.
_RARE_HAN: Final = re.compile("[\u3005-\u3007\u3400-\u3fff\uf900-\ufaff\U00020000-\U0003134f]")
_NARROW_KANA: Final = re.compile("[\uff66-\uff9f]")
_CLASSES: Final = bytes.maketrans(b"\xe3\xe4\xe5\xe6\xe7\xe8\xe9\x01", b"khhhhhhc")
_FURTHER_BYTES: Final = bytes(range(0x80, 0xC0))


def count_japanese(marked: Marked, kana_at: int, tally: Tally) -> None:
    """Counts the characters of a text with kana: Japanese, or Chinese that quotes some.

    A sentence with a fair share of kana is Japanese. Han alone is Chinese, except that a few
    characters, such as a heading, are Japanese next to it.

    Args:
        marked: the text.
        kana_at: where its first kana stands.
        tally: what is found is added here.
    """
    text = marked.text
    japanese = kana_at < _HEAD and marked.origin(kana_at) < _HEAD
    counts = {"ja": 0, "zh": 0}
    begin: dict[str, int] = {}
    for number, sentence in enumerate(_classes(text).split(b"\n")):
        if not sentence:
            continue
        han = len(sentence)
        if b"k" in sentence:
            kana = sentence.count(b"k")
            japanese = kana >= _SHARE * han
            han -= kana
            counts["ja"] += kana
            if "ja" not in begin:
                begin["ja"] = number
        elif han > _SHORT_HAN or b"c" in sentence:
            japanese = False
        if han:
            language = "ja" if japanese else "zh"
            counts[language] += han
            if language not in begin:
                begin[language] = number
    for language, number in begin.items():
        place = sum(map(len, islice(text.split("\n"), number))) + number
        tally.add(language, counts[language], place, marked.origin)


def _classes(text: str) -> bytes:
    """Of each sentence, a byte for each character: kana, Han, or Han that is Chinese."""
    text = _CHINESE.sub("\x01", _NEITHER.sub("", text))
    text = _NARROW_KANA.sub("\u3042", _RARE_HAN.sub("\u4e00", text))
    return text.encode().translate(_CLASSES, _FURTHER_BYTES)
