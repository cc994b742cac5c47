"""What can keep a shared cache from helping."""

from __future__ import annotations

from verifier.word import Word


class CacheTrouble(Word):
    """What kept the shared cache from helping. None of it ever costs anybody more than time."""

    DOWN = "DOWN"  # it cannot be reached, or refuses
    SLOW = "SLOW"  # it did not answer in time
    LEFT_ALONE = "LEFT_ALONE"  # it failed so often that it was not asked
    UNREADABLE = "UNREADABLE"  # what it holds is not what was asked for
