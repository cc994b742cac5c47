"""A contest into a call, and its answer into a comparison: what both clients share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.protobuf import json_format

from verifier.contest import Contest
from verifier.convert.checks import check_task
from verifier.convert.judgements import comparison_from_proto, contest_to_proto
from verifier.convert.judges import JUDGE_TASKS
from verifier.errors import InputError, ServiceError
from verifier.types import JudgeMode, JudgeTask
from verifier.v1 import judge_pb2

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.contest import Comparison


def judge_request(
    prompt: str,
    completions: Sequence[str],
    task: JudgeTask | Mapping[str, object],
    mode: JudgeMode | str,
) -> judge_pb2.JudgeRequest:
    """The call to make.

    Raises:
        InputError: there is no such mode, or the task is none.
    """
    try:
        chosen = JudgeMode(mode.upper()) if isinstance(mode, str) else mode
    except ValueError:
        known = ", ".join(one.value.lower() for one in JudgeMode)
        raise InputError(f"{mode!r} is unknown: give one of {known}", field="mode") from None
    words = task if isinstance(task, JudgeTask) else _task(task)
    check_task(words)
    try:
        return contest_to_proto(Contest(chosen, prompt, tuple(completions), words))
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(f"cannot be sent: {error}") from error


def _task(given: Mapping[str, object]) -> JudgeTask:
    """A task as rows spell it."""
    try:
        message = json_format.ParseDict(dict(given), judge_pb2.JudgeTask())
    except (json_format.ParseError, TypeError, ValueError) as error:
        raise InputError(str(error), field="judge") from error
    return JUDGE_TASKS.read(message, "judge")


def comparison_of(
    response: judge_pb2.JudgeResponse | None, request: judge_pb2.JudgeRequest
) -> Comparison:
    """What came back.

    Raises:
        ServiceError: it cannot be read, or holds another number of scores than completions.
    """
    if response is None:  # what gRPC gives for bytes that are no message
        raise ServiceError("the response cannot be read", code="DATA_LOSS")
    if len(response.scores) != len(request.completions):
        raise ServiceError(
            f"{len(response.scores)} scores came back for {len(request.completions)} completions",
            code="DATA_LOSS",
        )
    return comparison_from_proto(response)
