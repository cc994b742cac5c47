"""The audit line: one for each call, whoever made it and however it ended, never its contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import structlog

from verifier.access.names import clean_name
from verifier.forwarding.hops import ON_BEHALF_OF

if TYPE_CHECKING:
    import grpc

    from verifier.metrics import Metrics

_log = structlog.get_logger("verifier.calls")

UNKNOWN_METHOD: Final = (
    "unknown"  # so that callers cannot fill logs and metrics with what they like
)

# What a message holds many of; the first that it has is counted.
_COUNTED_FIELDS: Final = ("items", "branches", "completions", "candidates")
_MAX_MESSAGE_CHARACTERS: Final = 500


@dataclass(slots=True)
class CallRecord:
    """What the line of one call says.

    Attributes:
        method: its path; `UNKNOWN_METHOD` for one that is none of ours.
        peer: the address that it came from.
        caller: who made it; empty if that is not known.
        items: sent with it.
        bytes: of its messages.
    """

    method: str
    peer: str
    caller: str = ""
    items: int = 0
    bytes: int = 0

    def write(
        self, metrics: Metrics, code: grpc.StatusCode, seconds: float, message: str = ""
    ) -> None:
        """Counts the call and writes the line.

        Args:
            metrics: told of method, code and time.
            code: how it ended.
            seconds: it took.
            message: why it failed; what a completion holds never stands in it.
        """
        metrics.called(self.method.rpartition("/")[2], code.name, seconds)
        optional = {"message": message[:_MAX_MESSAGE_CHARACTERS]} if message else {}
        if others := ON_BEHALF_OF.get():  # as the caller, a front, says: not proven
            optional["on_behalf_of"] = clean_name(others)
        _log.info(
            "call",
            method=self.method,
            code=code.name,
            caller=clean_name(self.caller),
            items=self.items,
            bytes=self.bytes,
            seconds=round(seconds, 6),
            peer=self.peer,
            **optional,
        )


def count_items(request: Any) -> int:
    """How many items, branches, completions or candidates a message holds."""
    for name in _COUNTED_FIELDS:
        held = getattr(request, name, None)
        if held is not None:
            return len(held)
    return 0
