"""What docs/judge.md shows is what happens: rows, tables, configuration, metrics."""

import re
from pathlib import Path

import msgspec
import pytest

from verifier.config import load_config
from verifier.config.judge_backends import LocalBackendConfig, OpenAiBackendConfig
from verifier.convert.items import item_from_proto
from verifier.convert.rows import row_to_proto
from verifier.judge.asking import Reply
from verifier.judge.observing import CacheTrouble
from verifier.metrics.judge import JudgeMetrics
from verifier.types import JudgeTask

TEXT = (Path(__file__).parents[4] / "docs" / "judge.md").read_text("utf-8")


def section(title):
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def table(text, heading):
    """From the names in a table's first column to the second one."""
    rows = text.partition(heading)[2].partition("\n\n")[0]
    return {
        name: default.strip("` ")
        for names, default in re.findall(r"^\| (`.*?`) \| (.*?) \|", rows, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", names)
    }


def test_the_rows_are_judge_tasks():
    block = re.search(r"```json\n(.*?)```", section("Rows"), re.DOTALL)[1]
    lines = re.sub(r"\[\n\s*", "[", block).replace(",\n  {", ", {").splitlines()
    tasks = [item_from_proto(row_to_proto(line.encode()), "0").task for line in lines]
    assert [type(task) for task in tasks] == [JudgeTask] * 3
    assert [one.weight for one in tasks[2].rubric.criteria] == [3.0, -2.0]


def test_every_field_of_a_task_is_explained():
    assert set(table(section("Rows"), "| Field of `judge` |")) == set(JudgeTask.__struct_fields__)


@pytest.mark.parametrize("kind", [OpenAiBackendConfig, LocalBackendConfig])
def test_every_key_of_a_backend_is_explained_with_its_default(kind):
    shown = table(section("Backends"), f'| Key of `kind = "{kind.__struct_config__.tag}"` |')
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    assert list(shown) == list(fields)
    for name, field in fields.items():
        if field.default_factory is not msgspec.NODEFAULT:
            assert shown[name] == msgspec.json.encode(field.default_factory()).decode(), name
        elif not field.required and field.default is not None:
            assert shown[name].strip('"') == str(field.default).lower(), name


def test_the_configuration_shown_is_one(tmp_path, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "secret")
    path = tmp_path / "service.toml"
    path.write_text(re.search(r"```toml\n(.*?)```", section("Backends"), re.DOTALL)[1])
    assert list(load_config(str(path)).judge.backends) == ["main", "small"]


def test_every_metric_is_explained():
    metrics = JudgeMetrics(["main"], ["grade"])
    metrics.called("main", Reply("x", prompt_tokens=1, completion_tokens=1), 0.5)
    metrics.unreadable("main", "grade")
    metrics.agreed("grade", 1, 1)
    metrics.voted("grade", 1.0)
    metrics.cache_failed(CacheTrouble.DOWN, "x")
    found = {family.name for family in metrics.collect()}
    said = set()
    for cell in re.findall(r"^\| (`.*?`) \|", section("Metrics"), re.MULTILINE):
        said |= {
            f"verifier_judge_{name.removeprefix('verifier_judge_').lstrip('_')}"
            for name in re.findall(r"`(\w+)`", cell)
        }
    assert {name.removesuffix("_total") for name in said} == found
