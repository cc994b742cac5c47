"""What a call costs."""

import pytest

from verifier.judge.pricing import Prices, cost


@pytest.mark.parametrize(
    ("prices", "prompt", "completion", "dollars"),
    [
        (Prices(2.0, 8.0), 1_000_000, 0, 2.0),
        (Prices(2.0, 8.0), 0, 1_000_000, 8.0),
        (Prices(2.0, 8.0), 1500, 250, 0.005),
        (Prices(0.0, 0.0), 1500, 250, 0.0),
        (Prices(0.15, 0.6), 1, 1, 7.5e-7),
    ],
)
def test_a_call_costs_what_its_tokens_cost(prices, prompt, completion, dollars):
    assert prices.cost(prompt, completion) == pytest.approx(dollars, rel=1e-12)
    assert cost(prices, prompt, completion) == prices.cost(prompt, completion)


def test_without_prices_nobody_knows():
    assert cost(None, 1500, 250) is None


def test_a_backend_that_counts_no_tokens_has_not_worked_for_nothing():
    assert cost(Prices(2.0, 8.0), 0, 0) is None
