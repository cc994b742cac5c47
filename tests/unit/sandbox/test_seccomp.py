"""The filters, run by an interpreter of this file for every system call number there is."""

import random
import struct
import tomllib
from importlib.resources import files

import pytest

from sandbox.seccomp import PolicyError, assemble, call_numbers, program_filter, zygote_filter

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386, ARM = 0x40000003, 0x40000028
X32 = 0x40000000
NEW_FLAGS = {
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
    "mounts": 0x00020000,
    "time": 0x00000080,
}
PARENT = 0x00008000  # a sibling, which nobody waits for
THREAD = 0x003D0F00  # what a thread library asks of clone
BEYOND = [470, 511, 512, 547, 1000, 0x3FFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
each_machine = pytest.mark.parametrize("machine", ARCHITECTURES)


def verdict(program, number, arguments=(), architecture=ARCHITECTURES["x86_64"]):
    """What the kernel would do: classic BPF over struct seccomp_data."""
    values = [argument & 0xFFFF_FFFF_FFFF_FFFF for argument in (*arguments, *[0] * 6)][:6]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *values)
    lines = list(struct.iter_unpack("<HBBI", program))
    at, accumulator = 0, 0
    while True:
        code, if_true, if_false, value = lines[at]
        at += 1
        match code:
            case 0x20:
                accumulator = struct.unpack_from("<I", data, value)[0]
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case 0x06:
                return value
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")


def named(*files_):
    """Names of system calls in policies, read apart from the code under test."""
    names = set()
    for file in files_:
        policy = tomllib.loads((files("sandbox") / "policy" / file).read_text(encoding="utf-8"))
        names |= {name for key, group in policy.items() if key != "refuse" for name in group}
    return names


@each_machine
@pytest.mark.parametrize(
    ("made", "policies"),
    [
        (program_filter, ["program.toml"]),
        (zygote_filter, ["program.toml", "zygote.toml"]),
    ],
    ids=["program", "zygote"],
)
def test_exactly_the_calls_named_are_allowed(machine, made, policies):
    program, architecture = made(machine), ARCHITECTURES[machine]
    numbers = call_numbers(machine)
    allowed = {numbers[name] for name in named(*policies)} - {None}
    assert len(allowed) > 150
    for number in (*range(470), *BEYOND):
        expected = ALLOW if number in allowed else ENOSYS
        assert verdict(program, number, (), architecture) == expected, number


@each_machine
def test_clone_makes_threads_and_processes_but_no_namespace(machine):
    program, number = program_filter(machine), call_numbers(machine)["clone"]

    def asked(flags):
        return verdict(program, number, (flags, 0xFFFF_FFFF), ARCHITECTURES[machine])

    assert asked(17) == asked(THREAD) == asked(0x01200011) == ALLOW
    for name, flag in {**NEW_FLAGS, "parent": PARENT}.items():
        assert asked(flag) == asked(flag | 17) == asked(THREAD | flag) == EPERM, name
        # The kernel looks at the lower half alone; the upper one must not hide a flag.
        assert asked(flag | 0xFFFF_FFFF_0000_0000) == EPERM, name


@each_machine
def test_flags_at_random_are_refused_exactly_with_a_namespace_among_them(machine):
    program, number = program_filter(machine), call_numbers(machine)["clone"]
    every = sum(NEW_FLAGS.values()) | PARENT
    dice = random.Random(1)
    for _ in range(3000):
        flags = dice.getrandbits(64) & dice.getrandbits(64)
        expected = EPERM if flags & every else ALLOW
        assert verdict(program, number, (flags,), ARCHITECTURES[machine]) == expected, hex(flags)


def test_numbers_of_the_other_abi_are_refused():
    program = program_filter("x86_64")
    assert all(verdict(program, X32 | number) == ENOSYS for number in range(600))


@each_machine
@pytest.mark.parametrize("made", [program_filter, zygote_filter])
def test_another_architecture_ends_the_program(machine, made):
    others = {0, I386, ARM, *ARCHITECTURES.values()} - {ARCHITECTURES[machine]}
    for architecture in others:
        for number in range(0, 470, 7):
            assert verdict(made(machine), number, (), architecture) == KILL


@each_machine
def test_what_a_program_could_get_out_with_is_not_allowed(machine):
    program, numbers = program_filter(machine), call_numbers(machine)
    for name in (
        *("ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "unshare"),
        *("setns", "pivot_root", "chroot", "socket", "connect", "bind", "listen", "accept4"),
        *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "keyctl", "add_key"),
        *("shmget", "semget", "msgget", "mq_open", "memfd_create", "memfd_secret", "clone3"),
        *("personality", "setuid", "setresuid", "setgroups", "capset", "clock_settime", "reboot"),
        *("init_module", "finit_module", "kexec_load", "quotactl", "swapon", "seccomp"),
        *("open_by_handle_at", "name_to_handle_at", "fsopen", "fsmount", "move_mount", "kcmp"),
        *("process_madvise", "pidfd_getfd", "syslog", "acct", "lookup_dcookie", "modify_ldt"),
        *("landlock_create_ruleset", "fanotify_init", "ioperm", "iopl", "mount_setattr"),
    ):
        number = numbers.get(name)
        if number is not None:
            assert verdict(program, number, (), ARCHITECTURES[machine]) == ENOSYS, name


@each_machine
def test_the_zygote_may_do_what_locks_programs_in_and_no_more(machine):
    numbers = call_numbers(machine)
    both = [
        {
            name
            for name, number in numbers.items()
            if number is not None
            and verdict(made(machine), number, (), ARCHITECTURES[machine]) == ALLOW
        }
        for made in (program_filter, zygote_filter)
    ]
    more = both[1] - both[0]
    assert both[0] < both[1]
    assert {"unshare", "setns", "mount", "capset", "seccomp"} <= more
    assert more.isdisjoint({"socket", "ptrace", "bpf", "init_module", "pivot_root"})


@each_machine
def test_a_filter_is_short_enough_for_the_kernel_and_never_jumps_out(machine):
    for made in (program_filter, zygote_filter):
        lines = list(struct.iter_unpack("<HBBI", made(machine)))
        assert len(lines) < 4096
        for at, (code, if_true, if_false, _) in enumerate(lines):
            if code != 0x06:
                assert at + 1 + max(if_true, if_false) < len(lines)


def test_a_name_that_no_architecture_has_is_refused():
    with pytest.raises(PolicyError, match="umount3"):
        assemble({"files": ["read", "umount3"]}, "x86_64")
    with pytest.raises(PolicyError, match="clown"):
        assemble({"refuse": [{"call": "clown", "argument": 0, "bits": 1}]}, "x86_64")


def test_a_machine_without_a_table_is_refused():
    with pytest.raises(PolicyError, match="riscv64"):
        program_filter("riscv64")


def test_an_empty_policy_allows_nothing():
    program = assemble({}, "x86_64")
    assert {verdict(program, number) for number in range(470)} == {ENOSYS}


@pytest.mark.parametrize("names", [["read"], ["read", "write"], ["exit_group"], ["read", "close"]])
def test_a_short_policy_allows_what_it_names(names):
    program = assemble({"calls": names}, "x86_64")
    numbers = {call_numbers("x86_64")[name] for name in names}
    assert {number for number in range(470) if verdict(program, number) == ALLOW} == numbers


def test_every_number_stands_for_one_name():
    for machine in ARCHITECTURES:
        numbers = [number for number in call_numbers(machine).values() if number is not None]
        assert len(numbers) == len(set(numbers))
