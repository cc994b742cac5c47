"""Every row under examples/ gets the verdict that examples/expected.json promises."""

import json
import runpy
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from verifier.cli.source import Source

EXAMPLES = Path(__file__).parents[3] / "examples"
EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
demo = runpy.run_path(str(EXAMPLES / "demo.py"))["main"]


def items_of(name):
    with closing(Source(str(EXAMPLES / f"{name}.jsonl"))) as source:
        return [row.item for row in source.rows()]


ITEMS = [item for name in ("math", "text", "format", "composite") for item in items_of(name)]


@pytest.mark.parametrize("item", ITEMS, ids=[item.id for item in ITEMS])
async def test_example_gets_the_verdict_promised(bare_engine, item):
    group = [other for other in ITEMS if item.group_id and other.group_id == item.group_id]
    results = await bare_engine.score(group or [item])
    (result,) = (one for one in results if one.id == item.id)
    assert f"VERDICT_{result.verdict.value}" == EXPECTED[item.id]


def test_expected_and_rows_name_the_same_ids():
    # Those are scored by the demo below, and programs in tests/service/test_code_docs.py, too.
    slower = (*items_of("code"), *items_of("process"), *items_of("judge"))
    assert [item.id for item in (*ITEMS, *slower)] == list(EXPECTED)


def test_every_verdict_is_shown():
    assert len(set(EXPECTED.values())) == 4


def test_demo_shows_every_row_within_100_columns_and_exits_0(capsys):
    assert demo() == 0
    out = capsys.readouterr().out
    assert all(item.id in out for item in ITEMS)
    assert max(map(len, out.splitlines())) <= 100
    assert out.rstrip().endswith("; 0 other than expected")


@pytest.mark.parametrize(
    ("name", "verdict", "said"),
    [
        (
            "math-wrong",
            "VERDICT_CORRECT",
            "math-wrong: VERDICT_INCORRECT, expected VERDICT_CORRECT",
        ),
        ("gone", "VERDICT_CORRECT", "gone: None, expected VERDICT_CORRECT"),
    ],
    ids=["another verdict", "a row that is not there"],
)
def test_demo_names_what_differs_and_exits_1(tmp_path, capsys, name, verdict, said):
    for path in EXAMPLES.glob("*.jsonl"):
        shutil.copy(path, tmp_path)
    (tmp_path / "expected.json").write_text(json.dumps({**EXPECTED, name: verdict}), "utf-8")
    assert demo(tmp_path) == 1
    out = capsys.readouterr().out
    assert said in out
    assert out.rstrip().endswith("; 1 other than expected")
