"""How an item and its outcome are written down for others, and how a forgery is told.

Whoever can write to the cache could otherwise decide what a policy is rewarded for. So each value
carries a mark that only holders of a secret can make, over the name that it stands under as much as
over itself: a value that is changed, made up, or put under another item's name is no value.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError

from verifier.convert.items import item_to_proto
from verifier.convert.results import result_from_proto, result_to_proto
from verifier.errors import InputError
from verifier.types import Outcome, Result, Verdict
from verifier.v1 import result_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.types import Item

# Of names and values alike. Whoever changes how either is made raises it, and what older versions
# wrote is no longer found.
VERSION: Final = "result1"
_MARK_BYTES: Final = 32  # of HMAC-SHA256


class ForgedError(ValueError):
    """A value that nobody who knows the secret wrote under this name."""


class Sealing:
    """Names and values of outcomes.

    Args:
        key: the secret that all replicas know.
        scopes: by a verifier's name, what else its outcomes depend on: two deployments that could
            decide differently must have different ones.
    """

    def __init__(self, key: bytes, scopes: Mapping[str, str]) -> None:
        self._key = key
        self._scopes = scopes

    def name(self, verifier_id: str, item: Item) -> str | None:
        """The name of an item's outcome; None if the item cannot be written down without loss.

        Its id and its group do not count.
        """
        try:
            message = item_to_proto(item)
        except (AttributeError, InputError, RecursionError, TypeError, ValueError):
            return None
        if message.completion != item.completion or message.prompt != item.prompt:
            return None  # a lone surrogate, which no message can hold
        message.ClearField("id")
        message.ClearField("group_id")
        scope = self._scopes.get(verifier_id.rpartition("/")[0], "")
        written = message.SerializeToString(deterministic=True)
        digest = sha256()
        for part in (VERSION.encode(), verifier_id.encode(), scope.encode(), written):
            # Each with its length, so that no two lists of parts are written alike.
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return f"{VERSION}:{digest.hexdigest()}"

    def seal(self, name: str, verifier_id: str, outcome: Outcome) -> bytes:
        """A decided outcome as a value for `name`."""
        result = Result(
            "",
            outcome.verdict,
            outcome.reason,
            outcome.reward,
            outcome.message,
            outcome.detail,
            verifier_id,
        )
        written = result_to_proto(result).SerializeToString(deterministic=True)
        return self._mark(name, written) + written

    def open(self, name: str, verifier_id: str, value: bytes) -> Outcome:
        """The outcome that was sealed for `name`.

        Raises:
            ForgedError: nobody who knows the secret wrote this value under this name.
            ValueError: somebody did, but it is no outcome of this verifier.
        """
        mark, written = value[:_MARK_BYTES], value[_MARK_BYTES:]
        if not hmac.compare_digest(mark, self._mark(name, written)):
            raise ForgedError("no mark of ours")
        try:
            result = result_from_proto(result_pb2.ScoreResult.FromString(written))
        except (DecodeError, InputError) as error:
            raise ValueError("no result of this version") from error
        if result.verifier != verifier_id or result.verdict is Verdict.UNSCORED:
            raise ValueError("not a decided outcome of this verifier")
        return Outcome(result.verdict, result.reason, result.reward, result.message, result.detail)

    def _mark(self, name: str, written: bytes) -> bytes:
        return hmac.digest(self._key, name.encode() + b"\0" + written, "sha256")
