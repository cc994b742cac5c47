"""C++: GCC, the standard that contests use."""

from pathlib import Path

from sandbox.languages.language import Build, Language, SelfTest

CPP = Language(
    name="cpp",
    file_name=lambda _: "solution.cpp",
    self_test=SelfTest(
        "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << 2 * n + 1; }\n"
    ),
    build=Build(
        tool=Path("/usr/bin/g++"),
        command=lambda tool, _source, _limits: (
            *(tool, "-O2", "-std=c++20", "-pipe", "-fmax-errors=20"),
            *("-o", "solution", "solution.cpp"),
        ),
        product="solution",
    ),
)
