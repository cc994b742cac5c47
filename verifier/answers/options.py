"""The options a multiple-choice prompt lists, and which of them a reference answer means."""

from __future__ import annotations

import re
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
_LATEX_NOISE: Final = re.compile(
    r"\\(?:text\w{0,6}|mathrm|mathbf|mbox|left|right)(?![A-Za-z])|[${}]"
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
    listed = _last_run((found.group(1), found.group(2)) for found in _LINE.finditer(text))
    if not listed:
        markers = list(_INLINE.finditer(text))
        ends = [*(marker.start() for marker in markers[1:]), len(text)]
        listed = _last_run(
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
