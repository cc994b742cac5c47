"""Comparing two answers as text by the comparers of all kinds, and tables of what they must say."""

from verifier.mathematics.kinds.dispatch import compare_nodes
from verifier.mathematics.lexing.numerals import CommaStyle
from verifier.mathematics.reading.answer import read_answer
from verifier.mathematics.syntax import UnreadableError
from verifier.mathematics.verdicts import Match
from verifier.types import MathPolicy

EQUAL, DIFFERENT, UNDECIDED = Match.EQUAL, Match.DIFFERENT, Match.UNDECIDED


def read(text):
    """The tree of an answer; fails the test where there is none."""
    tree = read_answer(text, CommaStyle.THOUSANDS, lenient=False)
    assert not isinstance(tree, UnreadableError), f"{text}: {tree}"
    return tree


def match_of(candidate, reference, policy=None):
    """What is said of two answers written as text."""
    return compare_nodes(read(candidate), read(reference), policy or MathPolicy()).match


def check_row(row):
    """Checks a row: candidate, reference, the matches that will do, and why."""
    candidate, reference, allowed, why = row
    allowed = allowed if isinstance(allowed, tuple) else (allowed,)
    assert match_of(candidate, reference) in allowed, why
    if allowed == (EQUAL,):
        assert match_of(candidate, candidate) is EQUAL, "every answer equals itself"
