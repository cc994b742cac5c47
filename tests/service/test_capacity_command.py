"""`verifier-cli capacity measure` asks a real service and prints a table to plan with."""

import pytest
from program import free_port

from verifier.cli import capacity_measure
from verifier.cli.main import main
from verifier.planning.costs import load_costs, read_costs

ROWS = """\
{"completion": "\\\\boxed{4}", "math": {"reference_answers": ["4"]}}
{"completion": "so 17", "math": {"reference_answers": ["4"]}}
{"completion": "Jupiter", "text": {"reference_answers": ["Jupiter"], "mode": "exact"}}
{"completion": "1", "puzzle": {}}
"""


@pytest.fixture(autouse=True)
def few_items(monkeypatch):
    monkeypatch.setattr(capacity_measure, "_SIZES", {1: 40, 16: 160, 64: 320})


def test_a_table_is_printed_with_what_was_measured_and_the_rest_as_it_was(server, tmp_path, capsys):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(ROWS)
    given = ["--address", server.target, "--rows", str(rows), "--rounds", "12"]
    assert main(["capacity", "measure", *given]) == 0
    out, err = capsys.readouterr()
    costs, shipped = read_costs(out, "printed"), load_costs()
    assert server.target in costs.machine
    assert costs.front.seconds_per_item + costs.front.seconds_per_call > 0.0
    assert costs.classes["text"].work[0].seconds > 0.0
    assert costs.classes["text"] != shipped.classes["text"]
    assert costs.classes["code"] == shipped.classes["code"]
    assert "puzzle: no class of the table" in err
    assert "text: only 12 times" in err
    assert "math" not in err  # two rows in twelve rounds are enough


def test_rows_that_are_none_are_told_with_their_line(server, tmp_path, capsys):
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"completion": "4", "math": {"reference_answers": ["4"]}}\n[1]\n')
    assert main(["capacity", "measure", "--address", server.target, "--rows", str(rows)]) == 2
    assert f"{rows}:2: is no row" in capsys.readouterr().err


def test_a_service_that_is_not_there_is_told(capsys):
    target = f"127.0.0.1:{free_port()}"
    assert main(["capacity", "measure", "--address", target]) == 3
    assert target in capsys.readouterr().err
