"""The options a multiple-choice prompt lists, and which of them a reference answer means."""

from __future__ import annotations

import re
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.answers.folding import compatible, same_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})

_LINE: Final = re.compile(
    r"^[ \t>*_-]{0,6}(?:[Oo]ption[ \t])?[(\[]?([A-Za-z])(?:[)\]]|[.:](?=[ \t*]))"
    r"[ \t*_]{0,4}(\S.*)$",
    re.MULTILINE,
)
_INLINE: Final = re.compile(r"(?<![A-Za-z0-9])[(\[]?([A-Za-z])[).:\]](?=[\s*])")
# "A.1 B.2 C.3": without a space, where nothing else lists options.
_TIGHT: Final = re.compile(r"(?<![A-Za-z0-9\\])[(\[]?([A-J])[).:\]、](?=\S)")
# Contests in LaTeX: "\textbf{(A)}\ 8 \qquad \textbf{(B) } 9".
_LATEX_LABEL: Final = re.compile(
    r"\\(?:text\w{0,6}|math\w\w)\s?\{\s{0,4}(\([A-J]\)|[A-J][.)])\s{0,4}(?:\\\s)?\}"
)
_LATEX_SPACE: Final = re.compile(r"\\(?:q?quad(?![A-Za-z])|[ ,;:!])|~|\\\\")
_LATEX_NOISE: Final = re.compile(
    r"\\(?:text\w{0,6}|mathrm|mathbf|mbox|left|right)(?![A-Za-z])|[${}]"
)
_FRACTION: Final = re.compile(
    r"\\[dt]?frac(?:\s?([0-9])\s?([0-9])(?![0-9])|\s([0-9]{1,12})\s([0-9]{1,12}))"
)
_AMOUNT: Final = re.compile(
    r"\\?[€£¥]?\s?(?P<value>-?[0-9][0-9,]{0,20}(?:\.[0-9]{1,20})?)(?:/(?P<under>[0-9]{1,12}))?"
    r"(?P<unit>\s?\\?%|\s?[^\W\d_]{1,20}(?:\s[^\W\d_]{1,20}){0,2})?"
)
# "C", "(C)", "**C.**", "\boxed{\text{C}}", "C) Paris": a letter, and what it stands for if said.
_LETTERED: Final = re.compile(
    r"[\s*_`\"'$({\[\\]{0,8}(?:(?:boxed|text\w{0,6}|mathrm|mathbf|[Oo]ption|[Cc]hoice)(?![A-Za-z])"
    r"[\s{(*\\]{0,4}){0,3}([A-Za-z])(?![A-Za-z0-9])"
    r"(?:[\s)}\]*_`\"'$.,:;!\\]*+$|[)}\]*_.:]{1,4}\s*(\S.*)$)",
    re.DOTALL,
)


def options_in(prompt: str) -> Mapping[str, str]:
    r"""The options a prompt lists, as letter → folded text; empty if it lists none.

    Options run from A on without a gap, at least two of them: one a line ("A. London", "(b) Rome",
    "**C)** Oslo"), or else all in one line ("A) 3 B) 4 C) 5"). The last such list counts, because
    the ones before it belong to worked examples.
    """
    text = compatible(prompt)
    if "\\" in text:
        text = _LATEX_SPACE.sub(" ", _LATEX_LABEL.sub(r" \1 ", text))
    listed = _last_run((found.group(1), found.group(2)) for found in _LINE.finditer(text))
    for pattern in () if listed else (_INLINE, _TIGHT):
        markers = list(pattern.finditer(text))
        ends = [*(marker.start() for marker in markers[1:]), len(text)]
        listed = listed or _last_run(
            (marker.group(1), text[marker.end() : end].lstrip().partition("\n")[0])
            for marker, end in zip(markers, ends, strict=False)  # without markers, no pair
        )
    return {letter: option_form(option) for letter, option in listed.items()}


def _last_run(marked: Iterable[tuple[str, str]]) -> dict[str, str]:
    best: dict[str, str] = {}
    run: dict[str, str] = {}
    for letter, text in marked:
        if letter.upper() == "A":
            run = {"A": text}
        elif run and ord(letter.upper()) == ord("A") + len(run):
            run[letter.upper()] = text
            best = run
    return best


def option_form(text: str) -> str:
    """An option's text as it is compared: folded, without LaTeX's text commands and dollars."""
    return same_form(_LATEX_NOISE.sub(" ", text).strip(" ,;"))


def option_named(text: str, options: Mapping[str, str]) -> str | None:
    """The one option whose text this is, or None."""
    if not options:
        return None
    form = option_form(text)
    letters = [letter for letter, option in options.items() if option == form]
    return letters[0] if len(letters) == 1 else None


def option_valued(text: str, options: Mapping[str, str]) -> str | None:
    """The one option that is this number, where only one of the two may have a unit, or None."""
    amount = _amount(option_form(text)) if options else None
    if amount is None:
        return None
    value, unit = amount
    others = {letter: _amount(option) for letter, option in options.items()}
    letters = [
        letter
        for letter, other in others.items()
        if other and other[0] == value and (not unit or not other[1] or unit == other[1])
    ]
    return letters[0] if len(letters) == 1 else None


def _amount(form: str) -> tuple[Fraction, str] | None:
    """The number and the unit that a text is, as `option_form` returns it; a percent is a unit."""
    found = _AMOUNT.fullmatch(_FRACTION.sub(_slashed, form))
    if found is None:
        return None
    under = Fraction(found["under"] or 1)
    value = Fraction(found["value"].replace(",", ""))
    unit = (found["unit"] or "").strip(" \\").removesuffix("s")
    return (value / under, unit) if under else None


def _slashed(fraction: re.Match[str]) -> str:
    return "/".join(part for part in fraction.groups() if part)


def option_meant(reference: str, options: Mapping[str, str]) -> tuple[str, str] | None:
    """Which option a reference answer means.

    Args:
        reference: a letter in any dress ("C", "(c)", "**C.**"), a letter with its text
            ("C. Paris"), or the text of an option that the prompt lists.
        options: what the prompt lists.

    Returns:
        The letter and the text the reference gives with it, or None if it means no option.
    """
    if letter := option_named(reference, options):
        return letter, ""
    found = _LETTERED.match(compatible(reference).strip())
    return (found.group(1).upper(), found.group(2) or "") if found else None
