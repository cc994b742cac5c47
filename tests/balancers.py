"""Real HAProxy and nginx in front of replicas, with the very files of deploy/balancers.

Only addresses are changed: the examples in the files become ports on the loopback.
"""

import re
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from contextlib import contextmanager
from pathlib import Path

import pytest
from program import free_port, wait_until

FILES = Path(__file__).parents[1] / "deploy" / "balancers"
STOP_SECONDS = 20

# One line of the files is one replica; it is repeated for as many as a test has.
_REPLICA_LINES = {
    "haproxy": re.compile(r"(?:^ *server replica\d+ .*\n)+", re.MULTILINE),
    "nginx": re.compile(r"(?:^ *server 192\.0\.2\.\d+:\d+ .*;\n)+", re.MULTILINE),
}


class _Balancer(ABC):
    """A balancer in a process of its own.

    Args:
        folder: where its files may be.
        replicas: gRPC port and side port of each, on the loopback.
    """

    name = ""
    file = ""

    def __init__(self, folder, replicas):
        self.port, self._other_port = free_port(), free_port()
        self.target = f"127.0.0.1:{self.port}"
        self.folder = Path(folder) / f"{self.name}-{self.port}"
        self.folder.mkdir(parents=True)
        self.config = self.folder / self.file
        self.config.write_text(self._configured(replicas))
        self._log = self.folder / "log"
        self._process = None

    @classmethod
    def binary(cls):
        """Its path, or None. Daemons are often in folders that are on root's path alone."""
        return shutil.which(cls.name) or shutil.which(cls.name, path="/usr/sbin:/usr/local/sbin")

    def start(self):
        """Starts it; returns the target once it takes connections."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            wait_until(self._listens, 20)
        except BaseException:  # a test's timeout, too: no process stays behind
            self.stop()
            raise
        return self.target

    def stop(self):
        """Ends it, and what it started. May be called again."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def check(self):
        """Exit code and words of its own check of the file."""
        done = subprocess.run(self._check_command(), capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def log(self):
        """What it said so far."""
        return self._log.read_text()

    def _listens(self):
        assert self._process.poll() is None, f"{self.name} has ended: {self.log()}"
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _configured(self, replicas):
        text = (FILES / self.file).read_text()
        lines = _REPLICA_LINES[self.name]
        found = lines.findall(text)
        assert len(found) == 1, f"{self.file}: the lines of the replicas do not stand together"
        example = found[0].splitlines()[0]
        block = "".join(
            self._replica(example, number, *ports) + "\n" for number, ports in enumerate(replicas)
        )
        return self._local(text.replace(found[0], block))

    @abstractmethod
    def _replica(self, line, number, grpc_port, http_port): ...

    @abstractmethod
    def _local(self, text): ...

    @abstractmethod
    def _command(self): ...

    @abstractmethod
    def _check_command(self): ...


def replaced(text, old, new):
    """`text` with `old` replaced, which must be there once: a file that changed is noticed."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file, not once"
    return text.replace(old, new)


class HAProxy(_Balancer):
    """HAProxy; `metrics_port` shows what it knows of the replicas."""

    name, file = "haproxy", "haproxy.cfg"

    @property
    def metrics_port(self):
        return self._other_port

    def _replica(self, line, number, grpc_port, http_port):
        line = re.sub(r"server replica\d+ [\d.:]+", f"server r{number} 127.0.0.1:{grpc_port}", line)
        return replaced(line, "check port 9464", f"check port {http_port}")

    def _local(self, text):
        text = replaced(text, "bind :50050 proto h2", f"bind {self.target} proto h2")
        return replaced(text, "bind 127.0.0.1:8405", f"bind 127.0.0.1:{self.metrics_port}")

    def _command(self):
        return [self.binary(), "-db", "-f", str(self.config)]

    def _check_command(self):
        return [self.binary(), "-c", "-f", str(self.config)]


class Nginx(_Balancer):
    """nginx, which knows of a replica only what its calls have met."""

    name, file = "nginx", "nginx.conf"

    def _replica(self, line, number, grpc_port, http_port):
        return re.sub(r"192\.0\.2\.\d+:\d+", f"127.0.0.1:{grpc_port}", line)

    def _local(self, text):
        return replaced(text, "listen 50050 http2;", f"listen {self.target} http2;")

    def _command(self):
        return [*self._check_command()[:-1], "-g", "daemon off;"]

    def _check_command(self):
        return [
            *(self.binary(), "-p", str(self.folder), "-c", str(self.config)),
            *("-e", "stderr", "-t"),
        ]


@contextmanager
def haproxy(folder, replicas):
    """The target of a HAProxy before `replicas`: pairs of gRPC port and side port."""
    with running(HAProxy, folder, replicas) as balancer:
        yield balancer.target


@contextmanager
def nginx(folder, replicas):
    """The target of an nginx before `replicas`: pairs of gRPC port and side port."""
    with running(Nginx, folder, replicas) as balancer:
        yield balancer.target


@contextmanager
def running(kind, folder, replicas):
    """A balancer of this kind; skips the test where it is not installed."""
    skip_unless_installed(kind)
    balancer = kind(folder, replicas)
    balancer.start()
    try:
        yield balancer
    finally:
        balancer.stop()


def skip_unless_installed(kind):
    if kind.binary() is None:
        pytest.skip(f"no {kind.name} here: `make toolchains` installs it")
