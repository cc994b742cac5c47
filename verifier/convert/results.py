"""Results: our words onto the wire, and back on the client's side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from google.protobuf import json_format

from verifier.convert.code import CODE_DETAILS
from verifier.convert.composite import COMPOSITE_DETAILS
from verifier.convert.enums import EnumTable
from verifier.convert.format import FORMAT_DETAILS
from verifier.convert.judges import JUDGE_DETAILS
from verifier.convert.models import PROCESS_DETAILS, REWARD_MODEL_DETAILS
from verifier.convert.policies import EXTRACTIONS, read_policy, write_policy
from verifier.convert.puzzles import PUZZLE_DETAILS
from verifier.convert.texts import clean_text
from verifier.types import (
    CodeDetail,
    CompositeDetail,
    Detail,
    FormatDetail,
    JudgeDetail,
    MathDetail,
    Method,
    PluginDetail,
    ProcessDetail,
    PuzzleDetail,
    Reason,
    Result,
    RewardModelDetail,
    TextDetail,
    Verdict,
    VerifierInfo,
)
from verifier.v1 import math_pb2, result_pb2, service_pb2, verdict_pb2

if TYPE_CHECKING:
    from collections.abc import Callable

VERDICTS = EnumTable(Verdict, verdict_pb2.Verdict)
REASONS = EnumTable(Reason, verdict_pb2.Reason)
_METHODS = EnumTable(Method, math_pb2.Method)


def result_to_proto(
    result: Result, into: result_pb2.ScoreResult | None = None
) -> result_pb2.ScoreResult:
    """One result, ready to be sent; written `into` a message that has its place already, if given.

    A message made apart would be copied when it is put into a response.
    """
    message = result_pb2.ScoreResult() if into is None else into
    # Field by field: handing all of them to the constructor takes twice as long.
    message.id = clean_text(result.id)
    message.verdict = VERDICTS.to_wire[result.verdict]  # type: ignore[assignment]  # an enum
    message.reason = REASONS.to_wire[result.reason]  # type: ignore[assignment]
    if result.reward is not None:
        message.reward = result.reward
    message.verifier = result.verifier
    message.message = clean_text(result.message)
    message.queue_seconds = result.queue_seconds
    message.work_seconds = result.work_seconds
    if result.detail is not None:
        _WRITERS[type(result.detail)](result.detail, message)
    return message


def _write_math(detail: MathDetail, message: result_pb2.ScoreResult) -> None:
    wire = message.math
    if detail.candidate is not None:
        wire.candidate = clean_text(detail.candidate)
    if detail.matched_reference is not None:
        wire.matched_reference = clean_text(detail.matched_reference)
    wire.method = _METHODS.to_wire[detail.method]  # type: ignore[assignment]
    wire.extraction = EXTRACTIONS.to_wire[detail.extraction]  # type: ignore[assignment]
    if detail.span is not None:
        span = wire.span
        span.start, span.end = detail.span
    if detail.policy is not None:
        write_policy(detail.policy, wire.policy)


def _write_text(detail: TextDetail, message: result_pb2.ScoreResult) -> None:
    wire = message.text
    wire.SetInParent()
    if detail.candidate is not None:
        wire.candidate = clean_text(detail.candidate)
    if detail.matched_reference is not None:
        wire.matched_reference = clean_text(detail.matched_reference)
    if detail.f1 is not None:
        wire.f1 = detail.f1


def _write_format(detail: FormatDetail, message: result_pb2.ScoreResult) -> None:
    FORMAT_DETAILS.write(detail, message.format)


def _write_code(detail: CodeDetail, message: result_pb2.ScoreResult) -> None:
    CODE_DETAILS.write(detail, message.code)


def _write_process(detail: ProcessDetail, message: result_pb2.ScoreResult) -> None:
    PROCESS_DETAILS.write(detail, message.process)


def _write_judge(detail: JudgeDetail, message: result_pb2.ScoreResult) -> None:
    JUDGE_DETAILS.write(detail, message.judge)


def _write_reward_model(detail: RewardModelDetail, message: result_pb2.ScoreResult) -> None:
    REWARD_MODEL_DETAILS.write(detail, message.reward_model)


def _write_composite(detail: CompositeDetail, message: result_pb2.ScoreResult) -> None:
    COMPOSITE_DETAILS.write(detail, message.composite)


def _write_puzzle(detail: PuzzleDetail, message: result_pb2.ScoreResult) -> None:
    PUZZLE_DETAILS.write(detail, message.puzzle)


def _write_plugin(detail: PluginDetail, message: result_pb2.ScoreResult) -> None:
    message.plugin.SetInParent()
    message.plugin.data.update(json.loads(detail.data_json))


# One line per detail that a verifier can give.
_WRITERS: dict[type[Detail], Callable[..., None]] = {
    MathDetail: _write_math,
    TextDetail: _write_text,
    FormatDetail: _write_format,
    CodeDetail: _write_code,
    ProcessDetail: _write_process,
    RewardModelDetail: _write_reward_model,
    JudgeDetail: _write_judge,
    CompositeDetail: _write_composite,
    PuzzleDetail: _write_puzzle,
    PluginDetail: _write_plugin,
}


def result_from_proto(message: result_pb2.ScoreResult) -> Result:
    """One result as received. `reward` is None exactly where the wire has none.

    Raises:
        InputError: a verdict or reason that this version of the client does not know.
    """
    reader = _READERS.get(message.WhichOneof("detail") or "")
    return Result(
        message.id,
        VERDICTS.from_wire(message.verdict, "verdict"),
        REASONS.from_wire(message.reason, "reason"),
        message.reward if message.HasField("reward") else None,
        message.message,
        reader(message) if reader else None,
        message.verifier,
        message.queue_seconds,
        message.work_seconds,
    )


def _read_math(message: result_pb2.ScoreResult) -> MathDetail:
    wire = message.math
    span = wire.span if wire.HasField("span") else None
    return MathDetail(
        wire.candidate if wire.HasField("candidate") else None,
        wire.matched_reference if wire.HasField("matched_reference") else None,
        _METHODS.known(wire.method),
        EXTRACTIONS.known(wire.extraction),
        (span.start, span.end) if span is not None else None,
        read_policy(wire.policy, from_service=True) if wire.HasField("policy") else None,
    )


def _read_text(message: result_pb2.ScoreResult) -> TextDetail:
    wire = message.text
    return TextDetail(
        candidate=wire.candidate if wire.HasField("candidate") else None,
        matched_reference=wire.matched_reference if wire.HasField("matched_reference") else None,
        f1=wire.f1 if wire.HasField("f1") else None,
    )


def _read_format(message: result_pb2.ScoreResult) -> FormatDetail:
    return FORMAT_DETAILS.read(message.format, "format")


def _read_code(message: result_pb2.ScoreResult) -> CodeDetail:
    return CODE_DETAILS.read(message.code, "code")


def _read_process(message: result_pb2.ScoreResult) -> ProcessDetail:
    return PROCESS_DETAILS.read(message.process, "process")


def _read_judge(message: result_pb2.ScoreResult) -> JudgeDetail:
    return JUDGE_DETAILS.read(message.judge, "judge")


def _read_reward_model(message: result_pb2.ScoreResult) -> RewardModelDetail:
    return REWARD_MODEL_DETAILS.read(message.reward_model, "reward_model")


def _read_composite(message: result_pb2.ScoreResult) -> CompositeDetail:
    return COMPOSITE_DETAILS.read(message.composite, "composite")


def _read_puzzle(message: result_pb2.ScoreResult) -> PuzzleDetail:
    return PUZZLE_DETAILS.read(message.puzzle, "puzzle")


def _read_plugin(message: result_pb2.ScoreResult) -> PluginDetail:
    return PluginDetail(json.dumps(json_format.MessageToDict(message.plugin.data), sort_keys=True))


_READERS: dict[str, Callable[[result_pb2.ScoreResult], Detail]] = {
    "math": _read_math,
    "text": _read_text,
    "format": _read_format,
    "code": _read_code,
    "process": _read_process,
    "reward_model": _read_reward_model,
    "judge": _read_judge,
    "composite": _read_composite,
    "puzzle": _read_puzzle,
    "plugin": _read_plugin,
}


def info_to_proto(info: VerifierInfo) -> service_pb2.VerifierInfo:
    """One entry of the list of verifiers, ready to be sent."""
    return service_pb2.VerifierInfo(
        name=info.name,
        version=info.version,
        description=info.description,
        kind=info.kind,
        members=info.members,
        isolation=info.isolation,
        models=info.models,
    )


def info_from_proto(message: service_pb2.VerifierInfo) -> VerifierInfo:
    """One entry of the list of verifiers, as received."""
    return VerifierInfo(
        name=message.name,
        version=message.version,
        description=message.description,
        kind=message.kind,
        members=tuple(message.members),
        isolation=message.isolation,
        models=tuple(message.models),
    )
