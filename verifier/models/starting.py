"""The moment in which a model's thread begins with somebody's work, told on the event loop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Start:
    """Carries the news that work begins from the model's thread to the event loop.

    Args:
        started: called there, unless this is closed before.
    """

    def __init__(self, started: Callable[[], None]) -> None:
        self._started: Callable[[], None] | None = started
        self._loop = asyncio.get_running_loop()

    def begin(self) -> None:
        """Called from the model's thread."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._tell)

    def close(self) -> None:
        """The news is of no use any more."""
        self._started = None

    def _tell(self) -> None:
        if self._started is not None:
            self._started()
