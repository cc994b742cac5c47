"""What both clients are made of, and how they travel: by pickle, and through a fork."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any


class ClientSettings(ABC):
    """Where to call and how; whatever is open belongs to one process and is never carried along.

    Args:
        target: any gRPC target: ``HOST:PORT``, ``dns:///NAME:PORT``, ``ipv4:A:PORT,B:PORT``. Calls
            are spread over all its addresses.
        timeout_seconds: of each call; None for none.
        batch_items: rows per call.
        concurrency: calls in flight at once.

    Raises:
        ValueError: `batch_items` or `concurrency` is less than 1.
    """

    def __init__(
        self,
        target: str,
        *,
        timeout_seconds: float | None = None,
        batch_items: int = 64,
        concurrency: int = 8,
    ) -> None:
        for name, value in (("batch_items", batch_items), ("concurrency", concurrency)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, is {value}")
        self.target = target
        self.timeout_seconds = timeout_seconds
        self.batch_items = batch_items
        self.concurrency = concurrency
        self._pid = os.getpid()
        self._forget()

    @abstractmethod
    def _forget(self) -> None:
        """Makes ready to open channels anew."""

    def _notice_fork(self) -> None:
        """Forgets what a parent process had open: a channel does not survive a fork."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._forget()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._pid = os.getpid()
        self._forget()
