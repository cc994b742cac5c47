"""What a configuration may say, and an operator should think about."""

from __future__ import annotations

import ipaddress
import math
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from verifier.config.problem import Problem
from verifier.config.server import ServerConfig, split_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config.document import Config
    from verifier.config.problem import KeyPath

# What Kubernetes leaves a pod between SIGTERM and SIGKILL if nothing says more.
_GRACE_SECONDS: Final = 30
# A connection that lives longer keeps its client from replicas that were started since.
_LONG_CONNECTION_SECONDS: Final = 3600.0
_CLEAR_TEXT: Final = "travels in clear text"


def doubts(config: Config) -> Iterator[Problem]:
    """What works, and is likely not meant.

    Args:
        config: a configuration without problems.
    """
    yield from _open_doors(config)
    yield from _secrets_on_the_line(config)
    yield from _ending(config.server)
    yield from _sizes(config)
    yield from _missing(config)
    if config.code.allow_weak_isolation:
        what = "where there are no namespaces, programs can read files of this machine"
        yield Problem(("code", "allow_weak_isolation"), what)


def _open_doors(config: Config) -> Iterator[Problem]:
    """Ports that anybody can use."""
    access = config.access
    known = access.tokens or config.tls.client_authorities
    if _is_public(config.server.listen) and not known:
        what = (
            f"{config.server.listen} can be called from other machines, and whoever reaches it may "
            "use the service; set access.tokens or tls.client_authorities, or keep others away by "
            "a network policy"
        )
        yield Problem(("server", "listen"), what)
    if _is_public(config.server.metrics_listen) and not (access.tokens and access.protect_metrics):
        what = (
            f"{config.server.metrics_listen} can be read from other machines without a token; set "
            "access.tokens and access.protect_metrics, or keep others away by a network policy"
        )
        yield Problem(("server", "metrics_listen"), what)


def _secrets_on_the_line(config: Config) -> Iterator[Problem]:
    """Tokens and keys that whoever listens can read."""
    server, access, tls = config.server, config.access, config.tls
    cure = "set tls.certificate, or end TLS in a proxy on the same machine"
    if access.tokens and _is_public(server.listen) and not tls.certificate:
        yield Problem(("access", "tokens"), f"every token {_CLEAR_TEXT}: {cure}")
    side_port = access.protect_metrics and _is_public(server.metrics_listen)
    if access.tokens and side_port and not tls.side_port:
        what = f"the token of whoever reads /metrics {_CLEAR_TEXT}: set tls.side_port"
        yield Problem(("tls", "side_port"), what)
    for name, forward in config.forward.items():
        if forward.token_env and not forward.authorities:
            what = f"its token {_CLEAR_TEXT}: set authorities"
            yield Problem(("forward", name, "token_env"), what)
    for name, backend in config.judge.backends.items():
        if getattr(backend, "api_key_env", ""):
            url = urlsplit(getattr(backend, "base_url", ""))
            if url.scheme == "http" and not _is_loopback(url.hostname or ""):
                what = f"its key {_CLEAR_TEXT}: use https"
                yield Problem(("judge", "backends", name, "base_url"), what)


def _ending(server: ServerConfig) -> Iterator[Problem]:
    """How replicas come and go."""
    if not server.lame_duck_seconds:
        what = (
            "balancers have no time to notice that a replica ends, so calls fail at every rollout"
        )
        yield Problem(("server", "lame_duck_seconds"), what)
    needed = server.lame_duck_seconds + server.drain_seconds
    usual = ServerConfig()
    if needed > max(_GRACE_SECONDS, usual.lame_duck_seconds + usual.drain_seconds):
        longer = server.drain_seconds > usual.drain_seconds
        what = (
            f"ending may take {math.ceil(needed)} s, and Kubernetes kills a pod after "
            f"{_GRACE_SECONDS} s unless its terminationGracePeriodSeconds is more than that and "
            "what preStop takes"
        )
        yield Problem(("server", "drain_seconds" if longer else "lame_duck_seconds"), what)
    if server.max_connection_age_seconds > _LONG_CONNECTION_SECONDS:
        what = "clients find new replicas only when a connection ends; 300 is usual"
        yield Problem(("server", "max_connection_age_seconds"), what)


def _sizes(config: Config) -> Iterator[Problem]:
    """Bounds that make another one void."""
    server, admission = config.server, config.admission
    items: dict[KeyPath, int] = {
        ("engine", "max_queued_items"): config.engine.max_queued_items,
        ("admission", "caller_items"): admission.caller_items or server.max_batch_items,
    }
    for path, most in items.items():
        if most < server.max_batch_items:
            what = f"a call of server.max_batch_items ({server.max_batch_items}) never finds room"
            yield Problem(path, what)
    if admission.max_bytes < server.max_message_bytes:
        what = (
            f"a message of server.max_message_bytes ({server.max_message_bytes}) never finds room"
        )
        yield Problem(("admission", "max_bytes"), what)


def _missing(config: Config) -> Iterator[Problem]:
    """Files that are not on this machine; on that of the service they may be."""
    files: dict[KeyPath, str] = {
        ("access", "tokens"): config.access.tokens,
        ("tls", "certificate"): config.tls.certificate,
        ("tls", "key"): config.tls.key,
        ("tls", "client_authorities"): config.tls.client_authorities,
    }
    for path, file in files.items():
        if file and not Path(file).is_file():
            yield Problem(path, f"{file} does not exist on this machine")


def _is_public(address: str) -> bool:
    """Whether other machines can reach an address that is listened on."""
    if not address or address.startswith("unix:"):
        return False
    return not _is_loopback(split_address(address)[0])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
