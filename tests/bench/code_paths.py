"""One way of running programs on their tests, measured in a process of its own.

CPU seconds are those of this process, of every child that it waited for, and, for our own ways, of
the jails' cgroups, in which nsjail, the zygote and every program are counted from their first
instruction. What the kernel's own threads do for anybody is counted nowhere.
"""

import asyncio
import json
import os
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from sandbox.box import Sandbox
from sandbox.execution import Limits
from sandbox.settings import SandboxSettings
from tests.bench import code_peers
from tests.bench.code_rows import Problem, own_problems
from verifier.engine import Engine, EngineLimits
from verifier.outcome.code import CodeSettings
from verifier.programs.assertions import take_apart_program
from verifier.registry import BuiltinSettings, Registry, builtin
from verifier.types import Verdict

ROLLOUTS = 4  # different programs for each prompt, after the first
_NEVER = 10**9  # programs after which a jail is replaced: that is measured by itself
_CORES = len(os.sched_getaffinity(0))
SETTINGS = SandboxSettings(runs_per_jail=_NEVER)


def own_seconds():
    """CPU seconds of this process and of the children it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def jail_seconds(sandbox):
    """CPU seconds of all jails so far.

    Raises:
        SystemExit: nothing counts them here.
    """
    groups = [slot.jail.cgroup for slot in sandbox.pool._slots]
    if not groups or None in groups:
        raise SystemExit("the code benchmarks need cgroups to count what the jails use")
    return sum(group.cpu_seconds() for group in groups)


class Meter:
    """CPU seconds, ours and the jails', and wall seconds of a block."""

    def __init__(self, sandbox=None):
        self._sandbox = sandbox
        self.own = self.jails = self.wall = 0.0

    def __enter__(self):
        self._began = self._now()
        return self

    def __exit__(self, *_error):
        pairs = zip(self._now(), self._began, strict=True)
        self.own, self.jails, self.wall = (end - begin for end, begin in pairs)

    def _now(self):
        jails = jail_seconds(self._sandbox) if self._sandbox is not None else 0.0
        return own_seconds(), jails, time.perf_counter()

    def figures(self, programs, right):
        return {
            "programs": programs,
            "right": right,
            "own": self.own / programs,
            "jails": self.jails / programs,
            "wall": self.wall / programs,
        }


async def _engine(problems):
    """The engine, end to end: one program for each prompt, then several others for each."""
    verifiers = builtin(BuiltinSettings(code=CodeSettings(SETTINGS)))
    (code,) = (one for one in verifiers if one.name == "code")
    async with Engine(Registry(verifiers), EngineLimits(cache_entries=0)) as engine:
        await engine.score([one.item("warm") for one in own_problems()])
        first = await _scored(engine, code.sandbox, [one.item("first") for one in problems])
        rest = [one.item(f"rollout {number}") for number in range(ROLLOUTS) for one in problems]
        return {"first": first, "again": await _scored(engine, code.sandbox, rest)}


async def _scored(engine, sandbox, items):
    with Meter(sandbox) as meter:
        results = await engine.score(items)
    right = sum(result.verdict is Verdict.CORRECT for result in results)
    return meter.figures(len(items), right)


async def _calls(problems):
    """The sandbox alone: the calls of each test, taken apart before the clock starts."""
    payloads = [payload for one in problems if (payload := _payload(one)) is not None]
    sandbox = Sandbox(SETTINGS)
    await sandbox.start()
    try:
        warm = [payload for one in own_problems() if (payload := _payload(one)) is not None]
        await _called(sandbox, warm)
        with Meter(sandbox) as meter:
            rans = await _called(sandbox, payloads * ROLLOUTS)
        return {"calls": meter.figures(len(rans), sum(ran.succeeded for ran in rans))}
    finally:
        await sandbox.close()


async def _called(sandbox, payloads):
    return await asyncio.gather(*(sandbox.call(one, Limits()) for one in payloads))


def _payload(problem):
    """The calls that a test is made of; None if it cannot be taken apart."""
    parts = take_apart_program(problem.test, problem.entry_point)
    if parts is None:
        return None
    calls = [call.payload() for part in parts for call in part.calls]
    return {"source": problem.program, "calls": calls}


def _peer(name, problems):
    """As many of a peer's programs at once as there are cores."""
    with code_peers.runner(name) as run, ThreadPoolExecutor(_CORES) as threads:
        list(threads.map(run, own_problems()[:_CORES]))
        with Meter() as meter:
            right = sum(threads.map(run, problems))
    return {"peer": meter.figures(len(problems), right)}


def measure(name, problems):
    """The figures of one way of running programs, by what is measured."""
    if name == "engine":
        return asyncio.run(_engine(problems))
    if name == "calls":
        return asyncio.run(_calls(problems))
    return _peer(name, problems)


def main():
    problems = [Problem(**row) for row in json.load(sys.stdin)]
    json.dump(measure(sys.argv[1], problems), sys.stdout)


if __name__ == "__main__":
    main()
