"""Python programs by their own names, standard input and output: as if started by themselves."""

import textwrap

import pytest
import pytest_asyncio
from jails import printed, ran, started_sandbox

from sandbox.execution import Status

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = b"3\n1 2 3\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    async with started_sandbox() as made:
        yield made


def source(text):
    return textwrap.dedent(text)


@pytest.mark.parametrize(
    "program",
    [
        """
        import sys
        n = int(sys.stdin.buffer.readline())
        print(sum(map(int, sys.stdin.buffer.readline().split())) + n - 3)
        """,
        """
        import sys
        print(sum(sum(map(int, line.split())) for line in sys.stdin.buffer) - 3)
        """,
        """
        import os
        print(sum(map(int, os.read(0, 1 << 20).split())) - 3)
        """,
        """
        n, numbers = open(0).read().splitlines()
        print(sum(map(int, numbers.split())))
        """,
        """
        total = 0
        def add(number):
            global total
            total += number
        input()
        for word in input().split():
            add(int(word))
        print(total)
        """,
        """
        import sys
        input()
        print(sum(map(int, sys.stdin.read().split())))
        """,
        """
        import sys
        input = sys.stdin.readline
        input()
        print(sum(map(int, input().split())))
        """,
        """
        import sys
        print(sum(sum(map(int, line.split())) for line in sys.stdin) - 3)
        """,
        """
        input()
        with open('/dev/stdin') as file:
            print(0)
        print(6)
        """.replace("input()\n        with", "with").replace("print(0)", "text = file.read()"),
        """
        import fileinput
        print(sum(sum(map(int, line.split())) for line in fileinput.input()) - 3)
        """,
        """
        import io, os, sys
        sys.stdin = io.StringIO(os.read(0, os.fstat(0).st_size).decode())
        input()
        print(sum(map(int, input().split())))
        """,
        """
        import mmap
        print(sum(map(int, mmap.mmap(0, 0, prot=mmap.PROT_READ)[:].split())) - 3)
        """,
        """
        import sys
        def main():
            data = sys.stdin.buffer.read().split()
            sys.stdout.write(str(sum(map(int, data[1:]))))
        if __name__ == "__main__":
            main()
        """,
        """
        import sys, threading
        sys.setrecursionlimit(10**6)
        threading.stack_size(1 << 26)
        def deep(n):
            return 0 if n == 0 else 1 + deep(n - 1)
        def main():
            input()
            print(sum(map(int, input().split())) + deep(20_000) - 20_000)
        thread = threading.Thread(target=main)
        thread.start()
        thread.join()
        """,
    ],
)
async def test_every_usual_way_to_read_the_input_works(sandbox, program):
    assert (await printed(sandbox, source(program), LINES)).strip() == "6"


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("import sys\nsys.exit()", 0, ""),
        ("import sys\nsys.exit(None)", 0, ""),
        ("import sys\nsys.exit(0)", 0, ""),
        ("import sys\nsys.exit(3)", 3, ""),
        ("import sys\nsys.exit(-1)", 255, ""),
        ("import sys\nsys.exit(256)", 0, ""),
        ("import sys\nsys.exit(True)", 1, ""),
        ("import sys\nsys.exit('bad luck')", 1, "bad luck\n"),
        ("import sys\nsys.exit((1, 2))", 1, "(1, 2)\n"),
        ("exit(4)", 4, ""),
        ("quit()", 0, ""),
        ("raise SystemExit(5)", 5, ""),
        ("import os\nos._exit(6)", 6, ""),
        ("import atexit, os\natexit.register(lambda: os._exit(7))", 7, ""),
        ("import threading, sys\nthreading.Thread(target=sys.exit, args=(1,)).start()", 0, ""),
    ],
)
async def test_exit_codes_are_an_interpreters(sandbox, program, code, said):
    execution = await ran(sandbox, program)
    assert (execution.status, execution.exit_code) == (Status.EXITED, code)
    assert execution.stderr.decode() == said


async def test_an_exception_is_a_traceback_of_the_programs_own_lines(sandbox):
    execution = await ran(sandbox, "def f(x):\n    return 1 / x\n\nprint('before')\nf(0)\n")
    assert (execution.status, execution.exit_code) == (Status.EXITED, 1)
    assert execution.stdout == b"before\n"
    said = execution.stderr.decode().splitlines()
    assert said[0] == "Traceback (most recent call last):"
    assert said[1] == '  File "/tmp/solution.py", line 5, in <module>'
    assert said[2].strip() == "f(0)"
    assert said[-1] == "ZeroDivisionError: division by zero"
    assert "sandbox" not in execution.stderr.decode()
    assert sum(line.startswith("  File ") for line in said) == 2


@pytest.mark.parametrize(
    ("program", "last"),
    [
        ("x = (\n", "SyntaxError: '(' was never closed"),
        ("if True:\nx", "IndentationError: expected an indented block"),
        ("a\0b", "null bytes"),
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class E(BaseException): pass\nraise E('x')", "E: x"),
        ("raise Exception('ü \\ud800')", "Exception: ü \\ud800"),
        ("import nothing_like_it", "ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("from sandbox.jail import kernel", "ModuleNotFoundError: No module named 'sandbox'"),
        (
            "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError(1) from e",
            "KeyError: 1",
        ),
        ("input()", "EOFError: EOF when reading a line"),
    ],
)
async def test_whatever_goes_wrong_is_said_last(sandbox, program, last):
    execution = await ran(sandbox, program)
    assert (execution.status, execution.exit_code) == (Status.EXITED, 1)
    assert last in execution.stderr.decode().rstrip().splitlines()[-1]
    assert "jail" not in execution.stderr.decode().replace("sandbox.jail import kernel", "")


async def test_an_excepthook_of_its_own_is_called(sandbox):
    program = (
        "import sys\nsys.excepthook = lambda kind, e, tb: print('mine', e)\nraise KeyError(1)\n"
    )
    execution = await ran(sandbox, program)
    assert (execution.exit_code, execution.stdout) == (1, b"mine 1\n")


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("print('no newline', end='')", "no newline"),
        ("import sys\nsys.stdout.write('x' * 100_000)", "x" * 100_000),
        ("import sys\nsys.stdout.buffer.write(b'b')\nsys.stdout.flush()\nprint('c')", "bc\n"),
        ("import os\nos.write(1, b'raw')", "raw"),
        ("print('ünïcödé 数 😀')", "ünïcödé 数 😀\n"),
        ("import sys\nsys.stdout.reconfigure(line_buffering=True)\nprint(1)", "1\n"),
        ("import sys\nsys.stdout = open(1, 'w')\nprint('own')", "own\n"),
        ("import sys, io\nsys.stdout = io.StringIO()\nprint('lost')", ""),
        ("import sys\nprint('kept', flush=True)\nsys.stdout.close()", "kept\n"),
        ("import sys\nprint('kept')\nsys.exit(0)", "kept\n"),
        ("import subprocess\nsubprocess.run(['/bin/echo', 'child'], check=True)", "child\n"),
        ("import os\nos.system('echo shell')", "shell\n"),
        ("print('a')\nimport sys\nprint('b', file=sys.stderr)", "a\n"),
    ],
)
async def test_output_that_was_not_flushed_is_written(sandbox, program, text):
    assert await printed(sandbox, program) == text


async def test_a_program_may_throw_its_streams_away(sandbox):
    execution = await ran(sandbox, "import sys\nprint(1, flush=True)\ndel sys.stdout, sys.stderr")
    assert (execution.exit_code, execution.stdout, execution.stderr) == (0, b"1\n", b"")


async def test_cycles_are_collected(sandbox):
    """What needs no more memory than the limit at any time must not run out of it."""
    program = source(
        """
        for _ in range(100):
            a = [bytes(10_000_000)]
            a.append(a)
            for _ in range(3000):
                b = []
                b.append(b)
        print("done")
        """
    )
    assert await printed(sandbox, program) == "done\n"


async def test_threads_are_waited_for_and_exit_functions_run_after_them(sandbox):
    program = source(
        """
        import atexit, threading, time
        atexit.register(print, "last")
        def work():
            time.sleep(0.05)
            print("thread")
        threading.Thread(target=work).start()
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        print("main")
        """
    )
    assert await printed(sandbox, program) == "main\nthread\nlast\n"


async def test_exit_functions_run_after_an_exception_and_after_sys_exit(sandbox):
    for end, code in (("1 / 0", 1), ("import sys; sys.exit(4)", 4)):
        execution = await ran(sandbox, f"import atexit\natexit.register(print, 'bye')\n{end}")
        assert (execution.stdout, execution.exit_code) == (b"bye\n", code)


async def test_an_exit_function_that_fails_costs_no_output(sandbox):
    program = "import atexit\natexit.register(print, 'x')\natexit.register(lambda: 1 / 0)\nprint(1)"
    execution = await ran(sandbox, program)
    assert execution.stdout == b"1\nx\n"
    assert b"ZeroDivisionError" in execution.stderr


@pytest.mark.parametrize(
    ("program", "text"),
    [
        ("import sys\nprint(sys.argv)", "['/tmp/solution.py']\n"),
        ("print(__name__, __file__)", "__main__ /tmp/solution.py\n"),
        ("import __main__\nx = 5\nprint(__main__.x)", "5\n"),
        ("import sys\nprint(sys.modules['__main__'].__name__)", "__main__\n"),
        ("print(__doc__)", "None\n"),
        ("'the docstring'\nprint(__doc__)", "the docstring\n"),
        ("print(sorted(k for k in globals() if not k.startswith('__')))", "[]\n"),
        ("import os\nprint(os.getcwd())", "/tmp\n"),  # noqa: S108 - the jail's own
        ("import os\nprint(os.listdir('.'))", "[]\n"),
        ("x: int = 3\nprint(__annotations__)", "{'x': <class 'int'>}\n"),
        ("from __future__ import annotations\ndef f(x: nothing): pass\nprint(1)", "1\n"),
        ("def f(x: nothing): pass", None),
        ("# -*- coding: latin-1 -*-\nprint('\\xe9')", "é\n"),
        ("import sys\nprint(sys.stdin.encoding, sys.stdout.encoding)", "utf-8 utf-8\n"),
        ("import sys\nprint(sys.flags.no_site, 'sandbox' in sys.modules)", "1 False\n"),
        ("print(hash('a') == hash('a'), isinstance(__builtins__, type(ascii)))", None),
        ("import sys\nprint(sys.stdin.isatty(), sys.stdin.fileno())", "False 0\n"),
        ("import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))", None),
        ("import sys\nprint(sys.getrecursionlimit())", "1000\n"),
        ("import gc\nprint(gc.isenabled())", "True\n"),
        ("import signal\nprint(signal.getsignal(signal.SIGINT))", None),
        ("import warnings\nwarnings.warn('odd')\nprint(1)", "1\n"),
    ],
)
async def test_the_program_is_the_main_module_of_a_plain_interpreter(sandbox, program, text):
    execution = await ran(sandbox, program)
    if text is not None:
        assert execution.succeeded, execution.stderr
        assert execution.stdout.decode() == text


async def test_classes_of_the_program_can_be_pickled_and_typed(sandbox):
    program = source(
        """
        import pickle
        from dataclasses import dataclass, field
        from enum import Enum
        from typing import NamedTuple, get_type_hints
        @dataclass(order=True)
        class Point:
            x: int
            y: "list[int]" = field(default_factory=list)
        class Colour(Enum):
            RED = 1
        class Pair(NamedTuple):
            a: int
            b: Point
        pair = Pair(1, Point(2, [3]))
        print(pickle.loads(pickle.dumps((pair, Colour.RED))) == (pair, Colour.RED))
        print(get_type_hints(Point)["y"])
        """
    )
    assert await printed(sandbox, program) == "True\nlist[int]\n"


async def test_processes_of_the_program_know_its_functions(sandbox):
    program = source(
        """
        import multiprocessing as mp
        def square(n):
            return n * n
        def send(pipe):
            pipe.send("sent")
        if __name__ == "__main__":
            ours, theirs = mp.get_context("fork").Pipe()
            child = mp.get_context("fork").Process(target=send, args=(theirs,))
            child.start()
            print(ours.recv())
            child.join()
            print(child.exitcode)
        """
    )
    assert await printed(sandbox, program) == "sent\n0\n"


async def test_a_forked_child_that_goes_on_prints_what_it_does(sandbox):
    program = "import os\nprint('a', flush=True)\nif os.fork():\n    os.wait()\nprint('b')"
    assert await printed(sandbox, program) == "a\nb\nb\n"


@pytest.mark.parametrize(
    ("stdin", "program", "text"),
    [
        ("数 é\n".encode(), "print(input()[::-1])", "é 数\n"),
        (b"\xff\xfe\n", "import sys\nprint(len(input()))", "2\n"),
        (b"a\r\nb\r\n", "print([input(), input()])", "['a', 'b']\n"),
        (b"a\0b", "print(len(input()))", "3\n"),
        (b"no newline", "print(input())", "no newline\n"),
        (b"\xef\xbb\xbf1\n", "print(ascii(input()))", "'\\ufeff1'\n"),
    ],
)
async def test_any_input_arrives(sandbox, stdin, program, text):
    assert await printed(sandbox, program, stdin) == text


async def test_a_large_input_goes_in_and_a_large_output_comes_out(sandbox):
    program = "import sys\nsys.stdout.write(sys.stdin.read().upper())"
    text = "abc def\n" * 500_000
    assert await printed(sandbox, program, text.encode()) == text.upper()


async def test_bytes_that_are_no_text_come_out_as_they_went_in(sandbox):
    execution = await ran(sandbox, "print(input())", bytes(range(128, 256)) + b"\n")
    assert execution.stdout == bytes(range(128, 256)) + b"\n"


async def test_a_source_with_a_lone_surrogate_is_an_error_of_the_program(sandbox):
    execution = await ran(sandbox, "print('\ud800')")
    assert (execution.status, execution.exit_code) == (Status.EXITED, 1)
    assert b"Error" in execution.stderr
