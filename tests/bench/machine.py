"""What the figures were measured on, in words."""

import platform
from importlib.metadata import version
from pathlib import Path

import psutil

_LIBRARIES = ("grpcio", "protobuf", "math-verify", "sympy", "latex2sympy2_extended")


def describe():
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{_processor()}, {psutil.cpu_count()} cores, {memory:.0f} GiB; "
        f"{platform.system()}, Python {platform.python_version()}; {libraries}"
    )


def _processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
