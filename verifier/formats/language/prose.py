r"""What of a text is prose: neither formulas nor code nor addresses."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from verifier.formats.language.shortening import Shortened

_FORMULAS: Final = (
    "align aligned alignat array bmatrix cases displaymath eqnarray equation gather gathered"
    " lstlisting math matrix minted multline pmatrix smallmatrix split tikzpicture verbatim"
    " vmatrix Vmatrix".split()
)
_BRACKETS: Final = (("\\(", "\\)"), ("\\[", "\\]"))
_BEGIN: Final = rf"begin\{{((?:{'|'.join(_FORMULAS)})\*?)\}}"
_BEGINNING: Final = re.compile(rf"\\{_BEGIN}")

# What a mark begins, up to its end; nothing is read twice.
_IN_DOLLARS: Final = r"[^$\n]*+(?:\n(?!\n)[^$\n]*+)*+\$"
_IN_TICKS: Final = r"[^`\n]*+(?:\n(?!\n)[^`\n]*+)*+`"
_DISPLAY: Final = r"[^$]*+(?:\$(?!\$)[^$]*+)*+\$\$"
_ROUND: Final = r"[^\\]*+(?:\\(?!\))[^\\]*+)*+\\\)"
_SQUARE: Final = r"[^\\]*+(?:\\(?!\])[^\\]*+)*+\\\]"
_TO_END: Final = r"[^\\]*+(?:\\(?!end\{\1\})[^\\]*+)*+\\end\{\1\}"
_NAME: Final = r"\{[A-Za-z]{1,30}+\*?\}"
_FENCED: Final = r"[^\n]*+(?:\n(?!```)[^\n]*+)*+(?:\n```)?"
_TILDES: Final = r"[^\n]*+(?:\n(?!~~~)[^\n]*+)*+(?:\n~~~)?"
# Formulas and commands behind each other, with no letter and no end of a sentence between them, are
# one passage: a passage takes longer than a formula.
_AND_MORE: Final = (
    r"(?:[ (){}\[\]^_=+*/|&,0-9-]*+"
    r"(?:\$[^$\n]++\$|\\\([^\\]*+\\\)|\\(?!begin\{|end\{)[A-Za-z]++))*+"
)
_FORMULA: Final = rf"\((?:[^\\]*+\\\){_AND_MORE}|{_ROUND})|\[{_SQUARE}|{_BEGIN}{_TO_END}"
# By a sign without which there is none. Each alternative begins with a plain character, for which
# the text is searched fast.
_MARKS: Final = (
    ("`", rf"`(?:``+{_FENCED}|{_IN_TICKS}|)"),
    ("$", rf"\$(?:[^$\n]++\${_AND_MORE}|(?!\$){_IN_DOLLARS}|\$(?!\$){_DISPLAY}|\$*+)"),
    ("\\", rf"\\(?:{_FORMULA}|begin{_NAME}|end{_NAME}|[A-Za-z]++{_AND_MORE}|.)"),
    (">", r"</?[A-Za-z]{1,20}+>"),
    ("~", rf"~~~+{_TILDES}"),
    ("://", r"https?://\S++"),
    ("www.", r"www\.\S++"),
)


def prose_of(text: str) -> Shortened:
    r"""Puts a space for each passage that is no prose.

    | Left out                                            | Unless                              |
    |-----------------------------------------------------|-------------------------------------|
    | a fenced block; one never closed: to the end        |                                     |
    | ``code`` in backticks, ``$…$``                      | its end is not in the paragraph     |
    | ``$$…$$``, ``\(…\)``, ``\[…\]``                     | never closed                        |
    | environments of formulas or code, such as ``align`` | never closed                        |
    | the names of commands (``\frac``), addresses, tags  |                                     |

    Signs and digits between formulas and commands go with them.
    """
    marks = tuple(pattern for sign, pattern in _MARKS if sign in text)
    if "\\" in text:
        text = _without_unclosed(text)
    return Shortened(text, _any_of(marks) if marks else None, " ")


@cache
def _any_of(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(marks))


def _without_unclosed(text: str) -> str:
    r"""Turns marks that nothing closes into such as begin nothing; the length stays.

    Looking ahead from each of them in vain would take quadratic time. ``\(`` becomes ``\,`` and
    ``\begin{align}`` becomes ``\begin{aligN}``, which are left out or read as what they were.
    """
    for mark, closing in _BRACKETS:
        text = _changed_behind(text, text.rfind(closing), mark, "\\,")
    for name in sorted(set(_BEGINNING.findall(text)) if "\\begin{" in text else ()):
        bare = name.rstrip("*")
        other = f"{bare[:-1]}{bare[-1].upper()}{name[len(bare) :]}"
        last = text.rfind(f"\\end{{{name}}}")
        text = _changed_behind(text, last, f"\\begin{{{name}}}", f"\\begin{{{other}}}")
    return text


def _changed_behind(text: str, place: int, old: str, new: str) -> str:
    at = text.find(old, place + 1)
    return text if at < 0 else text[:at] + text[at:].replace(old, new)
