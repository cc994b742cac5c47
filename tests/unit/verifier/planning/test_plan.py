"""Costs as a file, loads as options, and plans."""

import json
import re
import shlex
from pathlib import Path

import msgspec
import pytest

from verifier.cli.capacity_measure import _unseen, class_of
from verifier.cli.main import main
from verifier.errors import ConfigError, InputError
from verifier.planning.costs import load_costs, read_costs, write_costs
from verifier.planning.fitting import fit_front, with_measured
from verifier.planning.load import Aims, make_load
from verifier.planning.model import demands, plan

DOCS = (Path(__file__).parents[4] / "docs" / "capacity.md").read_text("utf-8")
COSTS = """
measured = "2026-01-01"
machine = "a test"
[front]
seconds_per_call = 0.001
seconds_per_item = 0.0001
forward_seconds_per_item = 0.0001
[deployments.front]
memory_bytes = 1e8
restart_seconds = 2.0
[deployments.sandbox]
places = { sandbox = 4 }
memory_bytes = 2e8
place_bytes = 1e7
[classes.math]
work = [{ place = "loop", seconds = 0.0001 }]
[classes.code]
deployment = "sandbox"
work = [
    { place = "loop", seconds = 0.001 },
    { place = "sandbox", seconds = 0.1, variation = 1.0, limit_seconds = 10.0 },
]
"""


def costs():
    return read_costs(COSTS, "costs.toml")


def planned(rate, mix, bursts=None, limits=None, aims=None):
    return plan(make_load(rate, mix, bursts, limits), costs(), aims or Aims(5.0))


# ------------------------------------------------------------------------------------------ costs


def test_the_costs_that_ship_can_be_read_and_say_where_they_are_from():
    shipped = load_costs()
    assert shipped.measured.startswith("20")
    assert shipped.machine
    assert {"math", "text", "format", "code", "process", "judge"} <= shipped.classes.keys()
    for name in shipped.classes:
        assert plan(make_load(1.0, {name: 1.0}), shipped, Aims(60.0)).deployments


@pytest.mark.parametrize("given", [costs, load_costs], ids=["small", "shipped"])
def test_costs_that_are_written_are_read_again(given):
    once = read_costs(write_costs(given()), "again")
    assert read_costs(write_costs(once), "again") == once
    assert once.classes.keys() == given().classes.keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('measured = "2026-01-01"', "", "missing required field `measured`"),
        ("seconds_per_call = 0.001", 'seconds_per_call = "1"', r"\$.front.seconds_per_call"),
        ("seconds_per_call = 0.001", "seconds_per_call = -1.0", "front.seconds_per_call must be"),
        ('deployment = "sandbox"', 'deployment = "cellar"', "there is no 'cellar'"),
        ('place = "sandbox"', 'place = "cellar"', r"classes.code.work\[1\].place"),
        ("sandbox = 4", "sandbox = 0", "places.sandbox must be at least 1"),
        ("variation = 1.0", "variation = -1.0", "variation must be at least 0"),
        ("limit_seconds = 10.0", "limit_seconds = 0.0", "limit_seconds must be above 0"),
        ("variation = 1.0", "share = 1.5", "share must be from 0 to 1"),
        ("[deployments.front]", "[deployments.back]", "deployments.front is missing"),
        ("[front]", "[front", "is not TOML"),
        ("restart_seconds = 2.0", "restart = 2.0", "unknown field `restart`"),
    ],
)
def test_costs_that_mean_nothing_are_refused_with_the_place(old, new, said):
    assert old in COSTS
    with pytest.raises(ConfigError, match=f"^mine.toml: .*{said}"):
        read_costs(COSTS.replace(old, new), "mine.toml")


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load_costs(str(tmp_path / "none.toml"))


def test_measured_times_replace_the_main_work_and_nothing_else():
    front = fit_front({1: 0.0021, 10: 0.0003, 100: 0.00012})
    assert front.seconds_per_call == pytest.approx(0.002)
    assert front.seconds_per_item == pytest.approx(0.0001)
    new = with_measured(costs(), front, {"code": [0.2, 0.4], "math": [0.001, 0.001], "novel": [1]})
    assert new.front.forward_seconds_per_item == costs().front.forward_seconds_per_item
    assert new.classes.keys() == costs().classes.keys()
    loop, sandbox = new.classes["code"].work
    assert loop == costs().classes["code"].work[0]
    assert (sandbox.seconds, sandbox.limit_seconds) == (pytest.approx(0.3), 10.0)
    assert sandbox.variation == pytest.approx(1 / 3)
    assert new.classes["math"].work[0].seconds == pytest.approx(0.001)


# ------------------------------------------------------------------------------------------ loads


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((None, {"math": 1.0}), "rollouts-per-second: is needed"),
        ((0.0, {"math": 1.0}), "rollouts-per-second: must be at least"),
        ((float("nan"), {"math": 1.0}), "rollouts-per-second"),
        ((1.0, {"math": -1.0}), "mix: math: must be at least 0"),
        ((1.0, {"math": 0.0}), "mix: needs a class"),
        ((1.0, {}), "mix: needs a class"),
        ((1.0, {"math": 1.0}, (0.0, 1.0)), "burst"),
        ((1.0, {"math": 1.0}, (1.0, 0.0)), "every"),
        ((1.0, {"math": 1.0}, (100.0, 10.0)), "one trainer alone sends 10 a second"),
        ((1.0, {"math": 1.0}, None, {"code": 0.1}), "'code' is not in the mix"),
        ((1.0, {"math": 1.0}, None, {"math": 1.5}), "must be from 0 to 1"),
    ],
)
def test_loads_that_contradict_themselves_are_refused(given, said):
    with pytest.raises(InputError, match=said):
        make_load(*given)


def test_a_load_counts_its_trainers_and_takes_the_rate_of_one_if_none_is_given():
    assert make_load(100.0, {"math": 2.0}, (50.0, 10.0)).trainers == 20
    assert make_load(None, {"math": 2.0}, (50.0, 10.0)).rate == 5.0
    assert make_load(5.0, {"math": 2.0, "code": 2.0}).mix == {"math": 0.5, "code": 0.5}


# ------------------------------------------------------------------------------------------ plans


def test_a_busy_place_needs_replicas_by_its_work():
    (front, sandbox) = planned(200.0, {"code": 1.0}, aims=Aims(100.0)).deployments
    assert (front.name, front.needed, front.replicas) == ("front", 1, 2)
    # 200 x 0.1 s of work a second, 4 places, at most 80 % busy: 6.25.
    assert (sandbox.name, sandbox.needed, sandbox.replicas) == ("sandbox", 7, 8)
    assert sandbox.stations[0].demand.place == "sandbox"
    assert sandbox.stations[0].utilisation == pytest.approx(20 / 28, rel=0.01)
    assert sandbox.memory_bytes == pytest.approx(2.4e8)


def test_forwarded_items_cost_the_front_their_way_and_no_more():
    found = {
        (one.deployment, one.place): one for one in demands(make_load(1.0, {"code": 1.0}), costs())
    }
    way = 0.001 / 64 + 0.0001
    assert found["front", "loop"].time.mean() == pytest.approx(way + 0.0001)
    assert found["sandbox", "loop"].time.mean() == pytest.approx(way + 0.001)
    assert found["sandbox", "sandbox"].time.mean() == pytest.approx(0.1, rel=1e-3)


def test_a_burst_needs_more_than_its_mean_rate_does():
    steady = planned(68.0, {"code": 1.0}, aims=Aims(4.0)).deployments[1].needed
    bursts = planned(68.0, {"code": 1.0}, (4080.0, 60.0), aims=Aims(9.0)).deployments[1]
    assert bursts.needed > 3 * steady
    assert bursts.stations[0].seconds <= 9.0
    assert bursts.stations[0].fewest == steady


def test_what_no_replica_shortens_is_said_and_comes_on_top():
    one = planned(None, {"code": 1.0}, (1000.0, 100.0), {"code": 0.05}, Aims(5.0)).deployments[1]
    station = one.stations[0]
    # Of 64 items at 4 places three run into 10 s on average, and sometimes five, one after another.
    assert 10.0 < station.least_seconds < 31.0
    assert station.least_seconds < station.seconds <= station.least_seconds + 5.0


def test_more_never_needs_fewer():
    needs = [planned(rate, {"code": 1.0}).deployments[1].needed for rate in (10, 50, 250, 1250)]
    assert needs == sorted(needs)
    aims = [
        planned(50.0, {"code": 1.0}, (500.0, 10.0), aims=Aims(aim)).deployments[1].needed
        for aim in (20.0, 5.0, 3.0, 2.0)
    ]
    assert aims == sorted(aims)


def test_a_trainer_whose_calls_wait_for_their_slowest_item_needs_more_of_them():
    few = planned(None, {"math": 1.0}, (4096.0, 60.0)).calls
    many = planned(None, {"code": 1.0}, (4096.0, 60.0), {"code": 0.05}).calls
    assert few == 1
    assert many > 64


def test_a_class_without_costs_and_a_time_out_without_a_limit_are_refused():
    with pytest.raises(InputError, match="there are no costs of 'cobol'; there are: math, code"):
        planned(1.0, {"cobol": 1.0})
    with pytest.raises(InputError, match="no limit_seconds"):
        planned(1.0, {"math": 1.0}, None, {"math": 0.1})


# ---------------------------------------------------------------------------------------- command


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "costs.toml"
    path.write_text(COSTS)
    return str(path)


def test_the_command_prints_a_plan_with_its_reasons(file, capsys):
    line = f"capacity --costs {file} --mix math=0.5,code=0.5 --burst 4096 --every 60"
    assert main([*line.split(), "--timeouts", "code=0.02"]) == 0
    out = capsys.readouterr().out
    assert "one trainer that sends 4,096 at once every 60 s" in out
    assert "measured 2026-01-01 on a test" in out
    assert "sandbox: code would be too slow with fewer" in out
    assert "which more replicas do not shorten" in out
    assert "calls in flight (8 by default)" in out


def test_the_command_prints_json_with_the_same_replicas(file, capsys):
    line = f"capacity --costs {file} --mix code=1 --rollouts-per-second 200 --spare 2"
    assert main([*line.split(), "--places", "sandbox=8", "--target-seconds", "50", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    sandbox = said["deployments"][1]
    assert (sandbox["name"], sandbox["needed"], sandbox["replicas"]) == ("sandbox", 4, 6)
    assert sandbox["stations"][0]["by_class"] == {"code": 1.0}
    assert sandbox["stations"][0]["places"] == 8


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--rollouts-per-second 5", "mix: is needed"),
        ("--mix math=1", "rollouts-per-second: is needed"),
        ("--mix math", "mix: must be NAME=NUMBER, is 'math'"),
        ("--mix math=x", "mix: must be NAME=NUMBER, is 'math=x'"),
        ("--mix math=1 --burst 5", "burst, every: takes the other"),
        ("--mix math=1 --rollouts-per-second 5 --places cellar=2", "places: there is no 'cellar'"),
        ("--mix math=1 --rollouts-per-second 5 --places sandbox=1.5", "a whole number"),
        ("--mix math=1 --rollouts-per-second 5 --utilisation 1", "utilisation: must be between"),
        ("--mix math=1 --rollouts-per-second 5 --spare -1", "spare: must be at least 0"),
        ("--mix math=1 --rollouts-per-second 5 --target-seconds 0", "target-seconds: must be"),
        ("measure", "address: is needed"),
    ],
)
def test_options_that_do_not_fit_are_told(file, capsys, options, said):
    assert main(["capacity", "--costs", file, *options.split()]) == 2
    assert said in capsys.readouterr().err


def test_rows_are_classed_by_their_task_and_language():
    assert class_of({"completion": "", "math": {}}) == "math"
    assert class_of({"code": {"stdio": {}}}) == "code"
    assert class_of({"code": {"language": "cpp"}}) == "code-cpp"


@pytest.mark.parametrize(
    ("row", "completion"),
    [
        ({"completion": "It is 4.", "math": {}}, "It is 4.\n\n"),
        ({"completion": "a\n```python\nx = 1\n```", "code": {}}, "a\n```python\nx = 1\n# 2\n```"),
        ({"completion": "x = 1", "code": {}}, "x = 1\n# 2"),
        ({"completion": "int x;", "code": {"language": "cpp"}}, "int x;\n// 2"),
    ],
)
def test_rows_are_made_new_to_every_cache_without_another_meaning(row, completion):
    assert _unseen(row, 2)["completion"] == completion


def test_plans_can_be_turned_into_builtins():
    assert msgspec.to_builtins(planned(5.0, {"math": 1.0}))["deployments"][0]["name"] == "front"


# ------------------------------------------------------------------------------------------- docs


def test_the_docs_name_every_class_that_has_costs_and_where_it_is_done():
    table = DOCS[DOCS.index("| Class | Deployment |") :].split("\n\n")[0]
    shown = dict(re.findall(r"^\| `([\w-]+)`.*?\| (\w+) \|", table, re.MULTILINE))
    assert shown == {name: one.deployment for name, one in load_costs().classes.items()}


def test_the_docs_name_every_option(capsys):
    with pytest.raises(SystemExit):
        main(["capacity", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert {one for one in options if one not in DOCS} <= {"--help", "--rounds"}


def test_the_commands_of_the_docs_run(capsys):
    block = re.search(r"```\n(verifier-cli capacity.*?)```", DOCS, re.DOTALL)[1]
    for line in block.replace("\\\n", " ").strip().splitlines():
        assert main(shlex.split(line)[1:]) == 0
        assert "replicas" in capsys.readouterr().out
