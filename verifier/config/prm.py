"""``[prm]`` and ``[prm.models.NAME]``: which reward models there are, and how much they take on.

What a key means for the model is found out when the model is loaded, and is that model's problem
alone; here is refused what no model could make sense of.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from prm.settings import LoadOptions, ModelSettings, PoolLimits, ScorerLimits
from verifier.config.problem import Problem
from verifier.models.bank import BUILT_IN
from verifier.models.settings import PrmSettings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config.problem import KeyPath

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
DTYPES: Final = ("float32", "bfloat16", "float16", "")
OVERFLOWS: Final = ("refuse", "cut")


class PrmModelConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[prm.models.NAME]``: one reward model, which tasks ask for by NAME.

    Attributes:
        path: folder of the model, as transformers saves it; nothing is downloaded.
        family: name of the built-in family whose format it has; empty to detect it.
        spec: path of a TOML file that describes a family of your own, instead of `family`.
        separator: what stands between steps, where it is not the family's own.
        device: a torch device such as ``cuda:0``; empty for the CPU.
        devices: several, with a copy of the model on each, instead of `device`.
        dtype: float32, bfloat16 or float16; empty for float32 on the CPU, bfloat16 elsewhere.
        reference: folder of the reference model, for implicit rewards alone.
        max_tokens: tokens of one text; 0 for the model's own context.
        overflow: what happens to a longer text: ``refuse`` it, or ``cut`` it and say so.
    """

    path: str
    family: str = ""
    spec: str = ""
    separator: str | None = None
    device: str = ""
    devices: tuple[str, ...] = ()
    dtype: str = ""
    reference: str = ""
    max_tokens: int = 0
    overflow: str = OVERFLOWS[0]

    def settings(self) -> ModelSettings:
        """The same, as the models' own word."""
        options = LoadOptions(
            family=self.family or self.spec,
            separator=self.separator,
            device=self.device or "cpu",
            dtype=self.dtype,
            reference=self.reference,
            max_tokens=self.max_tokens,
        )
        return ModelSettings(Path(self.path), options, self.overflow == "cut", self.devices)


class PrmConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[prm]``: what all reward models share.

    Attributes:
        models: the models, by name; `embedded` and `arithmetic` are there without.
        max_batch_tokens: tokens of one pass through a model; more is faster on a GPU and takes more
            of its memory.
        max_queued_tokens: tokens that may wait for one model at once.
        queue_seconds: how long an item waits for room in a full queue before it is UNSCORED,
            OVERLOADED.
        cache_bytes: keys and values kept for each model, so that texts that begin alike are read
            once; 0 keeps none.
        memory_bytes: weights of all loaded models together; the least recently used make room. 0:
            no bound.
        idle_seconds: after so many seconds without work a model is unloaded; 0: never.
        threads: threads of the matrix library; 0 for its own choice.
        work_limit_seconds: seconds that the scores of one item may take, from its first pass.
        max_branches: branches of one ``ScoreSteps`` call.
    """

    models: dict[str, PrmModelConfig] = msgspec.field(default_factory=dict)
    max_batch_tokens: int = ScorerLimits().max_batch_tokens
    max_queued_tokens: int = ScorerLimits().max_queued_tokens
    queue_seconds: float = PrmSettings().queue_seconds
    cache_bytes: int = ScorerLimits().cache_bytes
    memory_bytes: int = PoolLimits().memory_bytes
    idle_seconds: float = PoolLimits().idle_seconds
    threads: int = PrmSettings().threads
    work_limit_seconds: float = PrmSettings().work_limit_seconds
    max_branches: int = PrmSettings().max_branches

    def settings(self) -> PrmSettings:
        """The same, as the models' own words."""
        each = ScorerLimits(self.max_batch_tokens, self.max_queued_tokens, self.cache_bytes)
        return PrmSettings(
            models={name: model.settings() for name, model in self.models.items()},
            limits=PoolLimits(each, self.memory_bytes, self.idle_seconds),
            queue_seconds=self.queue_seconds,
            threads=self.threads,
            work_limit_seconds=self.work_limit_seconds,
            max_branches=self.max_branches,
        )


def prm_problems(prm: PrmConfig) -> Iterator[Problem]:
    """What is wrong with the models beyond the types of their values, ranges and choices."""
    for name, model in prm.models.items():
        at = ("prm", "models", name)
        if not _NAME.match(name):
            yield Problem(at, "a name has letters, digits, '.', '_' and '-', at most 64 of them")
        if name in BUILT_IN:
            yield Problem(at, "the name is taken by a model that comes with the service")
        yield from _model_problems(at, model)


def _model_problems(at: KeyPath, model: PrmModelConfig) -> Iterator[Problem]:
    if not model.path:
        yield Problem((*at, "path"), "must name a folder")
    for key, other in (("family", "spec"), ("device", "devices")):
        if getattr(model, key) and getattr(model, other):
            yield Problem(at, f"{key} and {other} exclude each other; give one")
    if model.spec and not model.spec.endswith(".toml"):
        yield Problem((*at, "spec"), f"must be a .toml file, is {model.spec!r}")
