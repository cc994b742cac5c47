"""Calls of a judge: off the wire into our words, with every limit checked, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.contest import Comparison, Contest
from verifier.convert.checks import check_task
from verifier.convert.enums import EnumTable
from verifier.convert.judges import JUDGE_DETAILS, JUDGE_TASKS
from verifier.convert.results import REASONS, VERDICTS
from verifier.convert.texts import clean_text
from verifier.errors import InputError
from verifier.types import JudgeDetail, JudgeMode, Outcome, Result
from verifier.v1 import judge_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODES: Final = EnumTable(JudgeMode, judge_pb2.JudgeMode, JudgeMode.POINTWISE)


def contest_from_proto(request: judge_pb2.JudgeRequest, max_completions: int) -> Contest:
    """What a call asks.

    Raises:
        InputError: the call is malformed.
    """
    mode = _MODES.from_wire(request.mode, "mode")
    count = len(request.completions)
    if not 1 <= count <= max_completions:
        raise InputError(f"must hold 1 to {max_completions}, holds {count}", field="completions")
    task = JUDGE_TASKS.read(request.task, "judge")
    check_task(task)
    return Contest(mode, request.prompt, tuple(request.completions), task)


def contest_to_proto(contest: Contest) -> judge_pb2.JudgeRequest:
    """A call, ready to be sent."""
    message = judge_pb2.JudgeRequest(
        mode=_MODES.to_wire[contest.mode],  # type: ignore[arg-type]  # an enum
        prompt=clean_text(contest.prompt),
        completions=map(clean_text, contest.completions),
    )
    JUDGE_TASKS.write(contest.task, message.task)
    return message


def judgements_to_proto(results: Sequence[Result]) -> judge_pb2.JudgeResponse:
    """Completions that were judged alone, each with its own detail."""
    message = judge_pb2.JudgeResponse()
    for result in results:
        score = message.scores.add()
        _write(result, score)
        if isinstance(result.detail, JudgeDetail):
            JUDGE_DETAILS.write(result.detail, score.detail)
    return message


def comparison_to_proto(comparison: Comparison) -> judge_pb2.JudgeResponse:
    """Completions that were judged together, with one detail for all."""
    message = judge_pb2.JudgeResponse(ranking=comparison.ranking)
    for outcome in comparison.outcomes:
        _write(outcome, message.scores.add())
    JUDGE_DETAILS.write(comparison.detail, message.detail)
    return message


def _write(said: Outcome | Result, message: judge_pb2.JudgeScore) -> None:
    message.verdict = VERDICTS.to_wire[said.verdict]  # type: ignore[assignment]  # an enum
    message.reason = REASONS.to_wire[said.reason]  # type: ignore[assignment]
    if said.reward is not None:
        message.reward = said.reward
    message.message = clean_text(said.message)


def comparison_from_proto(message: judge_pb2.JudgeResponse) -> Comparison:
    """What the service said, on the client's side."""
    outcomes = tuple(
        Outcome(
            VERDICTS.from_wire(score.verdict, "verdict"),
            REASONS.from_wire(score.reason, "reason"),
            score.reward if score.HasField("reward") else None,
            score.message,
            JUDGE_DETAILS.read(score.detail, "detail") if score.HasField("detail") else None,
        )
        for score in message.scores
    )
    detail = JUDGE_DETAILS.read(message.detail, "detail")
    return Comparison(outcomes, tuple(message.ranking), detail)
