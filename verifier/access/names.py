"""Names of callers, fit for logs, for messages and for being counted by."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

MAX_NAME_CHARACTERS: Final = 64

_NO_HOST: Final = "unknown"


def clean_name(text: str) -> str:
    """A name without what could forge a log line: printable characters only, and not too many."""
    cut = text[:MAX_NAME_CHARACTERS]
    return "".join(character if character.isprintable() else "?" for character in cut)


def host_of(peer: str) -> str:
    """The host in a peer's address as gRPC spells it, without the port.

    Args:
        peer: ``ipv4:127.0.0.1:50000``, ``ipv6:%5B::1%5D:50000``, ``unix:/run/socket``.

    Returns:
        ``127.0.0.1``, ``::1``, ``unix``: calls from one host share a name, whatever port they leave
        it by.
    """
    scheme, _, rest = unquote(peer).partition(":")
    if scheme.startswith("unix"):
        return "unix"
    host = rest.rpartition(":")[0] if scheme in ("ipv4", "ipv6") else rest
    return clean_name(host.strip("[]")) or _NO_HOST
