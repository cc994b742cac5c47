"""Counting and limiting: real cgroups of this machine, and version 2 in a tree of plain files."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from program import wait_until

from sandbox import cgroups
from sandbox.cgroups import CgroupsUnavailableError, make_cgroup, sweep

MIB = 1024**2
NEVER_A_PROCESS = 2**22 + 1  # the kernel's largest process number is 2**22
FILES_OF_2 = {
    "cgroup.procs": "",
    "memory.max": "max",
    "memory.swap.max": "max",
    "memory.current": "4096\n",
    "memory.peak": "8192\n",
    "memory.events": "low 0\nhigh 0\nmax 9\noom 5\noom_kill 3\noom_group_kill 0\n",
    "pids.max": "max",
    "pids.events": "max 4\n",
    "cpu.stat": "usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n",
}


@pytest.fixture
def cgroup():
    """A real one."""
    try:
        made = make_cgroup("test")
    except CgroupsUnavailableError as error:
        pytest.skip(f"no cgroup can be made here: {error}")
    yield made
    made.remove()


def inside(cgroup, source):
    """Starts a Python process in a cgroup before its first line runs."""
    enter = "\n".join(
        f"open({str(path)!r}, 'w').write(str(__import__('os').getpid()))"
        for path in cgroup.entrances
    )
    return subprocess.Popen(
        [sys.executable, "-S", "-c", f"{enter}\n{source}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def test_a_new_one_is_empty(cgroup):
    assert cgroup.entrances
    assert all(path.read_text() == "" for path in cgroup.entrances)
    assert cgroup.memory_kills() == cgroup.process_refusals() == 0
    assert cgroup.cpu_seconds() < 0.1


def test_what_runs_in_it_is_counted(cgroup):
    with inside(cgroup, f"a = bytearray({32 * MIB}); print(1, flush=True); input()") as process:
        process.stdout.readline()
        assert 32 * MIB <= cgroup.memory_bytes() < 256 * MIB
        assert cgroup.peak_bytes() == 0 or cgroup.peak_bytes() >= 32 * MIB
        assert 0 < cgroup.cpu_seconds() < 60
        process.communicate(b"\n")
    assert process.returncode == 0


def test_the_peak_begins_anew(cgroup):
    with inside(cgroup, f"bytearray({64 * MIB}); print(1, flush=True); input()") as process:
        process.stdout.readline()
        if not cgroup.peak_bytes():
            pytest.skip("this kernel measures no peak")
        before = cgroup.peak_bytes()
        cgroup.reset_peak()
        assert before >= 64 * MIB > cgroup.peak_bytes()
        process.communicate(b"\n")


def test_too_much_memory_is_a_kill_that_is_counted(cgroup):
    cgroup.limit_memory(32 * MIB)
    with inside(cgroup, f"a = b'x' * {128 * MIB}") as process:
        process.communicate()
    assert process.returncode == -9
    assert cgroup.memory_kills() >= 1
    assert cgroup.process_refusals() == 0


def test_the_memory_limit_can_go_up_and_down(cgroup):
    for size in (64, 256, 128, 128, 512, 32):
        cgroup.limit_memory(size * MIB)
    cgroup.limit_memory(256 * MIB)
    with inside(cgroup, f"a = b'x' * {128 * MIB}") as process:
        process.communicate()
    assert process.returncode == 0


def test_too_many_processes_are_refusals_that_are_counted(cgroup):
    cgroup.limit_processes(3)
    source = (
        "import os, time\nmade = 0\ntry:\n    for _ in range(9):\n"
        "        if os.fork() == 0: time.sleep(600)\n        made += 1\n"
        "except OSError: pass\nprint(made, flush=True)\ninput()"
    )
    with inside(cgroup, source) as process:
        assert process.stdout.readline() == b"2\n"
        assert cgroup.process_refusals() >= 1
        assert cgroup.memory_kills() == 0
        cgroup.remove()  # kills all of them, too
    assert process.returncode == -9


def test_removed_it_leaves_nothing_and_may_be_removed_again(cgroup):
    folders = [path.parent for path in cgroup.entrances]
    with inside(cgroup, "input()") as process:
        wait_until(lambda: all(path.read_text() for path in cgroup.entrances))
        cgroup.remove()
    assert process.returncode == -9
    assert not any(folder.exists() for folder in folders)
    cgroup.remove()


def test_what_processes_that_are_gone_left_is_swept_and_nothing_else(cgroup):
    home = cgroup.entrances[0].parent.parent
    left, other = home / f"verifier-{NEVER_A_PROCESS}-0", home / "verifier-somebody"
    for folder in (left, other):
        folder.mkdir(exist_ok=True)
    try:
        sweep()
        assert not left.exists()
        assert other.exists(), "not a name of ours"
        assert cgroup.entrances[0].exists(), "its process, this one, lives"
    finally:
        for folder in (left, other):
            with contextlib.suppress(OSError):
                folder.rmdir()


# ------------------------------------------------------------- version 2, in a tree of plain files


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A cgroup of version 2 that hands down what is needed, and the files of the one to be made."""
    monkeypatch.setattr(cgroups, "_homes", lambda: {"": tmp_path})
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    (tmp_path / "cgroup.subtree_control").write_text("memory pids\n")
    (tmp_path / "cgroup.procs").write_text("")
    monkeypatch.setattr(cgroups, "token_hex", lambda size: "00" * size)
    folder = tmp_path / f"verifier-{os.getpid()}-0-00000000"
    mkdir = Path.mkdir

    def make(path, *arguments, **options):
        mkdir(path, *arguments, **options)
        for name, content in FILES_OF_2.items() if path == folder else ():
            with (path / name).open("w") as file:
                file.write(content)

    monkeypatch.setattr(Path, "mkdir", make)
    return folder


def test_version_2_reads_every_meter(tree):
    made = make_cgroup("0")
    assert made.entrances == (tree / "cgroup.procs",)
    assert made.memory_bytes() == 4096
    assert made.peak_bytes() in (0, 8192)
    assert made.cpu_seconds() == 2.5
    assert made.memory_kills() == 3
    assert made.process_refusals() == 4


def test_version_2_writes_every_limit(tree):
    made = make_cgroup("0")
    made.limit_memory(64 * MIB)
    made.limit_processes(7)
    assert int((tree / "memory.max").read_text().removesuffix("ax")) == 64 * MIB
    assert (tree / "memory.swap.max").read_text().startswith("0")
    assert (tree / "pids.max").read_text().startswith("7")


def test_a_limit_that_stands_is_not_written_again(tree):
    made = make_cgroup("0")
    made.limit_memory(MIB)
    made.limit_processes(7)
    for name in ("memory.max", "pids.max"):
        (tree / name).write_text("untouched")
    made.limit_memory(MIB)
    made.limit_processes(7)
    assert (tree / "memory.max").read_text() == (tree / "pids.max").read_text() == "untouched"
    made.limit_memory(2 * MIB)
    made.limit_processes(8)
    assert (tree / "memory.max").read_text() != "untouched"
    assert (tree / "pids.max").read_text() != "untouched"


@pytest.mark.parametrize("name", ["memory.peak", "memory.swap.max"])
def test_version_2_does_without_what_older_kernels_lack(tree, name):
    made = make_cgroup("0")
    (tree / name).unlink()
    made.limit_memory(MIB)
    made.reset_peak()
    assert made.peak_bytes() == (0 if name == "memory.peak" else made.peak_bytes())
    assert not (tree / name).exists()


def test_the_peak_of_version_2_is_reset_and_read_through_one_descriptor(tree):
    """The kernel begins anew for the descriptor that was written to, and for no other."""
    made = make_cgroup("0")
    made.reset_peak()
    made.peak_bytes()
    links = [file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    assert links.count(tree / "memory.peak") == 1


def test_version_2_hands_down_what_is_not_handed_down_yet(tree):
    control = tree.parent / "cgroup.subtree_control"
    control.write_text("memory\n")
    make_cgroup("0")
    assert control.read_text() == "+pids"


def test_a_busy_cgroup_of_version_2_moves_its_processes_aside_first(tree, monkeypatch):
    home = tree.parent
    control = home / "cgroup.subtree_control"
    control.write_text("")
    (home / "cgroup.procs").write_text("12\n34\n")
    moved, written, write_text = [], [], Path.write_text

    def busy(path, text, **options):
        if path == control:
            if not moved:
                raise OSError(16, "Device or resource busy", str(path))
            written.append(text)
            return len(text)
        if path == home / "service" / "cgroup.procs":
            moved.append(text)
            return len(text)
        return write_text(path, text, **options)

    monkeypatch.setattr(Path, "write_text", busy)
    make_cgroup("0")
    assert moved == ["12", "34"]
    assert written == ["+memory", "+pids"]


def test_a_cgroup_that_stays_busy_is_none(tree, monkeypatch):
    control = tree.parent / "cgroup.subtree_control"
    control.write_text("")

    def refused(path, text, **_):
        raise OSError(16, "Device or resource busy", str(path))

    monkeypatch.setattr(Path, "write_text", refused)
    with pytest.raises(CgroupsUnavailableError, match=r"busy.*subtree_control"):
        make_cgroup("0")


def test_version_2_without_a_controller_is_none(tree):
    (tree.parent / "cgroup.controllers").write_text("cpu pids\n")
    with pytest.raises(CgroupsUnavailableError, match="offers no memory controller"):
        make_cgroup("0")


def test_a_tree_that_cannot_be_written_is_none(monkeypatch):
    monkeypatch.setattr(cgroups, "_homes", lambda: {"": Path("/nowhere")})
    with pytest.raises(CgroupsUnavailableError, match="nowhere"):
        make_cgroup("0")


def test_without_any_tree_there_is_none(monkeypatch):
    monkeypatch.setattr(cgroups, "_homes", dict)
    with pytest.raises(CgroupsUnavailableError, match="no memory and pids"):
        make_cgroup("0")


# ------------------------------------------------------------------------- where new cgroups go


@pytest.mark.parametrize(
    ("said", "there", "homes"),
    [
        ("0::/\n", ["."], {"": "."}),
        ("0::/service/app\n", [".", "service/app"], {"": "service/app"}),
        ("0::/of/the/host\n", ["."], {"": "."}),
        ("0::/\n", ["unified", "memory", "pids"], {"": "unified"}),
        ("4:memory:/a\n8:pids:/\n", ["memory/a", "pids"], {"memory": "memory/a", "pids": "pids"}),
        ("4:memory:/of/the/host\n", ["memory"], {"memory": "memory"}),
        ("2:cpu,cpuacct:/x\n", ["cpuacct/x"], {"cpuacct": "cpuacct/x"}),
        ("1:name=systemd:/\n", [], {}),
        ("4:memory:/a\n0::/\n", [], {}),
        ("4:memory:/a:b\n", ["memory/a:b"], {"memory": "memory/a:b"}),
    ],
)
def test_homes_are_found_where_something_is_mounted(tmp_path, monkeypatch, said, there, homes):
    for folder in there:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "cgroup.procs").touch()
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    read_text = Path.read_text

    def read(path, **options):
        return said if path == Path("/proc/self/cgroup") else read_text(path, **options)

    monkeypatch.setattr(Path, "read_text", read)
    assert cgroups._homes() == {name: tmp_path / place for name, place in homes.items()}
