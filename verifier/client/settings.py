"""What both clients are made of, and how they travel: by pickle, and through a fork."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from verifier.client.credentials import Tls, metadata_of, stays_here
from verifier.trace_parent import trace_headers

if TYPE_CHECKING:
    import grpc

    from verifier.client.credentials import Token


class ClientSettings(ABC):
    """Where to call and how; whatever is open belongs to one process and is never carried along.

    Args:
        target: any gRPC target: ``HOST:PORT``, ``dns:///NAME:PORT``, ``ipv4:A:PORT,B:PORT``. Calls
            are spread over all its addresses.
        timeout_seconds: of each call; None for none.
        batch_items: rows per call.
        concurrency: calls in flight at once.
        token: shown with every call, or a function that gives it; None for none. It is never part
            of a representation or a message, but a pickled client carries it, because trainers
            pickle their reward functions: such a pickle is a secret.
        tls: True for TLS by the authorities that gRPC ships, a `Tls` for others. None: no TLS, and
            then a token goes to this machine only. False: no TLS, even for a token that leaves it,
            where something else encrypts, such as the mesh of a cluster.

    Raises:
        ValueError: `batch_items` or `concurrency` is less than 1, or the token could be overheard.
    """

    def __init__(
        self,
        target: str,
        *,
        timeout_seconds: float | None = None,
        batch_items: int = 64,
        concurrency: int = 8,
        token: Token | None = None,
        tls: Tls | bool | None = None,
    ) -> None:
        for name, value in (("batch_items", batch_items), ("concurrency", concurrency)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, is {value}")
        if token is not None and tls is None and not stays_here(target):
            raise ValueError(
                f"a token would go to {target} unencrypted: give tls, or tls=False if something "
                "else encrypts on the way"
            )
        self.target = target
        self.timeout_seconds = timeout_seconds
        self.batch_items = batch_items
        self.concurrency = concurrency
        self.token = token
        self.tls = Tls() if tls is True else tls or None
        self._pid = os.getpid()
        self._forget()

    def _call(self) -> dict[str, Any]:
        """What each call is made with."""
        metadata = (*metadata_of(self.token), *trace_headers().items())
        return {"timeout": self.timeout_seconds, "metadata": metadata}

    def _credentials(self) -> grpc.ChannelCredentials | None:
        """Of a channel; None for a plain one."""
        return self.tls.credentials() if self.tls is not None else None

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
