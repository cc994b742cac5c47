"""Which verifier answers which task: an explicit table, plus plugins by entry point.

A built-in verifier is one file under `verifier/outcome` and one line in `builtin`. A plugin is a
class that another distribution names under the entry point group ``verifier.plugins``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from verifier.formats.lengths import NO_TOKENIZERS, Tokenizers
from verifier.judge.backends.embedded import EmbeddedJudge
from verifier.models.bank import ModelBank
from verifier.outcome.code import CodeSettings, CodeVerifier
from verifier.outcome.composite import CompositeVerifier
from verifier.outcome.format import FORMAT_LIMITS, FormatVerifier
from verifier.outcome.judge import JudgeVerifier
from verifier.outcome.math import SYMBOLIC_LIMITS, MathVerifier
from verifier.outcome.plugin import PluginVerifier
from verifier.outcome.process import ProcessVerifier
from verifier.outcome.puzzle import PuzzleVerifier
from verifier.outcome.reward_model import RewardModelVerifier
from verifier.outcome.text import TextVerifier
from verifier.types import PluginTask, SelfTest, Task, VerifierInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from verifier.composition.composition import Composition
    from verifier.composition.recipe import Recipe
    from verifier.judge.assembly import JudgeParts
    from verifier.models.settings import PrmSettings
    from verifier.pending import Pending
    from verifier.types import Item, Outcome, Result
    from verifier.workers.pool import WorkerLimits

PLUGIN_GROUP = "verifier.plugins"


class InlineVerifier(Protocol):
    """Decides at once: exact, bounded to microseconds, on the caller's own thread.

    Attributes:
        name: the task's field name in a row.
        version: changes whenever a verdict could.
        description: one sentence.
        task_type: the task it answers.
        self_test: items that show on any machine whether it works.
    """

    name: str
    version: str
    description: str
    task_type: type[Task]
    self_test: SelfTest

    def verify(self, item: Item) -> Outcome:
        """The outcome of one item; total: never raises on any text."""
        ...


@runtime_checkable
class AsyncVerifier(Protocol):
    """Decides with the help of a process, a model or a backend.

    Attributes:
        name, version, description, task_type, self_test: as in `InlineVerifier`.
        work_limit_seconds: the longest it may work on one item, waiting not counted.
        deterministic: whether the same item always gets the same outcome, so that it may be cached.
    """

    name: str
    version: str
    description: str
    task_type: type[Task]
    work_limit_seconds: float
    deterministic: bool

    @property
    def self_test(self) -> SelfTest:
        """As in `InlineVerifier`; it may depend on what is installed."""
        ...

    async def verify(self, item: Item, started: Callable[[], None]) -> Outcome:
        """The outcome of one item.

        Args:
            item: what to verify.
            started: to be called when waiting for a slot, a worker or a permit is over and the
                work begins: the work limit counts from the first call on.

        Raises:
            BoundaryError: something it depends on failed.
            asyncio.CancelledError: the caller has gone or time is up; what was started is ended.
        """
        ...

    async def start(self) -> None:
        """Gets ready before the first item, so that the first is as fast as the rest."""
        ...

    async def close(self) -> None:
        """Ends every process and connection."""
        ...


@runtime_checkable
class StagedVerifier(Protocol):
    """Decides inline like `InlineVerifier`, but for a rare item that a second stage must settle.

    Such an item's outcome is a `Pending`. The engine passes it to `finish`, beside its neighbours
    and never in their way; whoever knows nothing of that has an UNSCORED outcome like any other.

    Attributes:
        name, version, description, task_type, self_test: as in `InlineVerifier`.
        work_limit_seconds: the longest `finish` may work on one item, waiting not counted. Past it
            the pending outcome stands.
    """

    name: str
    version: str
    description: str
    task_type: type[Task]
    self_test: SelfTest
    work_limit_seconds: float

    def verify(self, item: Item) -> Outcome:
        """The outcome of one item, a `Pending` if the second stage should have it."""
        ...

    async def finish(self, pending: Pending, started: Callable[[], None]) -> Outcome:
        """The outcome of an item that was pending.

        Args:
            pending: what `verify` said.
            started: as in `AsyncVerifier.verify`.

        Raises:
            BoundaryError: something it depends on failed.
            asyncio.CancelledError: the caller has gone or time is up; what was started is ended.
        """
        ...

    async def start(self) -> None:
        """Gets the second stage ready, so that the first item is as fast as the rest."""
        ...

    async def close(self) -> None:
        """Ends every process and connection."""
        ...


@runtime_checkable
class PreloadingVerifier(Protocol):
    """One of those above that loads what it compares with when the first item needs it."""

    def preload(self) -> None:
        """Loads it now, so that the first item is as fast as the rest."""
        ...


@runtime_checkable
class ComposingVerifier(Protocol):
    """Decides nothing itself: it takes items apart for others, and puts together what they said.

    Attributes:
        name, version, description, task_type, self_test: as in `InlineVerifier`.
    """

    name: str
    version: str
    description: str
    task_type: type[Task]
    self_test: SelfTest

    def compose(
        self, items: Sequence[Item], on_result: Callable[[int, Result], None]
    ) -> Composition:
        """The items of one call as parts to be scored.

        Args:
            items: of which some are its own.
            on_result: called with (index, result) for each of them, as it is known.
        """
        ...


Verifier = InlineVerifier | AsyncVerifier | StagedVerifier | ComposingVerifier


def is_inline(verifier: Verifier) -> bool:
    """Whether `verifier` decides at once, if only nearly always."""
    return not isinstance(verifier, ComposingVerifier) and not iscoroutinefunction(verifier.verify)


class Registry:
    """The verifiers of one engine.

    Args:
        verifiers: one per task type, and any number of plugins.

    Raises:
        ValueError: two verifiers answer the same task.
    """

    def __init__(self, verifiers: Iterable[Verifier]) -> None:
        self._by_type: dict[type[Task], Verifier] = {}
        self._plugins: dict[str, PluginVerifier] = {}
        for verifier in verifiers:
            if isinstance(verifier, PluginVerifier):
                if verifier.plugin_name in self._plugins:
                    raise ValueError(f"two plugins are named {verifier.plugin_name!r}")
                self._plugins[verifier.plugin_name] = verifier
            elif verifier.task_type in self._by_type:
                raise ValueError(f"two verifiers answer {verifier.task_type.__name__}")
            else:
                self._by_type[verifier.task_type] = verifier

    def find(self, task: Task) -> Verifier | None:
        """The verifier that answers `task`, if there is one."""
        if isinstance(task, PluginTask):
            return self._plugins.get(task.name)
        return self._by_type.get(type(task))

    def __iter__(self) -> Iterator[Verifier]:
        yield from self._by_type.values()
        yield from self._plugins.values()

    def infos(self) -> list[VerifierInfo]:
        """What `ListVerifiers` and `verifier-cli list` show, sorted by name."""
        return sorted((_info(verifier) for verifier in self), key=lambda info: info.name)


def _info(verifier: Verifier) -> VerifierInfo:
    if isinstance(verifier, PluginVerifier):
        kind = "plugin"
    else:
        kind = "inline" if is_inline(verifier) else "async"
        kind = "composing" if isinstance(verifier, ComposingVerifier) else kind
    return VerifierInfo(
        name=verifier.name,
        version=verifier.version,
        description=verifier.description,
        kind=kind,
        members=tuple(getattr(verifier, "members", ())),
        isolation=getattr(verifier, "isolation", ""),
        models=tuple(getattr(verifier, "models", ())),
    )


@dataclass(frozen=True, slots=True)
class BuiltinSettings:
    """What the verifiers that ship with the service are made with.

    Attributes:
        symbolic: of the processes in which SymPy looks at what the math verifier cannot decide
            inline, started when first needed; None for none.
        forms: of the processes in which the form of long completions is checked, started when first
            needed; None for none.
        code: how programs are tested.
        prm: which reward models there are, loaded when first asked.
        judge: which backends and templates there are; the embedded judge is there without.
        tokenizers: those that lengths may be counted with.
        recipes: rewards by name, beside those that ship.
    """

    symbolic: WorkerLimits | None = SYMBOLIC_LIMITS
    forms: WorkerLimits | None = FORMAT_LIMITS
    code: CodeSettings | None = None
    prm: PrmSettings | None = None
    judge: JudgeParts | None = None
    tokenizers: Tokenizers = NO_TOKENIZERS
    recipes: Mapping[str, Recipe] | None = None


def builtin(settings: BuiltinSettings | None = None) -> list[Verifier]:
    """The verifiers that ship with the service."""
    chosen = settings or BuiltinSettings()
    bank = ModelBank(chosen.prm)
    return [
        MathVerifier(chosen.symbolic),
        TextVerifier(),
        PuzzleVerifier(),
        FormatVerifier(chosen.tokenizers, chosen.forms),
        CodeVerifier(chosen.code),
        ProcessVerifier(bank),
        RewardModelVerifier(bank),
        JudgeVerifier(chosen.judge, EmbeddedJudge(bank)),
        CompositeVerifier(chosen.recipes, chosen.tokenizers),
    ]


def plugins(limits: WorkerLimits, found: Iterable[EntryPoint] | None = None) -> list[Verifier]:
    """The installed plugins, each in worker processes of its own.

    Args:
        limits: of each plugin's worker processes.
        found: the entry points; by default those installed.

    Raises:
        ConfigError: an entry point that cannot be loaded, named.
    """
    chosen = entry_points(group=PLUGIN_GROUP) if found is None else found
    # One that needs a module which is not installed, as an extra of that name, is not installed.
    chosen = [each for each in chosen if all(map(find_spec, each.extras))]
    return [PluginVerifier.from_entry_point(entry_point, limits) for entry_point in chosen]
