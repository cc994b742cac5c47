"""Items per second: no more than the rate in the long run, and no batch refused for ever."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.access import Quotas
from verifier.caller import Caller
from verifier.errors import OverloadedError, Refusal


class _Clock:
    now = 0.0

    def __call__(self):
        return self.now


def _caller(rate, name="one"):
    return Caller(name, items_per_second=rate)


def test_a_second_s_worth_may_come_at_once_and_then_no_more():
    quotas = Quotas(_Clock())
    quotas.take(_caller(10), 10)
    with pytest.raises(OverloadedError) as caught:
        quotas.take(_caller(10), 1)
    assert caught.value.reason is Refusal.RATE
    assert caught.value.retry_after_seconds == pytest.approx(0.1)


def test_a_batch_larger_than_a_second_s_worth_is_let_in_and_paid_for():
    clock = _Clock()
    quotas = Quotas(clock)
    quotas.take(_caller(10), 100)
    with pytest.raises(OverloadedError) as caught:
        quotas.take(_caller(10), 1)
    assert caught.value.retry_after_seconds == pytest.approx(9.1)
    clock.now = 9.2
    quotas.take(_caller(10), 1)


def test_callers_do_not_pay_for_each_other():
    quotas = Quotas(_Clock())
    quotas.take(_caller(10, "one"), 100)
    quotas.take(_caller(10, "two"), 10)


def test_who_has_no_rate_leaves_no_trace():
    quotas = Quotas(_Clock())
    for number in range(10_000):
        quotas.take(Caller(f"host {number}"), 1000)
    assert len(quotas) == 0


def test_the_number_of_buckets_is_bounded():
    quotas = Quotas(_Clock())
    for number in range(12_000):
        quotas.take(_caller(1, str(number)), 1)
    assert len(quotas) == 10_000


def test_what_was_not_taken_on_is_given_back():
    quotas = Quotas(_Clock())
    quotas.take(_caller(10), 10)
    quotas.give_back(_caller(10), 10)
    quotas.take(_caller(10), 10)
    quotas.give_back(_caller(10), 10**9)  # never more than a full bucket
    quotas.take(_caller(10), 10)
    with pytest.raises(OverloadedError):
        quotas.take(_caller(10), 1)


def test_a_new_rate_counts_from_the_next_call_on():
    clock = _Clock()
    quotas = Quotas(clock)
    quotas.take(_caller(1), 1)
    clock.now = 0.5
    with pytest.raises(OverloadedError):
        quotas.take(_caller(1), 1)
    quotas.take(_caller(1000), 0)
    clock.now = 0.51
    quotas.take(_caller(1000), 10)


async def test_a_stream_waits_its_turn():
    loop = asyncio.get_running_loop()
    quotas = Quotas(loop.time)
    for _ in range(4):
        await asyncio.wait_for(quotas.wait(_caller(1000), 500), 30)


@settings(max_examples=50)
@given(
    st.floats(0.1, 1e6),
    st.lists(st.tuples(st.floats(0, 10), st.integers(1, 20_000)), max_size=60),
)
def test_the_rate_holds_over_any_history(rate, history):
    clock = _Clock()
    quotas = Quotas(clock)
    taken = largest = 0
    for pause, items in history:
        clock.now += pause
        try:
            quotas.take(_caller(rate), items)
        except OverloadedError as error:
            clock.now += error.retry_after_seconds + 1e-6
            quotas.take(_caller(rate), items)  # what it was told is true
        taken += items
        largest = max(largest, items)
    assert taken <= rate * clock.now + max(rate, 1) + largest + 1e-3
