"""Is this candidate answer equal to that reference answer? Equal, different, or cannot tell."""

from __future__ import annotations

import re
from typing import Final

from verifier.mathematics.kinds.dispatch import compare_nodes
from verifier.mathematics.kinds.requirements import fold_case, lacks_required
from verifier.mathematics.kinds.restating import restates_question
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.lexing.tokens import join_digits
from verifier.mathematics.limits import MAX_TEXT
from verifier.mathematics.reading.answer import read_answer
from verifier.mathematics.reading.words import fold_formula, fold_words, is_verbal
from verifier.mathematics.reading.wrappers import strip_wrappers
from verifier.mathematics.syntax import (
    BasedNumber,
    Logic,
    Matrix,
    Node,
    Number,
    Piecewise,
    Quantity,
    Relation,
    Sequence,
    SetBuilder,
    Symbol,
    UnreadableError,
)
from verifier.mathematics.traversal import contains, free_symbols, is_expression
from verifier.mathematics.units.phrases import is_unit
from verifier.mathematics.verdicts import (
    DIFFERENT,
    EXACT_DIFFERENT,
    EXACT_EQUAL,
    Comparison,
    Match,
)
from verifier.types import MathPolicy, Method, SymbolCase

_PLAIN: Final = re.compile(r"-?[0-9]{1,40}")  # most answers; the general path says the same of them
_DECIMAL_COMMA: Final = re.compile(
    r"[-+]?(?:[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})|0,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+)"
)
# "1,500" is fifteen hundred whatever the reference; "0,500" and "3,14" group nothing.
_COMPLETE_GROUPS: Final = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})++(?!,?[0-9])")
_BRACKETED_COMMA: Final = re.compile(r"(?:[(\[|]|\\\{|\\langle)\s*[^()\[\]{}|]{0,40},")
_BRACKETED_GROUPS: Final = re.compile(
    r"(?:[(\[]|\\\{)\s*-?[0-9]{1,3}(?:,[0-9]{3})++\s*(?:[)\]]|\\\})"
)
# As a list this is no answer to a single number, so nothing is lost by reading it as one.
_LAKHS: Final = re.compile(r"(?<![0-9.,])[0-9]{1,2}(?:,[0-9]{2}(?![0-9]))++,[0-9]{3}(?!,?[0-9])")
_SPACED_UNIT: Final = re.compile(
    r"(?P<figure>[-+]?[0-9][0-9.,]{0,40})(?:\s|~|\\[,;: ]){1,8}(?P<unit>[A-Za-z])"
)
_CHAINING: Final = frozenset(("=", "≈"))
_VERDICTS: Final = frozenset(("yes", "no", "true", "false"))
# Behind the verdict these take it back: "yes, but no", "no, maybe".
_TAKEN_BACK: Final = re.compile(
    r"\b(?:yes|no|true|false|but|maybe|perhaps|or|however|unless|except|wrong)\b"
)
_DENIED: Final = re.compile(r"\b(?:not|never)\b|n['’]t\b")
_AFFIRMING: Final = frozenset(("yes", "true"))
_MAX_VERDICT: Final = 40  # characters of a reference that is a verdict
_FIGURE: Final = re.compile(r"[0-9]")
_OPENING_WORD: Final = re.compile(r"([a-z]{2,5})[,.;:!]\s")
_TEXT_EQUAL: Final = Comparison(Match.EQUAL, Method.TEXT)
_NO_REFERENCE: Final = Comparison(Match.REFERENCE_UNPARSEABLE, None)


def compare(candidate: str, reference: str, policy: MathPolicy) -> Comparison:
    """Compares a candidate answer with a reference answer. Total and bounded: see `limits`.

    How a comma is read follows the reference: where it is a list, ``1,234`` in the candidate is
    two numbers; where it is a decimal, ``1,5`` may be one; else commas group thousands or separate.

    Args:
        candidate: what the completion answered, as written.
        reference: the reference answer, as written.
        policy: how strictly to compare.
    """
    policy = policy.effective()
    if _is_plain(candidate, reference, policy):
        return EXACT_EQUAL if int(candidate) == int(reference) else EXACT_DIFFERENT
    if candidate == reference and not candidate.isspace():
        return _TEXT_EQUAL
    if max(len(candidate), len(reference)) > MAX_TEXT:
        return DIFFERENT if len(reference) <= MAX_TEXT else _NO_REFERENCE
    outcome = _compare_read(candidate, reference, policy)
    if outcome.match is Match.EQUAL:
        return outcome
    measured = _SPACED_UNIT.fullmatch(strip_wrappers(reference))
    if measured is None or not is_unit(measured["unit"]):
        return outcome
    # "5 m" is five of a variable or five metres: the reference may mean either.
    upright = f"{measured['figure']}\\text{{ {measured['unit']}}}"
    freer = _compare_read(candidate, upright, policy)
    return freer if freer.match is Match.EQUAL else outcome


def _compare_read(candidate: str, reference: str, policy: MathPolicy) -> Comparison:
    """Compares by every way to read the commas."""
    if is_verbal(reference) and fold_words(candidate) == fold_words(reference):
        return _TEXT_EQUAL
    if _said_first(candidate, reference):
        return _TEXT_EQUAL
    best = DIFFERENT
    readable = False
    for reference_style, style in _styles(candidate, reference):
        theirs = read_answer(reference, reference_style, lenient=False)
        if isinstance(theirs, UnreadableError):
            continue
        readable = True
        outcome = _compare_with(candidate, style, theirs, policy)
        if outcome.match is Match.EQUAL:
            return outcome
        if best is DIFFERENT or outcome.match is Match.UNDECIDED:
            best = outcome
    if candidate.strip() == reference.strip():
        return _TEXT_EQUAL
    if readable:
        return best
    same = fold_formula(candidate) == fold_formula(reference)
    return _TEXT_EQUAL if same else _NO_REFERENCE


def _said_first(candidate: str, reference: str) -> bool:
    """Tells whether a reference of yes or no opens the candidate: "Yes, it is possible"."""
    verdict = fold_words(reference).rstrip(".") if len(reference) <= _MAX_VERDICT else ""
    if verdict not in _VERDICTS:
        return False
    said = fold_words(candidate)
    opening = _OPENING_WORD.match(said)
    if opening is None or opening[1] != verdict:
        return False
    denied = _DENIED.search(said) if verdict in _AFFIRMING else None
    taken_back = _TAKEN_BACK.search(said, opening.end()) or denied
    return taken_back is None and _FIGURE.search(said) is None


def _is_plain(candidate: str, reference: str, policy: MathPolicy) -> bool:
    """Tells whether two integers are compared and nothing else can matter."""
    return (
        _PLAIN.fullmatch(candidate) is not None
        and _PLAIN.fullmatch(reference) is not None
        and policy.relative_tolerance is None
        and policy.absolute_tolerance is None
    )


def is_readable(reference: str) -> bool:
    """Tells whether a reference answer can decide anything beyond its own exact text."""
    if is_verbal(reference):
        return True
    read = read_answer(reference, CommaStyle.THOUSANDS, lenient=False)
    return not isinstance(read, UnreadableError)


def _styles(candidate: str, reference: str) -> list[tuple[CommaStyle, CommaStyle]]:
    """Lists how to read the commas of reference and candidate, most likely first."""
    styles = [(CommaStyle.THOUSANDS, CommaStyle.THOUSANDS)]
    if "," not in candidate and "," not in reference:
        return styles
    if _DECIMAL_COMMA.fullmatch(reference.strip(" $")):
        styles.append((CommaStyle.DECIMAL, CommaStyle.DECIMAL))
        styles.append((CommaStyle.DECIMAL, CommaStyle.THOUSANDS))
    theirs = read_answer(reference, CommaStyle.THOUSANDS, lenient=False)
    if _BRACKETED_COMMA.search(candidate) and not isinstance(theirs, UnreadableError):
        styles = [(CommaStyle.THOUSANDS, CommaStyle.LIST)]  # a pair, whatever it would group to
        pair = _BRACKETED_GROUPS.search(reference)
        return [*styles, (CommaStyle.LIST, CommaStyle.LIST)] if pair else styles
    if not isinstance(theirs, UnreadableError) and contains(theirs, _is_sequence):
        styles.append((CommaStyle.THOUSANDS, CommaStyle.LIST))
        return styles
    if _BRACKETED_GROUPS.search(reference):
        styles.append((CommaStyle.LIST, CommaStyle.LIST))
    if _LAKHS.search(candidate):
        styles.append((CommaStyle.THOUSANDS, CommaStyle.INDIAN))
    if _has_places(theirs) and not _groups_thousands(candidate):
        styles.append((CommaStyle.THOUSANDS, CommaStyle.DECIMAL))
    return styles


def _is_value(node: Node) -> bool:
    return isinstance(node, Quantity | Matrix | BasedNumber) or is_expression(node)


def _is_statement(node: Node, value: Node) -> bool:
    """Tells whether an answer states something, where a value was asked for, and gives none.

    A chain of equations gives one; of a proposition p, not not p is one; a function by cases is
    none of a number.
    """
    if isinstance(node, Relation):
        return not set(node.signs) <= _CHAINING
    if isinstance(node, Piecewise):
        return not free_symbols(value)
    return isinstance(node, SetBuilder) or (
        isinstance(node, Logic) and not isinstance(value, Symbol)
    )


def _is_sequence(node: Node) -> bool:
    return isinstance(node, Sequence)


def _has_places(reference: Node | UnreadableError) -> bool:
    """Tells whether the reference is written as a decimal, so that a comma may be its point."""
    return isinstance(reference, Number) and bool(reference.places)


def _groups_thousands(candidate: str) -> bool:
    """Tells whether the candidate groups thousands by commas, which then are no decimal points."""
    return _COMPLETE_GROUPS.search(join_digits(candidate)) is not None


def _compare_with(
    candidate: str, style: CommaStyle, reference: Node, policy: MathPolicy
) -> Comparison:
    """Compares by the strict reading of the candidate, then by the one that allows any unit."""
    strict = read_answer(candidate, style, lenient=False)
    outcome = _judge(strict, reference, policy)
    if outcome.match is Match.EQUAL or isinstance(strict, Number):
        return outcome
    lenient = read_answer(candidate, style, lenient=True)
    if isinstance(lenient, UnreadableError) or lenient == strict:
        return outcome
    freer = _judge(lenient, reference, policy)
    return outcome if outcome.match is Match.UNDECIDED and freer.match is not Match.EQUAL else freer


def _judge(candidate: Node | UnreadableError, reference: Node, policy: MathPolicy) -> Comparison:
    if isinstance(candidate, UnreadableError):
        return DIFFERENT
    if policy.symbol_case is SymbolCase.IGNORE:
        candidate, reference = fold_case(candidate, reference)
    if _is_value(reference) and _is_statement(candidate, reference):
        return DIFFERENT  # a statement where a value was asked for
    if lacks_required(candidate, reference, policy) or restates_question(candidate, reference):
        return DIFFERENT
    return compare_nodes(candidate, reference, policy)
