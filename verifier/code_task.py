"""Programs and the tests that they must pass: the words of a code task.

`verifier.types` hands these words on; import them from there.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from verifier.word import Int64, Word

CHECKERS: Final = ("tokens", "exact", "float", "unordered_lines", "ignore_case")


class RewardMode(Word):
    """How passed tests become a reward."""

    ALL_PASS = "ALL_PASS"  # noqa: S105 - 1 if every test passes, else 0; no password
    FRACTION = "FRACTION"  # passed over total, by weight


class Assurance(Word):
    """How far what decided was kept from the program that it decided about."""

    SEPARATE = "SEPARATE"  # never in one process
    IN_PROCESS = "IN_PROCESS"  # in one process: the program could have forged what was said of it


class StdioCase(Struct, frozen=True):
    """One input with its expected output."""

    stdin: str = ""
    expected_stdout: str = ""


class CheckerProgram(Struct, frozen=True):
    """A trusted program that says whether one output is right, in a jail of its own.

    Attributes:
        source: gets one JSON object with ``stdin``, ``expected_stdout`` and ``stdout`` on standard
            input, and prints ``accept`` or ``reject`` as its first word.
    """

    language: str = "python"
    source: str = ""


class StdioTests(Struct, frozen=True):
    """Programs that read standard input and write standard output.

    Attributes:
        cases: at least one.
        checker: how outputs are compared, one of `CHECKERS`.
        tolerance: how far a token that is expected as a float may be off, relative or absolute, in
            [0, 1). None: the checker's own.
        checker_program: decides instead of `checker`, which is then the default one.
    """

    cases: tuple[StdioCase, ...]
    checker: str = "tokens"
    tolerance: float | None = None
    checker_program: CheckerProgram | None = None


class FunctionCase(Struct, frozen=True):
    """One call.

    Attributes:
        args_json: the positional arguments, a JSON array.
        expected_json: the value it must return, as JSON.
    """

    args_json: str
    expected_json: str


class FunctionTests(Struct, frozen=True):
    """Calls of one function, with data in and data out.

    Attributes:
        entry_point: the function's name, an identifier or a dotted one.
        cases: at least one.
        tolerance: how far the result may be off where a float is expected, relative or absolute, in
            [0, 1). None: the verifier's own.
    """

    entry_point: str
    cases: tuple[FunctionCase, ...]
    tolerance: float | None = None


class AssertionTests(Struct, frozen=True):
    """Assertions in the shapes of MBPP and HumanEval.

    Attributes:
        entry_point: the function's name; needed where `program` defines ``check(candidate)``.
        setup: code to run before the assertions.
        assertions: lines such as ``assert f(1) == 2``, one test each.
        program: such as ``def check(candidate): …``; one test, after those of `assertions`.
        allow_in_process: whether what cannot be kept apart from the tested program may run in one
            process with it; the result then says so. Else such items are UNSCORED.
    """

    entry_point: str = ""
    setup: str = ""
    assertions: tuple[str, ...] = ()
    program: str = ""
    allow_in_process: bool = False

    @property
    def count(self) -> int:
        """How many tests there are: one per assertion, and one more for a program."""
        return len(self.assertions) + bool(self.program.strip())


class CodeLimits(Struct, frozen=True):
    """Limits of one run; None: the verifier's own.

    Attributes:
        cpu_seconds: CPU time, in (0, 600].
        wall_seconds: time on the clock, a guard against hangs, in (0, 1800].
        memory_bytes: memory, at most 64 GiB.
        output_bytes: output, at most 256 MiB.
        processes: processes and threads at once, 1 to 1024.
        stack_bytes: stack, at most 1 GiB.
        file_bytes: scratch files, at most 4 GiB.
    """

    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    memory_bytes: Int64 | None = None
    output_bytes: Int64 | None = None
    processes: int | None = None
    stack_bytes: Int64 | None = None
    file_bytes: Int64 | None = None


class CodeTask(Struct, frozen=True):
    """Does the completion's program pass its tests?

    Attributes:
        language: what the program is written in.
        stdio, function, assertions: what it must do; exactly one of them is given.
        limits: of each run.
        reward_mode: how passed tests become a reward.
        stop_at_first_failure: whether the tests after the first that fails are left out, as
            UNSCORED with the reason NOT_RUN.
        test_weights: one per test, >= 0, with a sum > 0; FRACTION only. Empty: each counts 1.
    """

    language: str = "python"
    stdio: StdioTests | None = None
    function: FunctionTests | None = None
    assertions: AssertionTests | None = None
    limits: CodeLimits = CodeLimits()
    reward_mode: RewardMode = RewardMode.ALL_PASS
    stop_at_first_failure: bool = False
    test_weights: tuple[float, ...] = ()

    @property
    def count(self) -> int:
        """How many tests there are."""
        if self.stdio is not None:
            return len(self.stdio.cases)
        if self.function is not None:
            return len(self.function.cases)
        return self.assertions.count if self.assertions is not None else 0
