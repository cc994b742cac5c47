"""``[access]`` and ``[tls]``: who may call, and how the line is kept from listeners."""

from __future__ import annotations

import msgspec


class AccessConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[access]``: bearer tokens.

    Attributes:
        tokens: path of the file of hashed tokens that `verifier-cli token` writes; empty: anybody
            who can reach the port may call.
        reload_seconds: how often that file is looked at for changes.
        protect_metrics: whether /metrics needs a token, too, once tokens are needed.
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
