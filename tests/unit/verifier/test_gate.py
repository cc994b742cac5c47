"""The gate before the messages: what is let in, what is refused unread, and who takes turns."""

import asyncio

import pytest

from verifier.admission import Admission, AdmissionLimits
from verifier.caller import ANONYMOUS
from verifier.config.admission import AdmissionConfig
from verifier.errors import OverloadedError, Refusal
from verifier.server.gate import Arrivals, Room, resident_bytes


class Process:
    """A clock and a memory that go as they are told."""

    def __init__(self):
        self.now = 0.0
        self.bytes = 0

    def room(self, items=100, **limits):
        admission = Admission(AdmissionLimits(items))
        config = AdmissionConfig(**limits)
        return Room(config, admission, lambda: self.bytes, lambda: self.now), admission


@pytest.mark.parametrize(
    ("limits", "inside", "stream", "reason", "why"),
    [
        ({"max_calls": 2}, {"calls": 1}, False, None, "one more fits"),
        ({"max_calls": 2}, {"calls": 2}, False, Refusal.CALLS, "no more"),
        ({"max_calls": 2}, {"calls": 2}, True, Refusal.CALLS, "a stream is a call"),
        ({"max_bytes": 10}, {"calls": 1, "bytes": 10}, False, Refusal.BYTES, "as much as may be"),
        ({"max_bytes": 10}, {"calls": 0, "bytes": 10}, False, None, "the first is always let in"),
        ({"memory_bytes": 50}, {"calls": 1}, False, Refusal.MEMORY, "the process holds 60"),
        ({"memory_bytes": 50}, {"calls": 0}, False, None, "memory may stay fragmented for good"),
        ({"memory_bytes": 61}, {"calls": 1}, False, None, "below"),
        ({}, {"calls": 1}, False, None, "no bound on memory unless one is given"),
    ],
)
def test_who_is_refused_unread(limits, inside, stream, reason, why):
    process = Process()
    process.bytes = 60
    room, _ = process.room(**limits)
    for name, value in inside.items():
        setattr(room, name, value)
    if reason is None:
        room.check(stream=stream)
    else:
        with pytest.raises(OverloadedError) as refused:
            room.check(stream=stream)
        assert (refused.value.reason, refused.value.retry_after_seconds > 0) == (reason, True), why


def test_a_full_queue_of_items_refuses_calls_unread_but_lets_streams_wait():
    room, admission = Process().room(items=5)
    room.calls = 1
    with admission.admit(ANONYMOUS, 5):
        with pytest.raises(OverloadedError, match="5 of 5"):
            room.check()
        room.check(stream=True)
    room.check()


def test_memory_is_looked_at_no_more_than_twenty_times_a_second():
    process = Process()
    room, _ = process.room(memory_bytes=50)
    room.calls = 1
    room.check()
    process.bytes = 60
    room.check()
    process.now += 0.06
    with pytest.raises(OverloadedError):
        room.check()


async def test_a_stream_reads_on_when_there_is_room_again():
    process = Process()
    room, _ = process.room(max_bytes=10)
    room.calls, room.bytes = 1, 10
    waits = asyncio.create_task(room.wait())
    await asyncio.sleep(0.05)
    assert not waits.done()
    room.bytes = 3
    await asyncio.wait_for(waits, 5)


async def test_a_stream_with_nothing_inside_is_never_held_up():
    process = Process()
    process.bytes = 100
    room, _ = process.room(memory_bytes=50)
    await asyncio.wait_for(room.wait(), 5)


def test_many_arrivals_take_turns_until_messages_have_come():
    process = Process()
    arrivals = Arrivals(2, lambda: process.now)
    first, second = arrivals.expect(), arrivals.expect()
    assert first is not None
    assert second is not None
    assert arrivals.expect() is None
    arrivals.came(first)
    assert arrivals.expect() is not None
    assert arrivals.expect() is None
    process.now += 11.0
    assert arrivals.expect() is not None, "whoever has gone is not waited for"
    arrivals.came(second)


def test_this_process_has_memory():
    assert resident_bytes() > 10_000_000
