"""C++: GCC, the standard that contests use, with GNU's extensions as there."""

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
        # ONLINE_JUDGE: by this name programs know that they must not open files of their author's.
        command=lambda tool, _source, _limits: (
            *(tool, "-O2", "-std=gnu++20", "-pipe", "-pthread", "-w", "-fmax-errors=20"),
            *("-DONLINE_JUDGE", "-o", "solution", "solution.cpp"),
        ),
        product="solution",
    ),
    aliases=("c++", "cc", "cxx", "g++", "cplusplus"),
    out_of_memory=(b"std::bad_alloc",),
)
