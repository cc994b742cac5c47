"""What docs/scores.md shows is what happens: its rows, its tables, its metrics."""

import re
from pathlib import Path

import msgspec
import pytest

from prm.aggregation import Aggregation as Rule
from verifier.config import load_config
from verifier.config.prm import PrmModelConfig
from verifier.convert.enums import wire_names
from verifier.convert.row_reader import RowReader
from verifier.metrics.models import PrmMetrics
from verifier.observers import Observer
from verifier.types import Aggregation, ProcessTask, RewardModelTask

TEXT = (Path(__file__).parents[2] / "docs" / "scores.md").read_text("utf-8")


def section(title):
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def names_in_table(text):
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_the_rows_are_of_the_common_shape():
    block = re.search(r"```json\n(.*?)```", section("Rows"), re.DOTALL)[1]
    items = [RowReader().read(line.encode(), "0") for line in block.splitlines()]
    assert [type(item.task) for item in items] == [ProcessTask] * 3 + [RewardModelTask]
    assert items[1].task.aggregation is Aggregation.FIRST_ERROR


def test_every_field_of_a_task_is_explained():
    assert names_in_table(section("Rows")) == list(ProcessTask.__struct_fields__)
    assert set(RewardModelTask.__struct_fields__) <= set(ProcessTask.__struct_fields__)


def test_every_aggregation_is_explained_and_has_its_rule():
    assert names_in_table(section("Aggregations")) == [one.value.lower() for one in Aggregation]
    assert {one.name for one in Rule} == {one.name for one in Aggregation}
    assert len(wire_names(Aggregation)) == len(Aggregation) + 1


def test_every_key_of_a_model_is_explained_with_its_default():
    table = section("Configuration").partition("[prm.models.NAME]`")[2]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE))
    fields = {field.name: field for field in msgspec.structs.fields(PrmModelConfig)}
    assert list(rows) == list(fields)
    shown = {"path": "required", "separator": "the family's"}
    for name, field in fields.items():
        default = msgspec.json.encode(field.default).decode() if name not in shown else ""
        assert rows[name].strip("`") == shown.get(name, default), name


def test_the_configuration_shown_is_one(tmp_path):
    path = tmp_path / "service.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", section("Configuration"), re.DOTALL)[1])
    settings = load_config(str(path)).prm.settings()
    assert list(settings.models) == ["qwen", "mine", "own"]
    assert settings.models["mine"].options.separator == "\n"


def test_every_metric_is_named_and_every_name_is_a_metric():
    metrics = PrmMetrics()
    metrics.loaded("m", 1.0, 1)
    assert isinstance(metrics, Observer)
    families = {family.name: family.type for family in metrics.collect()}
    ours = {f"{name}_total" if kind == "counter" else name for name, kind in families.items()}
    assert set(re.findall(r"`(verifier_prm_\w+)`", section("Metrics"))) == ours


@pytest.mark.parametrize("verdict", ["CORRECT", "INCORRECT", "SCORED", "UNSCORED"])
def test_every_verdict_stands_in_the_table(verdict):
    assert f"| {verdict}" in section("Results") or f"{verdict} |" in section("Results")


def test_the_search_shown_finds_the_right_steps(server):
    code = re.search(r"```python\n(.*?)```", section("Search"), re.DOTALL)[1]
    names = {}
    exec(code.replace("127.0.0.1:50051", server.target), names)  # noqa: S102 - our own page
    assert names["best"].id == "0", "2+3 comes first in no reading"
    right, *wrong = names["scores"].results
    assert right.step_rewards[0] > 0.5 > max(result.step_rewards[0] for result in wrong)
    assert right.cached_tokens > 0
