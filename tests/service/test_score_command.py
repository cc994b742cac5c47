"""`verifier-cli score`: rows good and bad, order, resume, exit codes; in process and remote."""

import gzip
import json
import signal

import pytest
from program import wait_until

GOOD = {"id": "good", "completion": "\\boxed{4}", "math": {"reference_answers": ["4"]}}
WRONG = {"id": "wrong", "completion": "\\boxed{5}", "math": {"reference_answers": ["4"]}}


def lines(*rows):
    texts = [row if isinstance(row, (bytes, str)) else json.dumps(row) for row in rows]
    return b"".join((text if isinstance(text, bytes) else text.encode()) + b"\n" for text in texts)


def rows_of(text):
    return [json.loads(line) for line in text.splitlines()]


def facts(row):
    """What must not depend on where or when a row was scored."""
    return {key: value for key, value in row.items() if not key.endswith("_seconds")}


@pytest.fixture(params=["in process", "remote"])
def score(request, program, tmp_path):
    """Scores bytes as a file; returns exit code, rows and standard error."""
    address = ()
    if request.param == "remote":
        address = ("--address", request.getfixturevalue("server").target)

    def run(content, *arguments):
        source = tmp_path / "in.jsonl"
        source.write_bytes(content)
        code, out, err = program.run("score", source, *address, *arguments)
        return code, rows_of(out), err

    return run


BAD_ROWS = [
    ("malformed JSON", b'{"id": "bad", ', "not JSON"),
    ("not an object", b'["bad"]', "JSON list"),
    ("a bare word", b"nonsense", "not JSON"),
    ("not UTF-8", b'{"id": "\xff\xfe"}', "UTF-8"),
    ("a raw NUL", b'{"id": "a\0b"}', "not JSON"),
    ("nested too deep", b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deep"),
    ("an unknown field", {**GOOD, "answr": 1}, "answr: unknown field"),
    (
        "an unknown field inside",
        {**GOOD, "math": {"reference_answers": ["4"], "policy": {"unit": "x"}}},
        "math.policy.unit: unknown field; did you mean 'units'",
    ),
    ("two tasks", {**GOOD, "text": {"reference_answers": ["4"]}}, "'math' and 'text'"),
    ("no task", {"completion": "4"}, "no task"),
    ("a number for an id", {**GOOD, "id": 7}, "id: must be a string"),
    ("a text for a list", {**GOOD, "math": {"reference_answers": "4"}}, "must be a list"),
    ("a list for a task", {**GOOD, "math": ["4"]}, "math: must be an object"),
    (
        "a number for a reference",
        {**GOOD, "math": {"reference_answers": ["4", 4]}},
        "math.reference_answers[1]: must be a string",
    ),
    ("no reference", {**GOOD, "math": {}}, "math.reference_answers: must hold at least one"),
    (
        "an enum value that is none",
        {**GOOD, "math": {"reference_answers": ["4"], "policy": {"percent": "maybe"}}},
        "math.policy.percent: 'maybe' is not one of",
    ),
    (
        "a tolerance out of range",
        {**GOOD, "math": {"reference_answers": ["4"], "policy": {"relative_tolerance": 2}}},
        "math.policy.relative_tolerance: must be in [0, 1.0)",
    ),
    ("no rule", {"completion": "x", "format": {"rules": []}}, "format.rules: must hold"),
    ("an empty rule", {"completion": "x", "format": {"rules": [{}]}}, "format.rules[0]"),
    (
        "a rule that is none",
        {"completion": "x", "format": {"rules": [{"boxd": {}}]}},
        "format.rules[0].boxd: unknown field; did you mean 'boxed'",
    ),
    ("a plugin without a name", {"completion": "x", "plugin": {}}, "plugin.name"),
    (
        "a threshold where none belongs",
        {"completion": "x", "text": {"reference_answers": ["x"], "threshold": 0.5}},
        "text.threshold",
    ),
    ("an infinite option", b'{"plugin": {"name": "slow", "options": {"a": Infinity}}}', "no JSON"),
    ("an option that is no number", b'{"plugin": {"name": "s", "options": {"a": NaN}}}', "no JSON"),
    (
        "a huge option",
        {"plugin": {"name": "slow", "options": {"a": 10**400}}},
        "plugin.options: holds a number too large",
    ),
    (
        "a huge tolerance",
        {**GOOD, "math": {"reference_answers": ["4"], "policy": {"relative_tolerance": 10**400}}},
        "math.policy.relative_tolerance: holds a number too large",
    ),
    (
        "options nested 400 deep",
        b'{"plugin": {"name": "slow", "options": ' + b'{"a":' * 400 + b"1" + b"}" * 402,
        "plugin.options: nested deeper than 30 levels",
    ),
    ("a lone surrogate for a field", {"\ud800": 1}, "unknown field"),
    (
        "a lone surrogate for a mode",
        {"completion": "x", "text": {"reference_answers": ["x"], "mode": "\ud800"}},
        "text.mode: '\\ud800' is not one of",
    ),
]


def test_bad_rows_are_named_and_the_rows_around_them_are_scored(score):
    """All of them in one file, each between two good rows."""
    content = []
    for number, (_, bad, _) in enumerate(BAD_ROWS):
        content += [{**GOOD, "id": f"good{number}"}, bad]
    code, rows, err = score(lines(*content, {**WRONG, "id": "last"}))
    assert code == 1
    assert len(rows) == 2 * len(BAD_ROWS) + 1
    for number, (what, _, words) in enumerate(BAD_ROWS):
        good, bad = rows[2 * number], rows[2 * number + 1]
        assert (good["id"], good["reward"]) == (f"good{number}", 1.0), what
        assert bad["verdict"] == "VERDICT_UNSCORED", what
        assert bad["reason"] == "REASON_INVALID_INPUT", what
        assert "reward" not in bad, what
        assert words in bad["message"], what
        assert f"in.jsonl:{2 * number + 2}: " in bad["message"], what
    assert rows[-1]["reward"] == 0.0
    assert "in.jsonl:2: " in err
    assert "more bad rows" in err


def test_an_id_that_occurs_twice_is_an_error_that_names_both_lines(score):
    code, rows, _ = score(lines(GOOD, WRONG, GOOD))
    assert code == 1
    assert [row.get("reward") for row in rows] == [1.0, 0.0, None]
    assert "line 1 and line 3" in rows[2]["message"]


def test_twenty_megabytes_in_one_row(score):
    big = {**GOOD, "id": "big", "completion": "word " * 4_000_000 + "\\boxed{4}"}
    code, rows, _ = score(lines(GOOD, big, WRONG))
    assert code == 0
    assert [row["reward"] for row in rows] == [1.0, 1.0, 0.0]


def test_a_row_larger_than_any_message_is_refused_and_the_next_one_is_scored(score):
    code, rows, _ = score(lines(b"x" * (64 * 1024 * 1024), GOOD))
    assert code == 1
    assert "larger than" in rows[0]["message"]
    assert rows[1]["reward"] == 1.0


def test_an_empty_file_is_scored_in_full(score):
    assert score(b"")[:2] == (0, [])


def test_blank_lines_are_no_rows_but_keep_their_numbers(score):
    unnamed = {key: value for key, value in GOOD.items() if key != "id"}
    code, rows, _ = score(b"\n  \n" + lines(unnamed) + b"\n")
    assert (code, [row["id"] for row in rows]) == (0, ["3"])


def test_a_last_line_without_newline_and_a_byte_order_mark(score):
    code, rows, _ = score(b"\xef\xbb\xbf" + lines(GOOD, WRONG)[:-1])
    assert (code, len(rows)) == (0, 2)


@pytest.mark.parametrize(
    "completion", ["a\0b \\boxed{4}", "lone \ud83d surrogate \\boxed{4}", "\u2028 \\boxed{4}"]
)
def test_strange_characters_are_scored_and_come_back(score, completion):
    code, rows, _ = score(lines({**GOOD, "id": completion, "completion": completion}))
    assert (code, rows[0]["reward"]) == (0, 1.0)
    assert rows[0]["id"] == completion.replace("\ud83d", "\ufffd")


def test_short_and_full_names_of_enums_mean_the_same(score):
    def row(name, mode):
        return {"id": name, "completion": "a b", "text": {"reference_answers": ["b"], "mode": mode}}

    modes = ["contains", "CONTAINS", "TEXT_MODE_CONTAINS", "text_mode_contains", 4]
    code, rows, _ = score(lines(*(row(str(n), mode) for n, mode in enumerate(modes))))
    assert (code, {row["reward"] for row in rows}) == (0, {1.0})


def test_camel_case_names_are_read_too(score):
    row = {"id": "x", "groupId": "g", "completion": "4", "math": {"referenceAnswers": ["4"]}}
    assert score(lines(row))[0] == 0


def test_a_judge_that_is_not_configured_is_no_zero(score):
    row = {"prompt": "2+2?", "completion": "x", "judge": {"reference_answer": "4"}}
    code, rows, _ = score(lines(row))
    assert (code, rows[0]["reason"]) == (1, "REASON_UNSUPPORTED")
    assert "[judge.backends.NAME]" in rows[0]["message"]
    assert "reward" not in rows[0]


def test_order_is_kept_while_rows_take_different_times(score):
    slow = {"plugin": {"name": "slow", "options": {"seconds": 0.3}}}
    rows = [{"id": f"s{n}", **slow} if n % 40 == 0 else {**GOOD, "id": f"m{n}"} for n in range(200)]
    code, results, _ = score(lines(*rows))
    assert code == 0
    assert [result["id"] for result in results] == [row["id"] for row in rows]


def test_a_verifier_that_dies_costs_only_its_own_rows(score):
    dies = {"id": "dies", "plugin": {"name": "dies"}}
    code, rows, _ = score(lines(GOOD, dies, WRONG))
    assert code == 1
    assert [row.get("reward") for row in rows] == [1.0, None, 0.0]


def test_standard_output_holds_results_only_and_the_summary_goes_to_standard_error(score):
    _, _, err = score(lines(GOOD, WRONG), "--summary", "json")
    summary = json.loads(err)
    assert summary["verdicts"] == {"CORRECT": 1, "INCORRECT": 1}
    assert (summary["rows"], summary["mean_reward"]) == (2, 0.5)
    assert score(lines(GOOD), "--summary", "none")[2] == ""
    assert "EQUIVALENT" in score(lines(GOOD))[2]


def test_in_process_and_remote_say_the_same_of_every_row(program, server, tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_bytes(lines(*(bad for _, bad, _ in BAD_ROWS), GOOD, WRONG, GOOD))
    here = rows_of(program.run("score", source)[1])
    there = rows_of(program.run("score", source, "--address", server.target)[1])
    assert list(map(facts, here)) == list(map(facts, there))
    assert len(here) == len(BAD_ROWS) + 3


# ------------------------------------------------------------------------------- in and out


def test_standard_input_and_gzip(program, tmp_path):
    code, out, _ = program.run("score", "-", stdin=lines(GOOD))
    assert (code, rows_of(out)[0]["id"]) == (0, "good")
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(lines(GOOD, WRONG)))
    assert len(rows_of(program.run("score", packed)[1])) == 2
    packed.write_bytes(packed.read_bytes()[:-12])
    code, _, err = program.run("score", packed)
    assert code == 2
    assert "in.jsonl.gz" in err


def test_an_unreachable_service_exits_3(program, tmp_path):
    (tmp_path / "in.jsonl").write_bytes(lines(GOOD))
    code, out, err = program.run("score", tmp_path / "in.jsonl", "--address", "127.0.0.1:1")
    assert (code, out) == (3, "")
    assert "127.0.0.1:1" in err


def test_force_replaces_the_output(program, tmp_path):
    (tmp_path / "in.jsonl").write_bytes(lines(GOOD))
    (tmp_path / "out.jsonl").write_bytes(b"old\n" * 100)
    out = tmp_path / "out.jsonl"
    assert program.run("score", tmp_path / "in.jsonl", "-o", out, "--force")[0] == 0
    assert len(rows_of(out.read_text())) == 1


# ------------------------------------------------------------------------------- interruption


def many_rows(tmp_path, count, **slow):
    source = tmp_path / "in.jsonl"
    rows = [{**GOOD, "id": f"r{n}"} for n in range(count)]
    for row in rows[100::50]:
        del row["math"]
        row["plugin"] = {"name": "slow", "options": {"seconds": 0.05}}
    source.write_bytes(lines(*rows))
    return source, [row["id"] for row in rows]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_resume_after_a_signal_loses_and_repeats_nothing(program, tmp_path, number):
    source, ids = many_rows(tmp_path, 3000)
    out = tmp_path / "out.jsonl"
    process = program.start("score", source, "-o", out, "--concurrency", "64")
    wait_until(lambda: out.exists() and out.stat().st_size > 20_000)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    if number == signal.SIGINT:
        assert "kept" in err.decode()
    done = out.read_bytes().count(b"\n")
    assert 0 < done < len(ids)
    out.write_bytes(out.read_bytes() + b'{"id": "torn')
    code, _, err = program.run("score", source, "-o", out, "--resume", "--summary", "json")
    assert code == 0
    assert json.loads(err)["resumed"] == done
    assert [row["id"] for row in rows_of(out.read_text())] == ids
    before = out.read_bytes()
    assert program.run("score", source, "-o", out, "--resume")[0] == 0
    assert out.read_bytes() == before


def test_resume_scores_again_what_had_no_verdict(program, tmp_path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(lines(GOOD, {"id": "dies", "plugin": {"name": "dies"}}, WRONG))
    assert program.run("score", source, "-o", out)[0] == 1
    source.write_bytes(lines(GOOD, {**GOOD, "id": "dies"}, WRONG))  # whatever ailed it is mended
    assert program.run("score", source, "-o", out, "--resume")[0] == 0
    assert [row["reward"] for row in rows_of(out.read_text())] == [1.0, 1.0, 0.0]
    assert {path.name for path in tmp_path.iterdir()} == {"in.jsonl", "out.jsonl"}


def test_resume_through_a_link_keeps_the_link_and_the_mode(program, tmp_path):
    source, out, link = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "link"
    source.write_bytes(lines(GOOD))
    out.write_text('{"id": "good", "verdict": "VERDICT_UNSCORED", "reason": "R"}\n')
    out.chmod(0o640)
    link.symlink_to(out)
    assert program.run("score", source, "-o", link, "--resume")[0] == 0
    assert rows_of(out.read_text())[0]["reward"] == 1.0
    assert (link.is_symlink(), out.stat().st_mode & 0o777) == (True, 0o640)


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (b'{"id": "other", "verdict": "VERDICT_CORRECT", "reason": "R"}\n', "not the input"),
        (b"not a result\n" * 2, "is not a result"),
        (b"somebody's only line\n", "is not a result"),
        (b"somebody's only line", "is not a result"),
        (b'{"id": 7}\n', "is not a result"),
        (b'{"id": [], "verdict": "V", "reason": "R"}\n' * 2, "is not a result"),
        (b'{"id": "good", "verdict": "V", "reason": "R", "reward": "1"}\n' * 2, "is not a result"),
        (b'{"id": "good", "verdict": "V", "reason": "R"}\n' * 5, "not the input"),
    ],
)
def test_resume_refuses_a_file_that_belongs_to_something_else(program, tmp_path, old, words):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(lines(GOOD, WRONG))
    out.write_bytes(old)
    code, _, err = program.run("score", source, "-o", out, "--resume")
    assert code == 2
    assert words in err
    assert out.read_bytes() == old


def test_a_closed_pipe_ends_quietly(program, tmp_path):
    source, _ = many_rows(tmp_path, 5000)
    process = program.start("score", source)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    process.wait(timeout=60)
    assert "Traceback" not in err


def test_a_service_that_dies_in_mid_file_leaves_what_was_done_and_resume_finishes(
    program, serve, tmp_path
):
    source, ids = many_rows(tmp_path, 3000)
    out = tmp_path / "out.jsonl"
    first = serve()
    process = program.start(
        *("score", source, "-o", out, "--address", first.target, "--concurrency", "64")
    )
    wait_until(lambda: out.exists() and out.stat().st_size > 20_000)
    first.stop(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == 3
    rows = rows_of(out.read_text())
    assert all("reward" in row for row in rows)
    second = serve()
    assert program.run("score", source, "-o", out, "--address", second.target, "--resume")[0] == 0
    rows = rows_of(out.read_text())
    assert [row["id"] for row in rows] == ids
    assert {row["reward"] for row in rows} == {1.0}
