"""The sandbox pods' seccomp profile: it takes nothing that jails need, and something worth taking.

The real test puts the profile's names on a process by nsjail, where the sandbox then starts; the
container runtime puts them there by libseccomp. The names are the same.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sandbox.box import _nsjail

ROOT = Path(__file__).parents[2]
PROFILE = json.loads((ROOT / "deploy/kubernetes/seccomp/verifier-sandbox.json").read_text())
POLICY = ROOT / "sandbox" / "policy"
# What nsjail itself calls to build a jail.
BUILDING = """
clone clone3 unshare setns mount umount2 pivot_root mkdirat prctl seccomp setuid setgid setresuid
setresgid setgroups sethostname capset setsid prlimit64 execve execveat pidfd_open
""".split()
# Of the kernel's attack surface, what a container has no business with.
DANGEROUS = "bpf io_uring_setup kexec_load init_module keyctl perf_event_open userfaultfd".split()

LEVEL = """
import asyncio
from sandbox.box import Sandbox
from sandbox.settings import SandboxSettings
async def level():
    sandbox = Sandbox(SandboxSettings(slots=1))
    try:
        await sandbox.start()
        return sandbox.isolation.value
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        await sandbox.close()
print(asyncio.run(level()))
"""


def denied():
    (rule,) = PROFILE["syscalls"]
    assert rule["action"] == "SCMP_ACT_ERRNO"
    return rule["names"]


def allowed_to_programs():
    names = set()
    for file in ("program.toml", "zygote.toml"):
        for value in tomllib.loads((POLICY / file).read_text()).values():
            names |= {name for name in value if isinstance(name, str)}
    assert len(names) > 100
    return names


def test_the_profile_refuses_by_name_and_allows_the_rest():
    assert PROFILE["defaultAction"] == "SCMP_ACT_ALLOW"
    assert set(PROFILE) == {"defaultAction", "architectures", "syscalls"}
    assert sorted(set(denied())) == sorted(denied())


def test_every_name_is_a_system_call():
    table = (POLICY / "syscalls.tsv").read_text().splitlines()
    known = {line.partition("\t")[0] for line in table if not line.startswith("#")}
    assert set(denied()) <= known


def test_nothing_is_refused_that_programs_or_their_jails_need():
    assert not set(denied()) & allowed_to_programs()
    assert not set(denied()) & set(BUILDING)


def test_what_is_dangerous_is_refused():
    assert set(DANGEROUS) <= set(denied())


def level(refused=()):
    """The isolation level that a sandbox reaches in a process that these calls are refused to."""
    command = [sys.executable, "-c", LEVEL]
    if refused:
        command = [
            *(
                str(_nsjail()),
                "--quiet",
                "--mode",
                "o",
                "--chroot",
                "/",
                "--rw",
                "--cwd",
                str(ROOT),
            ),
            *(f"--disable_clone_new{space}" for space in "net user ns pid ipc uts cgroup".split()),
            *("--disable_proc", "--disable_rlimits", "--disable_no_new_privs", "--keep_caps"),
            *("--keep_env", "--skip_setsid", "--user", "0", "--group", "0", "--time_limit", "0"),
            *("--seccomp_string", f"ERRNO(1) {{ {', '.join(refused)} }} DEFAULT ALLOW"),
            *("--", *command),
        ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_a_sandbox_under_the_profile_reaches_the_level_that_it_has_without():
    if not _nsjail().exists():
        pytest.skip("no nsjail here")
    without = level()
    if without not in ("full", "no-cgroups"):
        pytest.skip(f"no program can be run here: {without}")
    got = level(denied())
    if "Couldn't launch" in got or "CAP_" in got:
        pytest.skip(f"nsjail cannot put a filter on a process here: {got}")
    assert got == without
    # And the filter was there: without new namespaces there is no jail.
    assert level([*denied(), "unshare", "clone3"]) != without
