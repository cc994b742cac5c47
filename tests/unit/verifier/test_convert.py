"""Conversion: nothing is lost on the way to the wire and back, and nothing malformed gets in."""

import json
import math
from contextlib import suppress

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from word_strategies import ITEMS, RESULTS, TEXT

from verifier.convert import items
from verifier.convert.enums import wire_prefix
from verifier.convert.ids import IdGuard
from verifier.convert.items import TASK_FIELDS, item_from_proto, item_to_proto
from verifier.convert.results import REASONS, VERDICTS, result_from_proto, result_to_proto
from verifier.convert.rows import dict_to_proto, proto_to_row, row_to_proto
from verifier.errors import InputError
from verifier.types import (
    InvalidTask,
    Item,
    MathTask,
    PluginTask,
    Reason,
    Result,
    TextDetail,
    Verdict,
)
from verifier.v1 import item_pb2, math_pb2, result_pb2, service_pb2, verdict_pb2


@given(ITEMS)
def test_items_survive_the_wire(item):
    assert item_from_proto(item_to_proto(item), "default") == item


@given(ITEMS)
def test_items_survive_a_file(item):
    assert item_from_proto(row_to_proto(proto_to_row(item_to_proto(item))), "default") == item


@given(RESULTS)
def test_results_survive_the_wire(result):
    sent = result_pb2.ScoreResult.FromString(result_to_proto(result).SerializeToString())
    assert result_from_proto(sent) == result


@given(RESULTS)
def test_a_row_is_one_line_for_every_reader(result):
    line = proto_to_row(result_to_proto(result))
    assert len(line.splitlines()) == 1
    back = json_format.ParseDict(json.loads(line), result_pb2.ScoreResult())
    assert back.HasField("reward") == (result.reward is not None)


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_any_text_can_be_sent(text):
    result = Result(text, Verdict.UNSCORED, Reason.INTERNAL, None, text, TextDetail(text, text))
    result_to_proto(result).SerializeToString()


@given(st.text() | st.binary())
def test_a_line_is_an_item_or_an_input_error(line):
    with suppress(InputError):
        row_to_proto(line)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *TASK_FIELDS,
                    "id",
                    "completion",
                    "reference_answers",
                    "policy",
                    "mode",
                    "rules",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_an_item_or_an_input_error(value):
    with suppress(InputError):
        assert isinstance(item_from_proto(row_to_proto(json.dumps(value)), "1"), Item)


def test_every_task_of_the_contract_is_read():
    read, refused = set(), set()
    for name in TASK_FIELDS:
        message = item_pb2.ScoreItem()
        getattr(message, name).SetInParent()
        task = item_from_proto(message, "x").task
        if isinstance(task, InvalidTask):
            refused.add(name)  # an empty task that is read is refused for being empty
        else:
            read.add(name)
    assert refused == {"math", "text", "format", "code", "plugin", "composite", "puzzle"}
    assert read == {"process", "reward_model", "judge"}, "these need nothing: they have defaults"


@pytest.mark.parametrize(
    ("task", "field"),
    [
        ({"process": {"threshold": "NaN"}}, "process.threshold"),
        ({"process": {"threshold": "-Infinity"}}, "process.threshold"),
        ({"process": {"aggregation_threshold": "Infinity"}}, "process.aggregation_threshold"),
        ({"reward_model": {"threshold": "NaN"}}, "reward_model.threshold"),
        ({"process": {"aggregation": 99}}, "process.aggregation"),
        ({"judge": {"votes": -1}}, "judge.votes"),
        ({"judge": {"votes": 257}}, "judge.votes"),
        ({"judge": {"threshold": "NaN"}}, "judge.threshold"),
        ({"judge": {"temperature": -0.1}}, "judge.temperature"),
        ({"judge": {"max_tokens": 0}}, "judge.max_tokens"),
        ({"judge": {"seed": "-1"}}, "judge.seed"),
        ({"judge": {"rubric": {}}}, "judge.rubric.criteria"),
        ({"judge": {"rubric": {"criteria": [{}]}}}, "judge.rubric.criteria[0].name"),
        (
            {"judge": {"rubric": {"criteria": [{"name": "a"}, {"name": "a"}]}}},
            "judge.rubric.criteria[1].name",
        ),
        (
            {"judge": {"rubric": {"criteria": [{"name": "a", "weight": "NaN"}]}}},
            "judge.rubric.criteria[0].weight",
        ),
        (
            {"judge": {"rubric": {"criteria": [{"name": "a", "weight": -1}]}}},
            "judge.rubric.criteria",
        ),
    ],
)
def test_a_model_task_that_breaks_a_limit_names_its_field(task, field):
    item = item_from_proto(row_to_proto(json.dumps(task)), "x")
    assert isinstance(item.task, InvalidTask)
    assert item.task.problem.startswith(f"{field}: ")


def test_every_verdict_and_reason_of_the_wire_has_a_word_here():
    for table, wire, ours in (
        (VERDICTS, verdict_pb2.Verdict, Verdict),
        (REASONS, verdict_pb2.Reason, Reason),
    ):
        assert {table.from_wire(n, "") for n in wire.values() if n} == set(ours)


@pytest.mark.parametrize("number", [-1, 0, 99])
def test_a_verdict_that_means_nothing_is_refused_rather_than_guessed(number):
    message = result_pb2.ScoreResult(verdict=number, reason=verdict_pb2.REASON_EQUIVALENT)
    with pytest.raises(InputError, match="Verdict"):
        result_from_proto(message)


def test_a_reward_of_zero_and_no_reward_stay_apart():
    zero = result_to_proto(Result("x", Verdict.INCORRECT, Reason.NO_ANSWER, 0.0))
    none = result_to_proto(Result("x", Verdict.UNSCORED, Reason.INTERNAL, None))
    assert (zero.HasField("reward"), none.HasField("reward")) == (True, False)
    assert '"reward": 0.0' in proto_to_row(zero)
    assert "reward" not in proto_to_row(none)


def test_an_empty_policy_is_the_default_policy():
    message = item_pb2.ScoreItem(math=math_pb2.MathTask(reference_answers=["4"]))
    message.math.policy.SetInParent()
    assert item_from_proto(message, "x").task == MathTask(("4",))


def nested(levels):
    return {"a": nested(levels - 1)} if levels > 1 else {}


def plugin(options):
    return {"plugin": {"name": "p", "options": options}}


def test_options_of_thirty_levels_fit_a_message_and_more_are_refused_both_ways():
    message = dict_to_proto(plugin(nested(30)))
    request = service_pb2.ScoreRequest(items=[message]).SerializeToString()
    item = item_from_proto(service_pb2.ScoreRequest.FromString(request).items[0], "x")
    assert json.loads(item.task.options_json) == nested(30)
    words = "plugin.options: nested deeper than 30 levels"
    with pytest.raises(InputError, match=words):
        dict_to_proto(plugin(nested(31)))
    with pytest.raises(InputError, match=words):
        item_to_proto(Item("x", "x", PluginTask("p", json.dumps(nested(31)))))
    message.plugin.options.update(nested(31))
    assert words in item_from_proto(message, "x").task.problem


@pytest.mark.parametrize(
    "row", [{1: 2}, plugin({1: 2}), plugin({"a": 10**400}), plugin({"a": object()}), {"\ud800": 1}]
)
def test_a_row_that_no_file_could_hold_is_an_input_error(row):
    with pytest.raises(InputError):
        dict_to_proto(row)


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_an_option_that_json_cannot_spell_is_refused(number):
    message = item_pb2.ScoreItem()
    message.plugin.name = "p"
    message.plugin.options.update({"a": [number]})
    assert "plugin.options: holds" in item_from_proto(message, "x").task.problem


def test_whatever_goes_wrong_with_a_task_is_said_of_its_item_alone(monkeypatch):
    monkeypatch.setitem(items._READERS, "math", lambda _: 1 // 0)
    message = item_pb2.ScoreItem(math=math_pb2.MathTask(reference_answers=["4"]))
    assert "ZeroDivisionError" in item_from_proto(message, "x").task.problem


def test_id_guard_names_both_places_and_forgets_when_told():
    guard = IdGuard("line")
    item = Item("a", "x", MathTask(("4",)))
    assert guard.check(item, 3) is item
    refused = guard.check(item, 9)
    assert "line 3 and line 9" in refused.task.problem
    guard.forget(["a"])  # the refusal is out, the first is still under way
    assert "line 3 and line 10" in guard.check(item, 10).task.problem
    guard.forget(["a", "a"])
    assert guard.check(item, 12) is item


@pytest.mark.parametrize(
    ("name", "prefix"), [("TextMode", "TEXT_MODE_"), ("Verdict", "VERDICT_"), ("F", "F_")]
)
def test_prefix_of_an_enum(name, prefix):
    assert wire_prefix(name) == prefix
