"""SymPy takes half a second to load, so only its own worker processes do."""

import subprocess
import sys

PROGRAM = """
import sys
from verifier.cli.main import main
from verifier.outcome.math import MathVerifier
from verifier.types import Item, MathTask
main(["list"])
MathVerifier().verify(Item("x", "\\\\boxed{2x}", MathTask(("x+x",))))
slow = {"sympy", "mpmath"} & sys.modules.keys()
sys.exit(f"loaded: {slow}" if slow else 0)
"""


def test_neither_the_list_nor_a_comparison_loads_sympy():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
