"""Errors of backends that have a reason of their own."""

from __future__ import annotations

from verifier.errors import BackendError, InputError


class BusyError(BackendError):
    """As many questions wait as may: later, or elsewhere."""


class UnsupportedError(InputError):
    """A question of a kind that this judge knows nothing about, however it is put."""
