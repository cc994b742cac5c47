"""Rows and results of code tasks: what is fast says what protobuf's JSON says of them, too."""

import json

import pytest

from verifier.convert.items import item_from_proto
from verifier.convert.results import result_to_proto
from verifier.convert.row_reader import RowReader
from verifier.convert.row_writer import RowWriter
from verifier.convert.rows import proto_to_row, row_to_proto
from verifier.types import (
    Assurance,
    CodeDetail,
    InvalidTask,
    Reason,
    Result,
    TestOutcome,
    Verdict,
)


def changed(text, old, new):
    assert old in text
    return text.replace(old, new).encode()


CODE_ROW = json.dumps(
    {
        "code": {
            "stdio": {"cases": [{"stdin": "1", "expected_stdout": "2"}]},
            "limits": {"cpu_seconds": 2, "memory_bytes": "9"},
        }
    }
)
NAMELESS = json.dumps(
    {"code": {"function": {"entry_point": "", "cases": [{"args_json": "", "expected_json": ""}]}}}
)
WEIGHTED = CODE_ROW.replace('"limits"', '"reward_mode": "fraction", "test_weights": [1], "limits"')


@pytest.mark.parametrize(
    ("line", "fast"),
    [
        (CODE_ROW.encode(), True),
        (changed(CODE_ROW, '"9"', "9"), True),
        (changed(CODE_ROW, '"9"', '"68719476736"'), True),
        (changed(CODE_ROW, '"9"', '"68719476737"'), False),
        (changed(CODE_ROW, '"9"', '"09"'), False),
        (changed(CODE_ROW, '"9"', '"9\\n"'), False),
        (changed(CODE_ROW, '"9"', '"1_0"'), False),
        (changed(CODE_ROW, '"9"', "9.0"), False),
        (changed(CODE_ROW, '"9"', "0"), False),
        (changed(CODE_ROW, '"9"', "null"), False),
        (changed(CODE_ROW, '"memory_bytes": "9"', '"processes": 3'), True),
        (changed(CODE_ROW, '"memory_bytes": "9"', '"processes": "3"'), False),
        (changed(CODE_ROW, '"memory_bytes": "9"', '"processes": 2147483648'), False),
        (changed(CODE_ROW, '"memory_bytes": "9"', '"processes": true'), False),
        (changed(CODE_ROW, '"limits"', '"language": "", "limits"'), True),
        (changed(CODE_ROW, '"limits"', '"language": "apl", "limits"'), True),
        (changed(CODE_ROW, '"cases"', '"checker": "", "cases"'), True),
        (changed(CODE_ROW, '"cases"', '"checker": "close", "cases"'), False),
        (
            changed(CODE_ROW, '"cases"', '"checker_program": {"source": "x"}, "cases"'),
            True,
        ),
        (changed(CODE_ROW, '"cases"', '"checker_program": {}, "cases"'), False),
        (changed(CODE_ROW, '"cases"', '"checker_program": null, "cases"'), False),
        (changed(CODE_ROW, '"limits"', '"assertions": {}, "limits"'), False),
        (WEIGHTED.encode(), True),
        (changed(WEIGHTED, "[1]", '["1"]'), False),
        (changed(WEIGHTED, "[1]", "[1e400]"), False),
        (changed(WEIGHTED, '"fraction"', '"REWARD_MODE_UNSPECIFIED"'), False),
        (b'{"code": {"function": {"entry_point": "f", "cases": [{"args_json": "[]"}]}}}', False),
        (b'{"code": {"function": {"entry_point": "", "cases": [{}]}}}', False),
        (NAMELESS.encode(), False),
        (changed(NAMELESS, '"entry_point": ""', '"entry_point": "f"'), False),
        (b'{"code": {"assertions": {"assertions": ["assert f() == 1"]}}}', True),
    ],
)
def test_what_is_read_fast_means_the_same_and_the_rest_is_left_alone(line, fast):
    read = RowReader().read(line, "7")
    assert (read is not None) == fast
    if fast:
        assert read == item_from_proto(row_to_proto(line), "7")
        assert not isinstance(read.task, InvalidTask)


@pytest.mark.parametrize(
    "detail",
    [
        CodeDetail(0, 0, ()),
        CodeDetail(0, 1, (TestOutcome(Verdict.UNSCORED, Reason.NOT_RUN),)),
        CodeDetail(
            *(1, 2),
            (
                TestOutcome(Verdict.CORRECT, Reason.EQUIVALENT, 0.01, 0.0, 0, ""),
                TestOutcome(Verdict.INCORRECT, Reason.WRONG_ANSWER, 0.0, 1e-05, 2**63 - 1),
            ),
            *("full", Assurance.SEPARATE, "python 3.11.2"),
        ),
    ],
)
def test_corners_of_a_detail_are_written_alike(detail):
    result = Result("x", Verdict.INCORRECT, Reason.WRONG_ANSWER, 0.0, detail=detail)
    assert RowWriter().write(result) == proto_to_row(result_to_proto(result)).encode()


@pytest.mark.parametrize(
    "detail",
    [
        CodeDetail(2**31, 2**31, ()),
        CodeDetail(1, 1, (TestOutcome(Verdict.CORRECT, Reason.EQUIVALENT, memory_bytes=2**63),)),
    ],
)
def test_a_whole_number_that_the_wire_cannot_carry_is_left_to_protobuf(detail):
    result = Result("x", Verdict.CORRECT, Reason.EQUIVALENT, 1.0, "", detail)
    assert RowWriter().write(result) is None
    with pytest.raises(ValueError, match="range"):
        result_to_proto(result)
