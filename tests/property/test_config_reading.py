"""Reading a configuration key by key agrees with reading it at once, and never gives up."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from verifier.config import Config
from verifier.config.reading import UNUSABLE, Reading
from verifier.config.schema import names_in, step

VALUES = st.recursive(
    st.booleans()
    | st.integers(-2, 2**33)
    | st.floats()
    | st.sampled_from(["", "a", "local", "openai", "5", "127.0.0.1:1"])
    | st.dates(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=3,
)


@st.composite
def tables(draw, annotation, depth=4):
    """A table of a type, most of its keys and values right, some of them not."""
    known = names_in(annotation) or ("one", "a b")
    table = {}
    for name in draw(st.lists(st.sampled_from((*known, "unknown")), max_size=3, unique=True)):
        inner = step(annotation, name)
        right = st.nothing()
        if inner is not None and depth and (names_in(inner) or "dict" in str(inner)):
            right = tables(inner, depth - 1)
        elif inner is str:
            right = st.sampled_from(["a", "local", "openai"])
        elif inner in (int, float):
            right = st.integers(1, 100)
        table[name] = draw(right | VALUES) if draw(st.booleans()) else draw(VALUES | right)
    return table


@given(values=tables(Config))
def test_there_is_a_problem_exactly_where_reading_at_once_fails(values):
    reading = Reading(Config)
    usable = reading.value(Config, values, ())
    try:
        at_once = msgspec.convert(values, Config)
    except msgspec.ValidationError:
        assert reading.problems
    else:
        assert reading.problems == []
        assert msgspec.convert(usable, Config) == at_once or at_once != at_once  # noqa: PLR0124 - nan


@given(values=tables(Config))
def test_what_is_usable_can_be_read_whatever_is_wrong(values):
    reading = Reading(Config)
    usable = reading.value(Config, values, ())
    assert usable is not UNUSABLE
    msgspec.convert(usable, Config)


@given(values=tables(Config))
def test_each_problem_names_a_key_that_stands_there_or_is_missing(values):
    reading = Reading(Config)
    reading.value(Config, values, ())
    for problem in reading.problems:
        *table, last = problem.path
        node = values
        for part in table:
            node = node[part]
        missing = "is missing" in problem.what or "and is missing" in problem.what
        assert missing != (last in node if isinstance(node, dict) else last < len(node))
