"""The Python client: `Client` for threads, `AsyncClient` for event loops.

Both take rows as dicts in the shape of `verifier-cli`'s files or `verifier.types.Item`s, split them
into calls, spread the calls over every address of the target, retry what may be retried, and give
back one `verifier.types.Result` per row in order.
"""

from verifier.client.asynchronous import AsyncClient
from verifier.client.credentials import Tls
from verifier.client.synchronous import Client

__all__ = ["AsyncClient", "Client", "Tls"]
