"""Java: one source file, named after its public class, or else after the class that has `main`."""

import re
from pathlib import Path

from sandbox.languages.language import Build, Language, SelfTest

_PUBLIC = re.compile(
    r"^[ \t]*public[ \t]+(?:(?:final|abstract|strictfp)[ \t]+)*class[ \t]+(\w+)", re.MULTILINE
)
_CLASS = re.compile(r"\b(?:class|record|enum|interface)[ \t]+(\w+)")
_MAIN = re.compile(r"\bstatic\s+(?:final\s+)?void\s+main\s*\(")
_SERIAL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData")


def main_class(source: str) -> str:
    """The class to start: the public one, or the last one named before `main`; else Main."""
    public = _PUBLIC.search(source)
    if public is not None:
        return public[1]
    main = _MAIN.search(source)
    before = _CLASS.findall(source, 0, main.start()) if main is not None else []
    return before[-1] if before else "Main"


JAVA = Language(
    name="java",
    file_name=lambda source: f"{main_class(source)}.java",
    self_test=SelfTest(
        "import java.util.*;\npublic class Main {\n"
        "  public static void main(String[] a) {\n"
        "    System.out.println(2 * new Scanner(System.in).nextLong() + 1);\n  }\n}\n"
    ),
    run_tool=Path("/usr/bin/java"),
    run=lambda tool, source, limits: (
        *(tool, *_SERIAL, f"-Xss{limits.stack_bytes // 1024}k"),
        *(f"-Xmx{limits.memory_bytes // 1024}k", "-cp", "classes", main_class(source)),
    ),
    build=Build(
        tool=Path("/usr/bin/javac"),
        command=lambda tool, source, _limits: (
            *(tool, "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1", "-J-Xmx512m"),
            *("-encoding", "UTF-8", "-nowarn", "-d", "classes", f"{main_class(source)}.java"),
        ),
        product="classes",
        single=False,
    ),
    version=("-version",),
    extra_bytes=256 * 1024**2,
    extra_processes=32,
)
