"""On which line of a TOML file each key stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.config.lines import key_lines
from verifier.config.showing import toml

FILE = '''\
# A comment, and "a [bracket" in it.

first = 1
dotted.key = { inline = [1, { deep = 2 }] }

[table] # with a comment
"quoted.name" = "a # is no comment"
text = """
[no.header]
no_key = 1
"""

literal = \'\'\'
also = "no key"\'\'\'
after = 2

[table.inner]
on = true

[[list]]
name = "one"
[list.sub]
x = 1
[[list.of]]
y = 1
[[list.of]]
y = 2

[[list]]
name = "two"
[table.later]
values = [
  1,
  # a comment
  { a = 1, b = [
    2,
    3] },
  ["x",
   "y"],
  4]
last = 5
'''

LINES = [
    (("first",), 3, "a key"),
    (("dotted",), 4, "a table that a dotted key makes"),
    (("dotted", "key", "inline", 1, "deep"), 4, "a key of an inline table in a list"),
    (("table",), 6, "a header"),
    (("table", "quoted.name"), 7, "a key in quotes"),
    (("table", "text"), 8, "a text of several lines, where it begins"),
    (("table", "literal"), 13, "such a text of the other kind"),
    (("table", "after"), 15, "a key after it"),
    (("table", "inner", "on"), 18, "a key of a later header"),
    (("list",), 20, "the first table of a list of tables"),
    (("list", 0, "name"), 21, "a key in it"),
    (("list", 0, "sub", "x"), 23, "a table inside it"),
    (("list", 0, "of", 1, "y"), 27, "the second table of a list inside it"),
    (("list", 1), 29, "the second table of the list"),
    (("list", 1, "name"), 30, "a key in it"),
    (("table", "later"), 31, "another table of one that began earlier"),
    (("table", "later", "values"), 32, "a list of several lines, where it begins"),
    (("table", "later", "values", 0), 33, "an element on a line of its own"),
    (("table", "later", "values", 1, "b"), 35, "a key of an inline table in it"),
    (("table", "later", "values", 1, "b", 1), 37, "an element deep inside"),
    (("table", "later", "values", 2, 1), 39, "an element of a list in a list"),
    (("table", "later", "values", 3), 40, "the last one, on the line of the bracket"),
    (("table", "later", "last"), 41, "what follows"),
]


@pytest.mark.parametrize(("path", "line", "why"), LINES, ids=[why for _, _, why in LINES])
def test_each_key_has_the_line_on_which_it_begins(path, line, why):
    assert key_lines(FILE)[path] == line, why


@pytest.mark.parametrize("text", [FILE, FILE.replace("\n", "\r\n"), FILE.rstrip("\n"), "", "\n"])
def test_every_key_has_a_line(text):
    assert set(paths(tomllib.loads(text), ())) <= {(), *key_lines(text)}


def test_what_is_no_toml_from_some_line_on_keeps_the_lines_before_it():
    assert key_lines("a = 1\nb = [\nc = 3\n") == {("a",): 1}


def test_long_lists_are_read_in_good_time():
    """Ten thousand lines: reading every beginning of such a list would take hours."""
    text = "[recipes.mine]\nparameters = { p = [\n" + '  ["x"],\n' * 10_000 + "] }\nafter = 1\n"
    found = key_lines(text)
    assert found["recipes", "mine", "parameters", "p", 9_999] == 2
    assert found["recipes", "mine", "after"] == 10_004


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(
    tables=st.dictionaries(
        st.text(max_size=4), st.dictionaries(st.text(max_size=4), VALUES, max_size=3), max_size=4
    ),
    gaps=st.lists(st.sampled_from(["", "# [x]", "   "]), min_size=1, max_size=3),
)
def test_whatever_is_written_is_found_where_it_was_written(tables, gaps):
    lines, expected = [], {}
    for name, table in tables.items():
        lines += [*gaps, f"[{toml(name)}]"]
        expected[name,] = len(lines)
        for key, value in table.items():
            lines += [*gaps, f"{toml(key)} = {toml(value)}"]
            expected |= dict.fromkeys(paths(value, (name, key)), len(lines))
    found = key_lines("\n".join(lines))
    assert {path: line for path, line in found.items() if path} == expected


def paths(value, path):
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for key, one in enumerate(value) if isinstance(value, list) else inner:
        yield from paths(one, (*path, key))
