"""The verifier ``judge``: is the completion good, in the eyes of a model?"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from verifier.errors import BackendError
from verifier.judge.assembly import JudgeParts, build_judge
from verifier.judge.settings import EMBEDDED
from verifier.types import Item, JudgeTask, Outcome, SelfTest, Task, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.contest import Comparison
    from verifier.judge.asking import Backend
    from verifier.judge.judging import Judge
    from verifier.judge.observing import JudgeObserver
    from verifier.types import JudgeMode

_PROBLEM: Final = "2+3*4"
_RIGHT: Final = "3*4=12:2+12; 2+12=14:14"
_WRONG: Final = "3*4=13:2+13; 2+13=15:15"


class JudgeVerifier:
    """Asks a generative model, by a template, and reads a verdict from what it answers.

    | Judgement                                | Outcome                                         |
    |------------------------------------------|-------------------------------------------------|
    | there is a score, and no threshold       | SCORED / JUDGED, reward the score, 0 to 1       |
    | the score reaches the threshold, or not  | CORRECT, reward 1, or INCORRECT, reward 0       |
    | nothing to judge in the template's scope | INCORRECT / NO_ANSWER                           |
    | no verdict can be read, however often it | UNSCORED / JUDGE_UNPARSEABLE, the judge's words |
    | is asked for                             | in the detail                                   |
    | the backend is down or refuses           | UNSCORED / BACKEND_UNAVAILABLE                  |
    | the task fits no template or backend, or | UNSCORED / INVALID_INPUT                        |
    | is too long for the backend              |                                                 |
    | the backend knows nothing of it, or has  | UNSCORED / UNSUPPORTED, UNSCORED / OVERLOADED   |
    | no room for it                           |                                                 |

    Args:
        parts: backends, templates and the rest; those that ship, if not given.
        embedded: the judge that comes with the service, if there is one.
    """

    name = "judge"
    version = "1"
    task_type: type[Task] = JudgeTask
    description = "Is the completion good, in the eyes of a generative model?"
    deterministic = False  # judgements have a cache of their own, with rules of its own
    self_test: SelfTest = (
        (
            Item("right", _RIGHT, JudgeTask(backend=EMBEDDED, threshold=0.5), _PROBLEM),
            Verdict.CORRECT,
        ),
        (
            Item("wrong", _WRONG, JudgeTask(backend=EMBEDDED, threshold=0.5), _PROBLEM),
            Verdict.INCORRECT,
        ),
        (Item("unknown", _RIGHT, JudgeTask(template="?"), _PROBLEM), Verdict.UNSCORED),
    )

    def __init__(self, parts: JudgeParts | None = None, embedded: Backend | None = None) -> None:
        self.parts = parts or JudgeParts()
        if embedded is not None:
            self.parts.backends = {**self.parts.backends, EMBEDDED: embedded}
        self.work_limit_seconds = self.parts.settings.work_limit_seconds
        self._made: Judge | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """Templates by id and version."""
        return tuple(f"{one.id}/{one.version}" for one in self.parts.templates.values())

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the backends."""
        return tuple(self.parts.backends)

    def watch(self, observer: JudgeObserver) -> None:
        """Has `observer` told of everything the judge does, from the first judgement on."""
        self.parts.observer = observer

    async def start(self) -> None:
        """Gets the backends ready."""
        for backend in self.parts.backends.values():
            with suppress(BackendError):  # whoever asks it is told, and the others work
                await backend.start()

    async def close(self) -> None:
        """Ends the backends and the cache."""
        for backend in self.parts.backends.values():
            await backend.close()
        await self.parts.cache.close()

    async def verify(self, item: Item, started: Callable[[], None]) -> Outcome:
        """The outcome of one item; see above for whatever can go wrong.

        Raises:
            TypeError: the item's task is not a `JudgeTask`.
        """
        task = item.task
        if not isinstance(task, JudgeTask):
            raise TypeError(f"judge cannot score a {type(task).__name__}")
        return await self._judge().alone(task, item.prompt, item.completion, started)

    async def compare(
        self,
        task: JudgeTask,
        prompt: str,
        completions: Sequence[str],
        mode: JudgeMode,
        started: Callable[[], None],
    ) -> Comparison:
        """Several completions of one prompt; see `Judge.compare`."""
        return await self._judge().compare(task, prompt, completions, mode, started)

    def _judge(self) -> Judge:
        if self._made is None:
            self._made = build_judge(self.parts)
        return self._made
