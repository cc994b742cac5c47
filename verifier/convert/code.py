"""Code tasks and what their tests said: off the wire into our words and back."""

from __future__ import annotations

from typing import Final

from verifier.convert.structs import StructTable
from verifier.types import Assurance, CodeDetail, CodeTask, Reason, RewardMode, Verdict
from verifier.v1 import code_pb2, verdict_pb2

_ENUMS: Final = {
    Verdict: verdict_pb2.Verdict,
    Reason: verdict_pb2.Reason,
    RewardMode: code_pb2.RewardMode,
    Assurance: code_pb2.Assurance,
}
CODE_TASKS: Final = StructTable(CodeTask, _ENUMS)
CODE_DETAILS: Final = StructTable(CodeDetail, _ENUMS)
