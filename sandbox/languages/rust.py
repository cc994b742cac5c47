"""Rust: rustc alone, the standard library."""

from pathlib import Path

from sandbox.languages.language import Build, Language, SelfTest

RUST = Language(
    name="rust",
    file_name=lambda _: "solution.rs",
    self_test=SelfTest(
        "use std::io;\nfn main() {\n    let mut line = String::new();\n"
        "    io::stdin().read_line(&mut line).unwrap();\n"
        '    println!("{}", 2 * line.trim().parse::<i64>().unwrap() + 1);\n}\n'
    ),
    build=Build(
        tool=Path("/usr/bin/rustc"),
        # Stripped of symbols, a program takes a thirtieth of the room; panics still say their line.
        command=lambda tool, _source, _limits: (
            *(tool, "--edition=2021", "--crate-type=bin", "-O", "-C", "strip=symbols"),
            *("--cap-lints=allow", "--color=never", "-o", "solution", "solution.rs"),
        ),
        product="solution",
    ),
    aliases=("rs",),
    out_of_memory=(b"memory allocation of ",),
)
