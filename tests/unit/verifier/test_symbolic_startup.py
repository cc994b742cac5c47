"""What takes long to load is loaded where it is needed, and no sooner."""

import subprocess
import sys

import pytest

LISTED = """
main(["list"])
"""
SCORED = """
from verifier.outcome.math import MathVerifier
from verifier.types import Item, MathTask
MathVerifier().verify(Item("x", "\\\\boxed{2x}", MathTask(("x+x",))))
"""
STARTED = """
import asyncio
from verifier.assembly import build_engine
from verifier.config import Config, MathConfig, PluginsConfig
engine = build_engine(Config(math=MathConfig(workers=0), plugins=PluginsConfig(enabled=False)))
asyncio.run(engine.start())
"""
COMPARISONS = ("verifier.mathematics.compare", "verifier.texts.scoring", "verifier.answers.rules")
SYMPY = ("sympy", "mpmath")


def loaded(program, modules):
    """Which of these modules a Python program of its own has loaded at its end."""
    program = f"""
import sys
from verifier.cli.main import main
{program}
print("loaded", *sys.modules.keys() & {set(modules)!r})
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("program", [LISTED, SCORED])
def test_neither_the_list_nor_a_comparison_loads_sympy(program):
    assert not loaded(program, SYMPY)


def test_the_list_loads_no_comparison():
    assert not loaded(LISTED, (*COMPARISONS, "flint"))


def test_an_engine_that_was_started_has_loaded_every_comparison():
    assert loaded(STARTED, COMPARISONS) == set(COMPARISONS)
