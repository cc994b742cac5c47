"""Python: runs in the warm interpreter itself, so there is nothing to start."""

from sandbox.languages.language import Language, SelfTest

PYTHON = Language(
    name="python",
    file_name=lambda _: "solution.py",
    self_test=SelfTest("print(2 * int(input()) + 1)\n"),
    aliases=("py", "pypy", "ipython", "sage"),
)
