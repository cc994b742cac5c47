r"""The option letter a completion chooses.

A letter counts where it is *stated*, never where it is a word ("A dog", "I think"):

| Statement                        | Examples                                                     |
|----------------------------------|--------------------------------------------------------------|
| the text is only a letter        | C · (C) · C. · **C** · ``\boxed{\text{C}}`` · Option C       |
| a lead, then a letter            | The answer is (C) · Answer: C · the correct option is **C**  |
|                                  | I choose C · 答案是C                                         |
| a letter, then its praise        | C is correct · (C) is the right answer                       |
| a line of its own                | …\n\n**C**                                                   |
| letter and text, on the first or | C) Paris · (C) Paris · C. Paris                              |
| last line, no other letter so    |                                                              |
| a last line that ends in one     | … and therefore (C).                                         |
| an option's text, where the      | Paris · The answer is Paris · ``\boxed{Paris}``              |
| prompt lists options             |                                                              |

The last statement wins. A statement of several letters ("A or B", "B, C", letters line by line) is
no choice and takes back what was stated before it: one candidate decides, there is no lottery.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from verifier.answers.anchors import foreign_statements
from verifier.answers.boxed import find_box
from verifier.answers.boxes import find_boxes
from verifier.answers.folding import compatible
from verifier.answers.options import option_named, option_valued

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Choice:
    """One statement.

    Attributes:
        letter: the option chosen, A–Z; None where the statement names several.
        end: where in the text the statement's letter or text begins or ends; later wins.
    """

    letter: str | None
    end: int


_MAX_STATEMENTS: Final = 50  # of one kind, from the end: hostile texts repeat a lead 100k times
_MAX_LINES: Final = 500  # besides the first
_MAX_SEARCHED_CHARS: Final = 16_384  # from the end; a choice is stated there, and in the first line
_MAX_LINE_CHARS: Final = 300  # looked at after a letter or a lead

_LEAD: Final = re.compile(
    r"""(?<![a-z])(?:
      (?:answers?|choice|(?:correct|right|best|final|chosen|selected)\s{1,3}(?:choice|option|letter|one))
        (?:\s(?:choice|option|letter))?
        (?:\s(?:to|for|of|here|among|from)\b[^.!?:\n]{0,60}?)?[\s*_]{0,4}
        (?::|=|->|=>|→|\b(?:is|are|was|would\sbe|must\sbe|should\sbe|will\sbe|has\sto\sbe)\b)
    | (?:I|we)(?:['’]?(?:ll|d|m|re|ve)|\s(?:would|will|am|are|have|must|can|should))?\s
      (?:choose|chose|chosen|pick|picked|select|selected|say|go(?:ing)?\s(?:with|for)|vote\sfor
        |think|believe|conclude)\b
      (?:\s(?:it['’]s|it\sis|that))?
    | let['’]?s\s(?:choose|pick|go\swith)\b
    | (?:selected|chosen|choose|pick|select)(?:\s(?:answer|option|choice))?\s?:
    | 正[确確]的?(?:选项|選項|答案)\s?(?:是|为|為|:)
    | (?<!不)[选選](?:择|擇)?(?!项|項)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What may stand between a lead and its letter. Possessive, so that it is read once.
_DRESS: Final = re.compile(
    r"""(?:[\s*_`"'“‘$({\[<:,]
    | \\(?:[(\[]|(?:boxed|fbox|text\w{0,6}|math(?:rm|bf)|bf|rm)(?![A-Za-z]))
    | (?:option|choice|letter|answer|either|both|the|most|likely|probably|clearly|definitely|indeed
        |therefore|thus|so|hence|simply|obviously|possibly|maybe|perhaps|also|选项|選項
        |la|el|die|der|das|die\sAntwort|opción|opzione|opção|lettre|lettera|letra|buchstabe
        |вариант|буква)(?![A-Za-z])
    ){0,16}+""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING: Final = re.compile(r"""(?:[\s)\]}*_`"'”’$>.:;!]|\\[)\]]){0,12}+""")
_LETTER: Final = re.compile(r"(?<![A-Za-z0-9])([A-Za-z])(?![A-Za-z0-9])")
# A letter that goes on as something else: I'm, U.S., i.e., B-flat, C++, x = 5, b_1.
_LONGER: Final = re.compile(r"['’][A-Za-z]|\.[A-Za-z](?![a-z])|\.\d|-[A-Za-z]|[+#]|_\w|\s?[=<>^]")
# A, I and O are words, any small letter may be: they need an end or one of these after them.
_WRAPPED: Final = re.compile(
    r"\\(?:text\w{0,6}|math(?:rm|bf|sf)|mbox|bf|rm)(?![A-Za-z])\s{0,4}\{([^{}]*)\}"
)
_DRESSED: Final = re.compile(r"[)\]}*`\"'”’$.:,;!>]|\\[)\]}]|_(?!\w)|\s*\n|\s*$")
_GOES_ON: Final = re.compile(
    r"\s(?:because|since|as|which|for|due|so|but|given|based|from|according|or|and|[-–—(/&,|])"
    r"(?![A-Za-z])"
)
_SEPARATOR: Final = re.compile(
    r"[\s(]{0,2}(?:(?:and/or|[Oo]r|and|vs)(?![A-Za-z])|[/,&|]|或|和|、)|(?<=[ \t])(?=[A-Z])"
)
_NEW_CLAUSE: Final = re.compile(
    r"[)\]*.]{0,3}\s(?:is|was|isn|wasn|has|does|doesn|would|can|cannot)(?![A-Za-z])"
)
_PRAISE: Final = re.compile(
    r"""(?<![A-Za-z0-9])[(*\[]{0,3}(?P<letter>[A-Z])[)*\].]{0,3}\s{1,3}(?:is|must\sbe|would\sbe)\s
    (?:(?:therefore|thus|indeed|clearly|probably|the)\s){0,3}+
    (?:answer\b
    | only\s(?:(?:correct|right|valid|possible)\s)?(?:answer|option|choice|one)\b
    | (?:correct|right|best)(?:\s(?:answer|option|choice|one)\b|(?=\s*(?:[.,;:!*)\n]|$))))
    """,
    re.VERBOSE,
)
_UNSURE: Final = re.compile(
    r"(?:\b(?:nor|or|and|neither|not|if|whether)|\b[A-Za-z][)\]]?\s?[/,&])\s(?:option\s)?$",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"[*_]{0,3}(?:[Oo]ption\s)?[(\[]?(?P<letter>[A-Za-z])"
    r"(?:(?P<mark>[)\]])[*_.:]{0,3}|(?P<point>[.:])[*_]{0,3}(?=\s)"
    r"|\s[-–—]\s|(?=\s(?:because|since)\s))"
    r"\s*(?!(?:is|was|isn|are|aren|or|and|has|does|would|can|cannot|seems)(?![A-Za-z]))\S"
)
_OPTION_LABEL: Final = re.compile(
    r"[*_]{0,3}(?:[Oo]ption\s)?(?:\([A-J]\)[.:]?|[A-J][).:])[*_]{0,3}\s{1,4}(?=\S)"
)
_ANOTHER: Final = re.compile(r"(?:\b(?:or|and)|[,;/&|])\s{0,3}(?:option\s)?[(\[*]{0,3}([A-Z])[)\]]")
_EXPLANATION: Final = re.compile(
    r"\b(?:because|since|while|whereas|but|not|unlike)\b", re.IGNORECASE
)
_BRACKETED: Final = re.compile(r"[(\[]([A-Z])[)\]]")
_AT_THE_END: Final = re.compile(r"[(\[]([A-Z])[)\]][\s.*!_$]{0,6}$")
# "so it must be C." at the end of the last line.
_ENDS_IN: Final = re.compile(
    r"\b(?:it['’]s|(?:it|that|this)\s(?:is|must\sbe|has\sto\sbe|leaves)|leaves|going\s(?:with|for)"
    r"|go\swith|(?:choose|pick|select)(?:\soption)?|(?:corresponds\sto|matches|means)(?:\sthe)?"
    r"\s(?:option|choice)|(?:so|thus|hence|therefore)[,:]?(?:\s(?:option|choice))?)\s[*(\[]{0,3}"
    r"([A-Z])[)\]*]{0,3}[\s.!*]{0,4}$",
    re.IGNORECASE,
)
# "1/3, option B", "D (rectangle)": a letter with what it stands for.
_OPTION_BEHIND: Final = re.compile(
    r"[,;(]\s?(?:which\sis\s)?(?:option|choice|answer)\s\(?([A-J])\)?\)?[\s.$]{0,4}$"
)
_TEXT_BEHIND: Final = re.compile(
    r"[\s$]{0,4}\(?([A-J])\)?(?:\s|~|\\[ ,;]){0,4}\([^()]{1,200}\)[\s.$]{0,4}"
)
_SEVERAL: Final = re.compile(
    r"[\s$({\[*]{0,6}[A-J](?:(?:[\s,;，、和及*&(){}\[\]]|\\[ ,;]|and\b){0,6}[A-J]){1,9}"
    r"[\s$)}\].*。]{0,6}"
)
_CAPITAL: Final = re.compile(r"[A-J]")
_DENIAL: Final = re.compile(
    r"\b(?:not|wrong|incorrect|false|neither|except|unlike)\b|n['’]t\b", re.IGNORECASE
)


def stated_choice(text: str, options: Mapping[str, str]) -> Choice | None:
    """The last explicit statement of a choice.

    Args:
        text: the completion without its thinking part, or the part of it that holds the answer.
        options: what the prompt lists, as `options_in` returns it; may be empty.

    Returns:
        None if the text states no choice at all.
    """
    text = compatible(_window(text))
    found = [
        choice
        for choice in (
            _boxed(text, options),
            _last(_led(text, options)),
            _last(_praised(text)),
            _lines(text, options),
        )
        if choice is not None
    ]
    return max(found, key=lambda choice: choice.end, default=None)


def _window(text: str) -> str:
    """The first line of a text and as much of its end as is searched; a box from farther up too."""
    if len(text) <= _MAX_SEARCHED_CHARS + _MAX_LINE_CHARS:
        return text
    head, tail = text[:_MAX_LINE_CHARS].partition("\n")[0], text[-_MAX_SEARCHED_CHARS:]
    box = None if find_box(tail) else find_boxes(text[:-_MAX_SEARCHED_CHARS])
    boxed = f"\\boxed{{{box.text}}}" if box else ""
    return f"{head}\n{boxed}\n{tail}"


def _last(choices: Iterator[Choice]) -> Choice | None:
    return next(choices, None)


def _boxed(text: str, options: Mapping[str, str]) -> Choice | None:
    box = find_boxes(text)
    if box is None:
        return None
    return _choice_alone(box.text, options, box.end)


def _choice_alone(text: str, options: Mapping[str, str], end: int) -> Choice | None:
    plain = _WRAPPED.sub(r"\1", text)
    return _whole(plain.replace("\\ ", " ").replace("~", " ").strip(" $"), options, end)


def _led(text: str, options: Mapping[str, str]) -> Iterator[Choice]:
    """Statements that begin with a lead, from the last on."""
    leads = [lead.end() for lead in _LEAD.finditer(text)]
    leads = sorted([*leads, *foreign_statements(text)])
    for end in leads[: -_MAX_STATEMENTS - 1 : -1]:
        choice = _letter_at(text, _skip(_DRESS, text, end))
        if choice is not None:
            yield choice
        elif options:
            line = text[end : end + _MAX_LINE_CHARS].lstrip().partition("\n")[0]
            letter = option_named(line, options) or option_named(line.partition(". ")[0], options)
            if letter is not None:
                yield Choice(letter, end)


def _praised(text: str) -> Iterator[Choice]:
    """Statements of the form "C is correct", from the last on."""
    spans = [found.span("letter") for found in _PRAISE.finditer(text)]
    for start, end in spans[: -_MAX_STATEMENTS - 1 : -1]:
        before = text[max(0, start - 20) : start].rstrip("([*")
        if not _UNSURE.search(before):
            yield Choice(text[start], end)


def _whole(text: str, options: Mapping[str, str], end: int) -> Choice | None:
    """A text that is nothing but a choice: a letter, several, one with its text, or an option."""
    choice = _letter_at(text, _skip(_DRESS, text, 0))
    if choice is not None and (choice.letter is None or _ends(text, choice.end)):
        return Choice(choice.letter, end)
    if letter := option_named(text, options):
        return Choice(letter, end)
    letter = _label(text)
    return Choice(letter, end) if letter else None


def _ends(text: str, position: int) -> bool:
    return _skip(_CLOSING, text, position) == len(text)


def _letter_at(text: str, position: int) -> Choice | None:
    """The letter stated at this position, if one is; without a letter if it names several."""
    if not _is_option(text, position):
        return None
    end = position + 1
    if _names_another(text, end):
        return Choice(None, end)
    return Choice(text[position].upper(), end)


def _is_option(text: str, position: int) -> bool:
    """Is there a letter here that stands for an option, rather than being a word or part of one?"""
    if not _LETTER.match(text, position) or _LONGER.match(text, position + 1):
        return False
    if text[position].isupper() and text[position] not in "AIO":
        return True
    after = position + 1
    return bool(_DRESSED.match(text, after) or _GOES_ON.match(text, after))


def _names_another(text: str, end: int) -> bool:
    separator = _SEPARATOR.match(text, _skip(_CLOSING, text, end))
    if separator is not None:
        second = _skip(_DRESS, text, separator.end())
        if _is_option(text, second) and not _NEW_CLAUSE.match(text, second + 1):
            return True
    line = text[end : end + _MAX_LINE_CHARS].partition("\n")[0]  # "B) Paris or C) Rome"
    line = _EXPLANATION.split(line, maxsplit=1)[0]
    return any(
        other.group(1) != text[end - 1].upper() and not _NEW_CLAUSE.match(line, other.end())
        for other in _ANOTHER.finditer(line)
    )


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _lines(text: str, options: Mapping[str, str]) -> Choice | None:
    """Statements that are a line of their own, or end the last one."""
    split = text.split("\n")
    ends = accumulate(len(line) + 1 for line in split)
    lines = [(line, end - 1) for line, end in zip(split, ends, strict=True) if line.strip()]
    lines = lines[:1] + lines[1:][-_MAX_LINES:]
    if not lines:
        return None
    found = [_alone(lines), _labelled(lines)]
    last, end = lines[-1]
    if letter := option_named(last, options):
        found.append(Choice(letter, end))
    if letter := _at_the_end(last):
        found.append(Choice(letter, end))
    return max((choice for choice in found if choice), key=lambda choice: choice.end, default=None)


def _alone(lines: list[tuple[str, int]]) -> Choice | None:
    """The last line that is only a letter; no choice if the line above it is another letter."""
    following: Choice | None = None
    for line, end in reversed(lines):
        start = _skip(_DRESS, line, len(line) - len(line.lstrip(" \t#>-•")))
        choice = _letter_at(line, start) if len(line) <= 80 else None
        if choice is not None and choice.letter is not None and not _ends(line, choice.end):
            choice = None
        if following is not None:
            several = choice is not None and choice.letter != following.letter
            return Choice(None, following.end) if several else following
        following = Choice(choice.letter, end) if choice else None
    return following


def _labelled(lines: list[tuple[str, int]]) -> Choice | None:
    """A first or last line such as "C) Paris", if no line of the text is labelled otherwise."""
    marked = [(_label(line), end) for line, end in lines]
    letters = {letter for letter, _ in marked if letter}
    if len(letters) != 1:
        return None
    ends = [end for letter, end in (marked[0], marked[-1]) if letter]
    return Choice(letters.pop(), ends[-1]) if ends else None


def _label(line: str) -> str | None:
    """The letter that labels this line; None if a second option follows in the same line."""
    line = line.strip()
    label = _LABELLED.match(line)
    if label is None:
        return None
    start, end = label.span("letter")
    letter = line[start].upper()
    listing = f" {chr(ord(line[start]) + 1)}{label['mark'] or label['point'] or ')'}"
    unlike = listing in line.replace(" (", " ") or _names_another(line, end)
    return None if unlike else letter


def _at_the_end(line: str) -> str | None:
    line = line[-_MAX_LINE_CHARS:]
    ending = _ENDS_IN.search(line)
    if ending is not None and ending.group(1).isupper():
        clause = line[: ending.start(1)].replace(";", ",").rpartition(",")[2]
        if not _DENIAL.search(clause):
            return ending.group(1)
    closing = _AT_THE_END.search(line)
    if closing is None or _DENIAL.search(line) or _UNSURE.search(line[: closing.start()]):
        return None
    return closing.group(1) if len(set(_BRACKETED.findall(line))) == 1 else None


def chosen_letter(candidate: str, options: Mapping[str, str]) -> str | None:
    r"""The option a candidate answer names, being nothing else.

    Args:
        candidate: an answer that was found already: "C", "(C)", ``\text{(C) } 12``, "C) Paris", or
            the text of an option.
        options: what the prompt lists, as `options_in` returns it; may be empty.

    Returns:
        The letter, A-Z; None for several letters, or where it names no option.
    """
    text = compatible(candidate[:_MAX_LINE_CHARS])
    choice = _choice_alone(text, options, 0)
    if choice is not None:
        return choice.letter
    behind = _OPTION_BEHIND.search(text) or _TEXT_BEHIND.fullmatch(_WRAPPED.sub(r"\1", text))
    return behind.group(1) if behind else option_valued(text, options)


def chosen_letters(answer: str, options: Mapping[str, str]) -> frozenset[str]:
    r"""The options that an answer names, where several are right: "A, C", AC, "A and C".

    Args:
        answer: a candidate or a reference answer.
        options: what the prompt lists, as `options_in` returns it.

    Returns:
        The letters, at least two, all of them listed; empty where it is anything else.
    """
    plain = _WRAPPED.sub(r"\1", compatible(answer[:_MAX_LINE_CHARS]))
    letters = frozenset(_CAPITAL.findall(plain)) if _SEVERAL.fullmatch(plain) else frozenset()
    return letters if len(letters) > 1 and letters <= options.keys() else frozenset()


def without_label(candidate: str) -> str | None:
    r"""What stands behind the letter of an option: "12" of "C) 12" and of ``\text{(C) }12``.

    Args:
        candidate: an answer that was found already.

    Returns:
        None where it does not begin with a capital A to J as the label of something.
    """
    plain = _WRAPPED.sub(r"\1", candidate[:_MAX_LINE_CHARS]).replace("\\ ", " ").strip(" $")
    label = _OPTION_LABEL.match(plain)
    return plain[label.end() :] if label and len(candidate) <= _MAX_LINE_CHARS else None
