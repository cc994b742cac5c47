"""The one rule that types themselves keep: a reward exactly where there is a verdict."""

import math

import pytest

from verifier.types import Outcome, Reason, Verdict


@pytest.mark.parametrize("reward", [0.0, 1.0, math.nan])
def test_unscored_with_a_reward_cannot_be_made(reward):
    with pytest.raises(ValueError, match="no reward"):
        Outcome(Verdict.UNSCORED, Reason.INTERNAL, reward)


@pytest.mark.parametrize("verdict", [Verdict.CORRECT, Verdict.INCORRECT, Verdict.SCORED])
@pytest.mark.parametrize("reward", [None, math.nan, math.inf, -math.inf])
def test_a_verdict_without_a_finite_reward_cannot_be_made(verdict, reward):
    with pytest.raises(ValueError, match="finite reward"):
        Outcome(verdict, Reason.EQUIVALENT, reward)


def test_the_usual_outcomes():
    assert Outcome.correct(Reason.EQUIVALENT).reward == 1.0
    assert Outcome.incorrect(Reason.NO_ANSWER).reward == 0.0
    assert Outcome.unscored(Reason.DEADLINE).reward is None
