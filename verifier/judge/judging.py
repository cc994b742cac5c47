"""Judgements: of one completion by itself, or of several against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from verifier.contest import Comparison
from verifier.errors import BackendError, InputError
from verifier.judge import orders, rubric
from verifier.judge.asking import EachOf, OneOf, RankingOf, UnreadableError
from verifier.judge.backends.refusals import BusyError, UnsupportedError
from verifier.judge.rendering import Inputs
from verifier.judge.scope import seen
from verifier.judge.votes import entropy, mean
from verifier.judge.voting import Ballot, Tally, together
from verifier.types import (
    CriterionOutcome,
    JudgeDetail,
    JudgeMode,
    JudgeTask,
    JudgeUsage,
    Outcome,
    Reason,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.judge.asking import Said
    from verifier.judge.observing import JudgeObserver
    from verifier.judge.plan import Plan, Planner
    from verifier.judge.voting import Voter

NAMES: Final = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Under which the completions of a comparison are shown: so many there can be at most."""

_MAX_STEPS: Final = 256
# The first match decides, so subclasses stand before their bases.
_REASONS: Final = (
    (UnreadableError, Reason.JUDGE_UNPARSEABLE),
    (UnsupportedError, Reason.UNSUPPORTED),
    (BusyError, Reason.OVERLOADED),
    (InputError, Reason.INVALID_INPUT),
    (BackendError, Reason.BACKEND_UNAVAILABLE),
)
_FAILURES: Final = tuple(kind for kind, _ in _REASONS)


class Judge:
    """Judges by a template, a backend and votes. Belongs to one event loop.

    Args:
        planner: finds template and backend.
        voter: collects the votes.
        observer: told how far votes agree.
    """

    def __init__(self, planner: Planner, voter: Voter, observer: JudgeObserver) -> None:
        self._planner = planner
        self._voter = voter
        self._observer = observer

    async def alone(
        self, task: JudgeTask, prompt: str, completion: str, started: Callable[[], None]
    ) -> Outcome:
        """What is said of one completion.

        Args:
            task: how to judge.
            prompt: what was asked of the policy.
            completion: the policy's text.
            started: called when the first backend takes a question.

        Returns:
            SCORED with the votes' mean, 0 to 1, or CORRECT or INCORRECT by the threshold; UNSCORED
            with the reason for whatever went wrong, and what it took so far.
        """
        tally = Tally(JudgeUsage())
        plan: Plan | None = None
        try:
            plan = self._planner.plan(task, prompt)
            shown = seen(completion, plan.scope)
            if not shown.strip():
                message = "there is no final answer" if completion.strip() else "is blank"
                return Outcome.incorrect(Reason.NO_ANSWER, message, _detail(plan, tally))
            inputs = Inputs(
                prompt=prompt,
                completions=(shown,),
                reference_answer=task.reference_answer,
                context=task.context,
            )
            if task.rubric is not None:
                found = await self._rubric(task, Ballot(plan, inputs, _scale(plan)), tally, started)
            elif plan.template.form == "steps":
                found = await self._steps(task, plan, inputs, tally, started)
            else:
                found = await self._label(Ballot(plan, inputs, _scale(plan)), tally, started)
        except _FAILURES as error:
            return _failed(error, plan, tally)
        return _decided(task, found, _detail(plan, tally, **found.told))

    async def compare(
        self,
        task: JudgeTask,
        prompt: str,
        completions: Sequence[str],
        mode: JudgeMode,
        started: Callable[[], None],
    ) -> Comparison:
        """What is said of several completions, each shown in several places.

        Args:
            task: how to judge.
            prompt: what was asked of the policy.
            completions: two for PAIRWISE, 2 to 26 for LISTWISE.
            mode: PAIRWISE or LISTWISE.
            started: as in `alone`.

        Returns:
            Of each the share of the others that it beats; what two orders rank differently is a
            tie, and counted. One without a final answer loses to all that have one.

        Raises:
            InputError: not as many completions as the mode takes.
        """
        _check_count(len(completions), mode)
        tally = Tally(JudgeUsage())
        plan: Plan | None = None
        try:
            plan = self._planner.plan(task, prompt, mode)
            shown = [seen(completion, plan.scope) for completion in completions]
            live = [place for place, text in enumerate(shown) if text.strip()]
            inputs = Inputs(prompt=prompt, completions=tuple(shown[place] for place in live))
            ranking = await self._ranked(plan, inputs, tally, started)
        except _FAILURES as error:
            failed = _failed(error, plan, tally)
            return Comparison((failed,) * len(completions), (), _detail(plan, tally))
        detail = _detail(plan, tally, seed=plan.seed, disagreements=ranking.disagreements)
        return _compared(task, ranking, live, len(completions), detail)

    # ------------------------------------------------------------------------- one completion

    async def _label(self, ballot: Ballot, tally: Tally, started: Callable[[], None]) -> _Found:
        votes = await self._voter.votes(ballot, tally, started)
        scores = tuple(said.scores[0] for said in votes)
        spread = self._spread(ballot.plan, votes)
        words = votes[0].words[0] if len(votes) == 1 else f"the mean of {len(votes)} votes"
        return _Found(mean(scores), words, {"votes": scores, "vote_entropy": spread})

    async def _rubric(
        self, task: JudgeTask, ballot: Ballot, tally: Tally, started: Callable[[], None]
    ) -> _Found:
        """Each criterion by itself, all side by side."""
        criteria = task.rubric.criteria if task.rubric else ()

        async def judged(place: int) -> _Found:
            criterion = criteria[place]
            text = criterion.description or criterion.name
            asked = replace(ballot, inputs=replace(ballot.inputs, criterion=text))
            return await self._label(asked, tally, started)

        each = await together([judged(place) for place in range(len(criteria))])
        scores = [found.score for found in each]
        told = {
            "criteria": tuple(
                CriterionOutcome(one.name, score, rubric.points(one), one.required)
                for one, score in zip(criteria, scores, strict=True)
            )
        }
        met = sum(score >= rubric.MET for score in scores)
        words = f"{met} of {len(criteria)} criteria are met"
        return _Found(rubric.score(criteria, scores), words, told)

    async def _steps(
        self,
        task: JudgeTask,
        plan: Plan,
        inputs: Inputs,
        tally: Tally,
        started: Callable[[], None],
    ) -> _Found:
        """Each step of the completion; together they are as good as the worst."""
        steps = task.steps or tuple(
            part.strip() for part in inputs.completions[0].split("\n\n") if part.strip()
        )
        if len(steps) > _MAX_STEPS:
            problem = f"{len(steps)} steps, at most {_MAX_STEPS} can be judged"
            raise InputError(problem, field="judge.steps")
        form = EachOf(len(steps), plan.template.labels)
        asked = replace(inputs, steps=steps)
        votes = await self._voter.votes(Ballot(plan, asked, form), tally, started)
        means = tuple(mean([said.scores[place] for said in votes]) for place in range(len(steps)))
        told = {
            "votes": tuple(min(said.scores) for said in votes),
            "step_scores": means,
            "vote_entropy": self._spread(plan, votes),
        }
        worst = means.index(min(means))
        return _Found(min(means), f"step {worst + 1} of {len(steps)} is the worst", told)

    def _spread(self, plan: Plan, votes: Sequence[Said]) -> float | None:
        """The votes' entropy in bits; None for fewer than two."""
        if len(votes) < 2:
            return None
        found = entropy([said.words for said in votes])
        self._observer.voted(plan.template.id, found)
        return found

    # -------------------------------------------------------------------- several completions

    async def _ranked(
        self, plan: Plan, inputs: Inputs, tally: Tally, started: Callable[[], None]
    ) -> orders.Ranking:
        """The votes of every order, put together."""
        count = len(inputs.completions)
        if count < 2:  # nothing to compare with
            return orders.Ranking(tuple(range(count)), (1.0,) * count, 0)

        async def ranked(order: Sequence[int]) -> list[tuple[int, ...]]:
            names = NAMES[:count]
            texts = tuple(inputs.completions[place] for place in order)
            ballot = Ballot(plan, replace(inputs, completions=texts, names=names), RankingOf(names))
            votes = await self._voter.votes(ballot, tally, started)
            return [tuple(order[names.index(name)] for name in said.words) for said in votes]

        arrangements = orders.arrangements(count, plan.seed)
        each = await together([ranked(order) for order in arrangements])
        found = orders.combine([ranking for rankings in each for ranking in rankings])
        self._observer.agreed(plan.template.id, count * (count - 1) // 2, found.disagreements)
        return found


@dataclass(frozen=True, slots=True)
class _Found:
    """A score, what to say of it, and what else the detail tells."""

    score: float
    words: str
    told: dict[str, Any]


def _scale(plan: Plan) -> OneOf:
    return OneOf(plan.template.labels)


def _decided(task: JudgeTask, found: _Found, detail: JudgeDetail) -> Outcome:
    message = f"the score is {found.score:.4g}: {found.words}"
    if task.threshold is None:
        return Outcome(Verdict.SCORED, Reason.JUDGED, found.score, message, detail)
    message += f"; threshold {task.threshold:g}"
    if found.score >= task.threshold:
        return Outcome.correct(Reason.JUDGED, message, detail)
    return Outcome.incorrect(Reason.JUDGED, message, detail)


def _compared(
    task: JudgeTask, ranking: orders.Ranking, live: Sequence[int], count: int, detail: JudgeDetail
) -> Comparison:
    """The ranking of those that have an answer, and behind them those that have none."""
    outcomes = [Outcome.incorrect(Reason.NO_ANSWER, "there is no final answer")] * count
    blanks = [place for place in range(count) if place not in live]
    for place, share in zip(live, ranking.scores, strict=True):
        beaten = share * (len(live) - 1) + len(blanks)
        found = _Found(beaten / (count - 1), f"beats that share of {count - 1}", {})
        outcomes[place] = _decided(task, found, detail)
    order = (*(live[place] for place in ranking.order), *blanks)
    return Comparison(tuple(outcomes), order, detail)


def _failed(error: Exception, plan: Plan | None, tally: Tally) -> Outcome:
    reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
    return Outcome.unscored(reason, str(error), _detail(plan, tally) if plan else None)


def _detail(plan: Plan | None, tally: Tally, **told: Any) -> JudgeDetail:
    if plan is None:
        return JudgeDetail()
    if plan.votes > 1:
        told.setdefault("seed", plan.seed)
    return JudgeDetail(
        template=f"{plan.template.id}/{plan.template.version}",
        model=tally.model or plan.backend.model,
        raw=tally.raw,
        usage=tally.usage,
        backend=plan.backend.name,
        read_from=plan.read_from,
        note=tally.note,
        **told,
    )


def _check_count(count: int, mode: JudgeMode) -> None:
    if mode is JudgeMode.PAIRWISE and count != 2:
        raise InputError(f"pairwise takes two, not {count}", field="completions")
    if not 2 <= count <= len(NAMES):
        raise InputError(f"listwise takes 2 to {len(NAMES)}, not {count}", field="completions")
