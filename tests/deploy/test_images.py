"""The images' recipes: linted, closed, and in agreement with the program, CI and each other.

No image is built here. What was carried out by hand, and how, is in deploy/README.md.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sandbox.languages.table import LANGUAGES
from verifier.cli.main import main

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "deploy" / "images"
FILES = sorted(IMAGES.glob("*.Dockerfile"))
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name.partition(".")[0])
# Of deploy/toolchains, what the tests start and no program needs.
SERVERS = {"redis-server", "nginx", "haproxy", "prometheus", "kubectl"}
USER = "10001:10001"


def instructions(file):
    """Instruction and arguments, continued lines in one."""
    text = "\n".join(
        line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")
    )
    found = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if line.strip():
            name, _, rest = line.partition(" ")
            found.append((name, rest.strip()))
    return found


def of(file, name):
    return [rest for instruction, rest in instructions(file) if instruction == name]


def installed(file, stage):
    """What apt installs in a stage, the first being 0."""
    stages = file.read_text().split("\nFROM ")[1:]
    words = " ".join(
        re.findall(r"apt-get install --yes --no-install-recommends (.*?) &&", joined(stages[stage]))
    )
    return set(words.split())


def joined(text):
    return re.sub(r"\s*\\\n\s*", " ", text)


def test_there_is_an_image_for_every_kind_of_pod():
    assert {file.name.partition(".")[0] for file in FILES} == {
        *("front", "sandbox", "models", "models-gpu")
    }


@EACH
def test_the_linter_finds_nothing(file):
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("no hadolint here: it comes with the extra dev, on Linux")
    done = subprocess.run(
        [hadolint, "--config", str(IMAGES / "hadolint.yaml"), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_does_find_what_is_wrong(tmp_path):
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("no hadolint here: it comes with the extra dev, on Linux")
    for wrong, rule in (
        ("FROM debian:latest\n", "DL3007"),
        ("FROM debian:12\nRUN cd /tmp && ls\n", "DL3003"),
        ("FROM debian:12\nRUN apt-get update && apt-get install -y curl\n", "DL3015"),
    ):
        file = tmp_path / "Dockerfile"
        file.write_text(wrong)
        done = subprocess.run(
            [hadolint, "--config", str(IMAGES / "hadolint.yaml"), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert rule in done.stdout


@EACH
def test_an_image_runs_as_a_user_who_is_not_root_and_starts_the_program(file):
    last = file.read_text().rpartition("\nFROM ")[2]
    assert f"USER {USER}" in last
    assert 'ENTRYPOINT ["/opt/verifier/bin/verifier-cli"]' in last
    command = re.search(r"^CMD \[(.*)\]$", last, re.MULTILINE)[1].replace('"', "").split(", ")
    assert command[:2] == ["serve", "--config"]
    with pytest.raises(SystemExit) as stopped:
        main([*command[:1], "--help"])
    assert stopped.value.code == 0


@EACH
def test_the_base_is_named_once_with_a_version(file):
    base = [rest for rest in of(file, "ARG") if rest.startswith("BASE=")]
    assert len(base) == 1
    assert re.fullmatch(r"BASE=debian:\d+\.\d+-slim", base[0])
    assert {rest.partition(" AS ")[0] for rest in of(file, "FROM")} == {"${BASE}"}
    assert len(of(file, "FROM")) == 2  # what builds does not run


@EACH
def test_all_images_stand_on_one_base(file):
    assert of(file, "ARG")[0] == of(FILES[0], "ARG")[0]


@EACH
def test_every_package_is_pinned_and_nothing_is_compiled(file):
    for run in of(file, "RUN"):
        for pip in re.findall(r"pip install ([^&]*)", run):
            assert "--constraint constraints.txt" in pip
            assert "--only-binary :all:" in pip
            assert "--no-cache-dir" in pip
    # The packages that build ours are in no constraints.
    assert re.search(r"setuptools==[\d.]+ wheel==[\d.]+", file.read_text())


@EACH
def test_an_image_takes_only_extras_that_exist_and_none_of_development(file):
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    taken = set(re.search(r"'\.\[([\w,]+)\]'", file.read_text())[1].split(","))
    assert taken <= set(extras)
    assert not taken & {"dev", "all", "train"}


@EACH
def test_what_is_copied_is_there_and_in_the_builds_context(file):
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for copy in of(file, "COPY"):
        if copy.startswith("--from="):
            continue
        for source in copy.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert source.partition("/")[0] in allowed, source


@EACH
def test_only_the_sandbox_has_compilers_and_only_models_have_torch(file):
    text = " ".join(of(file, "RUN"))
    assert ("g++" in text) == (file.name == "sandbox.Dockerfile")
    assert (" torch" in text) == file.name.startswith("models")


def test_the_sandbox_has_the_tools_of_every_language():
    """The table of deploy/toolchains says which package brings which tool."""
    table = dict(re.findall(r"\[([\w+-]+)\]=([\w+-]+)", (ROOT / "deploy/toolchains").read_text()))
    wanted = {package for tool, package in table.items() if tool not in SERVERS}
    got = installed(IMAGES / "sandbox.Dockerfile", 1)
    assert wanted <= got
    assert not {table[tool] for tool in SERVERS if tool in table} & got
    # And that table has what the languages ask for.
    tools = {
        tool.name
        for language in LANGUAGES.values()
        for tool in (language.run_tool, language.build and language.build.tool)
        if tool is not None
    }
    assert {tool for tool in tools if not tool.startswith("python3")} <= {*table, "java"}


def test_programs_get_the_packages_of_ci_and_two_more():
    run = " ".join(of(IMAGES / "sandbox.Dockerfile", "RUN"))
    assert re.search(r"deploy/submissions scipy==[\d.]+ pandas==[\d.]+", run)
    copied = of(IMAGES / "sandbox.Dockerfile", "COPY")
    assert "--from=build /build/.submissions /opt/submissions" in copied
