"""What one item of each class costs: the table of measurements that plans are made of.

A file in TOML with the date and the machine, so that a figure is never without its origin. One
ships with the program; ``verifier-cli capacity measure`` writes another, and a person may edit any.
"""

from __future__ import annotations

import json
import math
import tomllib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOP: Final = "loop"  # the event loop of a replica: one place, in every deployment
FRONT: Final = "front"  # the deployment that callers reach
_SHIPPED: Final = "costs.toml"


class Work(Struct, frozen=True, forbid_unknown_fields=True):
    """What an item of a class does at one place.

    Attributes:
        place: its name: ``loop``, or one of the deployment's places.
        seconds: mean of how long an item holds it, those that run into the limit left out.
        variation: standard deviation over mean of the same; 0 for always the same.
        limit_seconds: no item holds it longer; absent for no limit.
        share: of the class's items that come to this place at all, 0 to 1.
    """

    place: str
    seconds: float
    variation: float = 1.0
    limit_seconds: float = math.inf
    share: float = 1.0


class ClassCosts(Struct, frozen=True, forbid_unknown_fields=True):
    """One class of items.

    Attributes:
        work: what an item does, place by place.
        deployment: where; items of another than ``front`` are forwarded to it.
    """

    work: tuple[Work, ...]
    deployment: str = FRONT


class Deployment(Struct, frozen=True, forbid_unknown_fields=True):
    """Replicas of one kind.

    Attributes:
        places: how many of each a replica has, beside its one event loop.
        memory_bytes: resident memory of a replica without its places.
        place_bytes: and of each of its places.
        restart_seconds: from the start of a replica to its first result.
    """

    places: dict[str, int] = msgspec.field(default_factory=dict)
    memory_bytes: float = 0.0
    place_bytes: float = 0.0
    restart_seconds: float = 0.0


class FrontCosts(Struct, frozen=True, forbid_unknown_fields=True):
    """What every item and every call costs an event loop, whatever the item's class.

    Attributes:
        seconds_per_call: CPU seconds of one call, however many items it has.
        seconds_per_item: CPU seconds of one item's way in and out.
        forward_seconds_per_item: of sending an item on to another deployment and reading its
            result.
    """

    seconds_per_call: float
    seconds_per_item: float
    forward_seconds_per_item: float = 0.0


class Costs(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table.

    Attributes:
        measured: the day.
        machine: what it was measured on.
        note: what else is to be known.
        front: of the way in and out.
        deployments: by name; ``front`` is one of them.
        classes: by the name that a mix calls them.
    """

    measured: str
    machine: str
    front: FrontCosts
    deployments: dict[str, Deployment]
    classes: dict[str, ClassCosts]
    note: str = ""


def load_costs(path: str | None = None) -> Costs:
    """The costs in a file; those that ship with the program if none is named.

    Raises:
        ConfigError: the file cannot be read, is not TOML, or is no table of costs.
    """
    if path is None:
        text = resources.files("verifier.planning").joinpath(_SHIPPED).read_text("utf-8")
        return read_costs(text, _SHIPPED)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    return read_costs(text, path)


def read_costs(text: str, name: str) -> Costs:
    """A table of costs from its text; `name` is what errors call it.

    Raises:
        ConfigError: it is not TOML, or no table of costs.
    """
    try:
        costs = msgspec.convert(tomllib.loads(text), Costs)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: is not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}: {error}") from error
    for problem in _problems(costs):
        raise ConfigError(f"{name}: {problem}")
    return costs


def write_costs(costs: Costs) -> str:
    """The table as TOML that `read_costs` reads again."""
    lines = [f"{key} = {_value(getattr(costs, key))}" for key in ("measured", "machine", "note")]
    lines += ["", "[front]", *_lines(costs.front)]
    for name, deployment in costs.deployments.items():
        lines += ["", f"[deployments.{_key(name)}]", *_lines(deployment)]
    for name, class_ in costs.classes.items():
        lines += ["", f"[classes.{_key(name)}]", f"deployment = {_value(class_.deployment)}"]
        lines += ["work = [", *(f"    {_inline(work)}," for work in class_.work), "]"]
    return "\n".join(lines) + "\n"


def _problems(costs: Costs) -> Iterator[str]:
    """What no type can say: ranges, and names that must be there."""
    if FRONT not in costs.deployments:
        yield f"deployments.{FRONT} is missing"
    for key in costs.front.__struct_fields__:
        if not 0.0 <= getattr(costs.front, key) < math.inf:
            yield f"front.{key} must be at least 0"
    for name, deployment in costs.deployments.items():
        for place, count in deployment.places.items():
            if count < 1 or place == LOOP:
                yield f"deployments.{name}.places.{place} must be at least 1, and no {LOOP}"
    for name, class_ in costs.classes.items():
        home = costs.deployments.get(class_.deployment)
        if home is None:
            yield f"classes.{name}.deployment: there is no {class_.deployment!r}"
            continue
        for index, work in enumerate(class_.work):
            yield from (
                f"classes.{name}.work[{index}].{problem}" for problem in _work_problems(work, home)
            )


def _work_problems(work: Work, home: Deployment) -> Iterator[str]:
    if work.place != LOOP and work.place not in home.places:
        yield f"place: its deployment has no {work.place!r}"
    if not 0.0 <= work.seconds < math.inf:
        yield "seconds must be at least 0"
    if not 0.0 <= work.variation < math.inf:
        yield "variation must be at least 0"
    if not work.limit_seconds > 0.0:
        yield "limit_seconds must be above 0"
    if not 0.0 <= work.share <= 1.0:
        yield "share must be from 0 to 1"


def _lines(struct: Struct) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in msgspec.structs.asdict(struct).items()]


def _inline(work: Work) -> str:
    given = msgspec.structs.asdict(work)
    if work.limit_seconds == math.inf:
        del given["limit_seconds"]
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in given.items()) + " }"


def _value(value: object) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
        return "{ " + inner + " }" if inner else "{}"
    # JSON's strings are TOML's; floats keep four digits, more than any measurement has.
    return f"{value:.4g}" if isinstance(value, float) else json.dumps(value)


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name)
