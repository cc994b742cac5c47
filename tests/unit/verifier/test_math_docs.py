"""The tables of docs/math.md hold."""

import json
from pathlib import Path

import pytest
from math_kinds import Scorer

from verifier.math_policy import PRESETS
from verifier.outcome.math import MathVerifier
from verifier.types import (
    AssignmentPolicy,
    ConstantPolicy,
    DuplicatePolicy,
    Item,
    MathPolicy,
    MathTask,
    OrderPolicy,
    PercentPolicy,
    Preset,
    SymbolCase,
    UnitPolicy,
)

TEXT = (Path(__file__).parents[3] / "docs" / "math.md").read_text("utf-8")
ENUMS = {
    "percent": PercentPolicy,
    "units": UnitPolicy,
    "order": OrderPolicy,
    "preset": Preset,
    "symbol_case": SymbolCase,
    "duplicates": DuplicatePolicy,
    "assignments": AssignmentPolicy,
    "integration_constant": ConstantPolicy,
}


def table(*head):
    """The rows of the table with this head, each cell without its ticks."""
    lines = TEXT.splitlines()
    start = lines.index("| " + " | ".join(head) + " |") + 2
    rows = []
    for line in lines[start:]:
        if not line.startswith("| "):
            break
        cells = line.removeprefix("| ").removesuffix(" |").split(" | ")
        assert len(cells) == len(head), line
        rows.append([cell.strip("`") for cell in cells])
    return rows


def policy_of(switches):
    return MathPolicy(**{key: ENUMS[key][v] if key in ENUMS else v for key, v in switches.items()})


KINDS = table("kind", "reference answer", "equal", "different")
EXAMPLES = [
    (preset, reference, candidate, verdict)
    for reference, candidate, *verdicts in table(
        "reference answer", "candidate", "DEFAULT", "STRICT", "LENIENT"
    )
    for preset, verdict in zip(("DEFAULT", "STRICT", "LENIENT"), verdicts, strict=True)
]
SWITCHED = table("policy", "reference answer", "candidate", "verdict")


@pytest.fixture(scope="module")
def scorer():
    """One verifier for all rows."""
    with Scorer() as made:
        yield made


def verdict_of(scorer, reference, candidate, policy=None):
    row = {"id": "row", "reference": reference, "candidate": candidate}
    return scorer.verdict_of(row, policy).value


@pytest.mark.parametrize(("kind", "reference", "equal", "different"), KINDS)
def test_example_of_a_kind_holds(kind, reference, equal, different, scorer):
    assert verdict_of(scorer, reference, equal) == "CORRECT"
    assert verdict_of(scorer, reference, different) == "INCORRECT"


@pytest.mark.parametrize(("preset", "reference", "candidate", "verdict"), EXAMPLES)
def test_example_of_a_preset_holds(preset, reference, candidate, verdict, scorer):
    policy = MathPolicy(preset=Preset[preset])
    assert verdict_of(scorer, reference, candidate, policy) == verdict


@pytest.mark.parametrize(("switches", "reference", "candidate", "verdict"), SWITCHED)
def test_example_of_a_switch_holds(switches, reference, candidate, verdict, scorer):
    policy = policy_of(json.loads(switches))
    assert verdict_of(scorer, reference, candidate, policy) == verdict


def test_table_of_presets_is_the_one_in_force():
    for switch, *values in table("switch", "DEFAULT", "STRICT", "LENIENT"):
        presets = [PRESETS[Preset[name]] for name in ("DEFAULT", "STRICT", "LENIENT")]
        if switch == "tolerances":
            assert [preset.absolute_tolerance for preset in presets] == [None, 0.0, None]
            assert [preset.relative_tolerance for preset in presets] == [None, 0.0, None]
        else:
            assert [getattr(preset, switch).value for preset in presets] == values


@pytest.mark.parametrize("preset", Preset)
def test_preset_sets_every_switch(preset):
    policy = MathPolicy(preset=preset).effective()
    assert all(getattr(policy, name).value != "UNSPECIFIED" for name in ENUMS)


def test_switch_that_is_given_wins_over_the_preset():
    given = MathPolicy(preset=Preset.STRICT, order=OrderPolicy.BY_REFERENCE, relative_tolerance=0.5)
    policy = given.effective()
    assert (policy.order, policy.relative_tolerance) == (OrderPolicy.BY_REFERENCE, 0.5)
    assert (policy.units, policy.absolute_tolerance) == (UnitPolicy.REQUIRE, 0.0)


@pytest.mark.parametrize("preset", Preset)
def test_effective_policy_is_its_own(preset):
    policy = MathPolicy(preset=preset, units=UnitPolicy.IGNORE).effective()
    assert policy.effective() == policy


def test_policy_in_force_comes_back_where_the_request_set_a_switch():
    policy = MathPolicy(preset=Preset.STRICT, order=OrderPolicy.UNORDERED)
    for completion in ("\\boxed{4}", "\\boxed{5}", ""):
        item = Item("id", completion, MathTask(("4",), policy))
        assert MathVerifier().verify(item).detail.policy == policy.effective()


def test_policy_does_not_come_back_where_the_request_set_none():
    item = Item("id", "\\boxed{4}", MathTask(("4",)))
    assert MathVerifier().verify(item).detail.policy is None
