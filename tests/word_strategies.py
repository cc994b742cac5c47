"""Hypothesis strategies for items and results, derived from the words, so that new fields count."""

import json
from enum import Enum
from typing import get_args, get_origin

from hypothesis import strategies as st
from msgspec import structs

from verifier.format_rules import RULES as WORDS
from verifier.types import (
    CHECKERS,
    Advantage,
    Aggregation,
    AssertionTests,
    BaseTerm,
    CheckerProgram,
    CodeDetail,
    CodeLimits,
    CodeTask,
    Combine,
    CompositeDetail,
    CompositeTask,
    CompositeTerm,
    CountdownPuzzle,
    Criterion,
    Extraction,
    FormatDetail,
    FormatTask,
    FunctionCase,
    FunctionTests,
    Item,
    JudgeDetail,
    JudgeScope,
    JudgeTask,
    KnightsPuzzle,
    MathDetail,
    MathPolicy,
    MathTask,
    PluginDetail,
    PluginTask,
    ProcessDetail,
    ProcessTask,
    PuzzleDetail,
    PuzzleTask,
    ReadFrom,
    Reason,
    Result,
    RewardMode,
    RewardModelDetail,
    RewardModelTask,
    Rubric,
    RuleOutcome,
    ShapeTerm,
    StdioCase,
    StdioTests,
    SudokuPuzzle,
    TextDetail,
    TextMode,
    TextTask,
    Verdict,
)
from verifier.word import Int64, JsonObject

TEXT = st.text(max_size=30)
REFERENCES = st.lists(TEXT, min_size=1, max_size=3).map(tuple)


def _enums_of(ours):
    """A strategy for each field that is an enum."""
    return {
        field.name: st.sampled_from(field.type)
        for field in structs.fields(ours)
        if isinstance(field.type, type) and issubclass(field.type, Enum)
    }


POLICIES = st.builds(
    MathPolicy,
    **_enums_of(MathPolicy),
    **{
        field.name: st.none() | st.floats(0, 0.99)
        for field in structs.fields(MathPolicy)
        if field.type == float | None
    },
    extraction=st.lists(st.sampled_from(Extraction), max_size=3).map(tuple),
)
JSON_OBJECTS = st.dictionaries(
    TEXT, st.none() | st.booleans() | TEXT | st.floats(0.1, 0.9), max_size=3
)
JSON_TEXTS = JSON_OBJECTS.map(lambda value: json.dumps(value, sort_keys=True))
SHARES = st.none() | st.floats(0, 0.99)
NAMES = st.sampled_from(["f", "Solution.solve", "größe"])
CHECKER_PROGRAMS = st.builds(
    CheckerProgram, st.sampled_from(["python", "cpp"]), TEXT.map("print('accept')".__add__)
)
CASES = st.lists(st.builds(StdioCase, TEXT, TEXT), min_size=1, max_size=3).map(tuple)
CALLS = st.builds(
    FunctionCase,
    st.lists(st.integers() | st.floats(-9, 9) | TEXT, max_size=3).map(json.dumps),
    JSON_OBJECTS.map(json.dumps),
)
TESTS = st.one_of(
    st.fixed_dictionaries(
        {
            "stdio": st.one_of(
                st.builds(StdioTests, CASES, st.sampled_from(CHECKERS), SHARES),
                st.builds(StdioTests, CASES, tolerance=SHARES, checker_program=CHECKER_PROGRAMS),
            )
        }
    ),
    st.fixed_dictionaries(
        {
            "function": st.builds(
                FunctionTests, NAMES, st.lists(CALLS, min_size=1, max_size=3).map(tuple), SHARES
            )
        }
    ),
    st.fixed_dictionaries(
        {
            "assertions": st.builds(
                AssertionTests,
                NAMES,
                TEXT,
                st.lists(TEXT, min_size=1, max_size=3).map(tuple),
                TEXT,
                st.booleans(),
            )
        }
    ),
)
LIMITS = st.builds(
    CodeLimits,
    **{
        field.name: st.none()
        | (
            st.floats(0.001, 600)
            if field.type == float | None
            else st.integers(1, 2**10 if field.type == int | None else 2**28)
        )
        for field in structs.fields(CodeLimits)
    },
)


def _weighted(task):
    """The task with weights for its tests, where it may have them."""
    tests = task.stdio or task.function
    if task.reward_mode is not RewardMode.FRACTION or tests is None:
        return task
    count = len(tests.cases)
    return structs.replace(task, test_weights=(0.0,) * (count - 1) + (0.5,))


CODE_TASKS = st.builds(
    lambda tests, **others: _weighted(CodeTask(**tests, **others)),
    TESTS,
    language=st.sampled_from(["python", "brainfuck"]),
    limits=LIMITS,
    reward_mode=st.sampled_from(RewardMode),
    stop_at_first_failure=st.booleans(),
)
PLACES = st.integers(0, 2**32 - 1)


_PARTS = {
    str: TEXT,
    bool: st.booleans(),
    float: st.floats(0, 1),
    int: st.integers(-(2**31), 2**31 - 1),
    Int64: st.integers(-(2**63), 2**63 - 1),
    JsonObject: JSON_TEXTS,
    MathPolicy: POLICIES,
    tuple[int, int]: st.tuples(PLACES, PLACES),
}


def _part(annotation):
    """Values for one field."""
    optional = type(None) in get_args(annotation)
    kind = get_args(annotation)[0] if optional else annotation
    if kind in _PARTS:
        values = _PARTS[kind]
    elif get_origin(kind) is tuple:
        values = st.lists(_part(get_args(kind)[0]), max_size=3).map(tuple)
    elif issubclass(kind, Enum):
        values = st.sampled_from(kind)
    else:
        values = _whole(kind)
    return st.none() | values if optional else values


def _whole(ours):
    return st.builds(ours, *(_part(field.type) for field in structs.fields(ours)))


RULES = st.one_of(*map(_whole, WORDS.values()))
SCORES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
PUZZLES = [
    _whole(CountdownPuzzle),
    _whole(SudokuPuzzle),
    # The words for both kinds have defaults, for which an empty text stands on the wire.
    st.builds(KnightsPuzzle, st.lists(TEXT, max_size=3).map(tuple), JSON_TEXTS, TEXT.filter(bool)),
]
PUZZLE_TASKS = st.one_of(
    st.builds(PuzzleTask, countdown=PUZZLES[0]),
    st.builds(PuzzleTask, sudoku=PUZZLES[1]),
    st.builds(PuzzleTask, knights=PUZZLES[2]),
)
CRITERIA = st.builds(Criterion, TEXT.filter(str.strip), TEXT, st.floats(0, 9), st.booleans())
JUDGE_TASKS = st.builds(
    JudgeTask,
    reference_answer=TEXT,
    rubric=st.none()
    | st.builds(
        Rubric,
        st.lists(CRITERIA, min_size=1, max_size=3, unique_by=lambda one: one.name).map(tuple),
    ),
    template=TEXT,
    votes=st.integers(0, 256),
    scope=st.none() | st.sampled_from(JudgeScope),
    backend=TEXT,
    threshold=SCORES,
    context=TEXT,
    steps=st.lists(TEXT, max_size=3).map(tuple),
    seed=st.none() | st.integers(0, 2**31 - 1),
    temperature=st.none() | st.floats(0, 9),
    read_from=st.none() | st.sampled_from(ReadFrom),
    max_tokens=st.none() | st.integers(1, 2**31 - 1),
)
COMMON_SINGLES = st.one_of(
    CODE_TASKS,
    PUZZLE_TASKS,
    st.builds(
        ProcessTask,
        st.lists(TEXT, max_size=3).map(tuple),
        TEXT,
        TEXT.filter(bool),
        st.sampled_from(Aggregation),
        SCORES,
        SCORES,
    ),
    st.builds(RewardModelTask, TEXT.filter(bool), SCORES),
    JUDGE_TASKS,
    st.builds(MathTask, REFERENCES, POLICIES),
    st.builds(TextTask, REFERENCES, st.sampled_from(TextMode)),
    st.builds(TextTask, REFERENCES, st.just(TextMode.F1), st.floats(0.01, 1)),
    st.builds(FormatTask, st.lists(RULES, min_size=1, max_size=3).map(tuple)),
)
PLUGIN_TASKS = st.builds(PluginTask, TEXT.filter(bool), JSON_TEXTS)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def _composites(singles):
    """Composite tasks around these: a recipe with its parameters, or terms of every kind."""
    how = {
        "combine": st.sampled_from(Combine),
        "clip_min": st.none() | st.floats(-9, 0),
        "clip_max": st.none() | st.floats(0, 9),
        "advantage": st.none() | st.sampled_from(Advantage),
        "group_size": st.none() | st.integers(1, 2**31 - 1),
    }
    named = st.builds(
        CompositeTask,
        recipe=TEXT.filter(bool),
        base=st.none() | singles,
        options=JSON_TEXTS,
        **how,
    )
    numbers = (SCORES, FINITE)  # for it being UNSCORED, and added to it
    scored = st.builds(
        CompositeTerm,
        TEXT.filter(bool),
        singles | st.just(BaseTerm()),
        FINITE,
        st.booleans(),
        *numbers,
    )
    shaped = st.builds(
        CompositeTerm, TEXT.filter(bool), _whole(ShapeTerm), FINITE, st.just(False), *numbers
    )
    terms = st.lists(scored | shaped, min_size=1, max_size=3, unique_by=lambda term: term.name)
    return named | st.builds(CompositeTask, terms.map(tuple), base=singles, **how)


COMMON_TASKS = COMMON_SINGLES | _composites(COMMON_SINGLES)
TASKS = COMMON_TASKS | PLUGIN_TASKS | _composites(COMMON_SINGLES | PLUGIN_TASKS)


def items(tasks):
    tokens = st.none() | st.integers(0, 2**40)
    return st.builds(Item, TEXT.filter(bool), TEXT, tasks, TEXT, TEXT, tokens, st.booleans())


COMMON_DETAILS = st.one_of(
    st.none(),
    *map(
        _whole,
        (
            MathDetail,
            TextDetail,
            CodeDetail,
            ProcessDetail,
            RewardModelDetail,
            CompositeDetail,
            JudgeDetail,
        ),
    ),
    _whole(PuzzleDetail),
    st.builds(FormatDetail, st.lists(_whole(RuleOutcome), max_size=3).map(tuple)),
)
DETAILS = COMMON_DETAILS | st.builds(PluginDetail, JSON_TEXTS)


def results(details, texts=TEXT):
    return st.builds(
        Result,
        id=texts,
        verdict=st.sampled_from(Verdict),
        reason=st.sampled_from(Reason),
        reward=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        message=texts,
        detail=details,
        verifier=TEXT,
        queue_seconds=st.floats(0, 9),
        work_seconds=st.floats(0, 9),
    )


ITEMS = items(TASKS)
RESULTS = results(DETAILS)
