"""Paragraphs, brackets, lists and lines (IFEvalG, IFBench's ``format``)."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.formats.ifeval.counting import at_least, exactly, quoted
from verifier.formats.ifeval.instruction import Arguments, Instruction, Phrase
from verifier.formats.ifeval.length_constraints import divided
from verifier.formats.ifeval.sentences import each_sentence, sentences
from verifier.formats.ifeval.words import (
    each_once,
    each_token,
    trimmed,
    without_apart,
    without_marks,
)
from verifier.formats.patterns import matches

if TYPE_CHECKING:
    from collections.abc import Mapping

_LETTERED: Final = re.compile(r"\W*a\W*b\W*c\W*", re.IGNORECASE)
_NO_BRACKETS: Final = re.sub(rb"[()\[\]{}]", b"", bytes(range(256)))
_DEPTH: Final = 5  # brackets nested as deep as this
_TEMPLATE: Final = ("My Answer:", "My Conclusion:", "Future Outlook:")


def _nested(depth: int) -> str:
    """The pattern of brackets nested so deep, where nothing but brackets is left.

    Behind the outermost one, and behind each in it, may stand closed ones, down to the innermost
    one, which is closed. The outer ones may be left open.
    """
    closed = ""
    pattern = r"(?:\(\)|\[\]|\{\})"
    for _ in range(depth - 1):
        pattern = rf"[(\[{{]{closed}{pattern}"
        closed = rf"(?:\({closed}\)|\[{closed}\]|\{{{closed}\}})*"
    return pattern


_NESTED: Final = _nested(_DEPTH)


class OptionsArguments(Arguments, frozen=True):
    """Options, separated by ``/``, else by ``or``, else by commas."""

    options: Phrase


class SeparatorArguments(Arguments, frozen=True):
    """What stands for a bullet."""

    sep: Phrase


def two_divided(text: str, _given: Arguments) -> str:
    """Two paragraphs, separated by ``***``."""
    return divided(text, 2)


def two_paragraphs(text: str, _given: Arguments) -> str:
    """Two paragraphs, separated by a blank line; only the first and the last may be blank."""
    parts = text.split("\n\n")
    if any(not part.strip() for part in parts[1:-1]):
        return "a paragraph is blank"
    return exactly(sum(1 for part in parts if part.strip()), 2, "paragraphs")


def square_brackets(text: str, _given: Arguments) -> str:
    """Every word, as white space parts them, begins with ``[`` and ends with ``]``."""
    bare = (word for word in text.split() if word[0] != "[" or word[-1] != "]")
    return next((f"{quoted(word)} is not in brackets" for word in bare), "")


def bigram_wrapping(text: str, _given: Arguments) -> str:
    """Of every two words the first begins with ``<<``, the second ends with ``>>``."""
    words = text.split()
    for first, second in zip(words[::2], words[1::2], strict=False):
        if not first.startswith("<<") or not second.endswith(">>"):
            return f"{quoted(f'{first} {second}')} is not wrapped"
    return ""


def sentence_hyphens(text: str, _given: Arguments) -> str:
    """Sentences are joined by hyphens without spaces, and no hyphen stands elsewhere."""
    wanted = each_sentence(text.replace("-", " "))
    for piece, sentence in zip(text.split("-"), wanted, strict=False):
        if piece != sentence:
            return f"{quoted(piece)} is not one sentence"
    return ""


def parentheses(text: str, _given: Arguments) -> str:
    """Brackets ``([{`` nested five deep; one that closes another kind begins anew."""
    brackets = text.encode("ascii", "ignore").translate(None, _NO_BRACKETS)
    found = matches(_NESTED, brackets.decode("ascii"), max_work=sys.maxsize)
    return "" if found else f"no brackets nested {_DEPTH} deep"


def options(text: str, given: OptionsArguments) -> str:
    """The text is one of the options, in any case, punctuation around it aside.

    Lettered options, ``a), b), c)``, must stand as they are spelled.
    """
    separator = next((mark for mark in ("/", "or") if mark in given.options), ",")
    allowed = [option.strip() for option in given.options.split(separator)]
    if _LETTERED.match(given.options):
        return "" if text in allowed else "is none of the options"
    wanted = {trimmed(option).lower() for option in allowed}
    return "" if trimmed(text).lower() in wanted else "is none of the options"


def newline(text: str, _given: Arguments) -> str:
    """As many lines as words, blank ones and ASCII punctuation aside."""
    bare = without_marks(text)
    lines = sum(map(bool, map(str.strip, bare.split("\n"))))
    words = len(bare.split())
    return "" if lines == words else f"{words} words on {lines} lines"


def line_indent(text: str, _given: Arguments) -> str:
    """Every line is indented by more spaces than the one before; blank ones aside."""
    lines = filter(str.strip, text.split("\n"))
    depths = (len(line) - len(line.lstrip(" ")) for line in lines)
    for place, (above, below) in enumerate(pairwise(depths), start=2):
        if below <= above:
            return f"line {place} is not indented more"
    return ""


def separated_list(text: str, given: SeparatorArguments) -> str:
    """The separator occurs twice at least."""
    return at_least(text.count(given.sep), 2, f"times {quoted(given.sep)}")


def sub_bullets(text: str, _given: Arguments) -> str:
    """Behind every ``*``, before the next, stands a ``-``; a text without ``*`` lacks none."""
    bullets = text.split("*")[1:]
    return "" if all("-" in bullet for bullet in bullets) else "a bullet without a sub-bullet"


def sentences_then_bullets(text: str, _given: Arguments) -> str:
    """Lines of two sentences at least, then two lines at least that begin with ``*``, no more."""
    before, bullets = 0, 0
    for line in text.split("\n"):
        if line.lstrip().startswith("*"):
            bullets += 1
        elif not line or line.isspace():
            continue
        elif bullets:
            return "text behind the bullets"
        elif before < 2:
            before += len(sentences(line))
    return at_least(before, 2, "sentences") or at_least(bullets, 2, "bullets")


def title_case(text: str, _given: Arguments) -> str:
    """No word of `words.tokens` begins with a small letter, unless capitals and small ones mix."""
    for word in each_token(" ".join(each_once(without_apart(text).split()))):
        if word[0].islower() and (len(word) == 1 or word[1:].islower() or word[1:].isupper()):
            return f"{quoted(word)} begins with a small letter"
    return ""


def output_template(text: str, _given: Arguments) -> str:
    """The three headings of the template occur, as they are spelled, in any order."""
    return next((f'no "{heading}"' for heading in _TEMPLATE if heading not in text), "")


def no_whitespace(text: str, _given: Arguments) -> str:
    """No white space at all, not even at the end."""
    words = text.split(maxsplit=1)
    if words == [text]:
        return ""
    return "has white space"


INSTRUCTIONS: Final[Mapping[str, Instruction]] = MappingProxyType(
    {
        "paragraphs:paragraphs": Instruction(two_divided),
        "paragraphs:paragraphs2": Instruction(two_paragraphs),
        "detectable_format:square_brackets": Instruction(square_brackets),
        "detectable_format:bigram_wrapping": Instruction(bigram_wrapping),
        "detectable_format:sentence_hyphens": Instruction(sentence_hyphens),
        "format:parentheses": Instruction(parentheses),
        "format:options": Instruction(options, OptionsArguments),
        "format:newline": Instruction(newline),
        "format:line_indent": Instruction(line_indent),
        "format:list": Instruction(separated_list, SeparatorArguments),
        "format:sub-bullets": Instruction(sub_bullets),
        "format:no_bullets_bullets": Instruction(sentences_then_bullets),
        "format:title_case": Instruction(title_case),
        "format:output_template": Instruction(output_template),
        "format:no_whitespace": Instruction(no_whitespace),
    }
)
