"""How much work a check may be: little beside other items, more in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from verifier.errors import WorkLimitError
from verifier.formats.patterns import MAX_WORK
from verifier.formats.schemas import MAX_SCHEMA, MAX_STEPS

if TYPE_CHECKING:
    from verifier.types import Item


@dataclass(frozen=True, slots=True)
class Bounds:
    """What all rules of one task may cost, by what their costs depend on.

    Attributes:
        characters: of the completion; None for no bound.
        tokenized_characters: of a completion whose tokens are counted; None for no bound.
        pattern_work: instructions of a regular expression times bytes of the completion.
        schema_characters: of a JSON Schema.
        schema_steps: of work on one value by its schema.
    """

    characters: int | None
    tokenized_characters: int | None
    pattern_work: int
    schema_characters: int
    schema_steps: int

    def check_length(self, item: Item, *, tokenized: bool = False) -> None:
        """Refuses a completion that is too long.

        Raises:
            WorkLimitError: it is.
        """
        limit = self.tokenized_characters if tokenized else self.characters
        if limit is not None and len(item.completion) > limit:
            raise WorkLimitError(f"the completion has more than {limit:,} characters")


WHOLE: Final = Bounds(None, None, MAX_WORK, MAX_SCHEMA, MAX_STEPS)
"""What a check may cost at most. Beyond it, nobody can tell: UNSCORED / UNDECIDED."""

INLINE: Final = Bounds(
    characters=200_000,
    tokenized_characters=10_000,
    pattern_work=5_000_000,
    schema_characters=20_000,
    schema_steps=1_000,
)
"""What it may cost where other items wait behind it."""
