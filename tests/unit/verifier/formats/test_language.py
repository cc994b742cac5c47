"""Languages: accuracy on sentences set apart, mixtures, what is prose, and hostile text."""

import json
import sys
from collections import defaultdict

import pytest
from case_rows import CASES
from hypothesis import given
from hypothesis import strategies as st

from verifier.errors import InputError
from verifier.format_rules import LanguageConsistencyRule, OneLanguageRule
from verifier.formats.language.counting import UNKNOWN, count_words
from verifier.formats.language.detection import detect
from verifier.formats.language.prose import prose_of
from verifier.formats.language.scripts import KNOWN, LANGUAGES, script_of
from verifier.formats.language.thought import thought_of
from verifier.formats.language_consistency import language_consistency
from verifier.formats.one_language import one_language
from verifier.types import FormatTask, Item

SENTENCES = defaultdict(list)
for line in (CASES / "languages.jsonl").read_text("utf-8").splitlines():
    row = json.loads(line)
    SENTENCES[row["language"]].append(row["text"])

# Sentences out of twelve that must be told rightly, one by one. Danish and Norwegian share most of
# their words; the others lose a sentence or two. The figures are those of the first run: the lists
# were written without these sentences.
AT_LEAST = {"da": 7, "mr": 11, "no": 10, "ne": 10, "sv": 11, "es": 11, "pt": 11, "uk": 11, "bg": 11}

ENGLISH = "We add the two numbers and check the result. "
GERMAN = "Wir addieren die beiden Zahlen und prüfen das Ergebnis. "
PIECES = [
    *(text for texts in SENTENCES.values() for text in texts[:2]),
    *("$", "$$", "`", "```", "\n", "\n\n", "\\(", "\\)", "\\[", "\\begin{align}", "\\end{align}"),
    *(
        "<think>",
        "</think>",
        "https://a.b/c",
        "x_1",
        "42",
        ". ",
        "\ud800",
        "\0",
        "\u0301",
        "İ",
        "ß",
    ),
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=20).map("".join))


def item_of(completion):
    return Item("1", completion, FormatTask(()))


def test_every_known_language_has_twelve_sentences():
    assert sorted(SENTENCES) == list(KNOWN)
    assert {len(set(texts)) for texts in SENTENCES.values()} == {12}


@pytest.mark.parametrize("language", KNOWN)
def test_single_sentences_are_told(language):
    found = [detect(text) for text in SENTENCES[language]]
    assert found.count(language) >= AT_LEAST.get(language, 12), found


@pytest.mark.parametrize("language", KNOWN)
def test_a_sentence_of_the_target_language_has_the_share_one(language):
    rule = LanguageConsistencyRule(language)
    scores = [language_consistency(rule, item_of(text)).score for text in SENTENCES[language]]
    assert scores == [1] * 12


@pytest.mark.parametrize("script", [name for name, codes in LANGUAGES.items() if len(codes) > 1])
def test_a_sentence_of_another_language_of_the_script_hardly_passes(script):
    tried = passed = 0
    for language in LANGUAGES[script]:
        for target in set(LANGUAGES[script]) - {language}:
            rule = LanguageConsistencyRule(target, threshold=0.5)
            found = [language_consistency(rule, item_of(text)) for text in SENTENCES[language]]
            tried += len(found)
            passed += sum(outcome.passed for outcome in found)
    # Scripts of three languages have few pairs, and all of them are siblings.
    assert passed <= (0.03 if script == "Latin" else 0.25) * tried


@pytest.mark.parametrize("language", KNOWN)
@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_text_of_twelve_sentences_is_of_one_language(language, between):
    words = count_words(between.join(SENTENCES[language])).words
    assert words[language] >= 0.92 * words.total(), words


@pytest.mark.parametrize("language", [code for code in KNOWN if code != "en"])
def test_half_english_text_has_half_the_words_of_each(language):
    own = count_words(" ".join(SENTENCES[language])).words[language]
    english = count_words(" ".join(SENTENCES["en"])).words["en"]
    words = count_words(" ".join(SENTENCES["en"] + SENTENCES[language])).words
    share = own / (own + english)
    assert words[language] / words.total() == pytest.approx(share, abs=0.06), words


@pytest.mark.parametrize(
    ("text", "language", "share", "why"),
    [
        ("First, 我们需要 compute the derivative.", "en", 0.5, "a phrase in another script"),
        (
            "Let me think. Nehmen wir an, dass die Zahl gerade ist. Then the square is even, too.",
            "en",
            9 / 17,
            "a sentence in another language",
        ),
        (
            "Wir wenden dann die chain rule an. Der Output ist also positiv.",
            "de",
            1,
            "terms are of their sentence's language",
        ),
        (
            "Bonjour, je m'appelle Marie. I live in Paris with my brother. Nous aimons les maths.",
            "fr",
            8 / 14,
            "one-letter words and m' are not counted",
        ),
        (
            "So the user asks in Spanish: ¿Cuántos años tiene María? Let me solve it step by step.",
            "en",
            13 / 17,
            "a colon parts sentences",
        ),
        ("我们用 Python 写一个 for loop 来检查。", "zh", 9 / 12, "English terms in Chinese"),
        ("한국어로 답하면 두 수의 합은 10 이다. So done.", "ko", 6 / 8, "one syllable is a word"),
        ("The fractions are added. El resultado es correcto. Stop.", "es", 5 / 9, "Stop inherits"),
    ],
)
def test_mixtures_have_the_share_counted_by_hand(text, language, share, why):
    words = count_words(text).words
    assert words[language] / words.total() == pytest.approx(share, abs=0.06), why


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("", None, "nothing"),
        ("42 + x = 7", None, "no words"),
        ("ab cd ef gh", None, "letters that are no language's"),
        ("qzx vvw kkj " * 100, None, "so are many of them"),
        ("the", "en", "one word that is English only"),
        ("THE ANSWER IS TWELVE", "en", "capitals"),
        ("the answer is twelve", "en", "no capitals"),
        ("`the loop is in it` und das ist gut so", "de", "code does not count"),
        ("你好", "zh", "two characters"),
        ("γεια σου", "el", "a script of one language"),
    ],
)
def test_detect(text, language, why):
    assert detect(text) == language, why


@pytest.mark.parametrize(
    ("text", "left", "why"),
    [
        ("plain text", "plain text", "no mark"),
        ("a $x$ b", "a b", "an inline formula"),
        ("costs $5\n\nand $6", "costs $5 and $6".replace("$", " "), "no formula across paragraphs"),
        ("a $$x\n\ny$$ b", "a b", "a display formula may hold a blank line"),
        (r"a \(x\) b \[y\] c", "a b c", "LaTeX's own brackets"),
        (r"a \(x", "a x", "never closed"),
        (r"\begin{align*}ab\end{align*} c", "c", "an environment of formulas"),
        (r"\begin{proof}ab\end{proof}", "ab", "an environment of prose"),
        (r"\frac{ab}{cd}", "{ab}{cd}", "the name of a command"),
        ("a\n```py\nb\n```\nc", "a c", "a fenced block"),
        ("a\n```py\nb", "a", "a block that is never closed"),
        ("see https://a.b/c?d=e now", "see now", "an address"),
        ("<b>bold</b> 1 < 2", "bold 1 < 2", "tags, but not less-than signs"),
        (r"a \$5 b", "a 5 b", "an escaped dollar"),
        ("a``b", "a b", "nothing in backticks"),
        ("a `x\n\nb`", "a x b", "no code across paragraphs"),
        ("a $$x$y$$ b", "a b", "a single dollar does not end two"),
        ("a $x$$y$ b", "a b", "the first of two dollars ends a single one"),
        ("a $$$ b", "a b", "three are no mark"),
        ("a\n~~~~\nb\n~~~\nc", "a c", "a fence of tildes"),
        (r"a \\(b\) c", r"a (b c", "a line break in front of a bracket"),
        (r"a \(b \(c\) d\(e", "a d e", "the first end ends; behind the last, nothing begins"),
        (r"\begin{align}a\begin{align}b\end{align}c", "c", "environments do not nest"),
        (r"\end{align} a \begin{align} b", "a b", "an end in front of the beginning"),
        (r"\begin{cases}a\end{cases*}b", "a b", "the end of another environment"),
        ("a https:// b www. c", "a https:// b www. c", "no addresses"),
        ("xhttps://a.b/c)d e", "x e", "an address ends at white space"),
    ],
)
def test_what_is_prose(text, left, why):
    assert prose_of(text).text.split() == left.split(), why


@pytest.mark.parametrize(
    ("completion", "thought", "why"),
    [
        ("ab", "ab", "no thinking part: all of it"),
        ("<think>ab</think>cd", "ab", "the thinking part"),
        ("ab</think>cd", "ab", "opened in the prompt"),
        ("x<think>ab", "ab", "never closed"),
        ("<think>a\n\nb</think>c\nd", "a b", "newlines inside and outside"),
        ("<think></think>cd", "", "empty"),
        ("<think>a</think>b<think>c</think>d", "a c", "several"),
    ],
)
def test_which_part_is_the_thought(completion, thought, why):
    found = thought_of(completion)
    assert found.split() == thought.split(), why
    assert len(found) == len(completion)


@given(TEXTS)
def test_any_text_is_counted(text):
    tally = count_words(text)
    assert set(tally.words) <= {*KNOWN, UNKNOWN}
    assert set(tally.places) == set(tally.words)
    assert all(0 <= place < len(text) for place in tally.places.values())
    assert all(tally.words.values())
    assert detect(text) == detect(text)


@given(TEXTS)
def test_each_letter_of_the_prose_is_found_in_the_text(text):
    prose = prose_of(text)
    for place, letter in enumerate(prose.text):
        if letter.isalpha():
            assert text[place + prose.lost(place)].lower() == letter.lower()


@given(TEXTS)
def test_the_length_of_a_thought_stays(text):
    assert len(thought_of(text)) == len(text)


FORMULAS = ("$x$", r"\(x\)", "`x`", "$$x$$", r"\begin{align}x\end{align}", "<x>", "https://x.x")


@given(
    st.lists(st.sampled_from((*PIECES[: 2 * len(SENTENCES)], *FORMULAS, ". ", "\n")), max_size=12)
)
def test_what_is_left_out_may_be_of_any_length(pieces):
    short, long = ("".join(pieces), "".join(_lengthened(piece) for piece in pieces))
    before, after = (count_words(text) for text in (short, long))
    if before.words["ja"] == after.words["ja"]:  # the first 200 characters tell of the rest
        assert before.words == after.words
        for language, place in before.places.items():
            assert long[after.places[language] :][:9] == _lengthened(short[place:])[:9]


def _lengthened(text):
    for formula in FORMULAS:
        text = text.replace(formula, formula.replace("x", "x" * 9))
    return text


@pytest.mark.parametrize(
    ("text", "language", "at", "why"),
    [
        (ENGLISH + GERMAN, "de", " Wir", "behind the full stop"),
        (ENGLISH + "$x+y$ `x` " + GERMAN, "de", " $x+y$", "a formula is of the sentence behind it"),
        (f"$x+y$ {ENGLISH} $x$\n{GERMAN}", "de", "Wir", "behind formulas"),
        (ENGLISH + "我们再检查一下。", "zh", "我", "the first character"),
        ("我们再检查一下。$x+y$我们 " + ENGLISH, "en", "We", "behind Chinese and a formula"),
        ("これを計算する。$x+y$ " + ENGLISH, "en", "We", "behind Japanese and a formula"),
        ("ABC и ABCD это. " + ENGLISH, "en", "We", "behind capitals that are symbols"),
        ("$x$ รวมกัน $x$ 我们", "zh", "我", "behind Thai"),
        (ENGLISH + "\ud800 $x$ 두 수의 합", "ko", "두", "behind a lone surrogate"),
        ("xy yx " * 9 + "한국 한국", "ko", "한국", "words of several scripts"),
    ],
)
def test_where_a_language_begins(text, language, at, why):
    assert count_words(text).places[language] == text.index(at), why


@given(TEXTS, st.integers(5, 9))
def test_a_loop_has_the_words_of_its_lines(text, times):
    line = "".join(text.split("\n")).replace("$", "").replace("`", "").replace("\\", "")
    once, looped = (count_words(f"{line}\n" * lines, "en").words for lines in (1, times))
    assert looped.total() == times * once.total()


def test_a_letter_and_its_accents_are_one_in_places():
    text = "pru\u0308fen $x+y$ u\u0308ber 두 수의 합"
    assert count_words(text).places["ko"] == text.index("두") - 2


def test_whatever_is_white_space_parts_words():
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert [count_words(f"ab{space}cd").words.total() for space in spaces] == [2] * len(spaces)
    # The place is looked for between white space.
    assert [count_words(f"한{space}ab").places[UNKNOWN] for space in spaces] == [2] * len(spaces)


def test_a_word_is_found_where_it_is_one():
    text = "한ab ab한\n한ab\tab"
    assert count_words(text).places[UNKNOWN] == len(text) - 2


@given(TEXTS, st.sampled_from(KNOWN))
def test_the_rules_take_any_text(text, language):
    outcome = language_consistency(LanguageConsistencyRule(language), item_of(text))
    assert 0 <= outcome.score <= 1
    assert outcome.passed == (outcome.score == 1)
    assert outcome.passed or outcome.message
    mixed = one_language(OneLanguageRule(), item_of(text))
    assert mixed.score is None
    assert mixed.passed != bool(mixed.message)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_the_share_of_whole_sentences_is_exact(order):
    text = "".join(ENGLISH if english else GERMAN for english in order)
    rule = LanguageConsistencyRule("en")
    assert language_consistency(rule, item_of(text)).score == order.count(True) / len(order)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "\\(",
            "$$ ",
            "`",
            "```\n",
            "\\begin{a}",
            "die der ",
            "\ud800 ",
            "\0",
            "e\u0301 ",
            "<a",
            "漢の",
            "\\",
            "$ \n\n",
            "\\begin{align}",
            "\\begin{align}\\end{cases}",
            "~~~\n",
            "\\[\\)",
        ),
        *("<think>", "</think>", "http://", "。", "A. ", "ü ", "\u0315", "\u200c"),
    ],
)
def test_long_hostile_texts_are_counted(text):
    outcome = language_consistency(LanguageConsistencyRule("en"), item_of(text * 20_000))
    assert 0 <= outcome.score <= 1


@pytest.mark.parametrize(
    "text",
    [
        "и" + "a" * 700_000 + " " + "a" * 300_000,
        "иab " * 250_000 + "ab",
        "".join(map("ab{}cd ".format, map(chr, range(0x250, 0xD000)))) + ENGLISH,
        (GERMAN + ENGLISH) * 3_000,
        "\\begin{align}" * 50_000 + "\\end{align*}",
        "\\end{align}" + "\\begin{align}\\begin{cases}\\begin{split}" * 20_000,
        "\\(" * 200_000 + "\\)" + "\\(" * 200_000,
    ],
)
def test_the_time_does_not_grow_with_the_square(text):
    assert all(count_words(text).words.values())


def test_an_unknown_language_is_refused_with_those_known():
    with pytest.raises(InputError, match="give one of ar, bg, bn") as refused:
        language_consistency(LanguageConsistencyRule("xx"), item_of(ENGLISH))
    assert refused.value.field == "language_consistency.language"


def test_nan_is_no_share():
    with pytest.raises(InputError):
        one_language(OneLanguageRule(float("nan")), item_of(ENGLISH))
    with pytest.raises(InputError):
        language_consistency(LanguageConsistencyRule("en", float("nan")), item_of(ENGLISH))


def test_letters_have_scripts_and_digits_have_none():
    found = [script_of(letter) for letter in "aéжא한漢かไ0٣१→ "]
    assert found[:8] == ["Latin", "Latin", "Cyrillic", "Hebrew", "Hangul", "Han", "Kana", "Thai"]
    assert set(found[8:]) == {""}
    assert {code for codes in LANGUAGES.values() for code in codes} == set(KNOWN)
