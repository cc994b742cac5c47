"""What holds of data on the pipe, whatever it is."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sandbox.jail import data

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.builds(range, st.integers(), st.integers(), st.integers(1, 5))
)
HASHABLE = st.recursive(
    SCALARS, lambda inner: st.lists(inner).map(tuple) | st.frozensets(inner), max_leaves=10
)
VALUES = st.recursive(
    SCALARS | st.binary().map(bytearray),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(HASHABLE, inner)
        | st.sets(HASHABLE)
    ),
    max_leaves=20,
)
TAGS = st.sampled_from(
    "int float complex str bytes bytearray tuple set frozenset deque dict range fraction decimal "
    "iterator ndarray ref type other".split()
)
HEX = st.text("0123456789abcdef-", max_size=6)
NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | HEX,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TAGS, inner, max_size=2),
    max_leaves=20,
)


@given(VALUES)
def test_data_comes_back_as_what_it_was(value):
    back = data.decode(data.parse(json.dumps(data.encode(value)).encode("ascii")))
    assert type(back) is type(value)
    assert back == value


@given(NODES)
def test_any_json_is_data_or_refused(node):
    try:
        value = data.decode(node)
    except ValueError:
        return
    data.encode(value)


@given(NODES)
def test_any_json_with_references_is_data_or_refused(node):
    try:
        data.decode(node, resolve=lambda number, name: (number, name))
    except ValueError:
        return


@given(st.binary(max_size=200) | NODES.map(lambda node: json.dumps(node).encode()))
def test_any_bytes_are_json_or_refused(text):
    try:
        data.parse(text, data.Limits(nodes=5))
    except ValueError:
        return
