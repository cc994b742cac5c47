"""What is counted in bulk, or only as far as needed, against the same counted one by one."""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.formats.ifeval import words
from verifier.formats.ifeval.counting import quoted, word_count
from verifier.formats.ifeval.instruction import read_arguments
from verifier.formats.ifeval.keywords import find_word
from verifier.formats.ifeval.sentences import each_sentence, sentences
from verifier.formats.ifeval.table import INSTRUCTIONS

PIECES = """
    we We WE the don't DON'T it's I'M e.g. Dr. U.S. 3.14 1,000 10:30 x_1 ab Ab -- - ... . , : ; ? !
    ' '' ` `` " ( ) [ ] { } < > << >> * ** *** # / “ ” ’ é É ß ſ K İ ǅ 中 ２ ² ٣ 😀 \ud800 \x00
""".split()
SPACES = [" ", " ", " ", "\n", "\n\n", "\t", "\u3000", "\x1c", "\x85"]
TEXTS = st.lists(st.sampled_from([*PIECES, *SPACES]), max_size=40).map("".join)
MARKS = set(string.punctuation)


def message(name, text, **arguments):
    instruction = INSTRUCTIONS[name]
    return instruction.check(text, read_arguments(instruction, json.dumps(arguments), "", ""))


def number(said):
    """The figure that a message begins with."""
    return int(said.split()[0])


class TestTokens:
    @given(TEXTS)
    def test_one_by_one_they_are_the_same(self, text):
        assert list(words.each_token(text)) == words.tokens(text)

    @given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(1, 400))
    def test_a_long_text_is_split_where_no_token_goes_on(self, texts, times):
        text = "".join(texts) * times
        assert list(islice(words.each_token(text), 10_000)) == words.tokens(text)[:10_000]

    @given(TEXTS)
    def test_counted_they_are_the_same(self, text):
        assert words.counted_tokens(text.split()) == Counter(words.tokens(text))

    @given(TEXTS, st.sampled_from(["", "a" * 5_000, "," * 5_000, "(" * 5_000, "a-" * 20_000]))
    def test_those_at_the_edges_are_the_first_and_the_last(self, text, middle):
        text = f"{text}{middle}{text}"
        found = words.tokens(text)
        assert words.edges(text) == (found[:3], found[-3:])

    @given(TEXTS)
    def test_words_in_capitals(self, text):
        shouted = [token for token in words.tokens(text) if token.isupper()]
        assert words.capital_words(text) == len(shouted)

    @given(TEXTS)
    def test_without_the_marks_that_stand_apart_the_words_remain(self, text):
        spoken = [token for token in words.tokens(text) if words.is_spoken(token)]
        without = words.tokens(words.without_apart(text))
        assert [token for token in without if words.is_spoken(token)] == spoken


class TestCounts:
    @given(TEXTS)
    def test_words(self, text):
        assert word_count(text) == len(re.findall(r"\w+", text))

    @given(TEXTS)
    def test_bare_words(self, text):
        assert words.without_marks(text) == "".join(mark for mark in text if mark not in MARKS)

    @pytest.mark.parametrize(
        ("name", "arguments", "pattern"),
        [
            ("count:lowercase_counting", {"N": 0}, r"\b[a-z]++\b"),
            ("detectable_content:number_placeholders", {"num_placeholders": 999}, r"\[[^\]\n]*\]"),
            (
                "detectable_format:number_bullet_lists",
                {"num_bullets": 999},
                r"(?m)^[^\S\n]*-|^[^\S\n]*\*[^*]",
            ),
            (
                "letters:letter_counting",
                {"N": 999, "relation": "at least"},
                r"[A-Za-z]",
            ),
        ],
    )
    @given(text=TEXTS)
    def test_patterns(self, name, arguments, pattern, text):
        text = f"a{text}"
        if name.endswith("bullet_lists"):  # a star alone takes the line below
            text = re.sub(r"\*(?=\s)", "", text)
        found = len(re.findall(pattern, text))
        said = message(name, text, **arguments)
        assert (number(said) if said else 0) == found

    @given(TEXTS)
    def test_numbers(self, text):
        text = f"a{text}"
        found = len(re.findall(r"\d+", "".join(mark for mark in text if mark not in MARKS)))
        said = message("count:numbers", text, N=999)
        assert number(said) == found

    @given(TEXTS, st.integers(0, 4))
    def test_repeats(self, text, most):
        text = f"a{text}"
        counted = Counter(words.bare_words(text.lower())).most_common(1)
        said = message("words:repeats", text, small_n=most)
        assert (said == "") is (counted[0][1] <= most)
        assert not said or said.partition(", must")[0].endswith(quoted(counted[0][0]))


class TestPlaces:
    @given(TEXTS, st.sampled_from([*PIECES, "e", "we the", "the-", "-we"]))
    def test_a_word_stands_where_nothing_is_joined_to_it(self, text, word):
        before = r"(?<!\w)" if re.match(r"\w", word[0]) else ""
        behind = r"(?!\w)" if re.match(r"\w", word[-1]) else ""
        place = re.search(before + re.escape(word) + behind, text)
        assert find_word(text, word) == (place.start() if place else -1)

    @given(TEXTS)
    def test_the_first_two_words_with_one_initial(self, text):
        found = words.bare_words(f"a{text}".lower())
        pairs = [(a, b) for a, b in pairwise(found) if a[0] == b[0]]
        said = message("words:no_consecutive", f"a{text}")
        assert said == (f"{quoted(pairs[0][0])} before {quoted(pairs[0][1])}" if pairs else "")

    @given(TEXTS)
    def test_the_first_two_words_whose_initials_follow_each_other(self, text):
        found = f"a{text}".lower().split()
        pairs = [(a, b) for a, b in pairwise(found) if ord(b[0]) - ord(a[0]) == 1]
        said = message("keywords:no_adjacent_consecutive", f"a{text}")
        assert said == (f"{quoted(pairs[0][1])} behind {quoted(pairs[0][0])}" if pairs else "")

    @given(TEXTS, st.integers(1, 4))
    def test_the_nth_sentence(self, text, place):
        found = sentences(f"a{text}")
        assert list(each_sentence(f"a{text}")) == found
        said = message("sentence:keyword", f"a{text}", word="zebra", N=place)
        few = f"{len(found)} sentences, must be at least {place}"
        assert said == (few if place > len(found) else f'no "zebra" in sentence {place}')


CLOSES = {")": "(", "]": "[", "}": "{"}


@given(st.text("((([{)]}a中", max_size=40))
def test_brackets_are_nested_as_a_stack_says(text):
    opened, deepest, found = [], 0, False
    for mark in text:
        if mark in "([{":
            opened.append(mark)
            deepest = max(deepest, len(opened))
        elif mark in CLOSES:
            if not opened or opened.pop() != CLOSES[mark]:
                opened, deepest = [], 0
            found |= deepest >= 5
    assert bool(message("format:parentheses", f"a{text}")) is not found


@given(st.text("ab中😀\ud800\x00", min_size=3, max_size=30), st.text("ab中😀\x00", max_size=9))
def test_overlap_is_of_different_runs_of_three(text, reference):
    own, other = (
        {each[at : at + 3] for at in range(len(each) - 2)} for each in (f"a{text}", reference)
    )
    share = 100 * len(own & other) / len(own)
    arguments = {"reference_text": reference, "percentage": 50}
    instruction = INSTRUCTIONS["ratio:overlap"]
    said = instruction.check(f"a{text}", instruction.arguments(**arguments))
    assert (said == "") is (48 <= share <= 52)
    assert not said or said.startswith(f"overlap {share:.1f} %")


@given(TEXTS)
def test_pronouns_are_counted_each_time(text):
    from verifier.formats.ifeval.counts import _PRONOUNS

    text = f"a{text}"
    found = [token for token in words.tokens(text.lower()) if token in _PRONOUNS]
    said = message("count:pronouns", text.replace("/", ""), N=999)
    if "/" not in text:
        assert number(said) == len(found)
