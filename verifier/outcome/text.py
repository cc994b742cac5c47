"""The verifier ``text``: does the completion's text match any of the reference answers?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from verifier.types import Item, Outcome, SelfTest, Task, TextMode, TextTask, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    Score = Callable[[Item, TextTask], Outcome]


class TextVerifier:
    r"""Text answers, in four modes.

    | Completion, its thinking part left out         | Final answer                             |
    |------------------------------------------------|------------------------------------------|
    | holds ``<answer>…</answer>`` (closed or not)   | what the last one holds, read on below   |
    | holds a balanced ``\boxed{…}``                 | what the last one holds, without         |
    |                                                | ``\text{}``                              |
    | else                                           | all of it                                |
    | nothing is left, or the thinking never ends    | none: INCORRECT / NO_ANSWER              |

    | Mode     | Compared         | CORRECT when                                                 |
    |----------|------------------|--------------------------------------------------------------|
    | EXACT    | the final answer | the same after NFKC, casefold, white-space squeezing, plain  |
    |          |                  | quotes and hyphens, without surrounding quotes, markdown     |
    |          |                  | emphasis and final period                                    |
    | CHOICE   | the option       | the letter stated last is the reference's; see `choices`. No |
    |          | letter           | letter, or several at once: INCORRECT / NO_ANSWER            |
    | F1       | the final answer | token overlap is 1. 0 is INCORRECT; between, the verdict is  |
    |          |                  | SCORED / PARTIAL_MATCH and the reward the overlap. With a    |
    |          |                  | threshold: CORRECT from it on, else INCORRECT, reward 1 or 0 |
    | CONTAINS | all but thinking | a reference answer occurs in it as whole words, folded       |

    In F1 the tokens are SQuAD's (no case, no punctuation, no articles), each ideograph one of its
    own; a text without tokens ("The", "?!") is compared as in EXACT. An overlap that passes the
    threshold without being 1 has the reason PARTIAL_MATCH. Other modes ignore the threshold.

    Any one reference answer may match; blank ones are passed over. If all are blank, or in CHOICE
    none means an option: UNSCORED / REFERENCE_UNPARSEABLE, whatever the completion says.
    """

    name = "text"
    version = "2"
    task_type: type[Task] = TextTask
    description = "Compares text: exactly, by option letter, by token overlap or by occurrence."
    self_test: SelfTest = (
        (Item("exact", "**Paris**.", TextTask(("paris",))), Verdict.CORRECT),
        (Item("choice", "The answer is (C).", TextTask(("C",), TextMode.CHOICE)), Verdict.CORRECT),
        (Item("hedge", "A or B", TextTask(("A",), TextMode.CHOICE)), Verdict.INCORRECT),
        (Item("overlap", "red fox", TextTask(("red dog",), TextMode.F1)), Verdict.SCORED),
        (Item("part", "In 1984.", TextTask(("98",), TextMode.CONTAINS)), Verdict.INCORRECT),
    )

    def verify(self, item: Item) -> Outcome:
        """Scores one completion; inline, linear in its length, raises on no text.

        Raises:
            TypeError: the item's task is not a `TextTask`.
        """
        task = item.task
        if not isinstance(task, TextTask):
            raise TypeError(f"text cannot score a {type(task).__name__}")
        return _score()(item, task)

    def preload(self) -> None:
        """Loads the comparison before the first item does."""
        _score()


@cache
def _score() -> Score:
    """The comparison. Loading it takes a tenth of a second, which `list` and `--help` save."""
    from verifier.texts.scoring import score  # noqa: PLC0415

    return score
