"""CPU seconds of this process, of another, and of one that has ended."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import psutil


def of_process(pid):
    """CPU seconds that a process and its children have used so far, to the nanosecond.

    Linux offers every process's CPU clock under a number made of its id; the figures that it
    publishes elsewhere come in hundredths of a second, too coarse for short runs.
    """
    members = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    return sum(time.clock_gettime(~member << 3 | 2) for member in members)


def of_command(command, environment=None):
    """Runs a command to its end: (CPU seconds, wall seconds, what it printed).

    Args:
        command: the program and its arguments.
        environment: variables that it has besides ours, or instead.
    """
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    ) as process:
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - began, printed


def of_score(path, environment, *options):
    """CPU seconds of a whole `verifier-cli score`, from the interpreter's start to its end."""
    line = [sys.executable, "-m", "verifier.cli.main", "score", str(path), "--summary", "none"]
    return of_command([*line, "-o", f"{path}.scores", "--force", *options], environment)[0]


@contextmanager
def compiled():
    """Variables for commands that are to find their modules compiled, as an installed program does.

    The first command compiles them, so it is not the one to measure.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}


class Meter:
    """Measures a block: CPU seconds of this process, of another one, and wall seconds."""

    def __init__(self, pid=None):
        self._pid = pid
        self.own = self.other = self.wall = 0.0

    def __enter__(self):
        self._own, self._wall = time.process_time(), time.perf_counter()
        self._other = of_process(self._pid) if self._pid else 0.0
        return self

    def __exit__(self, *_error):
        self.other = of_process(self._pid) - self._other if self._pid else 0.0
        self.own = time.process_time() - self._own
        self.wall = time.perf_counter() - self._wall

    @property
    def total(self):
        return self.own + self.other
