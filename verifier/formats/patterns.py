"""Regular expressions of callers, matched by RE2: linear in the text, whatever the pattern."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from verifier.errors import WorkLimitError

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PATTERN: Final = 10_000
"""Code points in a pattern."""

MAX_WORK: Final = 10**9
"""Instructions of the compiled pattern times bytes of the text.

Linear may still be slow: where RE2 has no room for an automaton's states, each byte may cost each
instruction. Some 2 s on one core at this bound; a pattern as people write them has 20 to 500
instructions, so that a megabyte is far from it.
"""

_MAX_MEMORY: Final = 1 << 22  # bytes per pattern
_MAX_PATTERNS: Final = 128  # as many as the library itself keeps


class PatternError(ValueError):
    """A pattern that RE2 does not take; the message is RE2's, and says what it lacks."""


def matches(pattern: str, text: str, *, full: bool = False, max_work: int = MAX_WORK) -> bool:
    r"""Tells whether a pattern occurs in a text.

    RE2's syntax and meaning: ``.`` does not match a newline unless the pattern says ``(?s)``; ``^``
    and ``$`` are the text's ends unless it says ``(?m)``, and ``$`` does not stand before a last
    newline; ``\d``, ``\w``, ``\s`` and ``\b`` know ASCII only, ``\pL`` knows Unicode. A lone
    surrogate is one character, and so is NUL.

    Memory cannot run out half-way: where RE2's automaton has no room, RE2 goes on with a slower
    machine that needs little and finds the same.

    Args:
        pattern: at most `MAX_PATTERN` code points.
        text: any text.
        full: match all of it rather than search in it.
        max_work: instructions of the pattern times bytes of the text.

    Raises:
        PatternError: the pattern is too long, or none that RE2 takes.
        WorkLimitError: pattern and text are too big for each other.
    """
    size, search, fullmatch = _compiled(pattern)
    # The pattern's encoding decides; bytes spare RE2's binding the counting of characters.
    encoded = text.encode("utf-8", "surrogatepass")
    if size * len(encoded) > max_work:
        raise WorkLimitError(
            f"a pattern of {size} instructions on {len(encoded)} bytes is above the bound of work"
        )
    return (fullmatch if full else search)(encoded) is not None


def pattern_size(pattern: str) -> int:
    """The instructions of a compiled pattern, at least 1.

    Raises:
        PatternError: as `matches`.
    """
    return _compiled(pattern)[0]


@lru_cache(maxsize=_MAX_PATTERNS)
def _compiled(pattern: str) -> tuple[int, Callable[[bytes], Any], Callable[[bytes], Any]]:
    """The size of a pattern's program, its search and its full match."""
    import re2  # noqa: PLC0415 - who uses no pattern need not load it

    if len(pattern) > MAX_PATTERN:
        raise PatternError(
            f"is {len(pattern)} characters long: at most {MAX_PATTERN:,} are allowed"
        )
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    options.never_capture = True  # whether it matches is all that is asked
    try:
        found = re2.compile(pattern.encode("utf-8", "surrogatepass"), options)
    except re2.error as error:
        raise PatternError(_explained(error.args[0])) from None
    return max(found.programsize, 1), found.search, found.fullmatch


def _explained(said: bytes | str) -> str:
    """RE2's message, and the cure where it refuses what other libraries take."""
    message = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    message = message if len(message) <= 200 else f"{message[:199]}…"
    if "perl operator" in message:
        return f"{message} (RE2 has no look-around: say it by the rest of the pattern)"
    if "escape sequence" in message:
        return rf"{message} (RE2 has no back-references, and spells \Z as \z)"
    if "repetition size" in message:
        return f"{message} (RE2 repeats at most 1,000 times, nested repetitions multiplied)"
    if "too large" in message:
        return f"{message} (fewer or smaller repetitions need less memory)"
    return message
