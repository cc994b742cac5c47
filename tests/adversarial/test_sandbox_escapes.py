"""What a program must not reach: it does not in the jail, and does where the protection is off.

An escape that would fail anywhere proves nothing. Each attack that reports an effect is run where
it has one: in a plain process, in throw-away namespaces, or in a jail that lacks one protection.
"""

import os
import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from sandboxes import Unfiltered, hack_names, hack_source

from sandbox.execution import Isolation, Limits
from sandbox.jail_process import Jail
from sandbox.seccomp import call_numbers

EFFECT = b"HACK-EFFECT: "
PYTHON = "/usr/bin/python3"
NAMESPACES = "unshare --mount --uts --ipc --pid --fork --mount-proc --kill-child".split()
SCRATCH = "mount -t tmpfs none /tmp && mount -t tmpfs none /dev/shm && cd /tmp && "

# What a harness has lying around that runs the submission in its own process.
HARNESS = """
import pickle, socket, sys
ours, theirs = socket.socketpair()
def judge(source):
    tests = {"expected": 31}
    names = {}
    exec(source, names)
    return pickle.loads(pickle.dumps(names["solve"](2))), tests
judge(sys.argv[1])
"""
TWO_RUNS = "import sys; [exec(sys.argv[1], {}) for _ in range(2)]"

PLAIN = "a plain process"
NO_FILTER = "the jail without its seccomp filter"
NO_JAIL = "isolation none"
APART = "throw-away namespaces"
TWICE = "twice in the same throw-away namespaces"
SAME = "twice in one interpreter"
IN_HARNESS = "the process of a harness"
OPEN_FD = "a process that inherits a descriptor"
LOW_LIMITS = "a process of root with low limits"
OTHER_USER = "a process whose real user is another"
LISTENING = "a plain process, while a port is listened on"

WORKS = {
    "b08_pickle_reduce_eval": IN_HARNESS,
    "e13_raise_ulimits": LOW_LIMITS,
    "f01_read_shadow": PLAIN,
    "f02_list_root_home": PLAIN,
    "f03_env_secrets": PLAIN,
    "f04_symlink_escape": PLAIN,
    "f05_proc_walk": NO_JAIL,
    "f06_loopback_connect": LISTENING,
    "f09_ptrace_parent": APART,
    "f13_setuid_root": OTHER_USER,
    "f14_mount_tmpfs": APART,
    "f15_unshare_userns": NO_FILTER,
    "f16_keyctl_add_key": NO_FILTER,
    "f17_perf_event_open": APART,
    "f18_io_uring_setup": APART,
    "f21_personality_no_aslr": NO_FILTER,
    "f22_memfd_create": NO_FILTER,
    "f23_clone_newuser_raw": NO_FILTER,
    "f24_write_interpreter": APART,
    "f25_kernel_knobs": APART,
    "f28_rewrite_own_file": APART,
    "f29_state_across_tests": TWICE,
    "f30_hardlink_root_files": PLAIN,
    "l02_takes_the_control_socket": IN_HARNESS,
    "l03_descriptors_beyond_its_own": OPEN_FD,
    "l04_settrace_into_the_harness": IN_HARNESS,
    "m01_ptrace_me": NO_FILTER,
    "m02_userfaultfd": NO_FILTER,
    "m03_kcmp": NO_FILTER,
    "m04_msgget": NO_FILTER,
    "m05_semget": NO_FILTER,
    "m06_shmget": NO_FILTER,
    "m07_mq_open": APART,
    "m08_name_to_handle": NO_FILTER,
    "m09_seccomp_probe": NO_FILTER,
    "m10_fsopen": APART,
    "m11_open_tree": APART,
    "m12_setns_of_its_own": APART,
    "m13_chroot": APART,
    "m14_pidfd_getfd": NO_FILTER,
    "m15_syslog": APART,
    "m16_modify_ldt": NO_FILTER,
    "m17_clone3_newuser": NO_FILTER,
    "m18_landlock": NO_FILTER,
    "m19_sethostname": APART,
    "m20_fanotify": NO_FILTER,
    "m21_vmsplice_and_tee": NO_FILTER,
    "m22_process_madvise": NO_FILTER,
    "m23_i386_calls": NO_FILTER,
    "m26_process_vm_readv": NO_FILTER,
    "m27_bpf_map": APART,
    "m28_io_uring_probe": APART,
    "n01_unix_socket": NO_FILTER,
    "n02_inet_socket": NO_FILTER,
    "n03_netlink_socket": NO_FILTER,
    "n05_talks_to_itself": NO_JAIL,
    "n06_interfaces": NO_JAIL,
    "o01_files_of_pid_1": PLAIN,
    "o02_signals_pid_1": APART,
    "o03_sysfs": NO_JAIL,
    "o04_devices": NO_JAIL,
    "o05_hostname": NO_JAIL,
    "o06_environment": PLAIN,
    "o07_whole_filesystem": NO_JAIL,
    "o08_writes_to_the_system": APART,
    "o09_device_node": APART,
    "o10_oom_score": PLAIN,
    "o11_more_than_its_share": PLAIN,
    "o12_locked_memory": PLAIN,
    "o13_capabilities": PLAIN,
    "o14_groups": PLAIN,
    "o15_interpreter_replaced": APART,
    "p01_memory_of_the_interpreter": SAME,
    "p02_shared_memory_file": TWICE,
    "p03_system_v_memory": TWICE,
    "p04_planted_modules": TWICE,
    "p05_descriptor_offsets": TWICE,
    "p06_processes_of_an_earlier_run": TWICE,
}
NOT_SHOWN = {
    "f11_kill_all": "reports nothing; that the jail outlives it is what is tested",
    "f19_bpf": "asks for a map that no kernel makes; m27_bpf_map asks for a right one",
    "m24_x32_calls": "kernels are built without the x32 calls",
    "n04_alg_socket": "many kernels are built without it",
}
EFFECTIVE = [name for name in hack_names() if EFFECT.decode() in hack_source(name)]


def test_every_attack_with_an_effect_is_shown_to_have_it():
    assert sorted({**WORKS, **NOT_SHOWN}) == EFFECTIVE


@pytest.mark.parametrize("name", EFFECTIVE)
def test_an_escape_has_no_effect_in_the_jail(arena, name):
    jails = arena.watch()
    source = hack_source(name)
    for _ in range(2):  # in the second run what the first one left would show
        for _ in arena.sandbox.pool._slots:
            assert EFFECT not in arena.run(source, b"2\n").stderr
            assert EFFECT not in arena.call(source, 2).stderr
    assert arena.jails() == jails


@pytest.mark.parametrize(("name", "where"), WORKS.items())
def test_an_escape_works_where_its_protection_is_off(arena, name, where, tmp_path):
    source = hack_source(name)
    if where == NO_FILTER:
        assert EFFECT in arena.run_apart(Unfiltered, arena.sandbox.isolation, source).stderr
    elif where == NO_JAIL:
        assert EFFECT in arena.run_apart(Jail, Isolation.NONE, source).stderr
    else:
        if os.geteuid() != 0 or not shutil.which("unshare"):
            pytest.skip("only root may do what this is kept from")
        if where == LOW_LIMITS and not may_raise_limits():
            pytest.skip("root lacks CAP_SYS_RESOURCE here, and so cannot raise a hard limit")
        assert EFFECT in outside(source, where, tmp_path)


def outside(source, where, folder):
    """What a program without a jail writes on standard error."""
    command = [PYTHON, "-c", source]
    environment = {**os.environ, "API_TOKEN": "secret", "HOME": "/tmp"}  # noqa: S108 - APART's own
    with ExitStack() as stack:
        inherited = ()
        if where == LOW_LIMITS:
            command = ["prlimit", "--fsize=1000000000:1000000000", *command]
        elif where == OTHER_USER:
            command = ["setpriv", "--ruid", "65534", *command]
        elif where == SAME:
            command = [PYTHON, "-c", TWO_RUNS, source]
        elif where == IN_HARNESS:
            command = [PYTHON, "-c", HARNESS, source]
        elif where == OPEN_FD:
            inherited = (os.dup2(stack.enter_context(Path(os.devnull).open()).fileno(), 77),)
            stack.callback(os.close, 77)
        elif where == LISTENING:
            stack.enter_context(listening())
        elif where in (APART, TWICE):
            once = f"{PYTHON} solution.py >> output; "
            runs = once * (1 + (where == TWICE))
            script = f"{SCRATCH} printf %s \"$1\" > solution.py; sh -c '{runs} :'; :"
            command = [*NAMESPACES, "sh", "-c", script, "sh", source]
        done = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=inherited,
            timeout=60,
            check=False,
        )
    return done.stderr


def may_raise_limits():
    """Whether this process has CAP_SYS_RESOURCE."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("CapEff:")[2].split()[0], 16) >> 24 & 1 == 1


def listening():
    """One of the ports that are tried, unless somebody listens there anyway."""
    stack = ExitStack()
    for port in (50051, 8080, 6379, 2375):
        try:
            stack.enter_context(socket.create_server(("127.0.0.1", port)))
        except OSError:
            continue
        break
    return stack


ALL_CALLS = """
import ctypes, os
l = ctypes.CDLL(None, use_errno=True)
for number in NUMBERS:
    ctypes.set_errno(0)
    if l.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() != 38:
        print(number, ctypes.get_errno())
"""


def test_a_system_call_that_the_policy_does_not_name_is_as_if_it_were_not_there(arena):
    allowed = set(_allowed())
    table = {name: number for name, number in call_numbers(os.uname().machine).items() if number}
    others = sorted({number for name, number in table.items() if name not in allowed})
    others += [600, 1000, 2**20, 2**30 + 39]
    ran = arena.run(ALL_CALLS.replace("NUMBERS", repr(others)))
    assert (ran.stdout, ran.exit_code) == (b"", 0)
    # Vacuity: the same numbers do something where there is no filter.
    harmless = [number for name, number in table.items() if name in HARMLESS]
    assert set(harmless) <= set(others)
    unfiltered = arena.run_apart(
        Unfiltered, arena.sandbox.isolation, ALL_CALLS.replace("NUMBERS", repr(harmless))
    )
    assert len(unfiltered.stdout.splitlines()) == len(harmless)


HARMLESS = {"shmget", "mq_open", "ptrace", "unshare", "setns", "socket", "keyctl", "personality"}


def _allowed():
    import tomllib
    from importlib.resources import files

    policy = tomllib.loads((files("sandbox") / "policy/program.toml").read_text("utf-8"))
    for key, names in policy.items():
        yield from [rule["call"] for rule in names] if key == "refuse" else names


NEW_NAMESPACES = (
    0x80,
    0x20000,
    0x2000000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x20000000,
    0x40000000,
)


def test_clone_makes_no_namespace_and_no_sibling(arena):
    source = f"""
import ctypes, os
l = ctypes.CDLL(None, use_errno=True)
for flag in {(*NEW_NAMESPACES, 0x8000)!r}:
    pid = l.syscall(56, flag | 17, 0, 0, 0, 0)
    if pid == 0: os._exit(0)
    print(hex(flag), pid, ctypes.get_errno())
"""
    ran = arena.run(source, limits=Limits(wall_seconds=5))
    if os.uname().machine == "x86_64":
        lines = ran.stdout.decode().splitlines()
        assert [line.split()[1:] for line in lines] == [["-1", "1"]] * 9
