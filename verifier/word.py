"""The base of every enum in this program."""

from __future__ import annotations

from enum import Enum


class Word(Enum):
    """Base of the enums."""

    # Members are singletons, so identity will do; Enum's own hash is a Python function.
    __hash__ = object.__hash__
