"""`verifier-cli check-references`: files of several shapes, findings, exit codes."""

import gzip
import json

import pytest


@pytest.fixture
def check(program, tmp_path):
    """Examines bytes as a file; returns exit code, findings and standard error."""

    def run(content, *arguments):
        source = tmp_path / "references.jsonl"
        source.write_bytes(content)
        code, out, err = program.run("check-references", source, *arguments)
        return code, out.splitlines(), err

    return run


def objects(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def row(*references, **others):
    return {"completion": "", "math": {"reference_answers": references}, **others}


def test_clear_references_end_well_and_say_nothing(check):
    code, out, err = check(objects(row("42"), row("\\frac{1}{2}", "0.5")))
    assert (code, out) == (0, [])
    assert "3 reference answers in 2 rows, 0 cannot be scored" in err


def test_note_names_place_answer_and_cure_and_is_no_failure(check):
    code, (line,), err = check(objects(row("42"), row("1,234")))
    assert code == 0
    assert 'references.jsonl:2: "1,234": comma:' in line
    assert "write 1234 or 1, 234" in line
    assert "note" in err


def test_unscorable_reference_makes_the_exit_code_one(check):
    code, (line,), err = check(objects(row("x <")))
    assert code == 1
    assert "unreadable" in line
    assert "1 cannot be scored" in err


def test_json_says_the_same_in_objects(check):
    code, out, err = check(objects(row("x <", id="a"), row("(1,2)", id="b")), "--summary", "json")
    found = [json.loads(line) for line in out]
    assert code == 1
    assert [(one["line"], one["id"], one["code"], one["problem"]) for one in found] == [
        (1, "a", "unreadable", True),
        (2, "b", "interval", False),
    ]
    assert json.loads(err) == {
        "rows": 2,
        "other_tasks": 0,
        "references": 2,
        "unscorable": 1,
        "codes": {"unreadable": 1, "interval": 1},
    }


@pytest.mark.parametrize(
    "other",
    [
        {"answer": "x <"},
        {"reference": ["42", "x <"]},
        {"question": "?", "ground_truth": "x <"},
        {"math": {"referenceAnswers": ["x <"]}},
    ],
)
def test_answers_under_other_names_are_found(check, other):
    code, (line,), _ = check(objects(other))
    assert code == 1
    assert "unreadable" in line


def test_numbers_are_taken_as_they_are_written(check):
    code, out, _ = check(b'{"answer": 0.10}\n{"answer": 42}\n{"answer": 1e3}\n')
    assert (code, out) == (0, [])


def test_plain_lines_are_answers(check):
    code, out, _ = check(b'42\n\n"x^2"\n{1,2}\nx <\n')
    assert code == 1
    assert [line.split(": ")[0].rpartition(":")[2] for line in out] == ["5"]


@pytest.mark.parametrize(
    "line", ["not JSON", "[1]", '{"x": 1}', '{"answer": {"a": 1}}', '{"answer": true}']
)
def test_line_that_is_no_row_is_a_problem_of_its_own(check, line):
    code, (said,), _ = check(objects(row("42")) + line.encode() + b"\n" + objects(row("42")))
    assert code == 1
    assert "references.jsonl:2:" in said
    assert "row" in said


def test_row_without_references_is_a_problem(check):
    code, (line,), _ = check(objects(row()))
    assert code == 1
    assert "no reference answer" in line


def test_other_tasks_are_counted_and_passed_over(check):
    text = {"completion": "", "text": {"reference_answers": ["x <"]}}
    code, out, err = check(objects(row("42"), text), "--summary", "json")
    assert (code, out, json.loads(err)["other_tasks"]) == (0, [], 1)


def test_policy_and_prompt_of_the_row_count(check):
    strict = row("35\\%")
    strict["math"]["policy"] = {"percent": "EXACT"}
    code, out, _ = check(objects(strict, row("(1,2)", prompt="Find the vertex.")))
    assert (code, out) == (0, [])


def test_gzipped_file_is_read(check):
    code, _, err = check(gzip.compress(objects(row("42"))))
    assert code == 0
    assert "1 reference answers" in err


def test_standard_input_is_read(program):
    code, out, _ = program.run("check-references", "-", stdin=b"42\nx <\n")
    assert code == 1
    assert "stdin:2" in out


@pytest.mark.parametrize("content", [b"\x7fELF\0\0\0", b"42\n\xff\xfe\n"])
def test_file_that_is_no_text_is_unreadable_input(check, content):
    code, _, err = check(content)
    assert code == 2
    assert "references.jsonl" in err


def test_missing_file_is_unreadable_input(program, tmp_path):
    code, _, err = program.run("check-references", tmp_path / "none.jsonl")
    assert code == 2
    assert "none.jsonl" in err


def test_hostile_references_are_examined(check):
    code, out, _ = check(objects(row("9^{9^{9^{9}}}"), row("(" * 10_000), row("\ud800"), row("\0")))
    assert code == 1
    assert len(out) >= 3
