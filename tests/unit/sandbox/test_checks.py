import json
import struct

import pytest
from forked import checked, checked_against, checked_in_process

PASSED = {"passed": True}
POINT = """
class Point:
    def __init__(self, x): self.x = x
    def twice(self): return Point(2 * self.x)
    def __len__(self): return self.x
    def __getitem__(self, i): return [self.x][i]
    def __eq__(self, other): return True
    def __bool__(self): return False
    def __hash__(self): return 1
    def __str__(self): return f"at {self.x}"
def make(x): return Point(x)
def read(p): return p.x
"""


@pytest.mark.parametrize(
    ("source", "assertion"),
    [
        ("def f(x): return x + 1", "assert f(1) == 2"),
        ("def f(x): return [x]", "assert f(1) == [1] and f(1) is not None"),
        ("def f(x): return (x, {x: {x}})", "assert f(1) == (1, {1: {1}})"),
        ("def f(x): return x", "assert f(1.5) == 1.5 and math.isclose(f(math.pi), math.pi)"),
        ("def f():\n  yield 1\n  yield 2", "assert list(f()) == [1, 2] and f() != [1, 2]"),
        ("def f():\n  while 1: yield 1", "assert next(f()) == 1"),
        (
            "def f(x): x.append(1); x[0].add(2)",
            "a = [{1}]; b = a[0]; f(a); assert a == [{1, 2}, 1] and b is a[0]",
        ),
        ("def f(d): d['b'] = d.pop('a')", "d = {'a': [1]}; f(d); assert d == {'b': [1]}"),
        ("def f(*, k): k.clear()", "s = {1}; f(k=s); assert s == set()"),
        ("def f(t): t[0].reverse()", "x = [1, 2]; f((x, 0)); assert x == [2, 1]"),
        ("def f(b): b[:] = b'yy'", "x = bytearray(b'x'); f(x); assert x == b'yy'"),
        (POINT, "p = make(3); assert p.x == 3 and p.twice().x == 6 and len(p) == 3 and p[0] == 3"),
        (POINT, "p = make(3); p.x = 4; assert read(p) == 4 and [*p] == [4] and str(p) == 'at 4'"),
        (POINT, "p = make(3); assert p and p == p and p != 3 and {p: 1}[p] == 1"),
        (
            "class S:\n  def push(self, x): self.x = x; return self",
            "s = S(); assert s.push(1) is s",
        ),
        ("def f(x, t): return isinstance(x, t)", "assert f(1, int) and not f(1, str)"),
        ("N = 5\ndef f(): return N", "assert f() == N"),
        (
            "from collections import Counter\ndef f(x): return Counter(x)",
            "assert f('aa') == Counter('aa')",
        ),
        ("def f(x): return fractions", "import fractions\nassert fractions.Fraction(1, 2) == 0.5"),
        ("def sum(a, b): return a + b", "assert len([sum(1, 2)]) == 1"),
    ],
)
def test_a_test_of_a_right_program_passes(source, assertion):
    name = "sum" if "def sum" in source else ""
    assert checked(source, assertion, entry_point=name) == [PASSED]
    if "is s" not in assertion:
        assert checked_in_process(source, f"import math\n{assertion}", entry_point=name)[0] == 0


def test_a_test_that_does_not_hold_says_which_line():
    source = "def f(x): return x"
    setup = "def close(a, b):\n    assert a == b, f'{a} is not {b}'\n"
    want = [
        {"failed": "", "line": "assert f(1) == 2"},
        {"failed": "1 is not 3", "line": "assert a == b, f'{a} is not {b}'"},
        PASSED,
    ]
    tests = ("assert f(1) == 2", "close(f(1), 3)", "assert f(1) == 1")
    assert checked(source, *tests[:1]) == want[:1]
    assert checked_in_process(source, *tests[:1], setup=setup)[1] == want[:1]
    assert checked_in_process(source, tests[2])[1] == want[2:]
    assert checked(source, tests[1], setup=setup)[0]["failed"] == "1 is not 3"


def test_an_exception_is_of_the_nearest_builtin_class():
    source = """
class Bad(KeyError): pass
def f(): raise Bad("key")
def g(): b"\\xff".decode()
def h(): assert False, "own"
"""
    caught = "try: f()\nexcept KeyError as e: assert e.args == ('key',)\nelse: assert False"
    decoding = "try: g()\nexcept ValueError: pass\nelse: assert False"
    lines = checked(source, caught, decoding, "f()", "h()", "1 / 0")
    assert lines[:2] == [PASSED, PASSED]
    assert lines[2] == {"raised": "KeyError", "message": "'key'", "by": "candidate"}
    assert lines[3] == {"raised": "AssertionError", "message": "own", "by": "candidate"}
    assert lines[4] == {"raised": "ZeroDivisionError", "message": "division by zero", "by": "test"}


@pytest.mark.parametrize("run", [checked, lambda *a, **k: checked_in_process(*a, **k)[1]])
@pytest.mark.parametrize("name", ["f", "len"])
def test_a_function_that_lacks_is_the_candidates_fault(run, name):
    (line,) = run("x = 1", f"assert {name}([1]) == 1", entry_point=name)
    assert line == {
        "raised": "NameError",
        "message": f"name {name!r} is not defined",
        "by": "candidate",
    }


PROGRAM = "def check(candidate):\n    assert candidate(1) == 2\n    assert helper() == 3\n"


@pytest.mark.parametrize("call", ["", "check(f)\n", "check(candidate)\n"])
def test_a_program_is_one_test_and_its_check_is_called_once(call):
    source = "calls = []\ndef f(x): calls.append(x); return 1 + len(calls)\ndef helper(): return 3"
    assert checked(source, program=PROGRAM + call, entry_point="f") == [PASSED]
    assert checked_in_process(source, program=PROGRAM + call, entry_point="f") == (0, [PASSED])


def test_a_method_of_a_solution_is_tested_by_its_name():
    source = "class Solution:\n    def f(self, x): return x"
    assert checked(source, "assert f(1) == 1", entry_point="f") == [PASSED]
    assert checked_in_process(source, "assert f(1) == 1", entry_point="f") == (0, [PASSED])


@pytest.mark.parametrize(
    "assertion",
    [
        "assert make(lambda: 0)",
        "assert isinstance(make(1), Point)",
        "assert make(1) == make(1)",
        "class Sub(Point): pass",
        "import copy; copy.deepcopy(make(1))",
        "try: make(1)[5]\nexcept Point: pass",
    ],
)
def test_what_cannot_cross_the_pipe_is_unreachable_and_not_wrong(assertion):
    (line,) = checked(POINT, assertion)
    assert set(line) == {"unreachable"}


def test_setup_runs_once_before_the_tests():
    setup = "root = Point(1)\nroot.left = Point(2)"
    assert checked(POINT, "assert read(root.left) == 2", setup=setup) == [PASSED]


def test_a_setup_that_fails_fails_every_test():
    lines = checked(POINT, "assert True", "assert True", setup="Point()")
    assert [line["raised"] for line in lines] == ["TypeError"] * 2
    assert [line["by"] for line in lines] == ["candidate"] * 2


@pytest.mark.parametrize(
    ("source", "assertion"),
    [
        ("class A:\n def __eq__(s, o): return True\ndef f(): return A()", "assert f() == 1"),
        ("class A(int):\n def __eq__(s, o): return True\ndef f(): return A()", "assert f() == 1"),
        ("class A:\n def __sub__(s, o): return 0\ndef f(): return A()", "assert abs(f() - 1) < 1"),
        ("class A:\n def __lt__(s, o): return True\ndef f(): return A()", "assert f() < 1"),
        (
            "class A:\n def __contains__(s, o): return 1\n def __iter__(s): return iter([])\nf = A",
            "assert 1 in f()",
        ),
        (
            "class math:\n isclose = lambda *a: True\ndef f(): return 0",
            "assert math.isclose(f(), 1)",
        ),
        ("Counter = lambda x: 0\ndef f(): return 0", "assert Counter([f()]) == Counter([1])"),
        (
            "import builtins, os\nbuiltins.len = lambda x: 3\ndef f(): return []",
            "assert len(f()) == 3",
        ),
    ],
)
def test_forgeries_do_not_pass(source, assertion):
    (line,) = checked(source, assertion)
    assert line != PASSED


def frame(text):
    return struct.pack(">I", len(text)) + text


@pytest.mark.parametrize(
    "reply",
    [
        *(b"", b"\0", b"\xff\xff\xff\xff", frame(b""), frame(b"nul"), frame(b"[]"), frame(b"{}")),
        *(frame(b'{"value": 1, "raised": "E"}'), frame(b'{"value": {"set": [[]]}}')),
        *(frame(b'{"raised": "E"}'), frame(b'{"raised": "E", "message": "m", "bases": ["len"]}')),
        *(
            frame(b'{"value": {"ref": -1, "type": "x"}}'),
            frame(b"[" * 100_000),
            struct.pack(">I", 9),
        ),
    ],
)
def test_what_is_no_reply_is_a_protocol_error_of_the_candidate(reply):
    def answer(channel):
        channel.recv(1 << 16)
        channel.sendall(reply)

    (line,) = checked_against(answer, "assert f(1) == 1")
    assert (line["raised"], line["by"]) == ("ProtocolError", "candidate")


def test_a_program_that_ends_in_a_call_fails_this_and_the_later_tests():
    source = "import os\ndef f(x): os._exit(0)"
    lines = checked(
        source, "assert f(1) == 1", "assert f(2) == 2", "try: f(1)\nexcept Exception: pass"
    )
    assert [line["raised"] for line in lines] == ["ProtocolError"] * 3


@pytest.mark.parametrize("args", ["[]", "[1, 2]", '"ab"', '[{"set": [[]]}]', "7", "null"])
def test_forged_changes_of_arguments_are_data_or_a_protocol_error(args):
    def answer(channel):
        channel.recv(1 << 16)
        channel.sendall(frame(json.dumps({"value": {"ref": 0, "type": "function"}}).encode()))
        channel.recv(1 << 16)
        channel.sendall(frame(b'{"value": 1, "kwargs": {}, "args": ' + args.encode() + b"}"))

    (line,) = checked_against(answer, "assert f([1]) == 2")
    assert line.get("raised", "ProtocolError") == "ProtocolError"
    assert line != PASSED


def test_a_submission_that_cannot_be_loaded_fails_in_its_own_process_too():
    assert checked_in_process("1 / 0", "assert True") == (1, [])
    (line,) = checked("1 / 0", "assert f(1) == 1")
    assert line["raised"] == "ProtocolError"
