"""The words everything else is written in: items, tasks, outcomes, results.

Frozen structs and enums; no protobuf, no input or output. The wire's messages are turned into these
at the edge (`verifier.convert`), and nothing behind the edge knows that a wire exists.

The structs are msgspec's: made and hashed in C, at a fifth of what frozen dataclasses cost, which
for a plain number is what scoring it costs.
"""

from __future__ import annotations

import math

from msgspec import Struct

from verifier import (
    code_task,
    composite_task,
    format_rules,
    judge_task,
    math_policy,
    model_task,
    puzzle_task,
    verdicts,
)
from verifier.word import Int64, Word

Verdict = verdicts.Verdict
Reason = verdicts.Reason


# ---------------------------------------------------------------------------------------- tasks


# Words of their own files, for everybody who knows the words from here.
Extraction = math_policy.Extraction
Preset = math_policy.Preset
PercentPolicy = math_policy.PercentPolicy
UnitPolicy = math_policy.UnitPolicy
OrderPolicy = math_policy.OrderPolicy
SymbolCase = math_policy.SymbolCase
DuplicatePolicy = math_policy.DuplicatePolicy
AssignmentPolicy = math_policy.AssignmentPolicy
ConstantPolicy = math_policy.ConstantPolicy
MathPolicy = math_policy.MathPolicy

FormatRule = format_rules.FormatRule
TagFlavour = format_rules.TagFlavour
LengthUnit = format_rules.LengthUnit
Strictness = format_rules.Strictness
Grading = format_rules.Grading
ThinkAnswerRule = format_rules.ThinkAnswerRule
ThinkRule = format_rules.ThinkRule
TagCountRule = format_rules.TagCountRule
XmlCountRule = format_rules.XmlCountRule
BoxedRule = format_rules.BoxedRule
CodeBlockRule = format_rules.CodeBlockRule
ReactRule = format_rules.ReactRule
ReasoningStepsRule = format_rules.ReasoningStepsRule
RegexRule = format_rules.RegexRule
JsonRule = format_rules.JsonRule
JsonSchemaRule = format_rules.JsonSchemaRule
LanguageConsistencyRule = format_rules.LanguageConsistencyRule
OneLanguageRule = format_rules.OneLanguageRule
RepetitionRule = format_rules.RepetitionRule
LoopRule = format_rules.LoopRule
LengthRule = format_rules.LengthRule
LongBlockRule = format_rules.LongBlockRule
LongParagraphRule = format_rules.LongParagraphRule
NoCodeInThoughtRule = format_rules.NoCodeInThoughtRule
IfevalRule = format_rules.IfevalRule
RuleOutcome = format_rules.RuleOutcome

CHECKERS = code_task.CHECKERS
CodeTask = code_task.CodeTask
StdioTests = code_task.StdioTests
StdioCase = code_task.StdioCase
CheckerProgram = code_task.CheckerProgram
FunctionTests = code_task.FunctionTests
FunctionCase = code_task.FunctionCase
AssertionTests = code_task.AssertionTests
CodeLimits = code_task.CodeLimits
RewardMode = code_task.RewardMode
Assurance = code_task.Assurance
Aggregation = model_task.Aggregation
ProcessTask = model_task.ProcessTask
RewardModelTask = model_task.RewardModelTask
ProcessDetail = model_task.ProcessDetail
RewardModelDetail = model_task.RewardModelDetail
JudgeScope = judge_task.JudgeScope
JudgeMode = judge_task.JudgeMode
ReadFrom = judge_task.ReadFrom
Criterion = judge_task.Criterion
Rubric = judge_task.Rubric
JudgeTask = judge_task.JudgeTask
JudgeUsage = judge_task.JudgeUsage
CriterionOutcome = judge_task.CriterionOutcome
JudgeDetail = judge_task.JudgeDetail
NumberUse = puzzle_task.NumberUse
CountdownPuzzle = puzzle_task.CountdownPuzzle
SudokuPuzzle = puzzle_task.SudokuPuzzle
KnightsPuzzle = puzzle_task.KnightsPuzzle
PuzzleTask = puzzle_task.PuzzleTask
PuzzleDetail = puzzle_task.PuzzleDetail
Combine = composite_task.Combine
Advantage = composite_task.Advantage
BaseTerm = composite_task.BaseTerm
ShapeTerm = composite_task.ShapeTerm
CompositeTerm = composite_task.CompositeTerm
CompositeTask = composite_task.CompositeTask
TermOutcome = composite_task.TermOutcome
CompositeDetail = composite_task.CompositeDetail


class Method(Word):
    """Which layer decided that a candidate does or does not equal a reference answer."""

    TEXT = "TEXT"  # same text after normalisation
    EXACT = "EXACT"  # exact rational arithmetic
    TOLERANCE = "TOLERANCE"  # within the tolerance that the reference's own digits imply
    STRUCTURAL = "STRUCTURAL"  # same syntax tree up to order of sums and products
    NUMERIC = "NUMERIC"  # by numbers with proven error bounds: apart proves inequality
    ALGEBRAIC = "ALGEBRAIC"  # same polynomial or rational function, by exact arithmetic
    SYMBOLIC = "SYMBOLIC"  # by computer algebra, in a worker process


class MathTask(Struct, frozen=True):
    """Is the completion's answer mathematically equal to any of the reference answers?"""

    reference_answers: tuple[str, ...]
    policy: MathPolicy = MathPolicy()


class TextMode(Word):
    """How text is compared with the reference answers."""

    EXACT = "EXACT"  # equal after Unicode, case and white-space folding
    CHOICE = "CHOICE"  # the option letter chosen
    F1 = "F1"  # token overlap, 0..1
    CONTAINS = "CONTAINS"  # the reference occurs as whole words


class TextTask(Struct, frozen=True):
    """Does the completion's text match any of the reference answers?

    Attributes:
        threshold: for F1 only: CORRECT from this overlap on, in (0, 1]. None: a partial overlap is
            SCORED.
    """

    reference_answers: tuple[str, ...]
    mode: TextMode = TextMode.EXACT
    threshold: float | None = None


class FormatTask(Struct, frozen=True):
    """Does the completion obey all of these rules?"""

    rules: tuple[format_rules.FormatRule, ...]


class PluginTask(Struct, frozen=True):
    """A task for a verifier installed through the entry point group ``verifier.plugins``.

    Attributes:
        options_json: the options as one JSON object, so that the task stays hashable.
    """

    name: str
    options_json: str = "{}"


class InvalidTask(Struct, frozen=True):
    """Stands for an item that could not be read, so that it keeps its place among its neighbours.

    Attributes:
        problem: what is wrong and what would be right.
    """

    problem: str


SingleTask = (
    MathTask
    | TextTask
    | FormatTask
    | CodeTask
    | ProcessTask
    | RewardModelTask
    | JudgeTask
    | PuzzleTask
    | PluginTask
)
KnownTask = SingleTask | CompositeTask
Task = KnownTask | InvalidTask


class Item(Struct, frozen=True):
    """One completion and the task it was answering.

    Attributes:
        id: the caller's name for it; results carry it back.
        completion: the model's text, untrusted.
        prompt: what was asked; only some tasks need it.
        group_id: rollouts of one prompt share it.
        completion_tokens: its length as the policy counts; None if not given.
        truncated: whether generation stopped at its length limit.
    """

    id: str
    completion: str
    task: Task
    prompt: str = ""
    group_id: str = ""
    completion_tokens: Int64 | None = None
    truncated: bool = False


# ------------------------------------------------------------------------------------- outcomes


class MathDetail(Struct, frozen=True):
    """What the math verifier looked at.

    Attributes:
        candidate: the answer found in the completion, as written.
        matched_reference: the reference answer it equals, if any.
        method: the layer that decided.
        extraction: the rule that found the candidate.
        span: its place in the completion, as [start, end) in code points.
        policy: the switches as they were set, where the request set any.
    """

    candidate: str | None = None
    matched_reference: str | None = None
    method: Method | None = None
    extraction: Extraction | None = None
    span: tuple[int, int] | None = None
    policy: MathPolicy | None = None


class TextDetail(Struct, frozen=True):
    """What the text verifier looked at.

    Attributes:
        candidate: the text that was compared.
        matched_reference: the best matching reference answer, if any matches.
        f1: token overlap in [0, 1]; F1 mode only.
    """

    candidate: str | None = None
    matched_reference: str | None = None
    f1: float | None = None


class FormatDetail(Struct, frozen=True):
    """What each format rule said, in the order asked."""

    rules: tuple[format_rules.RuleOutcome, ...]


class TestOutcome(Struct, frozen=True):
    """What one test said.

    Attributes:
        verdict: CORRECT, INCORRECT or UNSCORED.
        reason: why.
        cpu_seconds: CPU time used.
        wall_seconds: time on the clock.
        memory_bytes: peak memory.
        message: what was expected and what came, shortened.
    """

    __test__ = False  # pytest takes a class of such a name for one of its own

    verdict: Verdict
    reason: Reason
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    memory_bytes: Int64 = 0
    message: str = ""


class CodeDetail(Struct, frozen=True):
    """What the tests said.

    Attributes:
        passed: how many are CORRECT, of `total`.
        tests: one per test, in order.
        isolation: the level that the program ran under.
        assurance: how far what decided was kept from the program; None if nothing ran.
        language: name and version of what the program ran in, ``python 3.11.2``.
    """

    passed: int
    total: int
    tests: tuple[TestOutcome, ...]
    isolation: str = ""
    assurance: Assurance | None = None
    language: str = ""


class PluginDetail(Struct, frozen=True):
    """Whatever the plugin wants to tell, as one JSON object."""

    data_json: str = "{}"


Detail = (
    MathDetail
    | TextDetail
    | FormatDetail
    | CodeDetail
    | model_task.Detail
    | JudgeDetail
    | PluginDetail
    | PuzzleDetail
    | CompositeDetail
)


class Outcome(Struct, frozen=True):
    """What a verifier says of one completion.

    Raises:
        ValueError: an UNSCORED outcome with a reward, any other without a finite one. This is the
            one place that keeps a failure from becoming a number in somebody's training run.
    """

    verdict: Verdict
    reason: Reason
    reward: float | None
    message: str = ""
    detail: Detail | None = None

    def __post_init__(self) -> None:
        if self.verdict is Verdict.UNSCORED:
            if self.reward is not None:
                raise ValueError(f"an UNSCORED outcome has no reward, got {self.reward!r}")
        elif self.reward is None or not math.isfinite(self.reward):
            raise ValueError(f"{self.verdict.value} needs a finite reward, got {self.reward!r}")

    @classmethod
    def correct(cls, reason: Reason, message: str = "", detail: Detail | None = None) -> Outcome:
        """A right completion: reward 1."""
        return cls(Verdict.CORRECT, reason, 1.0, message, detail)

    @classmethod
    def incorrect(cls, reason: Reason, message: str = "", detail: Detail | None = None) -> Outcome:
        """A wrong completion: reward 0."""
        return cls(Verdict.INCORRECT, reason, 0.0, message, detail)

    @classmethod
    def unscored(cls, reason: Reason, message: str = "", detail: Detail | None = None) -> Outcome:
        """Could not tell: no reward."""
        return cls(Verdict.UNSCORED, reason, None, message, detail)


class Result(Struct, frozen=True):
    """An outcome on its way back to the caller.

    Attributes:
        id: the item's.
        verdict, reason, reward, message, detail: as in `Outcome`; `reward` is None if UNSCORED.
        verifier: name and version of what decided, ``math/2``; empty if nothing got to decide.
        queue_seconds: waiting, from admission to the verifier's start.
        work_seconds: inside the verifier.
    """

    id: str
    verdict: Verdict
    reason: Reason
    reward: float | None
    message: str = ""
    detail: Detail | None = None
    verifier: str = ""
    queue_seconds: float = 0.0
    work_seconds: float = 0.0


# Items with the verdict each must get wherever the verifier works at all.
SelfTest = tuple[tuple[Item, Verdict], ...]


class VerifierInfo(Struct, frozen=True):
    """One entry of the list of verifiers.

    Attributes:
        name: the task's field name in a row.
        version: changes whenever a verdict could.
        description: one sentence.
        members: what it offers by name, if anything; what cannot be used says why, in brackets.
        kind: ``inline``, ``async``, ``composing``, ``plugin`` or ``forwarded``.
        isolation: the level that untrusted programs run under; empty where there are none.
        models: the names of those it can use.
    """

    name: str
    version: str
    description: str
    kind: str
    members: tuple[str, ...] = ()
    isolation: str = ""
    models: tuple[str, ...] = ()
