"""Enums on both sides: `Verdict.CORRECT` here, ``VERDICT_CORRECT`` on the wire."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

from verifier.errors import InputError

if TYPE_CHECKING:
    from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

E = TypeVar("E", bound=Enum)


class EnumTable(Generic[E]):
    """The correspondence between one of our enums and the wire's.

    Args:
        ours: our enum; every member must exist on the wire under the wire enum's prefix.
        wire: the generated enum.
        default: what the wire's zero, "not given", stands for.
    """

    def __init__(self, ours: type[E], wire: EnumTypeWrapper, default: E | None = None) -> None:
        prefix = wire_prefix(wire.DESCRIPTOR.name)
        self.to_wire: dict[E | None, int] = {
            member: wire.Value(prefix + member.value) for member in ours
        }
        self._from_wire: dict[int, E] = {
            number: ours_ for ours_, number in self.to_wire.items() if ours_
        }
        self.to_wire[None] = 0
        if default is not None:
            self._from_wire[0] = default
        self._name = wire.DESCRIPTOR.name

    def from_wire(self, number: int, field: str) -> E:
        """Our member for a number off the wire.

        Raises:
            InputError: the number means nothing here; proto3 lets any through.
        """
        member = self._from_wire.get(number)
        if member is None:
            raise InputError(f"{self._name} has no value {number} in this version", field=field)
        return member

    def known(self, number: int) -> E | None:
        """Our member, or None for "not given" or a value newer than this version."""
        return self._from_wire.get(number)


def wire_prefix(name: str) -> str:
    """The prefix of an enum's values: ``TextMode`` gives ``TEXT_MODE_``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper() + "_"


def wire_names(ours: type[E]) -> dict[E | None, str]:
    """What the wire calls the members of one of our enums; None is its "not given".

    The enums of both sides have the same names, so that no message has to be loaded to know.
    """
    prefix = wire_prefix(ours.__name__)
    return {None: f"{prefix}UNSPECIFIED"} | {member: prefix + member.value for member in ours}
