"""Our words and the wire's messages: the same fields, in the same order, under the same names."""

from itertools import chain

import pytest
from msgspec import structs

from verifier.branches import BranchScore, BranchScores, StepBranch
from verifier.convert.enums import wire_names
from verifier.convert.row_writer import RESULT_ORDER
from verifier.convert.words import DETAILS, TASKS
from verifier.format_rules import RULES
from verifier.types import (
    Aggregation,
    AssertionTests,
    Assurance,
    BaseTerm,
    CheckerProgram,
    CodeLimits,
    CompositeTask,
    CompositeTerm,
    CountdownPuzzle,
    Criterion,
    CriterionOutcome,
    Extraction,
    FunctionCase,
    FunctionTests,
    Item,
    JudgeUsage,
    KnightsPuzzle,
    MathPolicy,
    Method,
    Reason,
    Result,
    RewardMode,
    Rubric,
    RuleOutcome,
    ShapeTerm,
    StdioCase,
    StdioTests,
    SudokuPuzzle,
    TermOutcome,
    TestOutcome,
    TextMode,
    Verdict,
)
from verifier.v1 import (
    code_pb2,
    composite_pb2,
    format_pb2,
    item_pb2,
    judge_pb2,
    math_pb2,
    process_pb2,
    puzzle_pb2,
    result_pb2,
    text_pb2,
    verdict_pb2,
)
from verifier.word import Word

# Fields that are left to protobuf's JSON: free-form.
SLOW = {"plugin"}
STRUCTS = [
    *(
        (ours, item_pb2.ScoreItem, name)
        for name, ours in TASKS.items()
        if ours is not CompositeTask
    ),
    *((ours, result_pb2.ScoreResult, name) for ours, name in DETAILS.items()),
    (MathPolicy, math_pb2.MathTask, "policy"),
    (RuleOutcome, format_pb2.FormatDetail, "rules"),
    (StdioTests, code_pb2.CodeTask, "stdio"),
    (StdioCase, code_pb2.StdioTests, "cases"),
    (CheckerProgram, code_pb2.StdioTests, "checker_program"),
    (FunctionTests, code_pb2.CodeTask, "function"),
    (FunctionCase, code_pb2.FunctionTests, "cases"),
    (AssertionTests, code_pb2.CodeTask, "assertions"),
    (CodeLimits, code_pb2.CodeTask, "limits"),
    (TestOutcome, code_pb2.CodeDetail, "tests"),
    *((rule, format_pb2.FormatRule, name) for name, rule in RULES.items()),
    (CountdownPuzzle, puzzle_pb2.PuzzleTask, "countdown"),
    (SudokuPuzzle, puzzle_pb2.PuzzleTask, "sudoku"),
    (KnightsPuzzle, puzzle_pb2.PuzzleTask, "knights"),
    (Rubric, judge_pb2.JudgeTask, "rubric"),
    (Criterion, judge_pb2.Rubric, "criteria"),
    (JudgeUsage, judge_pb2.JudgeDetail, "usage"),
    (CriterionOutcome, judge_pb2.JudgeDetail, "criteria"),
    (BaseTerm, composite_pb2.CompositeTerm, "base"),
    (ShapeTerm, composite_pb2.CompositeTerm, "shape"),
    (TermOutcome, composite_pb2.CompositeDetail, "terms"),
    (StepBranch, process_pb2.ScoreStepsRequest, "branches"),
    (BranchScore, process_pb2.ScoreStepsResponse, "results"),
]


def fields_of(message, *, oneof):
    """Names of the fields in a oneof or of those in none, in the order of their numbers."""
    fields = sorted(message.DESCRIPTOR.fields, key=lambda field: field.number)
    real = [(field, field.containing_oneof) for field in fields]
    # What is `optional` stands in a oneof of its own, whose name begins with an underscore.
    inside = {field.name: choice and not choice.name.startswith("_") for field, choice in real}
    return [name for name, is_inside in inside.items() if bool(is_inside) == oneof]


@pytest.mark.parametrize(
    ("ours", "parent", "name"), STRUCTS, ids=[ours.__name__ for ours, _, _ in STRUCTS]
)
def test_a_struct_has_the_fields_of_its_message_in_the_order_of_their_numbers(ours, parent, name):
    message = parent.DESCRIPTOR.fields_by_name[name].message_type
    in_order = sorted(message.fields, key=lambda field: field.number)
    assert [field.name for field in structs.fields(ours)] == [field.name for field in in_order]


def test_items_and_results_have_the_fields_of_their_messages():
    texts = fields_of(item_pb2.ScoreItem, oneof=False)
    assert {field.name for field in structs.fields(Item)} == {*texts, "task"}
    assert {*TASKS, *SLOW} == set(fields_of(item_pb2.ScoreItem, oneof=True))
    assert list(RESULT_ORDER) == fields_of(result_pb2.ScoreResult, oneof=False)
    assert {field.name for field in structs.fields(Result)} == {*RESULT_ORDER, "detail"}
    assert {*DETAILS.values(), *SLOW} == set(fields_of(result_pb2.ScoreResult, oneof=True))
    assert set(RULES) == set(fields_of(format_pb2.FormatRule, oneof=True))


def test_composite_tasks_and_terms_have_the_fields_of_their_messages():
    message = composite_pb2.CompositeTask
    assert {field.name for field in structs.fields(CompositeTask)} == set(
        fields_of(message, oneof=False)
    )
    others = set(fields_of(composite_pb2.CompositeTerm, oneof=False))
    assert {field.name for field in structs.fields(CompositeTerm)} == {*others, "task"}
    singles = {*TASKS, *SLOW} - {"composite"}
    assert set(fields_of(composite_pb2.BaseTask, oneof=True)) == singles
    assert set(fields_of(composite_pb2.CompositeTerm, oneof=True)) == {*singles, "base", "shape"}


def enums_of(ours):
    """Every enum that a struct's fields name."""
    for field in structs.fields(ours):
        for kind in chain([field.type], getattr(field.type, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, Word):
                yield kind


def test_every_enum_has_the_names_of_the_wire():
    structs_ = [*(ours for ours, _, _ in STRUCTS), Result, CompositeTask]
    found = {kind for ours in structs_ for kind in enums_of(ours)}
    assert found >= {Verdict, Reason, Extraction, Method, TextMode, RewardMode, Assurance}
    assert Aggregation in found
    wires = {
        **verdict_pb2.DESCRIPTOR.enum_types_by_name,
        **math_pb2.DESCRIPTOR.enum_types_by_name,
        **text_pb2.DESCRIPTOR.enum_types_by_name,
        **code_pb2.DESCRIPTOR.enum_types_by_name,
        **process_pb2.DESCRIPTOR.enum_types_by_name,
        **format_pb2.DESCRIPTOR.enum_types_by_name,
        **composite_pb2.DESCRIPTOR.enum_types_by_name,
        **puzzle_pb2.DESCRIPTOR.enum_types_by_name,
        **judge_pb2.DESCRIPTOR.enum_types_by_name,
    }
    for ours in found:
        assert set(wire_names(ours).values()) == set(wires[ours.__name__].values_by_name)


def test_a_search_answers_with_the_fields_of_its_message():
    fields = process_pb2.ScoreStepsResponse.DESCRIPTOR.fields
    in_order = sorted(fields, key=lambda field: field.number)
    assert [field.name for field in structs.fields(BranchScores)] == [f.name for f in in_order]
