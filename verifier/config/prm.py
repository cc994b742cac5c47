"""``[prm]`` and ``[prm.models.NAME]``: which reward models there are, and how much they take on.

What a key means for the model is found out when the model is loaded, and is that model's problem
alone; here is refused what no model could make sense of.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from prm.settings import LoadOptions, ModelSettings, PoolLimits, ScorerLimits
from verifier.errors import ConfigError
from verifier.models.bank import BUILT_IN
from verifier.models.settings import PrmSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_DTYPES: Final = ("float32", "bfloat16", "float16")
_OVERFLOWS: Final = ("refuse", "cut")


class PrmModelConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[prm.models.NAME]``: one model; see `ModelSettings`.

    Attributes:
        path: its folder.
        family: a built-in family's name; empty to detect it.
        spec: path of a TOML file that describes a family of one's own, instead of `family`.
        separator: what stands between steps, where it is not the family's own.
        device: a torch device; empty for the CPU.
        devices: several, with a replica on each, instead of `device`.
        dtype: float32, bfloat16 or float16; empty for float32 on the CPU, bfloat16 elsewhere.
        reference: folder of the reference model, for implicit rewards.
        max_tokens: of one text; 0 for the model's own context.
        overflow: what happens to a longer one: ``refuse`` it, or ``cut`` it and say so.
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
    overflow: str = _OVERFLOWS[0]

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
    """``[prm]``: what all models share; see `PrmSettings`, `PoolLimits`, `ScorerLimits`."""

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


def check_models(values: Mapping[str, Any]) -> None:
    """Reads each model's table by itself, so that a mistake is told with the model's name.

    Args:
        values: the whole configuration, as TOML gave it.

    Raises:
        ConfigError: a table cannot be read.
    """
    section = values.get("prm")
    models = section.get("models") if isinstance(section, dict) else None
    for name, table in models.items() if isinstance(models, dict) else ():
        try:
            msgspec.convert(table, PrmModelConfig)
        except msgspec.ValidationError as error:
            known = ", ".join(PrmModelConfig.__struct_fields__)
            hint = f"; known here: {known}" if "unknown field" in str(error) else ""
            raise ConfigError(f"prm.models.{name}: {error}{hint}") from error


def prm_problems(prm: PrmConfig) -> Iterator[str]:
    """What is wrong with the models beyond the types of their values."""
    for name, model in prm.models.items():
        at = f"prm.models.{name}"
        if not _NAME.match(name):
            yield f"{at}: a name has letters, digits, '.', '_' and '-', at most 64 of them"
        if name in BUILT_IN:
            yield f"{at}: the name is taken by a model that comes with the service"
        yield from (f"{at}{problem}" for problem in _model_problems(model))


def _model_problems(model: PrmModelConfig) -> Iterator[str]:
    rules = {
        ".path must name a folder": bool(model.path),
        ": family and spec exclude each other; give one": not (model.family and model.spec),
        ": device and devices exclude each other; give one": not (model.device and model.devices),
        f".spec must be a .toml file, is {model.spec!r}": not model.spec
        or model.spec.endswith(".toml"),
        f".max_tokens must be at least 0, is {model.max_tokens}": model.max_tokens >= 0,
    }
    for key, allowed in (("dtype", _DTYPES), ("overflow", _OVERFLOWS)):
        value = getattr(model, key)
        rules[f".{key} must be one of {', '.join(allowed)}, is {value!r}"] = value in allowed or (
            key,
            value,
        ) == ("dtype", "")
    yield from (problem for problem, holds in rules.items() if not holds)
