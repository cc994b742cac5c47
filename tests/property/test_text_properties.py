"""What holds of text answers, whatever the text."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verifier.answers.choices import stated_choice
from verifier.answers.folding import folded, overlap_tokens, same_form, words
from verifier.answers.options import option_meant, options_in
from verifier.outcome.text import TextVerifier
from verifier.types import Item, TextMode, TextTask, Verdict

# Any code point, lone surrogates too: completions are bytes somebody else chose.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
# Words without the signs that mark an answer inside a text: tags, boxes, braces.
PLAIN = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\\<>{}"), min_size=1)
# Letters whose two cases fold to the same text; Unicode has others, such as the dotless i.
CASED = st.text(st.sampled_from(string.ascii_letters + "àéîõüçßñøæаяжΑωΣσς"), min_size=1)
SPACES = st.text(st.sampled_from(" \t\n\r\u00a0\u2003\u3000"), min_size=1, max_size=5)
LETTERS = st.sampled_from(string.ascii_uppercase)
# Pieces that make texts look like statements, lists and tags.
PIECES = st.lists(
    st.sampled_from(
        [
            *"ABCIabc ().:,*_$\\{}[]/-\n'\"",
            *("\\boxed{", "\\text{", "the answer is ", "Answer: ", " or ", "I choose ", "答案"),
            *("<answer>", "</answer>", "<think>", "</think>", " is correct"),
        ]
    ),
    max_size=40,
).map("".join)


def outcome_of(completion, reference, mode=TextMode.EXACT, prompt=""):
    return TextVerifier().verify(Item("id", completion, TextTask((reference,), mode), prompt))


@given(PLAIN)
@pytest.mark.parametrize("mode", [TextMode.EXACT, TextMode.F1, TextMode.CONTAINS])
def test_a_text_matches_itself(mode, text):
    assume(words(text).strip())  # something of it can be seen
    assert outcome_of(text, text, mode).verdict is Verdict.CORRECT


@given(LETTERS)
def test_a_letter_chooses_itself(letter):
    assert outcome_of(letter, letter, TextMode.CHOICE).verdict is Verdict.CORRECT


@given(LETTERS, LETTERS)
def test_two_letters_choose_nothing(one, other):
    assume(one != other)
    outcome = outcome_of(f"The answer is {one} or {other}.", one, TextMode.CHOICE)
    assert outcome.verdict is Verdict.INCORRECT


@given(CASED)
@pytest.mark.parametrize("mode", [TextMode.EXACT, TextMode.F1, TextMode.CONTAINS])
def test_case_does_not_count(mode, text):
    for other in (text.upper(), text.lower(), text.swapcase()):
        assert outcome_of(other, text, mode).verdict is Verdict.CORRECT


@given(st.lists(CASED, min_size=1), SPACES, SPACES)
@pytest.mark.parametrize("mode", [TextMode.EXACT, TextMode.F1, TextMode.CONTAINS])
def test_white_space_does_not_count(mode, parts, space, edge):
    spaced = edge + space.join(parts) + edge
    assert outcome_of(spaced, " ".join(parts), mode).verdict is Verdict.CORRECT


@given(PLAIN, PLAIN)
def test_f1_is_symmetric_and_between_zero_and_one(one, other):
    assume(one.strip() and other.strip())
    forth = outcome_of(one, other, TextMode.F1).detail.f1
    back = outcome_of(other, one, TextMode.F1).detail.f1
    assert forth == back
    assert 0 <= forth <= 1


@given(PLAIN, st.text(max_size=50))
def test_a_text_occurs_after_and_before_other_words(text, other):
    assume(words(text).strip() and "think>" not in other)
    assert outcome_of(f"xyz {text} xyz", text, TextMode.CONTAINS).verdict is Verdict.CORRECT


@given(ANY_TEXT)
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)
    assert words(folded(text)) == words(text)
    assert overlap_tokens(folded(text)) == overlap_tokens(text)


@given(ANY_TEXT)
def test_a_form_is_never_empty_unless_the_text_is_blank(text):
    assert bool(same_form(text)) == bool(folded(text))


@given(ANY_TEXT | PIECES, ANY_TEXT | PIECES, ANY_TEXT | PIECES, st.sampled_from(TextMode))
def test_no_text_raises(completion, reference, prompt, mode):
    outcome = outcome_of(completion, reference, mode, prompt)
    assert (outcome.verdict is Verdict.UNSCORED) == (outcome.reward is None)


@given(PIECES)
def test_reading_choices_never_raises(text):
    options = options_in(text)
    meant = option_meant(text, options)
    choice = stated_choice(text, options)
    assert meant is None or meant[0] in string.ascii_uppercase
    assert choice is None or choice.letter is None or choice.letter in string.ascii_uppercase
