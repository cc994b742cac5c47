"""The door before a server: permits, a rate, pauses, and a breaker on a clock of the test's own."""

import asyncio

import pytest

from verifier.completions.answers import PassingError, RequestRefusedError
from verifier.errors import BackendError, ServiceError
from verifier.judge.backends.guard import Breaker, Guard

DOWN = PassingError("HTTP 500")
BUSY = PassingError("HTTP 429", busy=True)
REFUSED = RequestRefusedError("HTTP 400")
FATAL = ServiceError("HTTP 401", code="UNAUTHENTICATED")
CANCELLED = asyncio.CancelledError()


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(failures_to_open=3, open_seconds=10.0, clock=clock)


def request(breaker, outcome=None):
    """One request that ends so. Returns whether it was let pass."""
    try:
        with breaker.watch():
            if outcome is not None:
                raise outcome
    except BackendError as error:
        return error is outcome
    except (PassingError, ServiceError, asyncio.CancelledError):
        return True
    return True


def opened(breaker):
    for _ in range(3):
        assert request(breaker, DOWN)
    return breaker


ROWS = [
    ([DOWN, DOWN], False, "not enough"),
    ([DOWN, DOWN, DOWN], True, "enough in a row"),
    ([DOWN, DOWN, None, DOWN, DOWN], False, "an answer between"),
    ([DOWN, DOWN, BUSY, DOWN], False, "too many requests: it is there"),
    ([BUSY] * 9, False, "only too many requests"),
    ([DOWN, DOWN, REFUSED, DOWN], False, "a refusal: it is there"),
    ([DOWN, DOWN, FATAL, DOWN], False, "a wrong key: it is there"),
    ([DOWN, DOWN, CANCELLED, DOWN], True, "a caller that went tells nothing"),
    ([CANCELLED] * 9, False, "only callers that went"),
]


@pytest.mark.parametrize(
    ("outcomes", "is_open"), [row[:2] for row in ROWS], ids=[row[2] for row in ROWS]
)
def test_it_opens_after_failures_in_a_row(breaker, outcomes, is_open):
    for outcome in outcomes:
        assert request(breaker, outcome)

    assert request(breaker) is not is_open


def test_open_it_says_for_how_long_and_why(breaker, clock):
    opened(breaker)
    clock.now += 2.5

    with pytest.raises(BackendError) as caught:
        breaker.check()

    assert str(caught.value) == (
        "is left alone for 7.5 s more: 3 failures in a row, the last: HTTP 500"
    )


TRIALS = [
    (None, True, "an answer closes it"),
    (BUSY, True, "too many requests, too"),
    (REFUSED, True, "a refusal, too"),
    (DOWN, False, "a failure keeps it open as long again"),
]


@pytest.mark.parametrize(
    ("outcome", "is_closed"), [row[:2] for row in TRIALS], ids=[row[2] for row in TRIALS]
)
def test_after_a_while_one_request_finds_out(breaker, clock, outcome, is_closed):
    opened(breaker)
    clock.now += 9.9
    assert not request(breaker)
    clock.now += 0.2
    assert request(breaker, outcome)

    assert request(breaker) is is_closed
    clock.now += 9.9
    assert request(breaker) is is_closed
    clock.now += 0.2
    assert request(breaker)


def test_only_one_request_at_a_time_finds_out(breaker, clock):
    opened(breaker)
    clock.now += 11

    with breaker.watch():
        with pytest.raises(BackendError, match="until one request shows that it is back"):
            breaker.check()
        assert not request(breaker)

    assert request(breaker)


def test_cancelled_it_leaves_that_to_the_next(breaker, clock):
    opened(breaker)
    clock.now += 11
    assert request(breaker, CANCELLED)

    assert request(breaker, DOWN)
    assert not request(breaker), "it failed, and so it is open again"


def test_what_was_under_way_when_it_opened_neither_prolongs_nor_counts(breaker, clock):
    with pytest.raises(PassingError), breaker.watch():  # noqa: PT012 - it ends in there
        opened(breaker)
        clock.now += 6
        raise PassingError("timed out")
    clock.now += 6

    assert request(breaker), "twelve seconds after it opened"


def test_what_was_under_way_and_is_answered_closes_it(breaker):
    with breaker.watch():
        opened(breaker)

    assert request(breaker)


async def test_while_it_is_open_nobody_waits_for_a_permit(breaker):
    guard = Guard(1, 0.0, breaker)
    async with guard.permit():
        opened(breaker)
        with pytest.raises(BackendError, match="left alone"):
            async with guard.permit():
                pytest.fail("it is open")


async def test_who_waited_for_a_permit_while_it_opened_is_told(breaker):
    guard = Guard(1, 0.0, breaker)

    async def one(outcome):
        async with guard.permit():
            await asyncio.sleep(0)
            raise outcome

    ended = await asyncio.gather(*(one(DOWN) for _ in range(10)), return_exceptions=True)

    assert ended[:3] == [DOWN] * 3
    assert all(isinstance(error, BackendError) for error in ended[3:])


async def test_permits_are_given_back_however_a_request_ends(breaker):
    guard = Guard(2, 1e6, breaker)
    for outcome in (DOWN, BUSY, REFUSED, FATAL, CANCELLED, RuntimeError()) * 5:
        with pytest.raises(type(outcome)):
            async with guard.permit():
                raise outcome

    async with asyncio.timeout(60), guard.permit(), guard.permit():
        assert guard._permits.locked()


async def test_a_caller_that_goes_while_it_waits_holds_nothing(breaker):
    """For a permit, or for the rate: whoever comes next gets through."""
    guard = Guard(1, 1e-3, breaker)
    async with guard.permit():
        for_permit = asyncio.create_task(guard.permit().__aenter__())
        await asyncio.sleep(0)
        for_permit.cancel()
        await asyncio.gather(for_permit, return_exceptions=True)
    for_rate = asyncio.create_task(guard.permit().__aenter__())
    while not guard._permits.locked():
        await asyncio.sleep(0)
    for_rate.cancel()
    await asyncio.gather(for_rate, return_exceptions=True)

    assert for_permit.cancelled()
    assert for_rate.cancelled()
    assert not guard._permits.locked()
