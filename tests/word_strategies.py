"""Hypothesis strategies for items and results, derived from the words, so that new fields count."""

import json
from enum import Enum

from hypothesis import strategies as st
from msgspec import structs

from verifier.types import (
    BoxedRule,
    Extraction,
    FormatDetail,
    FormatTask,
    Item,
    MathDetail,
    MathPolicy,
    MathTask,
    PluginDetail,
    PluginTask,
    Reason,
    Result,
    RuleOutcome,
    TextDetail,
    TextMode,
    TextTask,
    ThinkAnswerRule,
    Verdict,
)

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
COMMON_TASKS = st.one_of(
    st.builds(MathTask, REFERENCES, POLICIES),
    st.builds(TextTask, REFERENCES, st.sampled_from(TextMode)),
    st.builds(TextTask, REFERENCES, st.just(TextMode.F1), st.floats(0.01, 1)),
    st.builds(
        FormatTask,
        st.lists(st.sampled_from([BoxedRule(), ThinkAnswerRule()]), min_size=1).map(tuple),
    ),
)
TASKS = COMMON_TASKS | st.builds(PluginTask, TEXT.filter(bool), JSON_TEXTS)


def items(tasks):
    return st.builds(Item, TEXT.filter(bool), TEXT, tasks, TEXT, TEXT)


PLACES = st.integers(0, 2**32 - 1)


def _part(annotation):
    """Values for one field of a detail."""
    optional = type(None) in getattr(annotation, "__args__", ())
    kind = annotation.__args__[0] if optional else annotation
    if kind is str:
        values = TEXT
    elif kind is MathPolicy:
        values = POLICIES
    elif kind == tuple[int, int]:
        values = st.tuples(PLACES, PLACES)
    elif kind is float:
        values = st.floats(0, 1)
    else:
        values = st.sampled_from(kind)
    return st.none() | values if optional else values


COMMON_DETAILS = st.one_of(
    st.none(),
    *(
        st.builds(ours, *(_part(field.type) for field in structs.fields(ours)))
        for ours in (MathDetail, TextDetail)
    ),
    st.builds(FormatDetail, st.lists(st.builds(RuleOutcome, TEXT, st.booleans(), TEXT)).map(tuple)),
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
