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
        command=lambda tool, _source, _limits: (tool, "build", "-o", "solution", "solution.go"),
        product="solution",
        environment={"GOCACHE": "/tmp/.cache", "GO111MODULE": "off", "CGO_ENABLED": "0"},
    ),
    version=("version",),
    environment={"GOMAXPROCS": "2"},
    extra_bytes=64 * 1024**2,
    extra_processes=16,
)
