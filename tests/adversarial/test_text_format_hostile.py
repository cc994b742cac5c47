"""Long texts made to be slow: the text and format verifiers stay linear.

The bound is generous and still far below anything quadratic. It is CPU time, not wall time, because
the machine is shared.
"""

import time

import pytest

from verifier.outcome.format import FormatVerifier
from verifier.outcome.text import TextVerifier
from verifier.types import BoxedRule, FormatTask, Item, TextMode, TextTask, ThinkAnswerRule

MEGABYTE = 1_000_000
SIZE = 200_000  # bytes: enough to tell linear from quadratic, for the long tables below
# A guard against hanging, not a measure of speed: the tracer of coverage or a busy machine costs a
# few times over, while work that grows with the square of the text would take minutes.
LIMIT_SECONDS = 20.0
OPTIONS = "Which?\nA. one\nB. two\nC. three"


def repeated(piece, size):
    return piece * (size // len(piece.encode("utf-8", "surrogatepass")))


REPEATED = {
    "think-tags": "<think>",
    "think-closing": "</think>",
    "answer-tags": "<answer>",
    "answer-closing": "</answer>",
    "half-tags": "<answe",
    "options": "(A",
    "options-closed": "(A) ",
    "letters": "A ",
    "letter-lines": "A\n",
    "label-lines": "A) x\n",
    "leads": "the answer is ",
    "leads-to": "answer to the ",
    "leads-letter": "answer: A or ",
    "leads-commas": "Answer: A, ",
    "praise": "A is correct, B is correct, ",
    "denials": "neither A nor ",
    "i-choose": "I choose I ",
    "chinese": "答案是选",
    "boxes": "\\boxed{",
    "boxes-empty": "\\boxed{}",
    "boxes-letters": "\\boxed{A",
    "texts": "\\text{",
    "opening-braces": "{",
    "closing-braces": "}",
    "backslashes": "\\",
    "escaped-braces": "\\{",
    "spaces": " ",
    "newlines": "\n",
    "tabs-letter": "A\t\t\t\t",
    "stars": "*",
    "quotes": "\"'",
    "underscores": "_",
    "dollars": "$",
    "points": "1.",
    "digits": "1",
    "minuses": "-",
    "commas": "1,",
    "marks": "\u0301",
    "two-kinds-of-marks": "\u0301\u0316",
    "marks-in-disguise": "\u0f73",
    "expanding": "\ufdfa",
    "expanding-less": "㌖",
    "ideographs": "漢",
    "surrogates": "\ud800",
    "nul": "\0",
    "joiners": "\u200d",
    "emoji": "😀",
}
# What repetition alone does not make: the order that makes sorting marks slow, cut-off ends.
TEXTS = {
    **{name: repeated(piece, SIZE) for name, piece in REPEATED.items()},
    "marks-out-of-order": "a" + "\u0301" * (SIZE // 2) + "\u0316" * (SIZE // 2),
    "nested-braces": "\\boxed{" + "{" * (SIZE // 2) + "}" * (SIZE // 2),
    "spaces-then-letter": " " * SIZE + "A",
    "letter-then-spaces": "Answer: A" + " " * SIZE + "x",
    "one-word": "a" * SIZE + " b",
    "last-moment": "<answer>" * (SIZE // 8) + "A",
}


def seconds(verify):
    began = time.process_time()
    outcome = verify()
    assert outcome.verdict is not None
    return time.process_time() - began


@pytest.mark.parametrize("mode", TextMode, ids=lambda mode: mode.value.lower())
@pytest.mark.parametrize("name", TEXTS)
def test_a_long_text_is_scored_in_time(name, mode):
    task = TextTask(("A",), mode)
    took = seconds(lambda: TextVerifier().verify(Item("id", TEXTS[name], task, OPTIONS)))
    assert took < LIMIT_SECONDS


@pytest.mark.parametrize("name", TEXTS)
def test_a_long_text_against_itself_is_scored_in_time(name):
    text = TEXTS[name][: SIZE // 4]
    for mode in TextMode:
        item = Item("id", text, TextTask((text,), mode), prompt=text)
        assert seconds(lambda item=item: TextVerifier().verify(item)) < LIMIT_SECONDS


@pytest.mark.parametrize("name", TEXTS)
def test_the_form_of_a_long_text_is_judged_in_time(name):
    task = FormatTask((ThinkAnswerRule(), BoxedRule()))
    took = seconds(lambda: FormatVerifier().verify(Item("id", TEXTS[name], task)))
    assert took < LIMIT_SECONDS


@pytest.mark.parametrize("mode", TextMode, ids=lambda mode: mode.value.lower())
@pytest.mark.parametrize(
    "name",
    ["think-tags", "answer-tags", "options", "leads", "two-kinds-of-marks", "expanding-less"],
)
def test_a_megabyte_is_scored_in_time(name, mode):
    text = repeated(REPEATED[name], MEGABYTE)
    item = Item("id", text, TextTask(("A",), mode), OPTIONS)
    assert seconds(lambda: TextVerifier().verify(item)) < LIMIT_SECONDS


@pytest.mark.parametrize("piece", ["A) x B) y ", "A. x\n", "- - - A "])
def test_a_megabyte_of_prompt_is_read_in_time(piece):
    item = Item("id", "B", TextTask(("B",), TextMode.CHOICE), repeated(piece, MEGABYTE))
    assert seconds(lambda: TextVerifier().verify(item)) < LIMIT_SECONDS
