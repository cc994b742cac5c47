"""The rule ``length``: a length within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.errors import InputError
from verifier.format_rules import LengthRule, RuleOutcome
from verifier.formats.bounds import WHOLE, Bounds
from verifier.formats.lengths import NO_TOKENIZERS, Tokenizers, count

if TYPE_CHECKING:
    from verifier.types import Item

NAME: Final = "length"


def length(
    rule: LengthRule,
    item: Item,
    tokenizers: Tokenizers = NO_TOKENIZERS,
    bounds: Bounds = WHOLE,
) -> RuleOutcome:
    """Is the completion neither too short nor too long?

    Args:
        rule: the unit and the bounds, both of them allowed.
        item: its completion, thinking part and white space included, or its own count of tokens.
        tokenizers: those of the configuration.
        bounds: of the work, if tokens are to be counted.

    Returns:
        The message says how long it is, and which bound it passes.

    Raises:
        InputError: bounds that no length obeys; no way to count what is asked for.
        WorkLimitError: the completion is too long for its tokens to be counted.
    """
    if rule.min < 0:
        raise InputError(f"is {rule.min}: must be at least 0", field=f"{NAME}.min")
    if rule.max is not None and rule.max < rule.min:
        raise InputError(f"is {rule.max}: must be at least min, {rule.min}", field=f"{NAME}.max")
    if rule.tokenizer:
        bounds.check_length(item, tokenized=True)
    try:
        found = count(rule.unit, item, rule.tokenizer, tokenizers)
    except InputError as error:
        field = f"{NAME}.tokenizer" if rule.tokenizer else f"{NAME}.unit"
        raise InputError(str(error), field=field) from None
    unit = rule.unit.value.lower()
    if found < rule.min:
        message = f"{found} {unit}, at least {rule.min} wanted"
        return RuleOutcome(NAME, passed=False, message=message)
    if rule.max is not None and found > rule.max:
        message = f"{found} {unit}, at most {rule.max} allowed"
        return RuleOutcome(NAME, passed=False, message=message)
    return RuleOutcome(NAME, passed=True)
