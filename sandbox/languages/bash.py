"""Bash, with the usual tools of a Unix system: awk, sed, sort, and bc where the system has it."""

from pathlib import Path

from sandbox.languages.language import Language, SelfTest

BASH = Language(
    name="bash",
    file_name=lambda _: "solution.sh",
    self_test=SelfTest("read n\necho $((2 * n + 1))\n"),
    run_tool=Path("/usr/bin/bash"),
    run=lambda tool, _source, _limits: (tool, "solution.sh"),
    aliases=("sh", "shell", "shellscript"),
    out_of_memory=(b": cannot allocate ",),
)
