"""The limits of a code task."""

from __future__ import annotations

import contextlib
import keyword
import math
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.errors import InputError
from verifier.programs.values import parse_expected
from verifier.types import CHECKERS, RewardMode

if TYPE_CHECKING:
    from verifier.types import AssertionTests, CodeLimits, CodeTask, FunctionTests, StdioTests

_GIB: Final = 2**30
_MOST: Final[dict[str, float]] = {
    "cpu_seconds": 600,
    "wall_seconds": 1800,
    "memory_bytes": 64 * _GIB,
    "output_bytes": _GIB // 4,
    "processes": 1024,
    "stack_bytes": _GIB,
    "file_bytes": 4 * _GIB,
}
_KINDS: Final = ("stdio", "function", "assertions")
_DEFINES_CHECK: Final = re.compile(r"^(?:async[ \t]+)?def[ \t]+check[ \t]*\(", re.MULTILINE)


def check_code(task: CodeTask) -> None:
    """Refuses a code task that breaks a limit of the contract.

    A language that nothing here runs breaks none: that is for the verifier to say.

    Raises:
        InputError: names the field and its range.
    """
    given = [kind for kind in _KINDS if getattr(task, kind) is not None]
    if len(given) != 1:
        count = "all but one of them" if given else "one"
        said = f"has {' and '.join(given)}; drop {count}" if given else "has none"
        raise InputError(f"must have exactly one of {', '.join(_KINDS)}; {said}", field="code")
    if task.stdio is not None:
        _check_stdio(task.stdio)
    elif task.function is not None:
        _check_function(task.function)
    elif task.assertions is not None:
        _check_assertions(task.assertions)
    _check_limits(task.limits)
    if task.test_weights:
        _check_weights(task, task.count)


def _check_stdio(stdio: StdioTests) -> None:
    _check_cases(stdio.cases, "code.stdio.cases")
    _check_tolerance(stdio.tolerance, "code.stdio.tolerance")
    if stdio.checker not in CHECKERS:
        raise InputError(
            f"{stdio.checker!r} is not one of {', '.join(CHECKERS)}", field="code.stdio.checker"
        )
    program = stdio.checker_program
    if program is not None:
        if stdio.checker != CHECKERS[0]:
            raise InputError(
                f"{stdio.checker!r} and checker_program exclude each other; give one",
                field="code.stdio.checker",
            )
        if not program.source.strip():
            raise InputError("must not be empty", field="code.stdio.checker_program.source")


def _check_function(function: FunctionTests) -> None:
    if not function.entry_point:
        raise InputError("must name the function to call", field="code.function.entry_point")
    _check_name(function.entry_point, "code.function.entry_point")
    _check_cases(function.cases, "code.function.cases")
    _check_tolerance(function.tolerance, "code.function.tolerance")
    for index, case in enumerate(function.cases):
        field = f"code.function.cases[{index}]"
        if not isinstance(_json(case.args_json, f"{field}.args_json"), list):
            raise InputError(
                "must be a JSON array, one value per positional argument",
                field=f"{field}.args_json",
            )
        _json(case.expected_json, f"{field}.expected_json")


def _check_assertions(tests: AssertionTests) -> None:
    if not tests.count:
        raise InputError(
            "must hold at least one assertion, unless a program is given",
            field="code.assertions.assertions",
        )
    if tests.entry_point:
        _check_name(tests.entry_point, "code.assertions.entry_point")
    elif _DEFINES_CHECK.search(tests.program):
        raise InputError(
            "must name the function that the program's check(candidate) is called with",
            field="code.assertions.entry_point",
        )


def _check_cases(cases: tuple[Any, ...], field: str) -> None:
    if not cases:
        raise InputError("must hold at least one case", field=field)


def _check_name(name: str, field: str) -> None:
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in name.split(".")):
        raise InputError(
            f"must be an identifier or a dotted one, such as Solution.solve, is {name!r:.80}",
            field=field,
        )


def _check_tolerance(tolerance: float | None, field: str) -> None:
    if tolerance is not None and not 0 <= tolerance < 1:
        raise InputError(f"must be in [0, 1), is {tolerance}", field=field)


def _json(text: str, field: str) -> object:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        with contextlib.suppress(InputError):  # it may hold an integer that is only very long
            return parse_expected(text, field=field)
        raise InputError(f"is not JSON: {error}", field=field) from None
    except RecursionError:
        raise InputError("is nested too deep", field=field) from None


def _check_limits(limits: CodeLimits) -> None:
    for name, most in _MOST.items():
        value = getattr(limits, name)
        if value is not None and not 0 < value <= most:
            least = "(0" if name.endswith("_seconds") else "[1"
            raise InputError(
                f"must be in {least}, {most}], is {value}", field=f"code.limits.{name}"
            )


def _check_weights(task: CodeTask, tests: int) -> None:
    weights = task.test_weights
    field = "code.test_weights"
    if task.reward_mode is not RewardMode.FRACTION:
        raise InputError("only reward_mode fraction has weights", field=field)
    if len(weights) != tests:
        raise InputError(
            f"must hold one per test, {tests} in all, holds {len(weights)}", field=field
        )
    for index, weight in enumerate(weights):
        if not 0 <= weight < math.inf:
            raise InputError(f"must be finite and >= 0, is {weight}", field=f"{field}[{index}]")
    if not 0 < sum(weights) < math.inf:
        raise InputError(f"must have a finite sum > 0, have {sum(weights)}", field=field)
