"""Limits from both sides: just under one passes, just over it fails with a status of its own.

Figures are far enough from the limits for what an interpreter itself takes, and are CPU time or
bytes: the clock decides nothing but what waits for ever.
"""

import shutil

import pytest
from sandboxes import MIB, SHAPES, code_task

from sandbox.builds import BuildFailure
from sandbox.execution import Limits, Status
from verifier.types import CodeLimits, Reason, Verdict

BURN = """
import os, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
"""
CHILDREN = """
import os, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
for _ in range({count}):
    if os.fork() == 0:
        burn({seconds}); os._exit(0)
for _ in range({count}): os.wait()
print('done')
"""
HOLD = """
import os, time
child = False
for _ in range({count} - 1):
    if os.fork() == 0:
        child = True
        break
held = bytearray({size}); held[::4096] = b'x' * len(held[::4096])
time.sleep(0.3)
print('held', flush=True)
if child: os._exit(0)
while True:
    try: status = os.wait()[1]
    except ChildProcessError: break
    if status: raise SystemExit('a child was killed')
"""
THREADS = """
import threading
gate = threading.Event()
threads = [threading.Thread(target=gate.wait, daemon=True) for _ in range({count})]
for thread in threads: thread.start()
gate.set()
for thread in threads: thread.join()
print('done')
"""
PROCESSES = """
import os, signal
pids = []
for _ in range({count}):
    pid = os.fork()
    if pid == 0: signal.pause()
    pids.append(pid)
for pid in pids: os.kill(pid, 9)
print('done')
"""
WRITE = "import os\nos.write({fd}, b'x' * {size})\n"
FILES = """
for number in range(4):
    with open(f'/tmp/{{number}}', 'wb') as file: file.write(bytes({size} // 4))
print('done')
"""
DEEP = """
import sys
sys.setrecursionlimit(10**9)
def down(n): return next(map(down, (n - 1,))) + 1 if n else 0
print(down({depth}))
"""
C_STACK = """
#include <stdio.h>
#include <string.h>
static int down(int n) {{ volatile char held[4096]; memset((void *)held, n, sizeof held);
  return n ? down(n - 1) + held[7] * 0 + 1 : 0; }}
int main(void) {{ printf("%d\\n", down({depth})); return 0; }}
"""

# What is measured, the limits, and the program on either side; the status beyond.
SIDES = {
    "CPU of one process": (
        Limits(cpu_seconds=1.0),
        BURN + "burn(0.6)",
        BURN + "burn(1.6)",
        Status.CPU_LIMIT,
    ),
    "CPU of all processes": (
        Limits(cpu_seconds=1.0),
        CHILDREN.format(count=3, seconds=0.2),
        CHILDREN.format(count=3, seconds=0.6),
        Status.CPU_LIMIT,
    ),
    "memory of one process": (
        Limits(memory_bytes=100 * MIB),
        HOLD.format(count=1, size=80 * MIB),
        HOLD.format(count=1, size=110 * MIB),
        Status.MEMORY_LIMIT,
    ),
    "memory of all processes": (
        Limits(memory_bytes=100 * MIB),
        HOLD.format(count=3, size=20 * MIB),
        HOLD.format(count=3, size=50 * MIB),
        Status.MEMORY_LIMIT,
    ),
    "an allocation that can never be": (
        Limits(memory_bytes=100 * MIB),
        "try: bytearray(1 << 50)\nexcept MemoryError: pass",
        "bytearray(1 << 50)",
        Status.MEMORY_LIMIT,
    ),
    "standard output": (
        Limits(output_bytes=MIB),
        WRITE.format(fd=1, size=MIB),
        WRITE.format(fd=1, size=MIB + 1),
        Status.OUTPUT_LIMIT,
    ),
    "standard error": (
        Limits(output_bytes=MIB),
        WRITE.format(fd=2, size=MIB),
        WRITE.format(fd=2, size=MIB + 1),
        Status.OUTPUT_LIMIT,
    ),
    "processes": (
        Limits(processes=10),
        PROCESSES.format(count=9),
        PROCESSES.format(count=10),
        Status.PROCESS_LIMIT,
    ),
    "threads": (
        Limits(processes=10),
        THREADS.format(count=9),
        THREADS.format(count=10),
        Status.PROCESS_LIMIT,
    ),
    "files": (
        Limits(file_bytes=4 * MIB),
        FILES.format(size=4 * MIB - 65536),
        FILES.format(size=4 * MIB + 65536),
        Status.FILE_LIMIT,
    ),
    "stack of Python": (
        Limits(stack_bytes=16 * MIB),
        DEEP.format(depth=5_000),
        DEEP.format(depth=200_000),
        Status.SIGNALLED,
    ),
}
REASONS = {
    Status.CPU_LIMIT: Reason.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Reason.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Reason.OUTPUT_LIMIT_EXCEEDED,
    Status.PROCESS_LIMIT: Reason.PROCESS_LIMIT_EXCEEDED,
    Status.FILE_LIMIT: Reason.FILE_LIMIT_EXCEEDED,
    Status.SIGNALLED: Reason.RUNTIME_ERROR,
}


@pytest.mark.parametrize("what", SIDES)
def test_just_under_a_limit_passes(full_arena, what):
    limits, under, _, _ = SIDES[what]
    ran = full_arena.run(under, limits=limits)
    assert (ran.status, ran.exit_code) == (Status.EXITED, 0), ran.stderr[-300:]


@pytest.mark.parametrize("what", SIDES)
def test_just_over_a_limit_has_a_status_of_its_own(full_arena, what):
    jails = full_arena.watch()
    limits, _, over, status = SIDES[what]
    ran = full_arena.run(over, limits=limits)
    assert ran.status is status, (ran.status, ran.exit_code, ran.stderr[-300:])
    assert full_arena.jails() == jails


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "assertions"])
@pytest.mark.parametrize("what", SIDES)
def test_a_limit_becomes_the_reason_of_a_failed_test(full_arena, what, shape):
    limits, _, over, status = SIDES[what]
    if shape != "stdio" and what.startswith("standard"):
        pytest.skip("nobody looks at what a function prints")
    if shape == "opaque" and what in ("processes", "threads"):
        pytest.skip("one process more is allowed for: that of the tests")
    body = over.replace("print('done')", "pass")
    source = "def solve(n): return (7 * n * n + 3) % 101\n" + body
    if shape == "stdio":
        source += "\nprint(solve(int(input())))\n"
    given = CodeLimits(
        cpu_seconds=limits.cpu_seconds,
        memory_bytes=limits.memory_bytes,
        output_bytes=limits.output_bytes,
        processes=limits.processes,
        stack_bytes=limits.stack_bytes,
        file_bytes=limits.file_bytes,
    )
    if shape == "opaque" and "memory of" in what:
        source = source.replace(str(110 * MIB), str(400 * MIB)).replace(
            str(50 * MIB), str(150 * MIB)
        )  # the tests' own interpreter is allowed for, and so the limit is wider
    full_arena.watch()
    (outcome,) = full_arena.score((source, code_task(shape, given, (2,))))
    assert (outcome.verdict, outcome.reason) == (Verdict.INCORRECT, REASONS[status]), (
        outcome.message
    )


@pytest.mark.parametrize(("depth", "held"), [(1500, True), (3000, False)])
def test_the_stack_of_a_compiled_program_is_limited(full_arena, depth, held):
    if not shutil.which("gcc"):
        pytest.skip("no C compiler here")
    limits = Limits(stack_bytes=8 * MIB)

    async def built():
        program = await full_arena.sandbox.prepare("c", C_STACK.format(depth=depth))
        assert not isinstance(program, BuildFailure), program
        return await full_arena.sandbox.run(program, b"", limits)

    ran = full_arena.go(built())
    if held:
        assert (ran.status, ran.stdout) == (Status.EXITED, b"%d\n" % depth)
    else:
        assert (ran.status, ran.signal) == (Status.SIGNALLED, 11)


def test_too_deep_a_recursion_in_python_is_an_exception_and_no_limit(arena):
    ran = arena.run("def down(n): return down(n + 1)\ndown(0)")
    assert (ran.status, ran.exit_code) == (Status.EXITED, 1)
    assert b"RecursionError" in ran.stderr


@pytest.mark.parametrize("shape", SHAPES)
def test_a_program_that_waits_is_run_twice_and_then_unscored(arena, shape):
    arena.watch()
    source = "import time\ntime.sleep(60)\ndef solve(n): return -1\nprint(solve(int(input())))"
    retried = arena.sandbox.pool.counts.retried
    limits = CodeLimits(cpu_seconds=1.0, wall_seconds=0.5)
    (outcome,) = arena.score((source, code_task(shape, limits)))
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.TIME_LIMIT_EXCEEDED)
    assert outcome.reward is None
    assert arena.sandbox.pool.counts.retried == retried + 1


def test_memory_that_was_refused_and_memory_that_was_taken_are_one_status(full_arena):
    """The kernel kills whoever takes too much; an allocator that is refused raises."""
    limits = Limits(memory_bytes=64 * MIB)
    killed = full_arena.run("x = [bytes([i]) * (1 << 20) for i in range(250)]", limits=limits)
    raised = full_arena.run("x = bytearray(1 << 45)", limits=limits)
    assert (killed.status, killed.signal) == (Status.MEMORY_LIMIT, 9)
    assert (raised.status, raised.exit_code) == (Status.MEMORY_LIMIT, 1)
    assert raised.stderr.rstrip().endswith(b"MemoryError")


def test_what_a_program_used_is_measured(full_arena):
    ran = full_arena.run(BURN + "burn(0.3)\nx = b'x' * (40 << 20)")
    assert 0.3 <= ran.cpu_seconds < 1.0
    assert 40 * MIB <= ran.memory_bytes < 80 * MIB
