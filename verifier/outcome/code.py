"""The verifier ``code``: does the program in the completion pass its tests?"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from msgspec import msgpack, structs

from sandbox.execution import BrokenJailError, Limits
from sandbox.execution import SandboxError as NoSandboxError
from sandbox.languages.table import LANGUAGES, canonical, with_tools
from sandbox.settings import SandboxSettings
from verifier.errors import SandboxError, WorkerDiedError
from verifier.types import (
    Assurance,
    CodeDetail,
    CodeTask,
    Item,
    Outcome,
    Reason,
    RewardMode,
    SelfTest,
    StdioCase,
    StdioTests,
    Task,
    TestOutcome,
    Verdict,
)
from verifier.workers.quarantine import Quarantine

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.box import Sandbox
    from sandbox.once import Once
    from verifier.programs.subject import Subject

_PYTHON_SELF_TEST: Final = "n = int(input())\nprint(2 * n + 1)\n"
_CASE: Final = StdioTests((StdioCase("20\n", "41\n"),))
_LONG: Final = 50_000  # characters; searching more would keep the event loop from everybody else
_POISON: Final = "broke two jails; for an hour it is not tried again"
_REMEMBERED: Final = 20_000  # outcomes; rollouts of one prompt often hold the same program


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """How programs are tested.

    Attributes:
        sandbox: how they are run.
        limits: of each run, where the task gives none.
        work_limit_seconds: the longest that all tests of one program may take.
    """

    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    limits: Limits = field(default_factory=Limits)
    work_limit_seconds: float = 600.0


class CodeVerifier:
    """Runs the program on its tests in a sandbox, and compares what comes out of it outside.

    | Tests                                    | Outcome                                         |
    |------------------------------------------|-------------------------------------------------|
    | all are passed                           | CORRECT / ALL_TESTS_PASSED, reward 1            |
    | one is failed                            | INCORRECT / why the first failed one did;       |
    |                                          | reward 0, or the fraction passed, by weight     |
    | one could not be decided, and no failed  | UNSCORED / why; in mode FRACTION even if        |
    | one decides                              | another one failed                              |
    | the completion holds no program          | INCORRECT / NO_ANSWER                           |
    | the program cannot be compiled           | INCORRECT / COMPILE_ERROR                       |
    | no such language, or its tools are absent| UNSCORED / UNSUPPORTED                          |
    | the sandbox failed, twice                | UNSCORED / SANDBOX_UNAVAILABLE                  |
    | two jails broke while they ran it        | UNSCORED / INTERNAL, and so again for an hour,  |
    |                                          | without a third one                             |

    Expected outputs, comparison and verdict never enter the process that runs the program, so it
    can forge nothing but its own output. The same program is run on the same tests once.

    Args:
        settings: how.
    """

    name = "code"
    version = "1"
    task_type: type[Task] = CodeTask
    description = "Does the program pass its tests, run in a sandbox and judged outside of it?"
    deterministic = True

    def __init__(self, settings: CodeSettings | None = None) -> None:
        self.settings = settings or CodeSettings()
        self.work_limit_seconds = self.settings.work_limit_seconds
        self._sandbox: Sandbox | None = None
        self._outcomes: Once[Outcome] | None = None
        self._quarantine = Quarantine()
        self._problem = ""

    @property
    def members(self) -> tuple[str, ...]:
        """The languages; one whose tools are not here says so."""
        languages = with_tools(self.settings.sandbox.tools)
        return tuple(
            f"{name} ({missing})" if (missing := language.missing()) else name
            for name, language in languages.items()
        )

    @property
    def isolation(self) -> str:
        """The level that programs run at, as far as it is known."""
        if self._problem:
            return f"unavailable: {self._problem}"
        level = self._sandbox.isolation if self._sandbox is not None else None
        return level.value if level is not None else ""

    @property
    def places(self) -> int:
        """Items worth having at the sandbox at once: one in each slot, and one that waits."""
        return 2 * (self.settings.sandbox.slots or len(os.sched_getaffinity(0)))

    @property
    def sandbox(self) -> Sandbox | None:
        """The sandbox, once it has been needed; for whoever counts what it does."""
        return self._sandbox

    @property
    def self_test(self) -> SelfTest:
        """A right and a wrong program in Python, and a right one in each language that is here."""
        tests = [
            (Item("right", _PYTHON_SELF_TEST, CodeTask(stdio=_CASE)), Verdict.CORRECT),
            (Item("wrong", "print(40)", CodeTask(stdio=_CASE)), Verdict.INCORRECT),
        ]
        for name, language in with_tools(self.settings.sandbox.tools).items():
            if not language.missing():
                source = f"```{name}\n{language.self_test.source}```"
                tests.append((Item(name, source, CodeTask(name, stdio=_CASE)), Verdict.CORRECT))
        return tuple(tests)

    async def start(self) -> None:
        """Starts the jails. Where they cannot be started, items will say so, not the service."""
        try:
            await self._ready().start()
        except NoSandboxError as error:
            self._problem = str(error)

    async def close(self) -> None:
        """Ends the jails."""
        if self._sandbox is not None:
            await self._sandbox.close()
            self._sandbox = None

    async def verify(self, item: Item, started: Callable[[], None]) -> Outcome:
        """The outcome of one item.

        Raises:
            SandboxError: the sandbox failed twice, or cannot be started.
            WorkerDiedError: two jails broke while they ran this program, now or lately.
            TypeError: the item's task is not a `CodeTask`.
        """
        from verifier.programs.extraction import find_program  # noqa: PLC0415 - `list` needs none

        task = item.task
        if not isinstance(task, CodeTask):
            raise TypeError(f"code cannot score a {type(task).__name__}")
        task = structs.replace(task, language=canonical(task.language))
        if task.language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            message = f"no language {task.language!r}; known: {known}"
            return Outcome.unscored(Reason.UNSUPPORTED, message)
        asked = (item.completion, task.language, item.prompt, _entry_point(task))
        if len(item.completion) > _LONG:
            source = await asyncio.to_thread(find_program, *asked)
        else:
            source = find_program(*asked)
        if source is None:
            detail = CodeDetail(0, task.count, ())
            return Outcome.incorrect(Reason.NO_ANSWER, "the completion holds no program", detail)
        prompt = item.prompt if task.assertions is not None else ""
        key = _key(task, prompt, source)
        if self._quarantine.holds(key):
            raise WorkerDiedError(f"this program {_POISON}")
        try:
            outcome = await self._remembered().get(
                key, lambda: self._tested(source, task, prompt, started)
            )
        except BrokenJailError as error:
            self._quarantine.take(key)
            raise WorkerDiedError(f"{error}; this program {_POISON}") from error
        except NoSandboxError as error:
            self._problem = str(error) if self._sandbox and not self._sandbox.isolation else ""
            raise SandboxError(str(error)) from error
        self._problem = ""
        return outcome

    async def _tested(
        self, source: str, task: CodeTask, prompt: str, started: Callable[[], None]
    ) -> Outcome:
        from sandbox.builds import BuildFailure  # noqa: PLC0415
        from verifier.programs.subject import Subject  # noqa: PLC0415

        sandbox = self._ready()
        if task.language != "python" and task.stdio is None:
            message = f"{task.language} programs have stdio tests only"
            return Outcome.unscored(Reason.UNSUPPORTED, message)
        try:
            program = await sandbox.prepare(task.language, source, started)
            if isinstance(program, BuildFailure):
                detail = CodeDetail(0, task.count, (), isolation=self.isolation)
                return Outcome.incorrect(Reason.COMPILE_ERROR, program.message[:2000], detail)
            limits = _limits(task, self.settings.limits)
            subject = Subject(sandbox, program, task, limits, prompt, started)
            tests, assurance = await _run(subject)
        except LookupError as error:
            return Outcome.unscored(Reason.UNSUPPORTED, str(error.args[0]))
        detail = CodeDetail(
            passed=sum(test.verdict is Verdict.CORRECT for test in tests),
            total=len(tests),
            tests=tuple(tests),
            isolation=self.isolation,
            assurance=assurance,
            language=await sandbox.version(program.language),
        )
        return _outcome(task, detail)

    def _ready(self) -> Sandbox:
        if self._sandbox is None:
            from sandbox.box import Sandbox  # noqa: PLC0415 - `list` and `--help` need none

            self._sandbox = Sandbox(self.settings.sandbox)
        return self._sandbox

    def _remembered(self) -> Once[Outcome]:
        if self._outcomes is None:
            from sandbox.once import Once  # noqa: PLC0415

            self._outcomes = Once(
                _REMEMBERED, lambda made: None if made.verdict is Verdict.UNSCORED else 1
            )
        return self._outcomes


async def _run(subject: Subject) -> tuple[list[TestOutcome], Assurance]:
    """One outcome per test, by whatever shape the tests have."""
    from verifier.programs.shapes import assertions, function, stdio  # noqa: PLC0415

    task = subject.task
    if task.stdio is not None:
        return await stdio.run(subject, task.stdio), Assurance.SEPARATE
    if task.function is not None:
        return await function.run(subject, task.function), Assurance.SEPARATE
    if task.assertions is not None:
        judged = await assertions.run(subject, task.assertions)
        return judged.outcomes, judged.assurance
    raise LookupError("the task has no tests")


def _outcome(task: CodeTask, detail: CodeDetail) -> Outcome:
    """From the outcomes of the tests to that of the program."""
    failed = next((t for t in enumerate(detail.tests) if t[1].verdict is Verdict.INCORRECT), None)
    open_ = next((t for t in enumerate(detail.tests) if _is_open(t[1])), None)
    fraction = task.reward_mode is RewardMode.FRACTION
    first = (open_ or failed) if fraction else (failed or open_)
    if first is None:
        message = f"passed {detail.total} of {detail.total} tests"
        return Outcome.correct(Reason.ALL_TESTS_PASSED, message, detail)
    number, test = first
    message = f"passed {detail.passed} of {detail.total} tests; test {number + 1}: {test.message}"
    if test.verdict is Verdict.UNSCORED:
        return Outcome.unscored(test.reason, message, detail)
    reward = _fraction(task, detail) if fraction else 0.0
    return Outcome(Verdict.INCORRECT, test.reason, reward, message, detail)


def _is_open(test: TestOutcome) -> bool:
    """Whether a test could not be decided; one that was left out on purpose is not meant."""
    return test.verdict is Verdict.UNSCORED and test.reason is not Reason.NOT_RUN


def _fraction(task: CodeTask, detail: CodeDetail) -> float:
    weights = task.test_weights or (1.0,) * detail.total
    won = (
        weight
        for weight, test in zip(weights, detail.tests, strict=True)
        if test.verdict is Verdict.CORRECT
    )
    return sum(won) / sum(weights)


def _key(task: CodeTask, prompt: str, source: str) -> bytes:
    """What an outcome depends on."""
    try:
        return msgpack.encode((task, prompt, source))
    except UnicodeEncodeError:  # a lone surrogate
        return repr((task, prompt, source)).encode("utf-8", "surrogatepass")


def _limits(task: CodeTask, defaults: Limits) -> Limits:
    """The limits of each run: the task's where it gives any."""
    given = {name: v for name, v in structs.asdict(task.limits).items() if v is not None}
    limits = {name: getattr(defaults, name) for name in Limits.__dataclass_fields__} | given
    if "cpu_seconds" in given and "wall_seconds" not in given:
        limits["wall_seconds"] = max(defaults.wall_seconds, 3 * given["cpu_seconds"] + 2)
    return Limits(**limits)


def _entry_point(task: CodeTask) -> str:
    if task.function is not None:
        return task.function.entry_point
    return task.assertions.entry_point if task.assertions is not None else ""
