"""Who may do what: tokens and certificates with their roles, and each caller's share.

A library that knows no transport: it is given what a caller showed and says who that is.
"""

from verifier.access.quota import Quotas
from verifier.access.tokens import TokenBook, digest_of, new_token, read_book
from verifier.access.watched import WatchedFiles

__all__ = ["Quotas", "TokenBook", "WatchedFiles", "digest_of", "new_token", "read_book"]
