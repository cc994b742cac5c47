"""What a call costs, by the prices in the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_TOKENS: Final = 1_000_000  # that a price is for


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a model, in US dollars per million tokens.

    Attributes:
        prompt: for tokens read; >= 0.
        completion: for tokens written; >= 0.
    """

    prompt: float
    completion: float

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Of one call, in US dollars."""
        read, written = prompt_tokens * self.prompt, completion_tokens * self.completion
        return (read + written) / _TOKENS


def cost(prices: Prices | None, prompt_tokens: int, completion_tokens: int) -> float | None:
    """Of one call, in US dollars.

    Args:
        prices: those of the backend, if it has any.
        prompt_tokens: as the backend counts them.
        completion_tokens: likewise.

    Returns:
        None where it cannot be known: without prices, and where the backend counts no tokens, for
        no prompt has none.
    """
    if prices is None or not (prompt_tokens or completion_tokens):
        return None
    return prices.cost(prompt_tokens, completion_tokens)
