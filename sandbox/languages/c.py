"""C: GCC, with the mathematics library."""

from pathlib import Path

from sandbox.languages.language import Build, Language, SelfTest

C = Language(
    name="c",
    file_name=lambda _: "solution.c",
    self_test=SelfTest(
        '#include <stdio.h>\nint main(void) { long n; if (scanf("%ld", &n) != 1) return 1;'
        ' printf("%ld", 2 * n + 1); return 0; }\n'
    ),
    build=Build(
        tool=Path("/usr/bin/gcc"),
        # ONLINE_JUDGE: by this name programs know that they must not open files of their author's.
        command=lambda tool, _source, _limits: (
            *(tool, "-O2", "-std=gnu17", "-pipe", "-pthread", "-w", "-fmax-errors=20"),
            *("-DONLINE_JUDGE", "-o", "solution", "solution.c", "-lm"),
        ),
        product="solution",
    ),
    aliases=("gcc",),
)
