"""Tasks of a judge and what it said: off the wire into our words and back."""

from __future__ import annotations

from typing import Final

from verifier.convert.structs import StructTable
from verifier.types import JudgeDetail, JudgeScope, JudgeTask, ReadFrom
from verifier.v1 import judge_pb2

_ENUMS: Final = {JudgeScope: judge_pb2.JudgeScope, ReadFrom: judge_pb2.ReadFrom}
JUDGE_TASKS: Final = StructTable(JudgeTask, _ENUMS)
JUDGE_DETAILS: Final = StructTable(JudgeDetail, _ENUMS)
