"""How long a completion is, in the unit asked for."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from verifier.errors import InputError
from verifier.format_rules import LengthUnit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verifier.types import Item


class Tokenizers:
    """The tokenizers of a configuration, by name.

    Args:
        counters: from a tokenizer's name to a function that counts a text's tokens. It must take
            any text, and be safe to call from several threads.
        paths: from a tokenizer's name to the file that another process may load it from.
    """

    def __init__(
        self,
        counters: Mapping[str, Callable[[str], int]] = MappingProxyType({}),
        paths: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._counters = MappingProxyType(dict(counters))
        self.paths = MappingProxyType(dict(paths))

    @property
    def names(self) -> tuple[str, ...]:
        """What they are called, in the order of the configuration."""
        return tuple(self._counters)

    def count(self, name: str, text: str) -> int:
        """Counts the tokens of a text.

        Raises:
            InputError: there is no tokenizer of that name; without a field, which the caller knows.
        """
        counter = self._counters.get(name)
        if counter is None:
            known = ", ".join(sorted(self._counters)) or "none"
            raise InputError(f"no tokenizer {name} is configured; known: {known}")
        return counter(text)


NO_TOKENIZERS: Final = Tokenizers()
"""What a service has that configures none."""


def count(
    unit: LengthUnit, item: Item, tokenizer: str = "", tokenizers: Tokenizers = NO_TOKENIZERS
) -> int:
    """Counts the completion, its thinking part and white space included.

    Args:
        unit: CHARACTERS are Unicode code points, WORDS are what white space parts, TOKENS are those
            of a named tokenizer or, without a name, as many as the item says.
        item: its completion, or its own count of tokens.
        tokenizer: the name of one; only with TOKENS.
        tokenizers: those there are.

    Raises:
        InputError: the item does not say how many tokens it has, there is no such tokenizer, or one
            is named with another unit; without a field, which the caller knows.
    """
    if unit is not LengthUnit.TOKENS and tokenizer:
        raise InputError(f"names the tokenizer {tokenizer}, but counts {unit.value}: give TOKENS")
    if unit is LengthUnit.CHARACTERS:
        return len(item.completion)
    if unit is LengthUnit.WORDS:
        return len(item.completion.split())
    if tokenizer:
        return tokenizers.count(tokenizer, item.completion)
    if item.completion_tokens is None:
        raise InputError("the item gives no completion_tokens: give them, or name a tokenizer")
    return item.completion_tokens
