"""A real `redis-server` for the tests: its own process, with nothing on disk but its socket."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from program import free_port, wait_until

BINARY = shutil.which("redis-server")
MISSING = "no redis-server here: `make toolchains` installs it"


class RedisServer:
    """Listens on a unix socket of its own; with `tcp`, on a free port of the loopback as well."""

    def __init__(self, password="", *, tcp=False):
        # Not pytest's folder, whose name may be too long for the address of a socket.
        self._folder = tempfile.mkdtemp(prefix="redis-")
        self._socket = Path(self._folder) / "socket"
        self._port = free_port() if tcp else 0
        self._password = password
        secret = f":{quote(password, safe='')}@" if password else ""
        self.url = f"unix://{secret}{self._socket}"
        self.tcp_url = f"redis://{secret}127.0.0.1:{self._port}/0" if tcp else ""
        self._process = None
        self.start()

    def start(self):
        """Starts it, empty. May be called after `kill`, and then it is at the same address."""
        self._process = subprocess.Popen(
            [
                *(BINARY, "--port", str(self._port), "--bind", "127.0.0.1"),
                *("--unixsocket", str(self._socket), "--dir", self._folder),
                *("--save", "", "--appendonly", "no", "--daemonize", "no"),
                *(("--requirepass", self._password) if self._password else ()),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._answers)
        except BaseException:  # a test's timeout, too: no process stays behind
            self.stop()
            raise

    def _answers(self):
        import redis

        assert self._process.poll() is None, "redis-server has ended"
        try:
            with self.client() as client:
                return client.ping()
        except redis.ConnectionError:
            return False

    def client(self):
        """A plain client, to look at what is kept and to put there what should not be."""
        import redis

        return redis.Redis.from_url(self.url, protocol=2)

    def freeze(self):
        """Takes its CPU away: connections are accepted and nothing is answered."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self._process.pid, signal.SIGCONT)

    def kill(self):
        """Ends it with everything that it held."""
        self._process.kill()
        self._process.wait()

    def stop(self):
        """Ends it for good."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
