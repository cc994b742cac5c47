import pytest
from forked import call, performed, returned

FORGED = """
class Forged(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = int.__hash__
    __class__ = property(lambda self: bool)
def f(): return Forged(3)
def g(): return [Forged(4), {Forged(5): Forged(6)}]
"""


def test_each_call_gets_its_line():
    source = "n = 0\ndef f(x, *, by=1):\n    global n\n    n += by\n    return [x, n]\n"
    assert returned(source, call("f", (1,)), call("f", {2}, by=5)) == [[(1,), 1], [{2}, 6]]


def test_a_call_that_raises_says_what_and_the_next_is_made():
    code, lines = performed("def f(x): return 1 // x", call("f", 0), call("f", 1))
    assert code == 0
    assert lines == [
        {"raised": "ZeroDivisionError", "message": "integer division or modulo by zero"},
        {"value": 1},
    ]


def test_a_message_is_cut():
    _, (line,) = performed("def f(): raise ValueError('x' * 10**6)", call("f"))
    assert line == {"raised": "ValueError", "message": "x" * 300}


def test_a_message_that_raises_is_empty():
    source = "class E(Exception):\n    def __str__(self): raise self\ndef f(): raise E"
    assert performed(source, call("f")) == (0, [{"raised": "E", "message": ""}])


@pytest.mark.parametrize(
    ("target", "source"),
    [
        ("f", "def f(x): return x"),
        ("f", "class Solution:\n    def f(self, x): return x"),
        ("Solution.f", "class Solution:\n    def f(self, x): return x"),
        ("A.B.f", "class A:\n    class B:\n        @staticmethod\n        def f(x): return x"),
        ("len", "def len(x): return x"),
    ],
)
def test_a_target_is_a_global_or_a_method(target, source):
    assert returned(source, call(target, 7)) == [7]


@pytest.mark.parametrize("target", ["f", "len", "f.g"])
def test_a_lacking_target_is_a_name_error_even_if_a_builtin_has_the_name(target):
    _, (line,) = performed("class Solution: pass", call(target, []))
    assert line["raised"] == "NameError"


def test_a_submission_that_cannot_be_loaded_answers_nothing(capfd):
    code, lines = performed("x = 1\nx.y.z\n", call("f"))
    assert (code, lines) == (1, [])
    shown = capfd.readouterr().err
    assert "    x.y.z\n" in shown
    assert "/sandbox/" not in shown


@pytest.mark.parametrize("source", ["def f(:", "\0", "(" * 1000, "raise KeyboardInterrupt"])
def test_no_source_harms_the_driver(source):
    assert performed(source, call("f")) == (1, [])


@pytest.mark.parametrize("source", ["import sys\nsys.exit(3)", "def f(): raise SystemExit(3)"])
def test_a_program_that_ends_itself_ends(source):
    assert performed(source, call("f")) == (3, [])


def test_a_submission_is_a_module_that_libraries_can_find():
    source = """
import dataclasses, inspect, pickle, sys, typing
@dataclasses.dataclass
class Point:
    x: "int"
def f():
    Point.__init__
    pickle.loads(pickle.dumps(Point(1)))
    typing.get_type_hints(Point)
    return [__name__, inspect.getsource(f).splitlines()[0], sys.argv]
if __name__ == "__main__":
    raise SystemExit(9)
"""
    assert returned(source, call("f")) == [["solution", "def f():", ["/tmp/solution.py"]]]  # noqa: S108


def test_standard_input_is_at_its_end():
    source = "import os, sys\ndef f(): return [sys.stdin.read(), os.read(0, 1)]"
    assert returned(source, call("f")) == [["", b""]]


def test_what_no_data_is_says_its_type():
    source = "class Node: pass\ndef f(): return [Node()]\ndef g(): return g"
    _, lines = performed(source, call("f"), call("g"))
    assert lines == [{"opaque": "Node"}, {"opaque": "function"}]


def test_an_iterator_that_raises_raises():
    _, (line,) = performed("def f():\n    yield 1\n    raise KeyError(2)", call("f"))
    assert line == {"raised": "KeyError", "message": "2"}


def test_forged_subclasses_are_the_numbers_they_are():
    assert returned(FORGED, call("f"), call("g")) == [3, [4, {5: 6}]]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("x = []\n    x.append(x)\n    return x", "list nested too deeply"),
        ("x = []\n    for _ in range(200_000): x = [x]\n    return x", "list nested too deeply"),
        ("return [0] * 30_000_000", "list with too many values"),
        ("return (i for i in iter(int, 1))", "int with too many values"),
        ("return object()", "object"),
    ],
)
def test_what_is_too_large_is_no_data(body, kind):
    assert performed(f"def f():\n    {body}\n", call("f")) == (0, [{"opaque": kind}])


@pytest.mark.parametrize(
    "spoil",
    [
        "import builtins as b\n    b.len = b.isinstance = b.type = b.str = b.hasattr = None",
        "import json, os\n    json.dumps = json.JSONEncoder = json.loads = os.write = None",
        "import sys\n    sys.modules.clear()",
        "import sys\n    sys.stdout = sys.stderr = sys.stdin = None",
        "import os\n    os.closerange(0, 3)",
        "import struct, traceback\n    struct.Struct = traceback.format_exception = None",
    ],
)
def test_a_program_that_spoils_its_surroundings_is_still_answered(spoil):
    source = f"def f():\n    {spoil}\n    return [1, (2.5, {{3: 'x'}})]\n"
    assert returned(source, call("f"), call("f")) == [[1, (2.5, {3: "x"})]] * 2


def test_a_program_cannot_take_the_room_that_writing_data_needs():
    deep = "    x = 0\n    for _ in range(95): x = [x]\n    return x\n"
    source = f"import sys\nsys.setrecursionlimit(150)\ndef f():\n{deep}"
    assert performed(source, call("f"))[1][0].keys() == {"value"}


def test_endless_recursion_is_an_exception():
    _, lines = performed("def f(): return f()\ndef g(): return 1", call("f"), call("g"))
    assert [line.get("raised") for line in lines] == ["RecursionError", None]


def test_a_program_that_closes_the_descriptors_answers_nothing():
    code, lines = performed("import os\ndef f(): os.closerange(0, 99)", call("f"))
    assert (code, lines) == (70, [])


def test_lines_a_program_writes_itself_are_data_like_any():
    # It may find the descriptor; what it writes there is a value that is compared like any other.
    source = """
import os
def f():
    pipes = [fd for fd in range(64) if os.path.exists(f"/proc/self/fd/{fd}")
             and os.readlink(f"/proc/self/fd/{fd}").startswith("pipe")]
    for fd in pipes[-2:]:  # of the driver's own pipe, whose reading end is open here, too
        try: os.write(fd, b'{"value":"forged"}\\n')
        except OSError: pass
    return "real"
"""
    _, lines = performed(source, call("f"))
    assert lines == [{"value": "forged"}, {"value": "real"}]
