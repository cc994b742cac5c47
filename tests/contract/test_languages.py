"""What every language must do: golden programs from tests/cases/code, and what a table cannot say.

A folder ``<problem>__<expected>`` holds the same program in every language that it makes sense in,
``solution.<ending>``, and ``expected.toml``: why, the reason, words of the message, limits, cases.
Adding a case is adding a folder; adding a language is adding its file to the folders.
"""

import asyncio
import tomllib
from pathlib import Path

import pytest
from msgspec import convert

from sandbox.box import Sandbox
from sandbox.builds import BuildFailure
from sandbox.execution import Isolation, Limits, Status
from sandbox.languages.table import LANGUAGES
from sandbox.settings import SandboxSettings
from verifier.outcome.code import CodeVerifier
from verifier.types import CodeLimits, CodeTask, Item, Reason, StdioCase, StdioTests, Verdict

CASES = Path(__file__).parents[1] / "cases" / "code"
COMPILED = tuple(name for name, language in LANGUAGES.items() if language.build is not None)
MUST_HAVE = {
    "sum__correct",
    "sum__wrong_answer",
    "endless__time_limit_exceeded",
    "exit_code__runtime_error",
    "uncaught__runtime_error",
    "hoard__memory_limit_exceeded",
    "flood__output_limit_exceeded",
    "unicode__correct",
    "lines__correct",
    "threads__correct",
}
"""What no language may lack; and one of the folders with a program that is broken."""

# Sources that want everything a compiler could give: memory, time, files.
BOMBS = {
    "cpp: instances without end": (
        "cpp",
        "template <int N> struct T { T<2 * N> a; T<2 * N + 1> b; };\nT<1> t;\nint main() {}\n",
    ),
    "cpp: a long constant": (
        "cpp",
        "constexpr long f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); }\n"  # noqa: ISC004
        "template <int N> struct F { static constexpr long v = f(25 + N % 3) + F<N - 1>::v; };\n"
        "template <> struct F<0> { static constexpr long v = 0; };\n"
        "static_assert(F<800>::v == 1);\nint main() {}\n",
    ),
    "cpp: a program of a gigabyte": (
        "cpp",
        "char held[1 << 30] = {1};\nint main() { return held[5]; }\n",
    ),
    "c: a program of a hundred megabytes": (
        "c",
        "char held[100 << 20] = {1};\nint main(void) { return held[5]; }\n",
    ),
    "c: an endless file": ("c", '#include "/dev/zero"\nint main(void) { return 0; }\n'),
    "c: itself": ("c", '#include "solution.c"\n'),
    "c: its own standard input": (
        "c",
        '#include "/dev/stdin"\n#include "/proc/self/fd/0"\nint main() { return x; }\n',
    ),
    "rust: an endless file": (
        "rust",
        'const A: &[u8] = include_bytes!("/dev/zero");\nfn main() { println!("{}", A[0]); }\n',
    ),
    "java: nested expressions": (
        "java",
        f"class Main {{ int a = {'(' * 20_000}1{')' * 20_000}; }}\n",
    ),
    "java: too much for one class": (
        "java",
        f"class Main {{ static void f() {{ int a = 0; {'a += a * 7;' * 20_000} }} }}\n",
    ),
    "go: an array of a gigabyte": (
        "go",
        "package main\n\nvar held = [1 << 30]byte{5: 1}\n\nfunc main() { println(held[5]) }\n",
    ),
}

READING_THE_HOST = {
    "c": '#include "/etc/shadow"\nint main(void) { return 0; }\n',
    "cpp": '#include "/etc/shadow"\nint main() {}\n',
    "rust": 'fn main() { println!("{}", include_str!("/etc/shadow")); }\n',
    "java": "import root.shadow.*;\nclass Main { }\n",
    "go": 'package main\n\nimport _ "embed"\n\n//go:embed /etc/shadow\nvar s string\n',
}


def suffix(name):
    return Path(LANGUAGES[name].file_name("")).suffix


def golden():
    """Every program of the table, with its language and what is expected."""
    for file in sorted(CASES.glob("*/expected.toml")):
        expected = tomllib.loads(file.read_text(encoding="utf-8"))
        for name in LANGUAGES:
            program = file.with_name(f"solution{suffix(name)}")
            if program.exists():
                yield pytest.param(name, program, expected, id=f"{file.parent.name}-{name}")


@pytest.fixture(scope="module")
def runner():
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def verifier(runner):
    """One verifier, and so one sandbox, for all tests here."""
    made = CodeVerifier()
    runner.run(made.start())
    if made.sandbox.isolation is None:
        pytest.skip(f"programs cannot be run here: {made.isolation}")
    yield made
    runner.run(made.close())


@pytest.fixture
def judge(verifier, runner):
    """Judges a program by the verifier; skips where its language has no tools."""

    def judged(name, source, cases, limits=None):
        available(name)
        task = CodeTask(name, stdio=StdioTests(tuple(cases)), limits=limits or CodeLimits())
        item = Item("golden", f"```{name}\n{source}```\n", task)
        return runner.run(verifier.verify(item, lambda: None))

    return judged


@pytest.fixture
def prepare(verifier, runner):
    """Compiles a program; skips where its language has no tools."""

    def prepared(name, source):
        available(name)
        return runner.run(verifier.sandbox.prepare(name, source))

    return prepared


@pytest.fixture
def run(verifier, runner, prepare):
    def ran(name, source, stdin=b"", **limits):
        return runner.run(verifier.sandbox.run(prepare(name, source), stdin, Limits(**limits)))

    return ran


def available(name):
    if missing := LANGUAGES[name].missing():
        pytest.skip(f"{name}: {missing}")


def solution(folder, name):
    return (CASES / folder / f"solution{suffix(name)}").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_has_its_golden_programs(name):
    have = {file.parent.name for file in CASES.glob(f"*/solution{suffix(name)}")}
    assert have >= MUST_HAVE, "a language without golden programs is refused"
    broken = "broken__compile_error" if name in COMPILED else "broken__runtime_error"
    assert broken in have


def test_every_golden_program_is_of_a_language_and_of_a_folder_that_says_what_is_expected():
    endings = {suffix(name) for name in LANGUAGES}
    for folder in (path for path in CASES.iterdir() if path.is_dir()):
        names = {file.name for file in folder.iterdir()}
        assert "expected.toml" in names
        programs = names - {"expected.toml"}
        assert programs
        assert all(program.removeprefix("solution") in endings for program in programs)


@pytest.mark.parametrize(("name", "program", "expected"), list(golden()))
def test_golden(name, program, expected, judge):
    cases = [StdioCase(**case) for case in expected["cases"]]
    limits = convert(expected.get("limits", {}), CodeLimits)
    outcome = judge(name, program.read_text(encoding="utf-8"), cases, limits)
    assert outcome.reason is Reason(expected["reason"]), outcome.message
    right = outcome.reason is Reason.ALL_TESTS_PASSED
    assert outcome.verdict is (Verdict.CORRECT if right else Verdict.INCORRECT)
    for words in expected.get("message", ()):
        assert words in outcome.message


@pytest.mark.parametrize("name", LANGUAGES)
def test_the_self_test_of_a_language_passes(name, run):
    ran = run(name, LANGUAGES[name].self_test.source, b"20\n")
    assert ran.succeeded
    assert ran.stdout.split() == [b"41"]


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_language_tells_its_version_as_a_plain_number(name, verifier, runner):
    available(name)
    told = runner.run(verifier.sandbox.version(LANGUAGES[name]))
    own, _, number = told.partition(" ")
    assert own == name
    assert number.replace(".", "").isdecimal()


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "bash"])
def test_a_megabyte_of_input_is_read_within_ordinary_limits(name, run):
    numbers = range(150_000)
    stdin = " ".join(map(str, numbers)).encode()
    assert len(stdin) > 900_000
    ran = run(name, solution("sum__correct", name), stdin)
    assert ran.stdout.split() == [b"%d" % sum(numbers)]


@pytest.mark.parametrize("name", COMPILED)
def test_the_same_source_is_compiled_once(name, verifier, runner, prepare):
    source = LANGUAGES[name].self_test.source + "\n\n"
    prepare(name, LANGUAGES[name].self_test.source)  # and so its version is known
    before = verifier.sandbox.pool.counts.runs

    async def together():
        return await asyncio.gather(*(verifier.sandbox.prepare(name, source) for _ in range(3)))

    first, *others = runner.run(together())
    assert not isinstance(first, BuildFailure)
    assert all(other.product is first.product for other in others)
    assert prepare(name, source).product is first.product
    assert verifier.sandbox.pool.counts.runs == before + 1


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "python"])
def test_one_product_is_run_side_by_side(name, verifier, runner, prepare):
    program = prepare(name, LANGUAGES[name].self_test.source)

    async def together():
        runs = (verifier.sandbox.run(program, b"%d\n" % n, Limits()) for n in range(4))
        return await asyncio.gather(*runs)

    assert [ran.stdout.split() for ran in runner.run(together())] == [
        [b"1"],
        [b"3"],
        [b"5"],
        [b"7"],
    ]


@pytest.mark.parametrize("name", COMPILED)
def test_a_compiler_cannot_read_the_host_s_files(name, prepare):
    failed = prepare(name, READING_THE_HOST[name])
    assert isinstance(failed, BuildFailure)
    assert "root:" not in failed.message


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_makes_a_compiler_explode_is_a_failed_build(bomb, verifier, run, prepare):
    broken = verifier.sandbox.pool.counts.broken
    failed = prepare(*BOMBS[bomb])
    assert isinstance(failed, BuildFailure)
    assert failed.message
    assert run("python", "print(1)").stdout == b"1\n"
    assert verifier.sandbox.pool.counts.broken == broken


@pytest.mark.parametrize("name", COMPILED)
def test_any_bytes_are_a_failed_build_with_a_message(name, prepare):
    for source in ("", "\0", "\ud800", '"' * 100, "/*", "{" * 1000, "class " + "x" * 5000 + " {}"):
        failed = prepare(name, source)
        assert isinstance(failed, BuildFailure)
        assert failed.message


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_compiler_s_or_runtime_s_own_files_do_not_outlive_the_run(name, run):
    run(name, solution("sum__correct", name), b"1")
    listed = run("bash", "ls -A /tmp | grep -v '^solution.sh$' || true")
    assert listed.status is Status.EXITED
    assert listed.stdout == b""


@pytest.fixture(scope="module", params=[level for level in Isolation if level != Isolation.FULL])
def weaker(request, runner, verifier):
    """A sandbox at a level that this machine need not fall back to."""
    levels = list(Isolation)
    if levels.index(verifier.sandbox.isolation) > levels.index(request.param):
        pytest.skip(f"there is less than {request.param.value} here")
    made = Sandbox(SandboxSettings(slots=1))
    runner.run(made.pool.start(request.param))
    yield made
    runner.run(made.close())


@pytest.mark.parametrize("name", LANGUAGES)
def test_every_language_works_at_every_level(name, weaker, runner):
    available(name)
    program = runner.run(weaker.prepare(name, LANGUAGES[name].self_test.source))
    assert not isinstance(program, BuildFailure), program.message
    ran = runner.run(weaker.run(program, b"20\n", Limits()))
    assert ran.stdout.split() == [b"41"], ran.stderr
    assert ran.succeeded
