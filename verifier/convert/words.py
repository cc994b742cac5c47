"""How rows and results are spelled: which of our words a field stands for, and one result per line.

No message is loaded here: who reads and writes rows alone can do without protobuf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.types import (
    CodeDetail,
    CodeTask,
    CompositeDetail,
    CompositeTask,
    FormatDetail,
    FormatTask,
    JudgeDetail,
    JudgeTask,
    MathDetail,
    MathTask,
    ProcessDetail,
    ProcessTask,
    PuzzleDetail,
    PuzzleTask,
    RewardModelDetail,
    RewardModelTask,
    TextDetail,
    TextTask,
)

if TYPE_CHECKING:
    from msgspec import Struct

# A plugin's options are free-form, which only protobuf's own rules settle; they are not in here.
TASKS: Final[dict[str, type[Struct]]] = {
    "math": MathTask,
    "text": TextTask,
    "format": FormatTask,
    "code": CodeTask,
    "process": ProcessTask,
    "reward_model": RewardModelTask,
    "judge": JudgeTask,
    "puzzle": PuzzleTask,
    "composite": CompositeTask,
}
DETAILS: Final[dict[type[Struct], str]] = {
    MathDetail: "math",
    TextDetail: "text",
    FormatDetail: "format",
    CodeDetail: "code",
    ProcessDetail: "process",
    RewardModelDetail: "reward_model",
    JudgeDetail: "judge",
    PuzzleDetail: "puzzle",
    CompositeDetail: "composite",
}
# JSON allows these inside a string, but many a reader splits a file at them.
LINE_BREAKS: Final = (("\u2028", r"\u2028"), ("\u2029", r"\u2029"), ("\x85", r"\u0085"))
