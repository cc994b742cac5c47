"""The golden table of the rules that find an answer, and what a table cannot say."""

import pytest
from case_rows import case_rows

from verifier.answers.rules import RULES, find_answer
from verifier.answers.thinking import hide_thinking
from verifier.types import Extraction

ROWS = case_rows("answers")


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_row_finds_its_answer(row):
    found = find_answer(row["completion"])
    assert ((found.rule.value, found.text) if found else (None, None)) == (row["rule"], row["text"])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_span_is_the_place_of_the_text_in_the_completion(row):
    found = find_answer(row["completion"])
    if found is not None:
        assert row["completion"][found.start : found.end] == row.get("slice", found.text)


def test_every_rule_of_the_contract_is_in_the_table_in_its_order():
    assert tuple(RULES) == tuple(Extraction)


def test_every_rule_has_a_row():
    assert {row["rule"] for row in ROWS} == {rule.value for rule in Extraction} | {None}


def test_only_the_rules_asked_for_are_tried_in_the_order_asked():
    completion = "\\boxed{1} <answer>2</answer>\n#### 3"
    order = (Extraction.HASHES, Extraction.BOXED)
    assert find_answer(completion, order).text == "3"
    assert find_answer(completion, order[::-1]).text == "1"
    assert find_answer(completion, (Extraction.ANCHOR,)) is None


def test_hiding_the_thinking_part_keeps_every_other_place():
    completion = "a<think>b</think>c"
    assert hide_thinking(completion) == "a" + "\n" * len("<think>b</think>") + "c"


MEBI = 1 << 20


def test_a_box_counts_wherever_it_stands_and_a_number_only_near_the_end():
    assert find_answer(r"\boxed{7} " + "word " * (MEBI // 5)).text == "7"
    assert find_answer("17 " + "word " * (MEBI // 5)) is None


def test_an_anchor_near_the_end_of_a_long_text_is_found_at_its_place():
    completion = "İ words, " * (MEBI // 9) + "\nLa respuesta es 42."
    found = find_answer(completion)
    assert found.text == "42"
    assert completion[found.start : found.end] == "42"


def test_thinking_parts_beyond_the_bound_hide_what_stands_between_them():
    completion = r"\boxed{1}" + "<think>a</think>" * 2000 + "The answer is 4."
    assert find_answer(completion).text == "4"
    assert find_answer("<think>a</think>" * 2000 + r"\boxed{4}<think>b</think>").text == "4"
