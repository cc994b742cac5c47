"""JavaScript: Node.js."""

import re
from pathlib import Path
from typing import Final

from sandbox.languages.language import Language, SelfTest

_MIB: Final = 1024**2
_OWN_STACK: Final = 4 * _MIB  # of the thread's stack, what V8 does not count
_LEAST_STACK: Final = 128 * 1024
_MODULE: Final = re.compile(r"^(?:import\b(?!\s*[(.])|export\b)", re.MULTILINE)
_REQUIRE: Final = re.compile(r"\brequire\s*+\(")


def file_name(source: str) -> str:
    """Its ending tells Node.js whether the program is a module, which imports, or requires."""
    imports = _MODULE.search(source) is not None
    requires = _REQUIRE.search(source) is not None and "createRequire" not in source
    return "solution.mjs" if imports and not requires else "solution.js"


def _stack_bytes(stack_bytes: int) -> int:
    """What of the first thread's stack V8 may use; never too little to start."""
    return max(stack_bytes - _OWN_STACK, stack_bytes // 2, _LEAST_STACK)


JAVASCRIPT = Language(
    name="javascript",
    file_name=file_name,
    self_test=SelfTest(
        'const n = parseInt(require("fs").readFileSync(0, "utf8"));\nconsole.log(2 * n + 1);\n'
    ),
    run_tool=Path("/usr/bin/node"),
    run=lambda tool, source, limits: (
        tool,
        "--max-semi-space-size=16",
        f"--max-old-space-size={max(limits.memory_bytes // _MIB, 16)}",
        f"--stack-size={_stack_bytes(limits.stack_bytes) // 1024}",
        file_name(source),
    ),
    aliases=("js", "node", "nodejs", "node.js", "mjs", "cjs", "ecmascript", "es", "jsx"),
    # One of V8's own threads per core would only spend CPU time that counts.
    environment={"UV_THREADPOOL_SIZE": "1"},
    out_of_memory=(b"JavaScript heap out of memory", b"Array buffer allocation failed"),
    extra_bytes=128 * _MIB,
    reserved_bytes=6144 * _MIB,  # most of it for each worker's code
    extra_processes=16,
)
