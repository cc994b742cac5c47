"""The program as a user runs it: `verifier-cli` in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import grpc


class Program:
    """Runs `verifier-cli` and keeps what it says."""

    def __init__(self, plugin_path):
        self.environment = {**os.environ, "PYTHONPATH": plugin_path}

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [sys.executable, "-m", "verifier.cli.main", *map(str, arguments)],
            env=self.environment,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    def run(self, *arguments, stdin=None, timeout=100):
        process = self.start(
            *arguments, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE
        )
        out, err = process.communicate(stdin, timeout=timeout)
        return process.returncode, out.decode(), err.decode()

    def serve(self, *arguments):
        return Server(self, *arguments)


class Server:
    """A serving process on free ports."""

    def __init__(self, program, *arguments):
        self.port, self.metrics_port = free_port(), free_port()
        self.target = f"127.0.0.1:{self.port}"
        self.ended = None
        # A file, not a pipe that nobody reads: a full pipe would stop the service at a log line.
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self.process = program.start(
            *("serve", "--listen", self.target),
            *("--metrics-listen", f"127.0.0.1:{self.metrics_port}", *arguments),
            stdout=subprocess.DEVNULL,
            stderr=self.log,
        )
        with grpc.insecure_channel(self.target) as channel:
            grpc.channel_ready_future(channel).result(timeout=60)

    def stop(self, number=signal.SIGTERM, timeout=60):
        """Sends a signal; returns the exit code and what was logged. May be called again."""
        if self.ended is None:
            if self.process.poll() is None:
                self.process.send_signal(number)
            self.process.wait(timeout=timeout)
            self.log.seek(0)
            self.ended = self.process.returncode, self.log.read().decode()
            self.log.close()
        return self.ended


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds=60):
    """Waits for a condition that another process brings about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
