"""Replicas of the service as an operator runs them, on ports that stay theirs over restarts."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
from program import wait_until

TESTS = Path(__file__).parents[1]
START_SECONDS = 90  # on a busy machine
STOP_SECONDS = 240  # drain and what comes after it, where other work has the cores

# Below the ports that the kernel gives to connections: while a replica is down nobody takes its.
_PORTS = range(20_000, 32_000)


class Replica:
    """One serving process at a time, at one address.

    `serving` says whether it has been ready and was not told to end; `drains` how many seconds each
    process took to end when told.

    Args:
        folder: for its configuration and its log.
        text: the configuration.
        environment: beside the tests' own.
        scratch: where its log and its temporary files go, if not to `folder`.
    """

    def __init__(self, folder, text, environment=None, scratch=None):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.scratch = Path(scratch or folder)
        self.port, self.side_port = steady_port(), steady_port()
        self.target = f"127.0.0.1:{self.port}"
        self.config = self.folder / "service.toml"
        self.config.write_text(text, encoding="utf-8")
        path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(TESTS))))
        self.environment = {
            **os.environ,
            "PYTHONPATH": path,
            "TMPDIR": str(self.scratch),
            **(environment or {}),
        }
        self.process = None
        self.serving = False
        self.drains = []

    @property
    def pid(self):
        return self.process.pid

    @property
    def log(self):
        return self.scratch / "log"

    def launch(self):
        """Starts it and does not wait."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "verifier.cli.main", "serve"),
                    *("--config", str(self.config), "--listen", self.target),
                    *("--metrics-listen", f"127.0.0.1:{self.side_port}"),
                ],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )

    def wait(self):
        """Waits until it is ready."""
        wait_until(self.ready, START_SECONDS)
        self.serving = True

    def start(self):
        self.launch()
        self.wait()

    def ready(self):
        """Whether ``/readyz`` says so."""
        assert self.process.poll() is None, f"it has ended: {self.tail()}"
        return self.get("/readyz")[0] == 200

    def get(self, path, seconds=10):
        """Status and text of a page of the side port; 0 where nothing answers."""
        try:
            url = f"http://127.0.0.1:{self.side_port}{path}"
            with urllib.request.urlopen(url, timeout=seconds) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name):
        """The sum of all samples of a metric."""
        status, page = self.get("/metrics")
        assert status == 200, f"/metrics says {status}: {page[:500]}"
        lines = page.splitlines()
        found = [line for line in lines if line.partition("{")[0].partition(" ")[0] == name]
        assert found, f"no metric {name} among {len(lines)} lines"
        return sum(float(line.rpartition(" ")[2]) for line in found)

    def kill(self):
        """SIGKILL: nothing is said, nothing is finished."""
        self.serving = False
        self.process.kill()
        self.process.wait()

    def terminate(self):
        """SIGTERM: drains; returns the exit code."""
        began, self.serving = time.monotonic(), False
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        self.drains.append(time.monotonic() - began)
        return code

    def stop(self):
        """Ends it, however it is. May be called again."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()

    def family(self):
        """Its living children, and theirs."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def workers(self):
        """The processes in which SymPy works and long forms are checked."""
        return [one for one in self.family() if "verifier.workers.child" in _command(one)]

    def jails(self):
        """Each jail's own process, outside."""
        return [one for one in self.family() if _name(one) == "nsjail"]

    def zygotes(self):
        """The warm interpreters in the jails, which fork the programs; never a program itself."""
        jails = {jail.pid for jail in self.jails()}
        return [one for one in self.family() if _parent(one) in jails]

    def tail(self, characters=2000):
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")[-characters:]
        except OSError as error:
            return str(error)

    def events(self):
        """What it logged, line by line; a line that is no JSON stands as text.

        What follows the last line break is still being written, and no line yet.
        """
        text = self.log.read_text(encoding="utf-8", errors="replace")
        for line in text.rpartition("\n")[0].splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                yield line


def steady_port():
    """A free port that no connection of another process will be given."""
    for port in random.SystemRandom().sample(_PORTS, 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def _command(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _name(process):
    try:
        return process.name()
    except psutil.Error:
        return ""


def _parent(process):
    try:
        return process.ppid()
    except psutil.Error:
        return 0
