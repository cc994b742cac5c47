"""The bounds of this package, in one place, each with its reason."""

from __future__ import annotations

from typing import Final

MAX_TEXT: Final = 4096
"""Characters of an answer. Real ones are shorter; also below Python's 4300-digit int limit."""

MAX_TOKENS: Final = 2048
"""Tokens of an answer; bounds the work of every pass over them."""

MAX_DEPTH: Final = 32
"""Nesting of brackets and commands; each level costs up to twenty of Python's 1000 frames."""

MAX_BITS: Final = 16_384
"""Size of an exact integer, checked before it is computed: 9^9^9^9 must cost microseconds."""

MAX_PLACES: Final = 4096
"""Decimal exponent of a number literal: beyond it, 1e999999999 stays unevaluated."""

MAX_TERMS: Final = 256
"""Terms of an expanded polynomial."""

MAX_STEPS: Final = 6_000
"""Term products spent on one comparison: some ten milliseconds."""

MAX_FACTORIAL: Final = 1_000
"""Largest n of an evaluated n!; 1000! has 8530 bits."""

MAX_UNORDERED: Final = 64
"""Elements of a list that is matched in any order, which is quadratic."""

MAX_CACHED: Final = 2048
"""Answers kept parsed. References repeat over the rollouts of a prompt, and so do candidates."""

MAX_CACHED_TEXT: Final = 200
"""Characters of an answer that is kept parsed. With `MAX_CACHED` this bounds the cache by some
100 MB even where every answer is made to fill it; in earnest it holds a few."""
