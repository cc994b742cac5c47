"""Slots: who is next, what is retried, what is replaced; with jails of straw."""

import asyncio

import pytest

from sandbox.execution import BrokenJailError, Execution, Isolation, SandboxError, Status
from sandbox.pool import Pool

pytestmark = pytest.mark.asyncio(loop_scope="module")


def execution(status=Status.EXITED):
    return Execution(*(status, 0, None, b"", b"", b"", 0.0, 0.0, 0.0, 0), isolation=Isolation.FULL)


class StrawJail:
    """A jail that is nothing but its counters."""

    def __init__(self, settings, index, isolation):
        self.index, self.version = index, "3.x"
        self.usable, self.runs = False, 0
        settings.append(self)

    async def start(self):
        if self.broken:
            raise self.broken
        await asyncio.sleep(0)
        self.usable = True

    def kill(self):
        self.usable = False

    broken: Exception | None = None


@pytest.fixture
def straw(monkeypatch):
    """Makes a pool of straw jails; all jails ever made stand in the list."""
    monkeypatch.setattr("sandbox.pool.Jail", StrawJail)
    monkeypatch.setattr("sandbox.pool.sweep", lambda: None)
    monkeypatch.setattr(StrawJail, "broken", None)

    async def make(slots=1, runs_per_jail=1000):
        jails = []
        pool = Pool(jails, slots, runs_per_jail)
        await pool.start(Isolation.FULL)
        return pool, jails

    return make


class Gate:
    """A task that says when it began, and ends when it is let."""

    def __init__(self, *found):
        self.found = list(found)
        self.jails = []
        self.waited = []
        self.go = asyncio.Event()

    async def __call__(self, jail, waited):
        jail.runs += 1
        self.jails.append(jail)
        self.waited.append(waited)
        await self.go.wait()
        found = self.found.pop(0) if self.found else execution()
        if isinstance(found, BaseException):
            raise found
        return [found]

    def open(self):
        self.go.set()
        return self


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


def run(pool, gate):
    return asyncio.create_task(pool.run(gate, lambda: None))


async def test_as_many_run_at_once_as_there_are_slots(straw):
    pool, _ = await straw(slots=3)
    gates = [Gate() for _ in range(5)]
    tasks = [run(pool, gate) for gate in gates]
    await settle()
    assert [len(gate.jails) for gate in gates] == [1, 1, 1, 0, 0]
    assert (pool.counts.busy, pool.counts.waiting) == (3, 2)
    for gate in gates:
        gate.open()
    await asyncio.gather(*tasks)
    assert (pool.counts.busy, pool.counts.waiting, pool.counts.runs) == (0, 0, 5)


async def test_first_come_first_served(straw):
    pool, _ = await straw()
    order = []

    def task(number):
        async def work(jail, waited):
            order.append(number)
            return [execution()]

        return work

    await asyncio.gather(*(pool.run(task(number), lambda: None) for number in range(20)))
    assert order == list(range(20))


async def test_a_program_of_several_tests_ends_before_those_that_came_later_begin(straw):
    pool, _ = await straw()
    order = []

    async def program(number):
        async def test(jail, waited):
            order.append(number)
            await asyncio.sleep(0)
            return [execution()]

        for _ in range(4):
            await pool.run(test, lambda: None)

    await asyncio.gather(*(program(number) for number in range(10)))
    # While one has its result and asks for its next test, the slot may go to the next in line.
    finished = [max(i for i, one in enumerate(order) if one == n) for n in range(10)]
    assert finished == sorted(finished)
    assert finished[0] < 10, "with turns for everybody, the first would end as the last ones do"


async def test_a_jail_that_breaks_is_replaced_and_its_task_tried_again(straw):
    pool, jails = await straw()
    gate = Gate(SandboxError("lost")).open()
    assert (await run(pool, gate))[0].succeeded
    assert gate.jails == [jails[0], jails[-1]]
    assert jails[0] is not jails[-1]
    assert not jails[0].usable
    counts = pool.counts
    assert (counts.broken, counts.retried, counts.runs, counts.busy) == (1, 1, 1, 0)


async def test_what_fails_twice_fails(straw):
    pool, _ = await straw()
    gate = Gate(SandboxError("first"), SandboxError("second")).open()
    with pytest.raises(BrokenJailError, match="second"):
        await run(pool, gate)
    assert len(gate.jails) == 2
    assert (await run(pool, Gate().open()))[0].succeeded, "and the slot goes on"


async def test_where_no_jail_can_be_started_no_program_is_blamed(straw, monkeypatch):
    pool, jails = await straw()
    gate = Gate(SandboxError("first")).open()
    monkeypatch.setattr(StrawJail, "broken", SandboxError("no memory"))
    with pytest.raises(SandboxError, match="no memory") as raised:
        await run(pool, gate)
    assert not isinstance(raised.value, BrokenJailError)
    assert gate.jails == [jails[0]], "it ran once"


async def test_another_failure_breaks_the_jail_and_frees_the_slot(straw):
    pool, jails = await straw()
    with pytest.raises(ValueError, match="ours"):
        await run(pool, Gate(ValueError("ours")).open())
    assert not jails[0].usable
    assert (await run(pool, Gate().open()))[0].succeeded


async def test_a_jail_that_died_in_idleness_is_replaced_unnoticed(straw):
    pool, jails = await straw()
    jails[0].kill()
    gate = Gate().open()
    assert (await run(pool, gate))[0].succeeded
    assert gate.jails == [jails[-1]]
    assert pool.counts.retried == 0


async def test_a_jail_is_replaced_after_so_many_programs(straw):
    pool, _ = await straw(runs_per_jail=3)
    gate = Gate().open()
    for _ in range(7):
        await run(pool, gate)
    assert [gate.jails.index(jail) for jail in gate.jails] == [0, 0, 0, 3, 3, 3, 6]
    assert (pool.counts.recycled, pool.counts.broken, pool.counts.retried) == (2, 0, 0)


async def test_a_wall_limit_is_tried_again_once(straw):
    pool, _ = await straw()
    gate = Gate(execution(Status.WALL_LIMIT)).open()
    assert (await run(pool, gate))[0].succeeded
    assert pool.counts.retried == 1
    gate = Gate(*[execution(Status.WALL_LIMIT)] * 3).open()
    assert (await run(pool, gate))[0].status is Status.WALL_LIMIT
    assert len(gate.jails) == 2


async def test_other_limits_are_not_tried_again(straw):
    pool, _ = await straw()
    for status in set(Status) - {Status.WALL_LIMIT}:
        gate = Gate(execution(status)).open()
        assert (await run(pool, gate))[0].status is status
        assert len(gate.jails) == 1


async def test_what_is_tried_again_because_of_the_clock_lets_others_go_first(straw):
    pool, _ = await straw()
    slow, others = Gate(execution(Status.WALL_LIMIT)), [Gate() for _ in range(3)]
    order = []
    tasks = [run(pool, slow)]
    await settle()
    tasks += [run(pool, gate) for gate in others]
    await settle()
    for number, task in enumerate(tasks):
        task.add_done_callback(lambda _, number=number: order.append(number))
    slow.open()
    await settle()
    assert len(slow.jails) == 1, "the others wait, so it waits, too"
    for gate in others:
        gate.open()
    await asyncio.gather(*tasks)
    assert order == [1, 2, 3, 0]


async def test_what_is_tried_again_because_of_the_sandbox_does_not_wait_longer(straw):
    pool, _ = await straw()
    failing, other = Gate(SandboxError("lost")), Gate()
    first = run(pool, failing)
    await settle()
    second = run(pool, other)
    await settle()
    failing.open()
    other.open()
    await asyncio.gather(first, second)
    assert len(failing.jails) == 2


async def test_one_that_waits_may_go(straw):
    pool, _ = await straw()
    gate, gone, last = Gate(), Gate(), Gate()
    first, second, third = run(pool, gate), None, None
    await settle()
    second, third = run(pool, gone), run(pool, last)
    await settle()
    second.cancel()
    await settle()
    assert pool.counts.waiting == 1
    gate.open()
    last.open()
    await asyncio.gather(first, third)
    assert not gone.jails
    assert pool.counts.busy == 0


async def test_one_that_goes_as_its_turn_comes_hands_it_on(straw):
    """The slot is handed over and the caller is cancelled before it can take it."""
    pool, _ = await straw()
    gate, gone, last = Gate(), Gate(), Gate()
    first = run(pool, gate)
    await settle()
    second, third = run(pool, gone), run(pool, last)
    await settle()
    first.add_done_callback(lambda _: second.cancel())
    gate.open()
    last.open()
    await first
    assert await asyncio.wait_for(third, 60)
    assert (pool.counts.busy, pool.counts.waiting) == (0, 0)


@pytest.mark.parametrize("usable", [True, False])
async def test_one_that_goes_in_mid_run_frees_the_slot(straw, usable):
    pool, jails = await straw()
    gate, after = Gate(), Gate().open()
    task = run(pool, gate)
    await settle()
    task.cancel()
    jails[0].usable = usable
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(gate.jails) == 1, "a caller who has gone is not served again"
    assert (await run(pool, after))[0].succeeded
    assert (after.jails[0] is jails[0]) == usable


async def test_closing_wakes_all_who_wait(straw):
    pool, jails = await straw()
    gate = Gate()
    running = run(pool, gate)
    await settle()
    waiting = [run(pool, Gate()) for _ in range(3)]
    await settle()
    await pool.close()
    for task in waiting:
        with pytest.raises(SandboxError):
            await task
    assert not any(jail.usable for jail in jails)
    gate.open()
    await running
    with pytest.raises(SandboxError, match="not running"):
        await run(pool, Gate().open())
    assert not any(jail.usable for jail in jails)


async def test_where_no_jail_starts_it_is_tried_less_and_less_often(straw, monkeypatch):
    pool, jails = await straw()
    monkeypatch.setattr(StrawJail, "broken", SandboxError("no more namespaces"))
    jails[0].kill()
    with pytest.raises(SandboxError):
        await run(pool, Gate().open())
    made = len(jails)
    for _ in range(20):
        with pytest.raises(SandboxError, match=r"next attempt|no more namespaces"):
            await run(pool, Gate().open())
    assert len(jails) - made < 2 * 20 * 2
    monkeypatch.setattr(StrawJail, "broken", None)
    monkeypatch.setattr("sandbox.pool.time.monotonic", lambda: float("inf"))
    assert (await run(pool, Gate().open()))[0].succeeded


async def test_one_that_cannot_start_ends_the_others(straw, monkeypatch):
    jails = []
    pool = Pool(jails, 3, 10)
    monkeypatch.setattr(StrawJail, "broken", SandboxError("no"))
    with pytest.raises(SandboxError, match="no"):
        await pool.start(Isolation.FULL)
    assert not any(jail.usable for jail in jails)


async def test_waiting_is_measured_and_over_when_it_is_said_to_be(straw):
    pool, _ = await straw()
    gate, later, said = Gate(), Gate(), []
    first = run(pool, gate)
    await settle()
    second = asyncio.create_task(pool.run(later, lambda: said.append("begun")))
    await settle()
    assert not said
    gate.open()
    later.open()
    await asyncio.gather(first, second)
    assert said == ["begun"]
    assert later.waited[0] >= gate.waited[0] >= 0
