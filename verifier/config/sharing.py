"""``[shared_cache]`` and ``[forward.TASK]``: what replicas share, and what others answer."""

from __future__ import annotations

import msgspec


class SharedCacheConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[shared_cache]``: outcomes that all replicas share, in a Redis.

    Attributes:
        redis_url_env: NAME of the environment variable with its URL; empty: none is shared.
        key_env: NAME of the environment variable with the secret, at least 16 characters, by which
            replicas recognise what they wrote; needed with a URL.
        ttl_seconds: how long an outcome is kept there.
    """

    redis_url_env: str = ""
    key_env: str = ""
    ttl_seconds: float = 7 * 86_400.0


class ForwardConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[forward.TASK]``: another deployment of this service that answers one kind of task.

    Attributes:
        target: its address, any gRPC target; calls are spread over all its addresses.
        token_env: NAME of the environment variable with the token it asks for; empty: none.
        authorities: path of the certificates, PEM, that sign its own; empty: no TLS.
        batch_items: items that go in one call.
        concurrency: calls in flight at once.
    """

    target: str
    token_env: str = ""
    authorities: str = ""
    batch_items: int = 64
    concurrency: int = 32
