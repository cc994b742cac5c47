"""Java: one source file, named after its public class; started is the class that holds `main`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.languages.language import Build, Language, SelfTest

_MIB: Final = 1024**2
_LEAST_STACK: Final = 256 * 1024  # bytes; below, the virtual machine refuses to start
_MOST_STACK: Final = 1024 * _MIB
_LEAST_HEAP: Final = 8 * _MIB
_DEFAULT: Final = "Main"

# Comments, text blocks, strings and characters, closed or not: nothing in them declares anything.
_PROSE: Final = re.compile(
    r"//[^\n]*+|/\*(?:.*?\*/|.*)|\"\"\"(?:(?:\\.|[^\\])*?\"\"\"|.*)"
    r"|\"(?:\\.|[^\"\\\n])*+\"?|'(?:\\.|[^'\\\n])*+'?",
    re.DOTALL,
)
_TOKEN: Final = re.compile(
    r"(?P<brace>[{}])|(?P<end>;)|(?P<public>\bpublic\b)|(?P<main>\bvoid\s++main\s*+\()"
    r"|\b(?:class|interface|enum|record)\s++(?P<type>[\w$]++)"
)
_PACKAGE: Final = re.compile(r"\bpackage\s++([\w$]++(?:\s*+\.\s*+[\w$]++)*+)\s*+;")
_SERIAL: Final = ("-XX:+UseSerialGC", "-XX:-UsePerfData")


@dataclass(slots=True)
class _Type:
    """A class, interface, enum or record that is in no other one."""

    name: str
    public: bool
    main: bool = False


def _types(code: str) -> list[_Type]:
    found: list[_Type] = []
    depth, public = 0, False
    for token in _TOKEN.finditer(code):
        kind = token.lastgroup
        if kind == "brace":
            depth += 1 if token[0] == "{" else -1
        elif kind == "main" and found:
            found[-1].main = True
        elif kind == "public":
            public = public or depth == 0
            continue
        elif kind == "type" and depth == 0:
            found.append(_Type(token["type"], public))
        if depth == 0:
            public = False
    return found


def class_names(source: str) -> tuple[str, str]:
    """The class that the source's file is named after, and the one to start, with its package.

    Of several that hold `main` the public one is started, or one named Main, or the first.
    """
    code = _PROSE.sub(" ", source)
    types = _types(code)
    public = next((found.name for found in types if found.public), "")
    mains = [found.name for found in types if found.main]
    start = next((name for name in (public, _DEFAULT) if name in mains), "")
    start = start or (mains[0] if mains else public or _DEFAULT)
    package = _PACKAGE.search(code)
    prefix = re.sub(r"\s", "", package[1]) + "." if package is not None else ""
    return public or start, prefix + start


def _file_name(source: str) -> str:
    return f"{class_names(source)[0]}.java"


JAVA = Language(
    name="java",
    file_name=_file_name,
    self_test=SelfTest(
        "import java.util.*;\npublic class Main {\n"
        "  public static void main(String[] a) {\n"
        "    System.out.println(2 * new Scanner(System.in).nextLong() + 1);\n  }\n}\n"
    ),
    run_tool=Path("/usr/bin/java"),
    # Both compilers of the virtual machine: the better one pays where a program runs for long.
    run=lambda tool, source, limits: (
        *(tool, *_SERIAL, "-DONLINE_JUDGE=true"),
        f"-Xss{min(max(limits.stack_bytes, _LEAST_STACK), _MOST_STACK) // 1024}k",
        f"-Xmx{max(limits.memory_bytes, _LEAST_HEAP) // 1024}k",
        *("-cp", "classes", class_names(source)[1]),
    ),
    build=Build(
        tool=Path("/usr/bin/javac"),
        command=lambda tool, source, _limits: (
            *(tool, "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-Xmx512m"),
            *("-encoding", "UTF-8", "-nowarn", "-proc:none", "-d", "classes", _file_name(source)),
        ),
        product="classes",
        single=False,
    ),
    version=("-J-Xmx64m", "-version"),
    out_of_memory=(b"java.lang.OutOfMemoryError",),
    extra_bytes=256 * _MIB,
    reserved_bytes=6144 * _MIB,  # for classes, code, and as much stack for every thread
    extra_processes=32,
)
