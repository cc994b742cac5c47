"""What of a completion the judge sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ANY_TEXT

from verifier.judge.scope import seen
from verifier.types import JudgeScope

FINAL = {
    "plain text is its own answer": ("It is 4.", "It is 4."),
    "and is left as it stands": (" It is 4.\n", " It is 4.\n"),
    "blank": (" \n", ""),
    "empty": ("", ""),
    "behind the thinking": ("<think>2 + 2</think>\nIt is 4.\n", "It is 4."),
    "the prompt opened the thinking": ("2 + 2 </think> It is 4.", "It is 4."),
    "what stands before the thinking is not the answer": (
        "Hm. <think>a</think> It is 4.",
        "It is 4.",
    ),
    "thinking twice: behind the last": ("<think>a</think> 5? <think>b</think> 4.", "4."),
    "never closed": ("<think>It is 4.", ""),
    "opened again and never closed": ("<think>a</think> It is 4. <think>or", ""),
    "nothing behind the thinking": ("<think>It is 4.</think>", ""),
    "blank behind the thinking": ("<think>It is 4.</think> \n ", ""),
    "answer tags": ("<think>a</think><answer> 4 </answer>", "4"),
    "answer tags without thinking": ("So: <answer>4</answer> Done.", "4"),
    "text around the tags is left out": ("<think>a</think> so <answer>4</answer> bye", "4"),
    "the last of several": ("<answer>5</answer> no: <answer>4</answer>", "4"),
    "tags in the thinking are thinking": ("<think><answer>5</answer></think> It is 4.", "It is 4."),
    "never closed answer": ("<think>a</think><answer>4", "4"),
    "empty answer": ("<think>a</think> 4 <answer></answer>", ""),
    "a closing tag alone is text": ("4</answer>", "4</answer>"),
    "thinking inside the answer is left out": (
        "<answer>5 <think>no</think> 4</answer>",
        "4</answer>",
    ),
    "other spellings are text": ("<THINK>a</THINK> <Answer>4</Answer>",) * 2,
    "half a surrogate pair": ("<think>\ud800</think>\udfff", "\udfff"),
}


@pytest.mark.parametrize("name", FINAL)
def test_the_final_answer_is(name):
    completion, answer = FINAL[name]
    assert seen(completion, JudgeScope.FINAL_ANSWER) == answer


@pytest.mark.parametrize("name", FINAL)
def test_the_whole_completion_is_left_as_it_is(name):
    completion, _ = FINAL[name]
    assert seen(completion, JudgeScope.WHOLE_COMPLETION) is completion


TAGGED = st.lists(
    st.sampled_from(["<think>", "</think>", "<answer>", "</answer>", "a", " ", "\n"]), max_size=12
).map("".join)


@given(ANY_TEXT | TAGGED)
def test_the_final_answer_is_part_of_the_completion_and_never_blank(text):
    answer = seen(text, JudgeScope.FINAL_ANSWER)
    assert answer in text
    assert answer == "" or answer.strip()


@given(TAGGED, TAGGED)
def test_nothing_of_closed_thinking_is_seen(thought, answer):
    text = f"<think>SECRET{thought}SECRET</think>{answer}"
    assert "SECRET" not in seen(text, JudgeScope.FINAL_ANSWER)
