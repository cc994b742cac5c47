"""The judge that comes with the service: its tiny network, which knows arithmetic and no words.

It reads no prompt. It looks at problem and completion themselves, and only where the question is
whether the completion is right. Everything else is refused with the cure: it stands in for no other
judge, least of all for one that is down.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final

from prm.calls import ScoreCall
from prm.embedded import VERSION
from prm.errors import PrmError
from prm.spec import Kind
from verifier.errors import BackendError, InputError
from verifier.judge.asking import OneOf, Reply
from verifier.judge.backends.refusals import BusyError, UnsupportedError
from verifier.judge.settings import EMBEDDED
from verifier.models.embedded import EMBEDDED_OUTCOME
from verifier.models.failures import explanation, reason_of
from verifier.types import ReadFrom, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.judge.asking import Question
    from verifier.models.bank import ModelBank

_TEMPLATE: Final = "yes_no"
_NOTE: Final = "a tiny network, no language model; it knows"
_CURE: Final = "for anything else configure a judge as [judge.backends.NAME]"
_LEAST: Final = 1e-9  # a probability; rounding makes some that are 0


class EmbeddedJudge:
    """See `verifier.judge.asking.Backend`. Belongs to the event loop of its bank.

    Args:
        bank: has the network, as the outcome model of the same name; it is loaded when it is first
            asked.
    """

    name = EMBEDDED
    model = f"{EMBEDDED_OUTCOME}@{VERSION}"
    abilities: tuple[ReadFrom, ...] = (ReadFrom.LABELS,)
    width = 64

    def __init__(self, bank: ModelBank) -> None:
        self._bank = bank

    @property
    def identity(self) -> str:
        """See `Backend`."""
        return self.model

    async def start(self) -> None:
        """Nothing: the network is loaded when it is first asked."""

    async def close(self) -> None:
        """Ends the bank's models, as the verifiers do that share it."""
        await self._bank.close()

    async def ask(self, question: Question, started: Callable[[], None]) -> Reply:
        """How likely the completion is right, as the probabilities of two labels.

        Raises:
            UnsupportedError: another template, several completions, or a problem or completion
                outside the network's domain.
            InputError: another reading than LABELS.
            BusyError: too much waits for the network.
            BackendError: it cannot be used.
        """
        wrong, right = _scale(question)
        subject = question.subject
        (completion,) = subject.completions
        begun = time.monotonic()

        def begin() -> None:
            nonlocal begun
            begun = time.monotonic()
            started()

        try:
            model, about = await self._bank.find(EMBEDDED, Kind.OUTCOME)
            call = ScoreCall(subject.prompt, (completion,))
            found = await model.score(call, begin, patience=self._bank.settings.queue_seconds)
        except PrmError as error:
            raise _failure(error) from error
        (score,) = found.scores
        chances = {right: max(score, _LEAST), wrong: max(1.0 - score, _LEAST)}
        return Reply(
            text=right if score >= 0.5 else wrong,
            labels=tuple((label, math.log(chances[label])) for label, _ in _labels(question)),
            model=self.model,
            prompt_tokens=found.tokens,
            seconds=time.monotonic() - begun,
            note=f"{_NOTE} {about.note}",
        )


def _labels(question: Question) -> tuple[tuple[str, float], ...]:
    return question.form.scores if isinstance(question.form, OneOf) else ()


def _scale(question: Question) -> tuple[str, str]:
    """The labels of wrong and right.

    Raises:
        UnsupportedError: the question is another than whether one completion is right.
        InputError: it is to be read from something else than labels.
    """
    subject = question.subject
    if subject.template != _TEMPLATE:
        raise UnsupportedError(
            f"judge {EMBEDDED!r} knows template {_TEMPLATE} only, not {subject.template}; {_CURE}",
            field="judge.template",
        )
    if question.read_from is not ReadFrom.LABELS:
        raise InputError(f"judge {EMBEDDED!r} writes nothing: LABELS", field="judge.read_from")
    if len(subject.completions) != 1:
        many = len(subject.completions)
        raise UnsupportedError(f"judge {EMBEDDED!r} looks at one completion, not {many}; {_CURE}")
    if not subject.completions[0].strip():
        raise UnsupportedError(f"judge {EMBEDDED!r}: the completion is blank")
    scale = sorted(_labels(question), key=lambda label: label[1])
    if len(scale) != 2:
        raise UnsupportedError(f"judge {EMBEDDED!r} knows two labels, wrong and right; {_CURE}")
    return scale[0][0], scale[1][0]


def _failure(error: PrmError) -> Exception:
    """What the reward model's failure means for a question."""
    reason = reason_of(error)
    if reason is Reason.UNSUPPORTED:
        return UnsupportedError(f"{error}; {_CURE}")
    if reason is Reason.INVALID_INPUT:
        return InputError(f"judge {EMBEDDED!r}: {error}")
    if reason is Reason.OVERLOADED:
        return BusyError(f"judge {EMBEDDED!r}: {error}")
    return BackendError(explanation(error, EMBEDDED))
