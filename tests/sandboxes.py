"""Real sandboxes for tests, what ran in them, and the programs that attack them.

Every attack is a file of tests/adversarial/hacks. Its first lines say its category and its kind:
`function` (defines `solve(n)`) or `stdin` (reads n and prints). The task of all: solve(n) =
(7 n² + 3) mod 101.
"""

import asyncio
import re
from pathlib import Path

from sandbox.execution import Limits
from sandbox.jail_process import Jail
from sandbox.run import Job, execute
from sandbox.settings import SandboxSettings
from verifier.outcome.code import CodeSettings, CodeVerifier
from verifier.types import (
    AssertionTests,
    CodeLimits,
    CodeTask,
    FunctionCase,
    FunctionTests,
    Item,
    StdioCase,
    StdioTests,
)

MIB = 1024**2
HACKS = Path(__file__).parent / "adversarial" / "hacks"
CONTROL = "zz_honest_control"
INPUTS = (2, 0, 1, 5, 9)
DEFAULT_LIMITS = Limits()
_NO_LIMITS = CodeLimits()
_FOREVER = 10**9  # runs of one jail: no test should see a jail replaced because of its age

# What cannot be taken apart: a loop over what a function gives.
_OPAQUE = """
def expected(n):
    return (7 * n * n + 3) % 101
def check(candidate):
    for n in (2, 0, 1, 5, 9):
        got = candidate(n)
        assert type(got) is int and got == expected(n), (n, got)
"""


def right(n):
    """What an honest program says."""
    return (7 * n * n + 3) % 101


def hack_names(*categories):
    """The attacks, of these categories or all; the control is none."""
    names = sorted(path.stem for path in HACKS.glob("*.py") if path.stem != CONTROL)
    return [name for name in names if not categories or header(name, "category") in categories]


def hack_source(name):
    """An attack's text, whatever its bytes are."""
    return (HACKS / f"{name}.py").read_bytes().decode("utf-8", "surrogateescape")


def header(name, key):
    """What an attack says of itself; None if it says nothing."""
    found = re.search(rf"^# {key}: (.*)$", hack_source(name), re.MULTILINE)
    return found and found[1].strip()


def as_script(name):
    """An attack that reads a number and prints."""
    source = hack_source(name)
    if header(name, "kind") == "stdin":
        return source
    return source + "\nprint(solve(int(input())))\n"


def _stdio(inputs):
    return {"stdio": StdioTests(tuple(StdioCase(f"{n}\n", f"{right(n)}\n") for n in inputs))}


def _function(inputs):
    cases = tuple(FunctionCase(f"[{n}]", str(right(n))) for n in inputs)
    return {"function": FunctionTests("solve", cases)}


def _assertions(inputs):
    asserts = tuple(f"assert solve({n}) == {right(n)}" for n in inputs)
    return {"assertions": AssertionTests("solve", "", asserts)}


def _opaque(inputs):
    return {"assertions": AssertionTests("solve", program=_OPAQUE)}


SHAPES = {"stdio": _stdio, "function": _function, "assertions": _assertions, "opaque": _opaque}


def code_task(shape, limits=_NO_LIMITS, inputs=INPUTS, **words):
    """The task in one of the `SHAPES`."""
    return CodeTask(limits=limits, **SHAPES[shape](inputs), **words)


def completion(source):
    """A model's answer that holds the program."""
    return f"Here it is:\n```python\n{source}\n```\n"


class Unfiltered(Jail):
    """A jail like all others, but for its seccomp filters."""

    def _config(self):
        return super()._config() | {"filter": None, "own_filter": None}


class Arena:
    """A verifier with a sandbox that outlives the test, on a loop of its own.

    Attributes:
        executions: what ran since `watch` was called, retries included.
    """

    def __init__(self, **settings):
        chosen = SandboxSettings(runs_per_jail=_FOREVER, **settings)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.verifier = CodeVerifier(CodeSettings(chosen))
        self.sandbox = self.verifier._ready()
        self.executions = []
        self.go = self._runner.run
        self._record()

    def start(self):
        """Starts the jails.

        Raises:
            SandboxError: there can be none here.
        """
        self.go(self.sandbox.start())

    def close(self):
        self.go(self.verifier.close())
        self._runner.close()

    def _record(self):
        unwatched = self.sandbox.pool.run

        async def watched(task, started):
            async def recorded(jail, waited):
                found = await task(jail, waited)
                self.executions += found
                return found

            return await unwatched(recorded, started)

        self.sandbox.pool.run = watched

    def watch(self):
        """From here on executions are recorded anew; the jails as they are now."""
        self.executions.clear()
        self.verifier._outcomes = None  # what is remembered would not be run
        return self.jails()

    def jails(self):
        """What tells each jail from one that replaced it, and what was odd so far."""
        pool = self.sandbox.pool
        pids = [slot.jail._process.pid for slot in pool._slots]
        return pids, [slot.jail.usable for slot in pool._slots], pool.counts.broken

    def score(self, *programs_and_tasks):
        """The outcomes of programs on tasks, side by side."""
        items = [Item("hack", completion(source), task) for source, task in programs_and_tasks]

        async def all_of_them():
            scored = (self.verifier.verify(item, lambda: None) for item in items)
            return await asyncio.gather(*scored)

        return self.go(all_of_them())

    def run(self, source, stdin=b"", limits=DEFAULT_LIMITS):
        """One run of a Python program."""

        async def prepared():
            program = await self.sandbox.prepare("python", source)
            return await self.sandbox.run(program, stdin, limits)

        return self.go(prepared())

    def call(self, source, *arguments, limits=DEFAULT_LIMITS):
        """One process that calls `solve` with each of the arguments."""
        calls = [{"target": "solve", "args": [n], "kwargs": {}} for n in arguments]
        return self.go(self.sandbox.call({"source": source, "calls": calls}, limits))

    def run_apart(self, jail_type, isolation, source, limits=DEFAULT_LIMITS):
        """One run in a jail made for it, which may lack a protection."""

        async def alone():
            jail = jail_type(self.sandbox._jails, 9, isolation)
            try:
                await jail.start()
                return (await execute(jail, [Job("script", source.encode())], limits))[0]
            finally:
                jail.kill()

        return self.go(alone())
