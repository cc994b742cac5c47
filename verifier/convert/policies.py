"""The policy of a math task: off the wire into our words and back.

Derived from `MathPolicy` itself: a field that is added there, and on the wire under the same name,
is carried in both directions without a line in here.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from msgspec import structs

from verifier.convert.enums import EnumTable
from verifier.types import Extraction, MathPolicy
from verifier.v1 import math_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRACTIONS = EnumTable(Extraction, math_pb2.Extraction)


def _enum_fields() -> Iterator[tuple[str, EnumTable[Any]]]:
    for field in structs.fields(MathPolicy):
        if isinstance(field.type, type) and issubclass(field.type, Enum):
            wire = getattr(math_pb2, field.type.__name__)
            yield field.name, EnumTable(field.type, wire, field.default)


_ENUMS: dict[str, EnumTable[Any]] = dict(_enum_fields())
_OTHERS = [name for name in MathPolicy.__struct_fields__ if name not in {*_ENUMS, "extraction"}]


def read_policy(message: math_pb2.MathPolicy, *, from_service: bool = False) -> MathPolicy:
    """The policy that a message spells; what it does not give is as by default.

    Args:
        message: as received.
        from_service: it is a service's echo of a policy, and what a newer service calls by a word
            that is unknown here counts as not given.

    Raises:
        InputError: the number of an enum means nothing here.
    """
    given: dict[str, Any] = {}
    for name, table in _ENUMS.items():
        number = getattr(message, name)
        if from_service and table.known(number) is None:
            continue
        given[name] = table.from_wire(number, f"math.policy.{name}")
    # What remains may be absent on the wire, which tells absent from zero.
    given |= {name: getattr(message, name) for name in _OTHERS if message.HasField(name)}
    rules = [
        EXTRACTIONS.from_wire(rule, "math.policy.extraction")
        for rule in message.extraction
        if not (from_service and EXTRACTIONS.known(rule) is None)
    ]
    return MathPolicy(extraction=tuple(rules), **given)


def write_policy(policy: MathPolicy, message: math_pb2.MathPolicy) -> None:
    """Writes a policy into a message."""
    message.SetInParent()
    message.extraction.extend(EXTRACTIONS.to_wire[rule] for rule in policy.extraction)  # type: ignore[misc]
    for name, table in _ENUMS.items():
        setattr(message, name, table.to_wire[getattr(policy, name)])
    for name in _OTHERS:
        value = getattr(policy, name)
        if value is not None:
            setattr(message, name, value)
