"""What the tables of ``json`` and ``json_schema`` cannot say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ANY_TEXT

from verifier.errors import InputError, WorkLimitError
from verifier.format_rules import JsonRule, JsonSchemaRule
from verifier.formats.json_schema import json_schema
from verifier.formats.json_text import find_json, json_text
from verifier.formats.json_values import key, nodes, short, shown
from verifier.formats.schemas import MAX_SCHEMA, SchemaError, check_schema, violation
from verifier.formats.work_budget import budget, spend
from verifier.types import FormatTask, Item

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    ANY_TEXT,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text("ab", max_size=2), inner, max_size=4)
    ),
    max_leaves=12,
)


def item(completion):
    return Item("id", completion, FormatTask(()))


def obeys(schema, completion):
    return json_schema(JsonSchemaRule(json.dumps(schema)), item(completion)).passed


@given(VALUES, st.booleans())
def test_what_python_writes_is_found(value, is_ascii):
    text = json.dumps(value, ensure_ascii=is_ascii)
    assert find_json(f"So:\n```json\n{text}\n```\nDone.").value == value
    assert find_json(f"<think>{{</think> {text}\n").value == value or "think>" in text


@given(ANY_TEXT)
def test_any_completion_is_read(completion):
    outcome = json_text(JsonRule(), item(completion))
    assert outcome.passed == (not outcome.message)


@given(VALUES, VALUES)
def test_keys_are_the_same_where_values_are(one, other):
    assert key(one) == key(json.loads(json.dumps(one)))
    assert obeys({"const": other}, json.dumps(one)) == (key(one) == key(other))
    assert obeys({"uniqueItems": True}, json.dumps([one, other])) == (key(one) != key(other))
    assert obeys({"enum": [other, one]}, json.dumps(one))


@given(VALUES)
def test_short_values_are_equal_and_shown_briefly(value):
    copy = short(value)
    assert copy == value
    assert nodes(copy) == nodes(value)
    assert len(repr(copy)) < 10_000
    assert repr(copy) == shown(value)


def test_values_of_a_megabyte_are_shown_briefly():
    assert shown(["a" * 10**6] * 3) == shown([f"{'a' * 100}"] * 3)
    assert len(shown({"a" * 10**6: [[[1]]] * 10})) < 200
    assert shown([[[1]], {}, [], {"a": {"b": 1}}]) == "[[[…]], {}, [], {'a': {…}}]"


def test_numbers_and_booleans_are_told_apart():
    assert key(1) == key(1.0) != key(True)
    assert key([0]) != key([False])
    assert key({"a": 1}) != key([["a", 1]])


@pytest.mark.parametrize(
    "completion",
    [
        "[" * 10**6,
        '{"a":' * 10**5,
        "[[],[]," * 10**5,
        '"' * 10**6,
        "1" * 10**6,
        "```json\n" * 10**5,
    ],
)
def test_a_megabyte_that_is_no_json_is_read(completion):
    outcome = json_text(JsonRule(), item(completion))
    assert outcome.passed == completion.startswith("1")


@pytest.mark.parametrize("before", [0, 1, 1_999, 2_000, 3_999])
@pytest.mark.parametrize("digits", [1, 1_999, 2_000, 3_999, 4_000])
def test_a_whole_number_is_one_up_to_its_bound(before, digits):
    written = f"[{' ' * before}{'7' * digits}]"
    assert find_json(written).value == [int("7" * digits)]


@pytest.mark.parametrize("before", [0, 1, 1_999, 2_000, 3_999])
@pytest.mark.parametrize("digits", [4_001, 4_300, 4_301, 9_999])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_longer_whole_number_is_infinite(before, digits, sign):
    written = f"[1,{' ' * before}{sign}{'7' * digits},2]"
    assert find_json(written).value == [1, float(f"{sign}inf"), 2]


def test_a_wide_megabyte_is_not_deep():
    assert json_text(JsonRule(), item(f"[{'[],' * 300_000}[]]")).passed


# ------------------------------------------------------------------------------------- the schema

DOUBLING = {f"d{i}": {"anyOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(30)} | {
    "d30": {"type": "integer"}
}
TREE = {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#"}}]}


@pytest.mark.parametrize(
    ("schema", "completion"),
    [
        ({"$ref": "#/$defs/d0", "$defs": DOUBLING}, '"x"'),
        ({"$ref": "#"}, "1"),
        ({"allOf": [{"$ref": "#"}]}, "1"),
        ({"if": {"$ref": "#"}}, "1"),
        ({"not": {"$ref": "#"}}, "1"),
        (
            {
                "$schema": "https://json-schema.org/draft/2019-09/schema",
                "if": {"$recursiveRef": "#"},
            },
            "1",
        ),
        ({"unevaluatedProperties": False, "$ref": "#"}, "{}"),
        (TREE, "[" * 199 + "]" * 199),
        ({"items": {"type": "integer"}}, json.dumps([1] * 200_000)),
        ({"pattern": "a.{1000}b"}, json.dumps("x" * 200_000)),
        (
            {"patternProperties": {"a.{1000}b": True}},
            json.dumps({"x" * 2000 + str(i): 1 for i in range(200)}),
        ),
        ({"uniqueItems": True}, json.dumps(list(range(400_000)))),
    ],
)
def test_work_without_end_is_given_up(schema, completion):
    with pytest.raises(WorkLimitError):
        obeys(schema, completion)


@pytest.mark.parametrize(
    ("schema", "completion", "passed"),
    [
        ({"uniqueItems": True}, json.dumps([[i, str(i)] for i in range(20_000)]), True),
        ({"uniqueItems": True}, json.dumps([*range(50_000), 7, "a"]), False),
        ({"pattern": "^(a+)+$"}, json.dumps("a" * 500_000 + "b"), False),
        (
            {"patternProperties": {"^(a|aa)+$": False}},
            json.dumps({"a" * i + "b": 1 for i in range(500)}),
            True,
        ),
        ({"additionalProperties": False}, json.dumps({str(i): 1 for i in range(50_000)}), False),
        ({"type": "string"}, json.dumps([1] * 300_000), False),
        ({"enum": [[i] for i in range(1000)]}, "[-1]", False),
        ({"anyOf": [{"type": "string"}] * 1000}, json.dumps([1] * 100_000), False),
        (TREE, "[" * 40 + "]" * 40, True),
        ({"unevaluatedItems": {"type": "integer"}}, json.dumps([1] * 10_000), True),
    ],
)
def test_much_work_is_done(schema, completion, passed):
    assert obeys(schema, completion) == passed


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"not":' * 5000 + "{}" + "}" * 5000, "nested too deep"),
        ('{"not":' * 150 + "{}" + "}" * 150, "too much work"),
        (json.dumps({"enum": ["x" * MAX_SCHEMA]}), "at most 100,000"),
        (json.dumps({"$schema": 5}), r"\$schema is 5"),
        (json.dumps({"properties": {"a": {"minLength": -1}}}), "properties.a.minLength: -1"),
        (json.dumps({"$ref": "#/x", "x": 5}), "5 is not of type"),
        (json.dumps({"$ref": "#/x", "x": {"type": "int"}}), "'int'"),
        (json.dumps({"$ref": "#/x", "x": {"pattern": r"(a)\1"}}), "back-references"),
        (json.dumps({"$ref": "#/x/y", "x": 1}), "leads nowhere"),
        (
            json.dumps({"$ref": "https://json-schema.org/draft/2020-12/schema"}),
            "nothing is fetched",
        ),
        (json.dumps({"patternProperties": {"(?<=a)": True}}), "look-around"),
    ],
)
def test_a_broken_schema_is_told_of(schema, message):
    with pytest.raises(InputError, match=message) as caught:
        json_schema(JsonSchemaRule(schema), item("no JSON at all"))
    assert caught.value.field == "json_schema.schema"
    with pytest.raises(SchemaError):  # remembered
        check_schema(schema)


def test_the_place_of_a_violation_is_told():
    schema = {"properties": {"a": {"items": {"properties": {"b c": {"type": "null"}}}}}}
    assert violation(json.dumps(schema), {"a": [{}, {"b c": 1}]}).startswith("a[1]")


def test_messages_are_short():
    schema = {"properties": {"a" * 1000: False}}
    assert len(violation(json.dumps(schema), {"a" * 1000: ["b" * 10**6] * 10})) <= 300


def test_of_two_budgets_the_inner_one_counts():
    with budget(1), budget(10):
        spend(10)
        with pytest.raises(WorkLimitError):
            spend(1)
