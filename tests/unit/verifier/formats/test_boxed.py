r"""The rule ``boxed`` against what it means, spelled out brace by brace."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.format_rules import BoxedRule
from verifier.formats.boxed import boxed
from verifier.types import FormatTask, Item

PIECES = ["\\boxed{", "\\boxed", "boxed", "{", "}", "\\", " ", "\n", "a", "\\boxed \n{"]
PARTS = re.compile(r"(?P<box>\\{1,2}boxed\s*\{)|\\[\\{}]|(?P<open>\{)|(?P<close>\})|(?s:.)")
NONE = r"no \boxed{…}"
EMPTY = r"empty \boxed{}"
OPEN = r"\boxed{ is never closed"


def message(completion):
    return boxed(BoxedRule(), Item("id", completion, FormatTask(()))).message


def spelled_out(text):
    opened, blank, any_open = [], False, False
    for part in PARTS.finditer(text):
        if part["box"] or part["open"]:
            opened.append(part.end() if part["box"] else None)
            any_open |= bool(part["box"])
        elif part["close"] and opened and (start := opened.pop()) is not None:
            if text[start : part.start()].strip():
                return ""
            blank = True
    return EMPTY if blank else OPEN if any_open else NONE


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_the_message_is_the_one_that_each_brace_in_turn_leads_to(text):
    assert message(text) == spelled_out(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"\boxed{1} then \boxed{", ""),
        (r"\boxed{1} then \boxed", ""),
        (r"\boxed{ then \boxed{1}", ""),
        (r"\boxed{\boxed{}}", ""),
        (r"\boxed{1} \boxed{}", ""),
        (r"\boxed{} \boxed{ ", EMPTY),
        (r"\boxed{1\}", OPEN),
        (r"{\boxed{1\\}", ""),
        (r"\\boxed{1}", ""),
        (r"\\\\\boxed{1}", ""),
        (r"\boxed {" + "1" * 10_000 + "}", ""),
        (r"\boxed" + " " * 40 + "{1}", ""),
        (r"\boxed 1", NONE),
        (r"boxed{1}", NONE),
    ],
)
def test_one_box_that_is_closed_is_enough_wherever_it_stands(text, wanted):
    assert message(text) == wanted


MEGABYTE = 10**6


@pytest.mark.parametrize(
    ("piece", "behind", "wanted"),
    [
        ("\\boxed{", "", OPEN),
        ("\\boxed{", "}", EMPTY),
        ("\\boxed{", "}}", ""),
        ("\\boxed{}", "", EMPTY),
        ("\\boxed", "{1}", ""),
        ("\\boxed ", "{1}", ""),
        ("\\boxed\\{", "}", NONE),
        ("\\", "boxed{1}", ""),
        ("{", "\\boxed{1}", ""),
        ("{}", "\\boxed{", OPEN),
    ],
)
def test_a_megabyte_of_one_piece_is_read(piece, behind, wanted):
    assert message(piece * (MEGABYTE // len(piece)) + behind) == wanted
