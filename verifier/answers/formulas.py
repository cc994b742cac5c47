r"""FORMULA: the last formula, in ``$…$``, ``\[…\]``, an environment, or bare at the text's end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from verifier.answers.asides import ends_in_empty_box, hide_asides
from verifier.answers.closing import closing_formula, concludes_with_number
from verifier.answers.spans import MAX_ANSWER_CHARS, Excerpt, excerpt, trim
from verifier.answers.verbal import closing_words
from verifier.answers.whole import prose

if TYPE_CHECKING:
    from verifier.answers.spans import Span

_WINDOW: Final = MAX_ANSWER_CHARS + 1024  # searched from the end: one long formula and a remark
_DELIMITER: Final = re.compile(
    r"\\[\\$]|\$\$?|\\[()\[\]]|\n\s*\n"
    r"|\\(?:begin|end)\{(?:equation|align|gather|multline|eqnarray|math|displaymath)\*?\}"
)
_CLOSING: Final = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_INLINE: Final = frozenset({"$", "\\("})
_NAME: Final = re.compile(r"\\?[A-Za-z]{1,12}")
_SPACED_NAME: Final = re.compile(r"\s{0,8}\\?[A-Za-z]{1,12}\s{0,8}")
_DIGIT: Final = re.compile(r"[0-9]")
_TWO_LETTERS: Final = re.compile(r"[^\W\d_]{2}")
_MAX_PROSE: Final = 1  # "$5 and then she pays $6" holds words between two currency signs
# "where $x$ is its length": what a name in a remark behind the answer stands for.
_REMARK: Final = re.compile(
    r"\b(?:where|with|for|of|let|here|if|when|as|in|wobei|où|donde|dove|где)[\s(]{1,3}\Z",
    re.IGNORECASE,
)
# The lines of a derivation: the last one that goes on with "=" holds the result.
_JOINED_BEFORE: Final = {
    sign: re.compile(
        rf"(?:{formula}\s{{0,2}}+(?:[,;]\s?+(?:and|or)?+|and|or|und|et|y|和|或)\s{{0,2}}+)++\Z"
    )
    for sign, formula in {
        "$": r"(?<![$\\0-9])\$[^$\n]{1,60}\$",
        "\\(": r"\\\((?:[^\\\n]|\\(?![()])){1,60}\\\)",
    }.items()
}
_MAX_JOINED: Final = 400  # characters of formulas in front of the last one
_ROW: Final = re.compile(r"\\\\(?:\[[^\[\]]{0,8}\])?")
_INNER_ROWS: Final = re.compile(
    r"\s*\\begin\{(?P<name>aligned|align\*?|split|gathered)\}(?P<rows>.*?)\\end\{(?P=name)\}[.,\s]*",
    re.DOTALL,
)
_CONTINUED: Final = re.compile(r"\s*&?\s*=\s*&?\s*(?=\S)")


def find_formula(text: str) -> Excerpt | None:
    """Finds the content of the last formula that reads like one.

    A dollar sign next to a digit on its outer side is money, as in Pandoc's rule, and so is a pair
    of dollar signs with prose between them. A name in a remark ("where $x$ is …") is passed over
    for the formula before it. There is none where a later sentence concludes with a number.
    """
    if ends_in_empty_box(text):
        return None
    text = hide_asides(text)
    last = _last_formula(text) if "$" in text or "\\" in text else None
    start = last[1] if last else 0
    bare = closing_formula(text, start)
    if bare is not None:
        return Excerpt(text[slice(*bare)].replace("**", ""), *bare)
    words = closing_words(text, start)
    if words is not None:
        return excerpt(text, words)
    if last is None or _names_only(text, last) or concludes_with_number(text, start):
        return None
    first = _first_joined(text, last)
    return excerpt(text, first or _last_row(text, last))


def _first_joined(text: str, last: Span) -> Span | None:
    """Widens the last inline formula by those in front that only "and", "or" or a comma parts."""
    begin = last[0]
    while begin and text[begin - 1].isspace():
        begin -= 1
    sign = text[max(0, begin - 2) : begin]
    sign = "$" if sign.endswith("$") and sign != "$$" else sign
    if sign not in _INLINE:
        return None
    begin -= len(sign)
    end = text.find(_CLOSING[sign], last[1]) + len(_CLOSING[sign])
    joined = _JOINED_BEFORE[sign].search(text, max(0, begin - _MAX_JOINED), begin)
    return (joined.start(), end) if joined else None


def _last_formula(text: str) -> Span | None:
    found: list[tuple[re.Match[str], Span]] = []
    opening: re.Match[str] | None = None
    for mark in _DELIMITER.finditer(text, max(0, len(text) - _WINDOW)):
        symbol = mark.group()
        if opening is not None and symbol == _end_of(opening.group()):
            content = _content(text, opening, mark)
            if content is not None:
                found.append((opening, content))
                opening = None
            elif symbol == "$":
                opening = mark  # it was money; this sign may open a formula
            else:
                opening = None
        elif opening is None and (symbol in _CLOSING or symbol.startswith("\\begin")):
            opening = mark
        elif symbol[0] == "\n":
            opening = opening if opening is not None and opening.group() != "$" else None
    # From the end, since looking for remarks is what takes long.
    for mark, content in reversed(found[1:]):
        if not _remark(text, mark, content):
            return trim(text, *content)
    return trim(text, *found[0][1]) if found else None


def _end_of(symbol: str) -> str:
    return _CLOSING.get(symbol) or symbol.replace("begin", "end")


def _remark(text: str, opening: re.Match[str], content: Span) -> bool:
    """Tells whether an inline formula is a bare name that a remark explains."""
    if opening.group() not in _INLINE or _SPACED_NAME.fullmatch(text, *content) is None:
        return False
    return _REMARK.search(text, max(0, opening.start() - 20), opening.start()) is not None


def _names_only(text: str, found: Span) -> bool:
    """Tells whether the formula is a bare name and a number follows: "the value of $x$ is 42"."""
    return _NAME.fullmatch(text, *found) is not None and _DIGIT.search(text, found[1]) is not None


def _last_row(text: str, span: Span) -> Span:
    """Cuts a derivation of several lines to what its last line says the value is."""
    inner = _INNER_ROWS.fullmatch(text, *span)
    start, end = inner.span("rows") if inner else span
    rows = list(_ROW.finditer(text, start, end))
    if not rows or "\\begin" in text[start:end]:
        return span
    row = trim(text, rows[-1].end(), end) or trim(
        text, rows[-2].end() if len(rows) > 1 else start, rows[-1].start()
    )
    continued = _CONTINUED.match(text, *row) if row else None
    if row is None or continued is None or "=" in text[continued.end() : row[1]]:
        return span
    return continued.end(), row[1]


def _content(text: str, opening: re.Match[str], closing: re.Match[str]) -> Span | None:
    start, end = opening.end(), closing.start()
    if end - start > MAX_ANSWER_CHARS:
        return None
    if opening.group() == "$" and (
        text[opening.start() - 1 : opening.start()].isdigit()
        or text[closing.end() : closing.end() + 1].isdigit()
    ):
        return None
    content = text[start:end]
    if not content or content.isspace():
        return None
    if _TWO_LETTERS.search(content) and len(prose(content)) > _MAX_PROSE:
        return None
    return start, end
