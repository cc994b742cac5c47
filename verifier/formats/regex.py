"""The rule ``regex``: a regular expression over the completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.errors import InputError
from verifier.format_rules import RegexRule, RuleOutcome
from verifier.formats.bounds import WHOLE, Bounds
from verifier.formats.patterns import PatternError, matches

if TYPE_CHECKING:
    from verifier.types import Item

NAME: Final = "regex"


def regex(rule: RegexRule, item: Item, bounds: Bounds = WHOLE) -> RuleOutcome:
    """Does the pattern occur in the completion, or match all of it?

    The completion as it is, its thinking part and white space included. What a pattern means stands
    at `verifier.formats.patterns.matches`.

    Args:
        rule: the pattern, and whether it must match everything.
        item: its completion is read in linear time.
        bounds: of the work.

    Returns:
        The message says whether it was a search or a full match that failed.

    Raises:
        InputError: the pattern is empty, longer than 10,000 characters, or none of RE2's.
        WorkLimitError: the pattern's program times the completion's bytes is above the bound.
    """
    if not rule.pattern:
        raise InputError("is empty: it would match everything", field=f"{NAME}.pattern")
    try:
        passed = matches(
            rule.pattern, item.completion, full=rule.full_match, max_work=bounds.pattern_work
        )
    except PatternError as error:
        raise InputError(str(error), field=f"{NAME}.pattern") from None
    message = "does not match all of it" if rule.full_match else "does not occur"
    return RuleOutcome(NAME, passed, "" if passed else message)
