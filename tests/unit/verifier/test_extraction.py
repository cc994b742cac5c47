"""The golden table of where programs are found, and what a table cannot say."""

import pytest
from case_rows import case_rows

from verifier.programs.extraction import find_program
from verifier.programs.fences import fenced_blocks, language_of

ROWS = case_rows("code/extraction")
MANY = 1 << 18


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_golden_row_gets_its_program(row):
    found = find_program(
        row["completion"], row["language"], row.get("prompt", ""), row.get("entry_point", "")
    )
    assert found == row["program"]


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("", ""),
        ("  ", ""),
        ("python", "python"),
        ("PYTHON3", "python"),
        ("{python}", "python"),
        ("{ .py #id }", "python"),
        ("pypy3.10", "python"),
        ("node.js", "javascript"),
        ("js{1,3}", "javascript"),
        ("C++", "cpp"),
        ("c++-20", "cpp"),
        ("main.rs", "rust"),
        ("c99", "c"),
        ("Text", "text"),
        ("csharp", "csharp"),
        ("c#", "c#"),
        ("typescript", "typescript"),
        ("3", "3"),
        ("日本", "日本"),
        ("@", ""),
    ],
)
def test_language_is_read_from_the_info_string(info, language):
    assert language_of(info) == language


def test_a_language_without_a_table_entry_is_found_by_its_own_name():
    assert find_program("```zig\na\n```", "zig") == "a\n"


def test_blocks_come_in_order_with_their_languages():
    blocks, text = fenced_blocks("```py\na\n```\n```\nb\n```\n~~~text\nc\n~~~")
    assert [(block.language, block.text) for block in blocks] == [
        ("python", "a\n"),
        ("", "b\n"),
        ("text", "c\n"),
    ]
    assert text.endswith("~~~")


@pytest.mark.parametrize(
    "text",
    [
        "`" * MANY,
        "`" * MANY + "x",
        "```\n" * MANY,
        "```python\n" * MANY,
        "x```" * MANY,
        "~`" * MANY,
        "```py\n" + "x``` " * MANY,
        "```py\n" + "`" * MANY + "x",
        " " * MANY + "```",
        "```" + "a" * MANY,
        "```" + "." * MANY,
        "  ```py\n" + " " * MANY,
        "  ```py\n" + "\n" * MANY,
        "def " * MANY,
        "def" + " " * MANY,
        "<answer>" * MANY + "</answer>",
        "\0" * MANY,
        "\ud800" * MANY,
    ],
    ids=range(18),
)
def test_hostile_completions_and_prompts_are_read_through(text):
    find_program(text, "python", "def f(x):\n", "f")
    find_program("    return x\n", "python", text, "f")
