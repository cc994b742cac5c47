"""What a client shows of itself, and how it keeps the line from listeners."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import grpc

# The token itself, or what gives the one to use now; it is asked before each call, so it may follow
# a file that is renewed. To be pickled, it must be a function of a module.
Token = str | Callable[[], str]

_LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})
_HOST_SCHEMES: Final = ("dns", "ipv4", "ipv6")
_LOCAL_SCHEMES: Final = ("unix", "unix-abstract", "vsock")


@dataclass(frozen=True, slots=True)
class Tls:
    """TLS of a client, by paths, so that it may be pickled and read anew in each process.

    Attributes:
        authorities: certificates, PEM, one of which must have signed the service's; empty: those
            that gRPC ships.
        certificate: the client's own chain, PEM, where the service asks for one.
        key: its private key, PEM.

    Raises:
        ValueError: one of certificate and key is given without the other.
    """

    authorities: str = ""
    certificate: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("tls: a certificate and its key must be given together")

    def credentials(self) -> grpc.ChannelCredentials:
        """For a channel.

        Raises:
            OSError: a file cannot be read.
        """
        return grpc.ssl_channel_credentials(
            _content(self.authorities), _content(self.key), _content(self.certificate)
        )


def metadata_of(token: Token | None) -> tuple[tuple[str, str], ...]:
    """What a call carries to say whose it is.

    Raises:
        ValueError: the token is empty, or holds what no header may; it is not quoted.
    """
    if token is None:
        return ()
    text = (token if isinstance(token, str) else token()).strip()
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError("the token must be printable ASCII, and not empty")
    return (("authorization", f"Bearer {text}"),)


def stays_here(target: str) -> bool:
    """Whether calls to a gRPC target never leave this machine."""
    scheme, colon, rest = target.partition(":")
    if colon and scheme in _LOCAL_SCHEMES:
        return True
    if not (colon and scheme in _HOST_SCHEMES):
        rest = target
    elif rest.startswith("//"):
        rest = rest[2:].partition("/")[2]  # what stands before is the name server
    addresses = rest.split(",")
    return all(_is_loopback(_host(address)) for address in addresses)


def _host(address: str) -> str:
    address = unquote(address)
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address if address.count(":") > 1 else address.partition(":")[0]


def _is_loopback(host: str) -> bool:
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _content(path: str) -> bytes | None:
    return Path(path).read_bytes() if path else None
