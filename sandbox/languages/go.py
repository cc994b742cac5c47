"""Go: the standard library, no modules."""

from pathlib import Path

from sandbox.languages.language import Build, Language, SelfTest

GO = Language(
    name="go",
    file_name=lambda _: "solution.go",
    self_test=SelfTest(
        'package main\n\nimport "fmt"\n\nfunc main() {\n'
        "\tvar n int64\n\tfmt.Scan(&n)\n\tfmt.Println(2*n + 1)\n}\n"
    ),
    build=Build(
        tool=Path("/usr/bin/go"),
        # The mode refuses what has no main; without symbols, panics still say their line.
        command=lambda tool, _source, _limits: (
            *(tool, "build", "-buildmode=exe", "-ldflags=-s -w"),
            *("-o", "solution", "solution.go"),
        ),
        product="solution",
        environment={
            "GOCACHE": "/tmp/.cache",  # noqa: S108 - inside the jail
            "GO111MODULE": "off",
            "CGO_ENABLED": "0",
        },
    ),
    aliases=("golang",),
    version=("version",),
    environment={"GOMAXPROCS": "2"},
    out_of_memory=(b"runtime: out of memory", b"runtime: cannot allocate memory"),
    extra_bytes=64 * 1024**2,
    extra_processes=16,
)
