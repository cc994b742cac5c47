"""Verifiers that other distributions install beside the service.

A plugin is a class named under the entry point group ``verifier.plugins``; see `Plugin` for what it
must have. It runs in worker processes of its own, because nobody here can promise that it ends.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from verifier.errors import ConfigError
from verifier.types import Outcome, PluginDetail, PluginTask, Reason, SelfTest, Task, Verdict
from verifier.workers.pool import WorkerLimits, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint

    from verifier.types import Item
    from verifier.workers.counts import WorkerCounts

_DEFAULT_WORK_LIMIT_SECONDS = 30.0
_MAX_MESSAGE = 10_000  # characters; a batch of long ones would not fit a response
_MAX_DATA = 100_000  # characters, for the same reason
_MAX_DEPTH = 30  # levels; protobuf's decoder gives up at a hundred, and a level costs three


class Plugin(Protocol):
    """What a plugin class must look like; it is made once per worker, without arguments.

    Attributes:
        version: changes whenever a verdict could.
        description: one sentence.
        deterministic: whether results may be cached. Optional, default False.
        work_limit_seconds: the longest one completion may take, waiting not counted. Optional.
    """

    version: str
    description: str

    def verify(
        self, prompt: str, completion: str, options: Mapping[str, Any]
    ) -> Outcome | float | bool:
        """A full outcome, or True/False for right/wrong, or a number for a score.

        Raises:
            Exception: anything; the item comes back UNSCORED with the exception's words.
        """
        ...


class PluginVerifier:
    """Runs one plugin in killable worker processes.

    Args:
        plugin_name: the entry point's name.
        target: ``module:class``.
        plugin: the class, for what it says of itself.
        limits: of its worker processes.
    """

    task_type: type[Task] = PluginTask
    self_test: SelfTest = ()  # only its author could say what a plugin must answer

    def __init__(
        self, plugin_name: str, target: str, plugin: type[Plugin], limits: WorkerLimits
    ) -> None:
        self.plugin_name = plugin_name
        self.name = f"plugin:{plugin_name}"
        self.version = str(plugin.version)
        self.description = plugin.description
        self.deterministic = bool(getattr(plugin, "deterministic", False))
        self.work_limit_seconds = float(
            getattr(plugin, "work_limit_seconds", _DEFAULT_WORK_LIMIT_SECONDS)
        )
        self._target = target
        self._limits = limits
        self._pool: WorkerPool | None = None

    @classmethod
    def from_entry_point(cls, entry_point: EntryPoint, limits: WorkerLimits) -> PluginVerifier:
        """The verifier around an installed plugin.

        Raises:
            ConfigError: it cannot be imported or lacks what `Plugin` asks for.
        """
        try:
            plugin = entry_point.load()
            return cls(entry_point.name, entry_point.value, plugin, limits)
        except Exception as error:
            raise ConfigError(
                f"plugin {entry_point.name!r} ({entry_point.value}) cannot be loaded: "
                f"{type(error).__name__}: {error}"
            ) from error

    async def verify(self, item: Item, started: Callable[[], None]) -> Outcome:
        """The plugin's outcome for one item.

        Raises:
            WorkerFailedError: the plugin raised.
            WorkerDiedError: its process died.
        """
        task = item.task
        if not isinstance(task, PluginTask):
            raise TypeError(f"not a plugin task: {task!r}")
        call = {"prompt": item.prompt, "completion": item.completion, "options": task.options_json}
        answer = await self._workers().call(json.dumps(call).encode(), started)
        return _outcome_from_json(answer)

    @property
    def places(self) -> int:
        """Items worth having at the workers at once: one on each, and one that waits."""
        return 2 * self._limits.processes

    @property
    def worker_counts(self) -> WorkerCounts | None:
        """What happened to the worker processes; None while there are none."""
        return self._pool.counts if self._pool else None

    async def start(self) -> None:
        """Starts the workers."""
        await self._workers().start()

    async def close(self) -> None:
        """Kills the workers."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    def _workers(self) -> WorkerPool:
        if self._pool is None:
            self._pool = WorkerPool(f"{__name__}:serve", self._target, self._limits)
        return self._pool


def serve(target: str) -> Callable[[bytes], bytes]:
    """The handler of a worker process: makes the plugin, then answers calls."""
    module, _, name = target.partition(":")
    plugin: Plugin = getattr(import_module(module), name)()

    def handle(call: bytes) -> bytes:
        asked = json.loads(call)
        options = json.loads(asked["options"])
        said = plugin.verify(asked["prompt"], asked["completion"], options)
        return _outcome_to_json(_as_outcome(said))

    return handle


def _as_outcome(said: Outcome | float | bool) -> Outcome:  # noqa: FBT001 - a verdict, not a flag
    if isinstance(said, Outcome):
        return said
    if isinstance(said, bool):
        verdict = Verdict.CORRECT if said else Verdict.INCORRECT
        return Outcome(verdict, Reason.PLUGIN_SCORE, float(said))
    if isinstance(said, (int, float)):
        return Outcome(Verdict.SCORED, Reason.PLUGIN_SCORE, float(said))
    raise TypeError(f"a plugin returns an Outcome, a bool or a number, not {type(said).__name__}")


def _outcome_to_json(outcome: Outcome) -> bytes:
    detail = outcome.detail
    return json.dumps(
        {
            "verdict": outcome.verdict.value,
            "reason": outcome.reason.value,
            "reward": outcome.reward,
            "message": outcome.message[:_MAX_MESSAGE],
            "data": _checked(detail.data_json) if isinstance(detail, PluginDetail) else None,
        }
    ).encode()


def _checked(data_json: str) -> str:
    """The data of a `PluginDetail` if every caller can read it.

    Raises:
        ValueError: it is no JSON object, too large, nested too deep, or holds what no float can.
    """
    if len(data_json) > _MAX_DATA:
        raise ValueError(f"the detail's data has {len(data_json)} characters, at most {_MAX_DATA}")
    data = json.loads(data_json, parse_constant=_refuse_constant)
    if not isinstance(data, dict):
        raise TypeError("the detail's data must be a JSON object")
    _check_value(data, _MAX_DEPTH)
    return data_json


def _check_value(value: object, depth: int) -> None:
    if depth < 0:
        raise ValueError(f"the detail's data is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            _check_value(inner, depth - 1)
    elif isinstance(value, int):
        float(value)  # raises where it is too large


def _refuse_constant(name: str) -> None:
    raise ValueError(f"the detail's data holds {name}, which JSON does not have")


def _outcome_from_json(answer: bytes) -> Outcome:
    said = json.loads(answer)
    return Outcome(
        Verdict(said["verdict"]),
        Reason(said["reason"]),
        said["reward"],
        said["message"],
        None if said["data"] is None else PluginDetail(said["data"]),
    )
