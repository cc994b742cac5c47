"""A generative judge: the words of its tasks and of what it said.

`verifier.types` hands these words on; import them from there.
"""

from __future__ import annotations

from msgspec import Struct

from verifier.word import Int64, Word


class JudgeScope(Word):
    """What of the completion the judge sees."""

    FINAL_ANSWER = "FINAL_ANSWER"  # what follows the thinking part, or stands in the answer tags
    WHOLE_COMPLETION = "WHOLE_COMPLETION"


class JudgeMode(Word):
    """How many completions are judged at once."""

    POINTWISE = "POINTWISE"
    PAIRWISE = "PAIRWISE"
    LISTWISE = "LISTWISE"


class ReadFrom(Word):
    """What a verdict is read from."""

    TEXT = "TEXT"  # the last verdict line of what the judge wrote
    JSON = "JSON"  # an object that obeys the schema the judge was given
    LABELS = "LABELS"  # how likely each label was to be the judge's first word


class Criterion(Struct, frozen=True):
    """One thing to look at.

    Attributes:
        name: short, unique within the rubric.
        description: what it asks.
        weight: its points, negative for what must not be; 0 counts as 1.
        required: whether the whole is worth nothing without it.
    """

    name: str
    description: str = ""
    weight: float = 0.0
    required: bool = False


class Rubric(Struct, frozen=True):
    """Weighted criteria, each judged by itself."""

    criteria: tuple[Criterion, ...] = ()


class JudgeTask(Struct, frozen=True):
    """Is the completion good, in the eyes of a model?

    Attributes:
        reference_answer: what is right, for templates that compare with it.
        rubric: what to look at, for templates that ask for one criterion at a time.
        template: its id; empty for the one that fits what is given.
        votes: independent judgements, >= 1; 0 counts as 1.
        scope: what the judge sees. None: as the template says.
        backend: its name in the configuration; empty for the first.
        threshold: CORRECT from this score on. None: SCORED.
        context: the text that the completion must rest on, for templates that look for that.
        steps: those of the completion, for templates that judge each. Empty: the completion, split
            at blank lines.
        seed: of the votes and of the order in which completions are shown.
        temperature: of the judge's sampling, >= 0. None: 0 for one vote, else the backend's.
        read_from: None for what the template and the backend are best at.
        max_tokens: that the judge may write. None: as the template says.
    """

    reference_answer: str = ""
    rubric: Rubric | None = None
    template: str = ""
    votes: int = 0
    scope: JudgeScope | None = None
    backend: str = ""
    threshold: float | None = None
    context: str = ""
    steps: tuple[str, ...] = ()
    seed: Int64 | None = None
    temperature: float | None = None
    read_from: ReadFrom | None = None
    max_tokens: int | None = None


class JudgeUsage(Struct, frozen=True):
    """What a judgement took.

    Attributes:
        prompt_tokens, completion_tokens: as the backend counts them; 0 if it does not.
        cost: in US dollars, by the configuration's prices; None if none are given.
        seconds: in the backend, all calls added up.
        retries: attempts that were not the first of their call.
        calls: answered by the backend.
        cached_calls: answered from the cache instead.
        parse_failures: answers that no verdict could be read from, asked for again.
    """

    prompt_tokens: Int64 = 0
    completion_tokens: Int64 = 0
    cost: float | None = None
    seconds: float = 0.0
    retries: int = 0
    calls: int = 0
    cached_calls: int = 0
    parse_failures: int = 0


class CriterionOutcome(Struct, frozen=True):
    """What was said of one criterion.

    Attributes:
        name: the criterion's.
        score: how far it is met, 0 to 1, the votes' mean; None if it could not be read.
        weight: its points.
        required: whether the whole is worth nothing without it.
    """

    name: str
    score: float | None = None
    weight: float = 0.0
    required: bool = False


class JudgeDetail(Struct, frozen=True):
    """What a judge said.

    Attributes:
        template: its id and version, ``yes_no/1``.
        model: as the backend names it.
        votes: each vote's score, 0 to 1.
        raw: the judge's own words, shortened; the last that could not be read, if there is one.
        usage: what it took.
        backend: its name in the configuration.
        read_from: what the verdicts were read from.
        vote_entropy: of the votes' labels in bits; None for fewer than two votes.
        criteria: one each, if there is a rubric.
        step_scores: one per step, if the template judges steps.
        seed: of votes and orders, as used.
        disagreements: pairs of completions that two orders ranked differently: ties.
        note: what the score is good for, where it is not good for everything.
    """

    template: str = ""
    model: str = ""
    votes: tuple[float, ...] = ()
    raw: str = ""
    usage: JudgeUsage | None = None
    backend: str = ""
    read_from: ReadFrom | None = None
    vote_entropy: float | None = None
    criteria: tuple[CriterionOutcome, ...] = ()
    step_scores: tuple[float, ...] = ()
    seed: Int64 | None = None
    disagreements: int = 0
    note: str = ""
