"""The short form of `make soak`: every fault once, while all three paths are under load."""

import pytest
from soaking import report, soak
from soaking.faults import FAULTS

ITEMS = 6_000
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_every_item_ends_once_with_its_right_verdict_or_a_true_reason_whatever_breaks():
    # The reward model is left to the long form: every replica that starts anew would load it.
    plan = soak.Plan(items=ITEMS, seed=8, limit_seconds=300, steps=False)
    done = soak.run(plan)
    for table in report.faults_tables(done):
        print(table.markdown())  # noqa: T201 - pytest shows it where it fails
    assert done.tally.problems == []
    struck = {strike.fault.name for strike in done.strikes}
    assert struck == {fault.name for fault in FAULTS if fault.needs not in done.missing}
    for path in ("round_robin", "haproxy", "nginx"):
        right = sum(
            n for (at, _, o), n in done.tally.outcomes.items() if (at, o) == (path, "right")
        )
        assert right or path in done.missing
