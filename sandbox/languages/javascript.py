"""JavaScript: Node.js."""

from pathlib import Path

from sandbox.languages.language import Language, SelfTest

_OWN_STACK = 4 * 1024**2  # of the thread's stack, what V8 does not count


JAVASCRIPT = Language(
    name="javascript",
    file_name=lambda _: "solution.js",
    self_test=SelfTest(
        'const n = parseInt(require("fs").readFileSync(0, "utf8"));\nconsole.log(2 * n + 1);\n'
    ),
    run_tool=Path("/usr/bin/node"),
    run=lambda tool, _source, limits: (
        tool,
        "--max-semi-space-size=16",
        f"--max-old-space-size={limits.memory_bytes // 1024**2}",
        f"--stack-size={max(limits.stack_bytes - _OWN_STACK, 1024**2) // 1024}",
        "solution.js",
    ),
    # One of V8's own threads per core would only spend CPU time that counts.
    environment={"UV_THREADPOOL_SIZE": "1"},
    extra_bytes=128 * 1024**2,
    extra_processes=16,
)
