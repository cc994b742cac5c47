"""How many characters of a text are Chinese, Japanese or Thai, which put no spaces between words.

Where there are kana, Han may be Japanese; where there are none, it is Chinese.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.formats.language.marking import Marked, mark
from verifier.formats.language.scripts import LANGUAGES, letters
from verifier.formats.language.shortening import Shortened

if TYPE_CHECKING:
    from verifier.formats.language.marking import Source
    from verifier.formats.language.tally import Tally

# These begin with a plain class, for which a text is searched fast.
_THAI: Final = re.compile("[{0}][{0}]*+".format(letters("Thai")))
_HAN_OR_THAI: Final = re.compile("[{0}][{0}]*+".format(letters("Han", "Thai")))
_HAN: Final = re.compile(f"[{letters('Han')}]")
_KANA: Final = re.compile(f"[{letters('Kana')}]")
_SPACED: Final = re.compile(f"[{letters(*(LANGUAGES.keys() - {'Han', 'Kana', 'Thai'}))}]{{2}}")
_FIRST_OF_THAI: Final = (b"\xe0\xb8", b"\xe0\xb9")  # bytes, in UTF-8
_FIRST_OF_HAN_AND_KANA: Final = tuple(
    bytes([lead]) for lead in b"\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xef\xf0"
)
_BEGINNING: Final = 10_000  # characters in which kana are looked for first


def count_unspaced(source: Source, tally: Tally) -> Marked | None:
    """Counts the characters of Chinese, Japanese and Thai.

    Args:
        source: the text.
        tally: what is found is added here.

    Returns:
        The rest of the text, marked; None if it has no words.
    """
    if not source.has(_FIRST_OF_HAN_AND_KANA) and not source.has(_FIRST_OF_THAI):
        return mark(source, source.text, source.origin)
    if not _KANA.search(source.text, 0, _BEGINNING):
        # NUL, for behind a full stop a space would end a sentence.
        rest = Shortened(source.text, _HAN_OR_THAI, "\0")
        if not _KANA.search(rest.text):
            _count_without_kana(source, rest, tally)
            marked = mark(source, rest.text, rest.origin(source.origin))
            return marked if not rest.passages or _SPACED.search(marked.text) else None
    return _count_with_kana(mark(source, source.text, source.origin), tally)


def _count_without_kana(source: Source, rest: Shortened, tally: Tally) -> None:
    characters = len(source.text) - len(rest.text) + rest.passages
    if source.has(_FIRST_OF_THAI):
        characters -= _count_thai(source, tally)
    if characters:
        han = next(_HAN.finditer(source.text))
        tally.add("zh", characters, han.start(), source.origin)


def _count_with_kana(marked: Marked, tally: Tally) -> Marked | None:
    from verifier.formats.language.japanese import UNSPACED, count_japanese  # noqa: PLC0415

    _count_thai(marked, tally)
    count_japanese(marked, next(_KANA.finditer(marked.text)).start(), tally)
    if not _SPACED.search(marked.text):
        return None
    rest = Shortened(marked.text, UNSPACED, " ")
    return Marked(rest.text, rest.origin(marked.origin))


def _count_thai(whole: Source | Marked, tally: Tally) -> int:
    first = _THAI.search(whole.text)
    if first is None:
        return 0
    characters = sum(map(len, _THAI.findall(whole.text)))
    tally.add("th", characters, first.start(), whole.origin)
    return characters
