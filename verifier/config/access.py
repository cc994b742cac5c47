"""``[access]`` and ``[tls]``: who may call, and how the line is kept from listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from verifier.config.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator


class AccessConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[access]``: bearer tokens, by which callers show who they are.

    Attributes:
        tokens: path of the file of hashed tokens that `verifier-cli token` writes; empty: anybody
            who can reach the port may call.
        reload_seconds: how often that file is looked at for changes, in seconds; a token that was
            taken out of it is refused from then on.
        protect_metrics: whether ``/metrics`` needs a token, too, once tokens are needed.
    """

    tokens: str = ""
    reload_seconds: float = 5.0
    protect_metrics: bool = True


class TlsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[tls]``: certificates, of the gRPC port and of the side port alike.

    Attributes:
        certificate: path of the service's certificate chain, PEM; empty: no TLS.
        key: path of its private key, PEM.
        client_authorities: path of the certificates, PEM, by which callers' own certificates must
            be signed (mutual TLS); empty: callers need none.
        side_port: whether the side port speaks TLS, too. Probes of Kubernetes cannot show a
            certificate of their own, so it never asks for one.
    """

    certificate: str = ""
    key: str = ""
    client_authorities: str = ""
    side_port: bool = False


def tls_problems(tls: TlsConfig) -> Iterator[Problem]:
    """Keys of ``[tls]`` that need each other."""
    needs = {
        "certificate": tls.key or tls.client_authorities or tls.side_port,
        "key": tls.certificate,
    }
    for key, needed in needs.items():
        if needed and not getattr(tls, key):
            others = "its certificate" if key == "key" else "key, client_authorities and side_port"
            yield Problem(("tls", key), f"is missing: {others} cannot do without it")
