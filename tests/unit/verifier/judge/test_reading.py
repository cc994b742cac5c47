"""Reading verdicts: a table of replies, forgeries, hostile texts, and our own instructions."""

import json
import math

import jsonschema
import pytest
from case_rows import case_rows
from hypothesis import given
from hypothesis import strategies as st

from verifier.judge.asking import EachOf, OneOf, RankingOf, Reply, Said, UnreadableError
from verifier.judge.reading import MIN_MASS, instruction, read, schema
from verifier.types import ReadFrom

MARK = "k7m3hp"
OTHER = "a4c9de"
YES_NO = OneOf((("Yes", 1.0), ("No", 0.0)))
STEPS = EachOf(3, (("right", 1.0), ("wrong", 0.0)))
NAMES = RankingOf(("A", "B", "C"))
FORMS = [YES_NO, STEPS, NAMES]
WRITTEN = [ReadFrom.TEXT, ReadFrom.JSON]
WAYS = [(form, way) for form in FORMS for way in WRITTEN] + [(YES_NO, ReadFrom.LABELS)]

ROWS = case_rows("judge_readings")


def form_of(row):
    ((kind, value),) = row["form"].items()
    if kind == "one_of":
        return OneOf(tuple(value.items()))
    if kind == "each_of":
        return EachOf(value[0], tuple(value[1].items()))
    return RankingOf(tuple(value))


def reading_of(form, read_from, text, **others):
    """What is read, or why it is not."""
    try:
        return read(form, read_from, MARK, Reply(text, **others))
    except UnreadableError as error:
        return str(error)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_reading_is_as_the_table_says(row):
    labels = tuple((label, float(logarithm)) for label, logarithm in row.get("labels", ()))
    found = reading_of(
        form_of(row),
        ReadFrom(row["read_from"]),
        row["text"],
        labels=labels,
        cut=row.get("cut", False),
    )
    if "problem" in row:
        assert found == row["problem"]
    else:
        assert found == Said(tuple(row["words"]), pytest.approx(tuple(row["scores"])))


def test_table_is_long_enough_to_matter():
    assert len(ROWS) >= 60
    assert sum("problem" in row for row in ROWS) >= 30


# ------------------------------------------------------------------------ our own words

LABELS = st.lists(
    st.text("abcdefgXYZ0123456789+-", min_size=1, max_size=8),
    min_size=2,
    max_size=6,
    unique_by=str.casefold,
)
ANY_FORM = st.one_of(
    LABELS.map(lambda labels: OneOf(tuple((label, 0.5) for label in labels))),
    st.builds(
        EachOf,
        st.integers(1, 9),
        LABELS.map(lambda labels: tuple((label, 0.5) for label in labels)),
    ),
    LABELS.map(lambda labels: RankingOf(tuple(labels))),
)


@given(form=ANY_FORM, read_from=st.sampled_from(WRITTEN), reasoned=st.booleans())
def test_no_verdict_is_read_from_what_asks_for_one(form, read_from, reasoned):
    asked = instruction(form, read_from, MARK, reasoned=reasoned)
    for repeated in (asked, schema(form, MARK, reasoned=reasoned), f"{asked}\n{asked}"):
        for way in WRITTEN:
            assert isinstance(reading_of(form, way, repeated), str)


@given(labels=LABELS)
def test_no_label_is_read_from_what_asks_for_its_probability(labels):
    form = OneOf(tuple((label, 0.5) for label in labels))
    asked = instruction(form, ReadFrom.LABELS, MARK, reasoned=True)
    assert isinstance(reading_of(form, ReadFrom.LABELS, asked), str)


@pytest.mark.parametrize(("form", "read_from"), WAYS)
def test_instruction_names_every_label_and_the_mark(form, read_from):
    asked = instruction(form, read_from, MARK, reasoned=False)
    words = form.names if isinstance(form, RankingOf) else [label for label, _ in form.scores]
    assert all(f'"{word}"' in asked for word in words)
    assert (MARK in asked) is (read_from is not ReadFrom.LABELS)  # one word cannot carry another


@pytest.mark.parametrize("read_from", WRITTEN)
def test_reasons_are_asked_for_if_wished_and_before_the_verdict(read_from):
    plain = instruction(YES_NO, read_from, MARK, reasoned=False)
    reasoned = instruction(YES_NO, read_from, MARK, reasoned=True)
    assert "what decides" not in plain
    assert 0 <= reasoned.find("what decides") < reasoned.lower().find("verdict")


@pytest.mark.parametrize("form", [STEPS, NAMES])
def test_label_probabilities_are_of_one_label_only(form):
    with pytest.raises(TypeError, match="one label"):
        instruction(form, ReadFrom.LABELS, MARK, reasoned=False)
    with pytest.raises(TypeError, match="one label"):
        read(form, ReadFrom.LABELS, MARK, Reply("Yes"))


# ------------------------------------------------------------------------ schemas

VERDICTS = [(YES_NO, "No"), (STEPS, ["right", "wrong", "right"]), (NAMES, ["C", "A", "B"])]


@pytest.mark.parametrize("reasoned", [False, True])
@pytest.mark.parametrize(("form", "verdict"), VERDICTS)
def test_what_obeys_the_schema_is_read(form, verdict, reasoned):
    answer = {"check": MARK, **({"reason": "so"} if reasoned else {}), "verdict": verdict}
    rules = json.loads(schema(form, MARK, reasoned=reasoned))
    jsonschema.Draft202012Validator.check_schema(rules)
    jsonschema.validate(answer, rules)
    said = read(form, ReadFrom.JSON, MARK, Reply(json.dumps(answer)))
    assert said.words == ((verdict,) if isinstance(verdict, str) else tuple(verdict))
    assert list(rules["properties"]) == list(answer), "the reason is written before the verdict"


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        (YES_NO, {"check": OTHER, "verdict": "No"}),
        (YES_NO, {"check": MARK, "verdict": "Maybe"}),
        (YES_NO, {"check": MARK, "verdict": ["No"]}),
        (YES_NO, {"check": MARK}),
        (YES_NO, {"verdict": "No"}),
        (YES_NO, {"check": MARK, "verdict": "No", "sure": True}),
        (STEPS, {"check": MARK, "verdict": ["right", "wrong"]}),
        (STEPS, {"check": MARK, "verdict": ["right"] * 4}),
        (NAMES, {"check": MARK, "verdict": ["A", "B", "D"]}),
    ],
)
def test_schema_refuses(form, answer):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, json.loads(schema(form, MARK, reasoned=False)))


# ------------------------------------------------------------------------ properties

HOSTILE = st.one_of(
    st.text(),
    st.text(st.characters(categories=["Cs", "Cc", "Lu", "Po"])),
    st.lists(
        st.sampled_from(
            [
                "Verdict ",
                f"Verdict {MARK}: ",
                f'{{"check": "{MARK}", ',
                '"verdict": ',
                '"Yes"',
                "Yes",
                "right, wrong, right",
                "B > A > C",
                "}",
                "{",
                "]",
                '"',
                "\\",
                "\n",
                "<think>",
                "</think>",
                MARK,
                "```",
                "\ud800",
                "\x00",
            ]
        )
    ).map("".join),
)


@given(text=HOSTILE, cut=st.booleans(), way=st.sampled_from(WAYS))
def test_any_text_is_read_or_refused(text, cut, way):
    form, read_from = way
    found = reading_of(form, read_from, text, cut=cut)
    assert isinstance(found, str) or all(0 <= score <= 1 for score in found.scores)


def without_mark(text):
    return text.replace(MARK, OTHER)


HONEST = {
    (YES_NO, ReadFrom.TEXT): f"Verdict {MARK}: No",
    (STEPS, ReadFrom.TEXT): f"Verdict {MARK}: right, right, wrong",
    (NAMES, ReadFrom.TEXT): f"Verdict {MARK}: C > A > B",
    (YES_NO, ReadFrom.JSON): json.dumps({"check": MARK, "verdict": "No"}),
    (STEPS, ReadFrom.JSON): json.dumps({"check": MARK, "verdict": ["right", "right", "wrong"]}),
    (NAMES, ReadFrom.JSON): json.dumps({"check": MARK, "verdict": ["C", "A", "B"]}),
}


@given(text=HOSTILE.map(without_mark), way=st.sampled_from(list(HONEST)))
def test_no_text_without_the_mark_is_a_verdict(text, way):
    assert isinstance(reading_of(*way, text), str)


@given(text=HOSTILE.map(without_mark), way=st.sampled_from(list(HONEST)))
def test_no_repeated_text_changes_the_verdict_behind_it(text, way):
    told = f"The completion reads: {text}\n{HONEST[way]}"
    assert reading_of(*way, told) == reading_of(*way, HONEST[way])


@given(text=HOSTILE.map(without_mark), way=st.sampled_from(list(HONEST)))
def test_no_text_behind_a_verdict_makes_another_one_of_it(text, way):
    found = reading_of(*way, f"{HONEST[way]}\n{text}")
    assert isinstance(found, str) or found == reading_of(*way, HONEST[way])


@given(way=st.sampled_from(list(HONEST)), share=st.floats(0, 1))
def test_a_verdict_that_is_cut_anywhere_is_the_same_or_none(way, share):
    honest = HONEST[way]
    found = reading_of(*way, honest[: int(share * len(honest))], cut=True)
    assert isinstance(found, str) or found == reading_of(*way, honest)


# ------------------------------------------------------------------------ label probabilities

SCALE = OneOf((("1", 0.0), ("2", 0.25), ("3", 0.5), ("4", 0.75), ("5", 1.0)))


@given(
    chances=st.lists(st.floats(0.001, 1.0), min_size=5, max_size=5),
    mass=st.floats(MIN_MASS + 0.01, 1.0),
    order=st.permutations(range(5)),
)
def test_expected_score_is_that_of_the_labels_alone(chances, mass, order):
    total = math.fsum(chances)
    labels = [(str(i + 1), math.log(chances[i] / total * mass)) for i in order]
    said = read(SCALE, ReadFrom.LABELS, MARK, Reply("", labels=tuple(labels)))
    expected = math.fsum(chance / total * place / 4 for place, chance in enumerate(chances))
    assert said.scores == (pytest.approx(expected, abs=1e-9),)
    assert chances[int(said.words[0]) - 1] == pytest.approx(max(chances))


@given(st.lists(st.tuples(st.sampled_from(["Yes", "No", "so"]), st.floats()), max_size=4))
def test_any_numbers_are_read_or_refused(labels):
    found = reading_of(YES_NO, ReadFrom.LABELS, "", labels=tuple(labels))
    assert isinstance(found, str) or 0 <= found.scores[0] <= 1


# ------------------------------------------------------------------------ long texts

UNITS = [
    "{",
    '{"check"',
    '{"check":',
    f'{{"check":"{MARK}",',
    '{"a":[',
    "[{},",
    '"',
    "\\",
    "*",
    " ",
    "\n",
    "<think>",
    "</think>",
    "verdict ",
    f"Verdict {MARK}",
    f"Verdict {MARK}\n",
    f"{MARK}\n",
    "1: ",
    ",",
    ">",
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("begin", ["", f"Verdict {MARK}: ", f'{{"check": "{MARK}", "verdict": '])
def test_a_megabyte_of_anything_is_refused(unit, begin):
    text = begin + unit * (1_000_000 // len(unit))
    for form, read_from in WAYS:
        assert isinstance(reading_of(form, read_from, text), str)


@pytest.mark.parametrize("way", list(HONEST))
def test_a_verdict_behind_a_megabyte_is_read(way):
    long = "The completion says so and so, {again} and again.\n" * 20_000
    assert reading_of(*way, long + HONEST[way]) == reading_of(*way, HONEST[way])


def test_an_object_that_long_talk_follows_is_not_looked_for():
    honest = HONEST[YES_NO, ReadFrom.JSON]
    assert isinstance(reading_of(YES_NO, ReadFrom.JSON, honest + " so" * 1_000), Said)
    assert isinstance(reading_of(YES_NO, ReadFrom.JSON, honest + " so" * 100_000), str)


def test_whole_numbers_of_any_length_do_no_harm():
    long = f'{{"check": "{MARK}", "count": {"9" * 50_000}, "verdict": "Yes"}}'
    assert reading_of(YES_NO, ReadFrom.JSON, long) == Said(("Yes",), (1.0,))
