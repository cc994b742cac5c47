"""`verifier-cli score` with wrong arguments or streams that fail: exit 2, nothing lost."""

import gzip
import subprocess
import sys

import pytest

ROW = b'{"id": "good", "completion": "4", "math": {"reference_answers": ["4"]}}\n'


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.jsonl"], "missing.jsonl: No such file"),
        (["."], "directory"),
        (["in.jsonl", "-o", "in.jsonl"], "is the input"),
        (["in.jsonl", "-o", "./in.jsonl", "--force"], "is the input"),
        (["in.jsonl", "-o", "link.jsonl", "--force"], "is the input"),
        (["in.jsonl", "-o", "/dev/null", "--resume"], "regular file"),
        (["torn.gz"], "torn.gz: line"),
        (["in.jsonl", "-o", "/dev/full", "--force"], "No space"),
        (["in.jsonl", "-o", "old.jsonl"], "--resume"),
        (["in.jsonl", "-o", "absent/out.jsonl"], "absent/out.jsonl"),
        (["in.jsonl", "--resume"], "-o FILE"),
        (["in.jsonl", "-o", "new.jsonl", "--resume", "--force"], "choose one"),
        (["in.jsonl", "--concurrency", "0"], "--concurrency"),
        (["in.jsonl", "--config", "bad.toml"], "bad.toml"),
        (["binary.jsonl"], "binary"),
        (["in.jsonl", "--bogus"], "--bogus"),
        ([], "IN.jsonl"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_do(program, tmp_path, monkeypatch, arguments, words):
    (tmp_path / "in.jsonl").write_bytes(ROW)
    (tmp_path / "link.jsonl").symlink_to("in.jsonl")
    packed = gzip.compress(ROW)
    (tmp_path / "torn.gz").write_bytes(packed[:14] + b"\xff" * 8 + packed[22:])
    (tmp_path / "old.jsonl").write_bytes(b"precious\n")
    (tmp_path / "bad.toml").write_text("[server]\nlisten = 1\n")
    (tmp_path / "binary.jsonl").write_bytes(b"\x7fELF\0\0\0\0" * 100)
    monkeypatch.chdir(tmp_path)
    code, out, err = program.run("score", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert (tmp_path / "in.jsonl").read_bytes() == ROW
    assert (tmp_path / "old.jsonl").read_bytes() == b"precious\n"


@pytest.mark.parametrize(
    ("redirection", "words"),
    [
        ("< in.jsonl > /dev/full", "No space left on device: 'standard output'"),
        ("< in.jsonl >&-", "standard output is closed"),
        ("<&-", "stdin: Bad file descriptor"),
        ("-o in.jsonl --force < in.jsonl", "is the input"),
    ],
)
def test_streams_that_fail_are_one_line_and_exit_2(program, tmp_path, redirection, words):
    (tmp_path / "in.jsonl").write_bytes(ROW)
    command = f"{sys.executable} -m verifier.cli.main score - --summary none {redirection}"
    done = subprocess.run(  # noqa: S602 - a shell is what closes and redirects streams
        command,
        shell=True,
        cwd=tmp_path,
        env=program.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert words in done.stderr
    assert (tmp_path / "in.jsonl").read_bytes() == ROW


def test_common_rows_are_scored_without_loading_protobuf_or_grpc(program, tmp_path):
    (tmp_path / "in.jsonl").write_bytes(ROW)
    script = (
        "import sys; from verifier.cli.main import main; main(['score', 'in.jsonl']); "
        "print(*sorted({name.split('.')[0] for name in sys.modules} & {'google', 'grpc', 'rich'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=program.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    result, loaded = done.stdout.splitlines()
    assert (result[:13], loaded) == ('{"id": "good"', "")
