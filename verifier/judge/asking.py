"""What a judge is asked and what it answers: the words between prompts, backends and readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from verifier.types import ReadFrom


class UnreadableError(Exception):
    """An answer that holds no verdict; the message says why."""


# ------------------------------------------------------------------------ forms of a verdict


@dataclass(frozen=True, slots=True)
class OneOf:
    """One label of a scale.

    Attributes:
        scores: each label with its score, 0 to 1; labels differ even if case is ignored.
    """

    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class EachOf:
    """One label for each of several steps.

    Attributes:
        count: of steps, numbered from 1; >= 1.
        scores: each label with its score, 0 to 1.
    """

    count: int
    scores: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class RankingOf:
    """All completions, best first, by the names they were shown under.

    Attributes:
        names: ``A``, ``B`` and so on, in the order shown; >= 2.
    """

    names: tuple[str, ...]


Form = OneOf | EachOf | RankingOf


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as read.

    Attributes:
        words: the label; a label per step; or names, best first.
        scores: of the words in the form's scale, 0 to 1; empty for a ranking. With label
            probabilities, the expected score over all labels, and `words` the likeliest label.
    """

    words: tuple[str, ...]
    scores: tuple[float, ...] = ()


# ------------------------------------------------------------------------ questions and replies


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a dialogue.

    Attributes:
        role: ``system``, ``user`` or ``assistant``.
        content: its text.
    """

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged, as it came: for backends that are no language models.

    Attributes:
        template: id of the template.
        prompt: what was asked of the policy.
        completions: in the order shown, cut to the scope.
        reference_answer: empty if none is given.
    """

    template: str
    prompt: str
    completions: tuple[str, ...]
    reference_answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a backend.

    Attributes:
        messages: the prompt.
        form: of the verdict.
        read_from: what the verdict will be read from.
        schema: the JSON Schema of the answer, as JSON text; empty unless it is read from JSON.
        max_tokens: that may be written; >= 1.
        temperature: >= 0; 0 for the likeliest token every time.
        seed: of the sampling, in [0, 2**31); None for none.
        subject: the same without a prompt.
    """

    messages: tuple[Message, ...]
    form: Form
    read_from: ReadFrom
    schema: str
    max_tokens: int
    temperature: float
    seed: int | None
    subject: Subject


@dataclass(frozen=True, slots=True)
class Reply:
    """What a backend answers to one question.

    Attributes:
        text: what was written; empty if the answer holds no text at all.
        cut: whether it was ended by a bound on its length.
        labels: labels with the natural logarithms of their probabilities to be the answer, if asked
            for; a label that is missing is less likely than any that is there.
        model: as the backend names it.
        prompt_tokens, completion_tokens: as the backend counts them; 0 if it does not.
        seconds: from sending to the end of the answer, without waiting for a permit.
        retries: attempts before this one.
        note: what the answer is good for, where it is not good for everything.
    """

    text: str
    cut: bool = False
    labels: tuple[tuple[str, float], ...] = ()
    model: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    retries: int = 0
    note: str = ""


class Backend(Protocol):
    """A model that answers questions. Belongs to one event loop.

    Attributes:
        name: in the configuration.
        model: what is asked there.
        abilities: what a verdict of its replies can be read from; the best first.
        width: questions it answers at once, about.
    """

    name: str
    model: str
    abilities: tuple[ReadFrom, ...]
    width: int

    @property
    def identity(self) -> str:
        """What decides a reply beside the question: part of the key under which it is cached."""
        ...

    async def ask(self, question: Question, started: Callable[[], None]) -> Reply:
        """The reply to one question.

        Args:
            question: what is asked.
            started: called when waiting for a permit is over.

        Raises:
            InputError: it takes no such question: too long for it, a form it does not know.
            BackendError: it cannot be reached, or fails, however often it is asked.
            asyncio.CancelledError: the caller has gone; what was sent is taken back.
        """
        ...

    async def start(self) -> None:
        """Gets ready before the first question."""
        ...

    async def close(self) -> None:
        """Ends every connection and thread. May be called again."""
        ...
