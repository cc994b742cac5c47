"""What is known of another deployment: which version decides there, and whether it answers."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Final

import structlog

from verifier.types import VerifierInfo

if TYPE_CHECKING:
    from verifier.metrics.forwarding import ForwardCounts

_log = structlog.get_logger("verifier.forwarding")

UNKNOWN: Final = "unknown"  # the version, until the other side has told it
# What a version may look like: it becomes a label of metrics, and no label is left to chance.
_VERSION: Final = re.compile(r"[A-Za-z0-9_.+-]{1,40}\Z")
_NOT_ASKED: Final = "not asked yet"


class Partner:
    """What one other deployment said of one task.

    Args:
        name: of the task.
        target: where it is.
        counts: whose `reachable` is kept true.

    Attributes:
        info: what it says of its verifier; what we say as long as it has not.
        state: whether it answers, in words.
        answers: how often it has answered.
        news: set when a result named a version that `info` does not.
    """

    def __init__(self, name: str, target: str, counts: ForwardCounts) -> None:
        self._name = name
        self._target = target
        self._counts = counts
        self.info = VerifierInfo(name, UNKNOWN, f"Answered by {target}.", "forwarded")
        self.state = _NOT_ASKED
        self.answers = 0
        self.news = asyncio.Event()

    @property
    def id(self) -> str:
        """Name and version of what decides there, as results carry it."""
        return f"{self._name}/{self.info.version}"

    def lists(self, infos: list[VerifierInfo]) -> None:
        """It told what works there."""
        self.news.clear()
        found = next((info for info in infos if info.name == self._name), None)
        self.has_answered()
        if found is None:
            self.state = f"{self._target} answers, but has no verifier {self._name!r}"
        elif _VERSION.match(found.version):
            self.info = VerifierInfo(
                name=self._name,
                version=found.version,
                description=found.description,
                kind="forwarded",
                members=found.members,
                isolation=found.isolation,
                models=found.models,
            )

    def heard_of(self, decider: str) -> str:
        """The verifier that a result names, as far as it can be one; empty if it names none.

        One of another version than was listed is believed, and a reason to ask for the list.
        """
        if not decider or decider == self.id:
            return decider
        name, _, version = decider.rpartition("/")
        if name != self._name or not _VERSION.match(version):
            return self.id
        self.news.set()
        return decider

    def has_answered(self) -> None:
        """It is there."""
        self.answers += 1
        if not self._counts.reachable:
            self._counts.reachable = True
            self.state = f"{self._target} answers"
            self._say("forwarding", "")

    def is_silent(self, words: str) -> None:
        """It could not be reached, or cannot help. Logged once, not for each call."""
        if self._counts.reachable or self.state == _NOT_ASKED:
            self._say("cannot forward", words)
        self._counts.reachable = False
        self.state = " ".join(f"does not answer: {words}".split())  # one line of /healthz

    def _say(self, event: str, problem: str) -> None:
        # Not in a command, where nobody has set up logs: they would go where its results go.
        if structlog.is_configured():
            say = _log.warning if problem else _log.info
            more = {"problem": problem} if problem else {}
            say(event, task=self._name, target=self._target, **more)
