"""Two ways to read and write rows, one meaning: what is fast says what protobuf's JSON says."""

import asyncio
import json

import pytest
from case_rows import CASES, case_rows
from hypothesis import given
from hypothesis import strategies as st
from word_strategies import COMMON_DETAILS, COMMON_TASKS, ITEMS, RESULTS, TEXT, items, results

from verifier.convert.items import item_from_proto, item_to_proto
from verifier.convert.results import result_from_proto, result_to_proto
from verifier.convert.row_reader import RowReader
from verifier.convert.row_writer import RowWriter
from verifier.convert.rows import proto_to_row, row_to_proto
from verifier.convert.words import TASKS
from verifier.engine import Engine
from verifier.errors import InputError
from verifier.registry import Registry, builtin
from verifier.types import (
    CodeLimits,
    CodeTask,
    CompositeDetail,
    FormatDetail,
    FormatTask,
    InvalidTask,
    Item,
    JsonSchemaRule,
    MathDetail,
    MathPolicy,
    Reason,
    Result,
    TermOutcome,
    TextDetail,
    Verdict,
)

# Fields that are left to protobuf's JSON: free-form.
SLOW = {"plugin"}
READER = RowReader()
GIVEN = {"id": "a", "completion": "4", "math": {"reference_answers": ["4"]}}


def slow_read(line):
    """The item by way of a message; None if the line is none."""
    try:
        return item_from_proto(row_to_proto(line), "7")
    except InputError:
        return None


def slow_write(result):
    return proto_to_row(result_to_proto(result)).encode()


def golden_lines():
    """Every golden case and every example, as a row of a file."""
    for row in case_rows("math"):
        names = {"reference_answers", "policy"} & set(row)
        yield json.dumps(
            {
                "id": row["id"],
                "completion": row["completion"],
                "math": {name: row[name] for name in names},
            }
        )
    for kind in sorted((CASES / "math").glob("*.jsonl")):
        for row in case_rows(f"math/{kind.stem}"):
            completion = row.get("completion") or f"\\boxed{{{row['candidate']}}}"
            task = {"reference_answers": [row["reference"]]}
            yield json.dumps({"id": row["id"], "completion": completion, "math": task})
    for row in case_rows("text"):
        names = {"reference_answers", "mode", "threshold"} & set(row)
        task = {name: row[name] for name in names}
        yield json.dumps({"id": row["id"], "completion": row["completion"], "text": task})
    for row in case_rows("format"):
        task = {"rules": [{name: {}} for name in row["rules"]]}
        yield json.dumps({"id": row["id"], "completion": row["completion"], "format": task})
    for kind in sorted((CASES / "formats").glob("*.jsonl")):
        for row in case_rows(f"formats/{kind.stem}"):
            task = {"rules": [row["rule"]]}
            yield json.dumps({"id": row["id"], "completion": row["completion"], "format": task})
    for path in sorted((CASES.parent.parent / "examples").glob("*.jsonl")):
        yield from path.read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def golden():
    return [line.encode() for line in golden_lines()]


def test_every_golden_row_is_read_alike(golden):
    reader = RowReader()
    read = [(reader.read(line, "7"), slow_read(line)) for line in golden]
    assert [fast for fast, slow in read if fast not in (slow, None)] == []
    assert sum(fast is not None for fast, _ in read) > 0.97 * len(read)  # those with \ud800 are not


def test_every_golden_result_is_written_alike(golden):
    async def score():
        async with Engine(Registry(builtin())) as engine:
            return await engine.score([slow_read(line) for line in golden])

    writer = RowWriter()
    written = [(writer.write(result), slow_write(result)) for result in asyncio.run(score())]
    assert [pair for pair in written if pair[0] not in (pair[1], None)] == []
    assert sum(fast is not None for fast, _ in written) > 0.97 * len(written)


@given(ITEMS)
def test_an_item_is_read_alike(item):
    line = proto_to_row(item_to_proto(item)).encode()
    assert READER.read(line, "7") in (None, slow_read(line))


@given(items(COMMON_TASKS))
def test_a_common_item_is_read_fast(item):
    assert READER.read(proto_to_row(item_to_proto(item)).encode(), "7") == item


@given(RESULTS)
def test_a_result_is_written_alike(result):
    assert RowWriter().write(result) in (None, slow_write(result))


@given(results(COMMON_DETAILS))
def test_a_common_result_is_written_fast(result):
    assert RowWriter().write(result) == slow_write(result)


@given(results(st.none(), st.text(st.characters(exclude_categories=()))))
def test_any_text_is_written_alike(result):
    assert RowWriter().write(result) in (None, slow_write(result))


@given(
    st.dictionaries(
        st.sampled_from(["id", "completion", "prompt", "group_id", "groupId", *TASKS, *SLOW]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        [
                            *("reference_answers", "policy", "mode", "rules", "threshold"),
                            *("boxed", "think_answer", *MathPolicy.__struct_fields__),
                            *(*CodeTask.__struct_fields__, *CodeLimits.__struct_fields__),
                            *("cases", "checker", "checker_program", "entry_point", "program"),
                        ]
                    ),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_any_object_is_read_alike_or_left_alone(row):
    line = json.dumps(row).encode()
    assert RowReader().read(line, "7") in (None, slow_read(line))


def changed(text, old, new):
    assert old in text
    return text.replace(old, new).encode()


PLAIN = json.dumps(GIVEN)
POLICY = PLAIN.replace('["4"]', '["4"], "policy": {"percent": "PERCENT_POLICY_EXACT"}')
TEXT_ROW = '{"text": {"reference_answers": ["a"], "mode": "TEXT_MODE_F1", "threshold": 1}}'


WIDE = [(2**63 - 1, True), (-(2**63), True), (2**63, False), (-(2**63) - 1, False), (10**19, False)]


def wide_row(number):
    return f'{{"format": {{"rules": [{{"length": {{"max": "{number}"}}}}]}}}}'


TEXT_BASE = '"base": {"text": {"reference_answers": ["a"]}}'
BOX_TERM = '{"name": "a", "weight": 0, "gate": true, "format": {"rules": [{"boxed": {}}]}}'
SHAPE_TERM = '{"name": "b", "shape": {"rule": "cosine@trl", "max_length": "7"}}'
BOTH_TERMS = f'"terms": [{BOX_TERM}, {SHAPE_TERM}]'
GROUPED = '"combine": "min", "advantage": "grpo", "group_size": 2, "clip_max": 1'
COMPOSITES = [
    (f'{{"composite": {{"recipe": "r1", {TEXT_BASE}, "options": {{"language": "de"}}}}}}', True),
    (f'{{"composite": {{"terms": [{{"name": "a", "base": {{}}}}], {TEXT_BASE}}}}}', True),
    ('{"composite": {"terms": [{"name": "a", "base": {}}]}}', False),
    (
        f'{{"composite": {{{BOTH_TERMS}, {GROUPED}}}}}',
        True,
    ),
    ('{"composite": {"recipe": "r1", "combine": "COMBINE_UNSPECIFIED"}}', False),
    ('{"composite": {"recipe": "r1", "advantage": "ADVANTAGE_UNSPECIFIED"}}', True),
    (
        '{"composite": {"terms": [{"name": "a", "shape": {"rule": "x", "of": "b"}, "base": {}}]}}',
        False,
    ),
    ('{"composite": {"terms": [{"name": "a"}]}}', False),
    ('{"composite": {"terms": [{"name": "a", "plugin": {"name": "p"}}]}}', False),
    ('{"composite": {"recipe": "r1", "base": {}}}', False),
    ('{"composite": {"recipe": "r1", "base": {"composite": {"recipe": "r1"}}}}', False),
    ('{"composite": {"recipe": "r1", "group_size": 0}}', False),
    ('{"composite": {}}', False),
]


@pytest.mark.parametrize(
    ("line", "fast"),
    [
        (PLAIN.encode(), True),
        (b" \t" + PLAIN.encode() + b" \r\n", True),
        (changed(PLAIN, '"id": "a", ', ""), True),
        (changed(PLAIN, '"a"', '""'), True),
        (changed(PLAIN, '"4",', '"\\ud83d\\ude00\\u0000\\u2028",'), True),
        (changed(PLAIN, '"id"', '"\\u0069d"'), True),
        (changed(PLAIN, '"id": "a"', '"id": "a", "id": "b"'), True),
        (POLICY.encode(), True),
        (changed(POLICY, "PERCENT_POLICY_EXACT", "exact"), True),
        (changed(POLICY, "PERCENT_POLICY_EXACT", "percent_policy_Exact"), True),
        (changed(POLICY, '"PERCENT_POLICY_EXACT"', "2"), False),
        (changed(POLICY, "PERCENT_POLICY_EXACT", "PERCENT_POLICY_UNSPECIFIED"), True),
        (changed(POLICY, '"percent": "PERCENT_POLICY_EXACT"', '"preset": "strict"'), True),
        (changed(POLICY, '"percent": "PERCENT_POLICY_EXACT"', ""), True),
        (changed(POLICY, "PERCENT_POLICY_EXACT", "maybe"), False),
        (changed(POLICY, '"percent": "PERCENT_POLICY_EXACT"', '"relative_tolerance": 2'), False),
        (changed(POLICY, '"percent": "PERCENT_POLICY_EXACT"', '"relative_tolerance": "0"'), False),
        (changed(PLAIN, "reference_answers", "referenceAnswers"), False),
        (changed(PLAIN, '"4",', "null,"), False),
        (changed(PLAIN, '"4",', '"\\ud800",'), False),
        (changed(PLAIN, '"4",', '"\xff",').decode().encode("latin-1"), False),
        (changed(PLAIN, '["4"]', "[]"), False),
        (changed(PLAIN, '"math"', '"text": {"reference_answers": ["4"]}, "math"'), False),
        (changed(PLAIN, '"a"', "7"), False),
        (b"\xef\xbb\xbf" + PLAIN.encode(), False),
        (PLAIN.encode("utf-16"), False),
        (TEXT_ROW.encode(), True),
        (changed(TEXT_ROW, "TEXT_MODE_F1", "f1"), True),
        (changed(TEXT_ROW, "TEXT_MODE_F1", "exact"), False),
        (changed(TEXT_ROW, ": 1}", ": 1e400}"), False),
        (changed(TEXT_ROW, ": 1}", ": 0}"), False),
        (b'{"format": {"rules": [{"boxed": {}}, {"think_answer": {}}]}}', True),
        (b'{"format": {"rules": [{"boxed": {}, "think_answer": {}}]}}', False),
        (b'{"format": {"rules": [{}]}}', False),
        (b'{"format": {"rules": [{"regex": {"pattern": "a"}}]}}', True),
        (b'{"format": {"rules": [{"loop": {}}, {"length": {"max": "7", "unit": "words"}}]}}', True),
        (b'{"format": {"rules": [{"json_schema": {"schema": {"a": [1, 2.0, 0.5, null]}}}]}}', True),
        (b'{"format": {"rules": [{"json_schema": {"schema": {"a": 9007199254740993}}}]}}', False),
        (b'{"format": {"rules": [{"json_schema": {"schema": {}}}]}}', True),
        (
            b'{"truncated": true, "completion_tokens": "7", "format": {"rules": [{"json": {}}]}}',
            True,
        ),
        (b'{"completion_tokens": 7.5, "format": {"rules": [{"json": {}}]}}', False),
        *((wide_row(number).encode(), fast) for number, fast in WIDE),
        *((line.encode(), fast) for line, fast in COMPOSITES),
        (b'{"plugin": {"name": "p"}}', False),
        (b'{"id": "a"}', False),
        (b"[]", False),
        (b"", False),
    ],
)
def test_what_is_read_fast_means_the_same_and_the_rest_is_left_alone(line, fast):
    read = RowReader().read(line, "7")
    assert (read is not None) == fast
    if fast:
        assert read == slow_read(line)
        assert not isinstance(read.task, InvalidTask)


@pytest.mark.parametrize(
    "result",
    [
        Result("x", Verdict.SCORED, Reason.PLUGIN_SCORE, 1),
        Result("x", Verdict.CORRECT, Reason.EQUIVALENT, 1e22, queue_seconds=1e-05),
        Result("x", Verdict.UNSCORED, Reason.UNDECIDED, None, detail=MathDetail()),
        Result("x", Verdict.SCORED, Reason.PARTIAL_MATCH, 5e-324, detail=TextDetail("", "", 0.0)),
        Result("", Verdict.CORRECT, Reason.FORMAT_OK, 0.0, detail=FormatDetail(())),
        *(
            Result("x", Verdict.CORRECT, Reason.EQUIVALENT, 1.0, detail=MathDetail(span=span))
            for span in ((0, 0), (0, 4), (4, 0), (2**32 - 1, 2**32 - 1))
        ),
        Result(
            '\u2028\u2029\x85\x7f\x1f"\\/\b\f\n\r\t😀',
            Verdict.CORRECT,
            Reason.EQUIVALENT,
            1.0,
        ),
    ],
)
def test_corners_of_a_result_are_written_alike(result):
    assert RowWriter().write(result) == slow_write(result)


def test_an_empty_object_is_written_and_no_weight_is_none():
    item = Item("x", "", FormatTask((JsonSchemaRule("{}"),)))
    assert RowReader().read(proto_to_row(item_to_proto(item)).encode(), "7") == item
    term = TermOutcome("a", Verdict.CORRECT, Reason.EQUIVALENT, 1.0, weight=0.0)
    result = Result("x", Verdict.SCORED, Reason.COMPOSED, 0.0, detail=CompositeDetail((term,)))
    assert result_from_proto(result_to_proto(result)) == result


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_json_cannot_spell_is_left_to_protobuf(number):
    assert RowWriter().write(Result("x", Verdict.CORRECT, Reason.EQUIVALENT, number)) is None


@pytest.mark.parametrize("span", [(-1, 2), (1, 2**32)])
def test_a_place_that_the_wire_cannot_carry_is_left_to_protobuf(span):
    detail = MathDetail(span=span)
    assert (
        RowWriter().write(Result("x", Verdict.CORRECT, Reason.EQUIVALENT, 1.0, "", detail)) is None
    )
