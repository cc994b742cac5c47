"""What stands around the replicas and can break: clock, disk, judge."""

import mmap
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from program import wait_until
from soaking.replicas import TESTS, steady_port

_SOURCE = Path(__file__).with_name("clock.c")
_SHIFT = struct.Struct("q")


SOURCE = "soak-disk"  # in the table of mounts, for tests that count mounts meanwhile


class Clock:
    """The wall clock of one process, which can be moved while it runs.

    By a library of a few lines that is preloaded: time namespaces cannot shift this clock.

    Attributes:
        environment: what the process needs; empty where there is no C compiler.
    """

    def __init__(self, folder):
        self._file = Path(folder) / "clock"
        self._file.write_bytes(_SHIFT.pack(0))
        library = Path(folder) / "clock.so"
        compiler = shutil.which("cc")
        if compiler is not None:
            command = (compiler, "-shared", "-fPIC", "-O2", "-o", library, _SOURCE, "-ldl")
            subprocess.run(command, check=True, capture_output=True)
        preload = {"LD_PRELOAD": str(library), "SOAK_CLOCK": str(self._file)}
        self.environment = preload if compiler else {}

    def shift(self, seconds):
        """Moves the clock to that far from the truth."""
        with self._file.open("r+b") as file, mmap.mmap(file.fileno(), _SHIFT.size) as shared:
            shared[:] = _SHIFT.pack(seconds)


class Disk:
    """A small file system in memory of its own, which can be filled; needs root.

    Attributes:
        path: where it is.
        real: whether it is one; otherwise an ordinary folder, which is never filled.
    """

    def __init__(self, folder, bytes_=32 * 1024**2):
        self.path = Path(folder)
        self.path.mkdir(parents=True, exist_ok=True)
        self._filler = self.path / "filler"
        options = ("-t", "tmpfs", "-o", f"size={bytes_},mode=1777", SOURCE, str(self.path))
        mount = shutil.which("mount")
        code = (
            subprocess.run((mount, *options), capture_output=True, check=False) if mount else None
        )
        self.real = code is not None and code.returncode == 0

    def fill(self):
        """Leaves not a byte."""
        with self._filler.open("ab", buffering=0) as file:
            size = 1024**2
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def empty(self):
        self._filler.unlink(missing_ok=True)

    def close(self):
        if self.real:
            command = (shutil.which("umount"), "--lazy", str(self.path))
            subprocess.run(command, check=True, capture_output=True)
            self.real = False


class JudgeServer:
    """The judge's server of the tests, in a process of its own, at one address."""

    def __init__(self):
        self._port = steady_port()
        self.url = f"http://127.0.0.1:{self._port}/v1"
        self._process = None

    def start(self):
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("judge_backend.py")), str(self._port)],
            env={**os.environ, "PYTHONPATH": f"{TESTS}:{os.environ.get('PYTHONPATH', '')}"},
            stdin=subprocess.DEVNULL,
        )
        wait_until(self._answers)

    def _answers(self):
        assert self._process.poll() is None, "the judge's server has ended"
        try:
            self.behave("honest")
        except OSError:
            return False
        return True

    def behave(self, name):
        """honest, garbage, errors or hang."""
        url = f"http://127.0.0.1:{self._port}/behave/{name}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=10):
            pass

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        if self._process is not None and self._process.poll() is None:
            self.kill()


def scratch_folder():
    """A folder with a short name, for sockets and mounts."""
    return Path(tempfile.mkdtemp(prefix="soak-"))
