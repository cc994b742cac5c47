"""The ordered table of rules, and the one function that applies it.

Exactly one candidate decides: the first rule of the order that finds anything. Should it be wrong,
the completion is wrong; accepting any fragment that happens to match would be a lottery that a
policy learns to play. A rule finds nothing when its mark is missing *or nothing stands behind it*
(an empty box, a tag with only white space): only then is the next one asked. One exception: "the
answer is 9" behind the last box takes back what the box says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from verifier.answers.anchors import find_anchored, find_correction, find_hashes
from verifier.answers.asides import hide_struck
from verifier.answers.boxes import find_boxes
from verifier.answers.ending import cut_ending
from verifier.answers.formulas import find_formula
from verifier.answers.numbers import find_last_number
from verifier.answers.spans import Excerpt, excerpt
from verifier.answers.tags import find_tag
from verifier.answers.thinking import hide_thinking
from verifier.answers.whole import find_whole
from verifier.types import Extraction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.answers.spans import Rule


def _find_tagged(text: str) -> Excerpt | None:
    """Finds the tag's content, cut to its boxes or else to the anchored clause inside it."""
    outer = excerpt(text, find_tag(text))
    if outer is None:
        return None
    inner = find_boxes(outer.text) or find_anchored(outer.text)
    return inner.shifted(outer.start) if inner else outer


RULES: Final[Mapping[Extraction, Rule]] = {
    Extraction.BOXED: find_boxes,
    Extraction.ANSWER_TAG: _find_tagged,
    Extraction.HASHES: find_hashes,
    Extraction.ANCHOR: find_anchored,
    Extraction.WHOLE: find_whole,
    Extraction.FORMULA: find_formula,
    Extraction.LAST_NUMBER: find_last_number,
}
"""Every rule, in the default order: from the plainest statement of an answer to the weakest."""

_ANCHORED: Final = (Extraction.ANCHOR, find_anchored)
_DEFAULT_ORDER: Final = tuple(RULES.items())


class Found(NamedTuple):
    """A candidate answer.

    Attributes:
        text: as written in the completion, from `start` to `end`; but of an answer in several
            pieces (several boxes, a list of lines) the pieces joined by ", ", and with single
            backslashes where the completion doubles them.
        rule: the rule that found it.
        start: where it begins in the completion, in code points.
        end: one past its last code point.
    """

    text: str
    rule: Extraction
    start: int
    end: int


def find_answer(completion: str, rules: tuple[Extraction, ...] = ()) -> Found | None:
    """Finds the one candidate answer of a completion, or None.

    Linear in the completion's length; neither the thinking part nor a box that the completion's
    end cuts off is searched.

    Args:
        completion: the model's text, untrusted.
        rules: which rules to try, in this order; empty for all of them in the default order.
    """
    text = hide_struck(cut_ending(hide_thinking(completion)))
    order = tuple((rule, RULES[rule]) for rule in rules) if rules else _DEFAULT_ORDER
    for rule, find in order:
        found = find(text)
        if found is not None:
            if rule is Extraction.BOXED and _ANCHORED in order:
                later = find_correction(text, found.end, found.text)
                if later is not None:
                    return Found(later.text, Extraction.ANCHOR, later.start, later.end)
            return Found(found.text, rule, found.start, found.end)
    return None
