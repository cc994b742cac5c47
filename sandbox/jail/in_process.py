"""Tests in the submission's own process: for those that no pipe can stand between.

The submission can forge what is written here. Whoever uses it must say so beside the result.
"""

from __future__ import annotations

from typing import Any

from sandbox.jail import script
from sandbox.jail.checks import PASSED, execute, outcome, tests, write_line
from sandbox.jail.loading import find, load


def check(payload: dict[str, Any], result_fd: int) -> int:
    """Runs submission, setup and tests in one namespace.

    Args:
        payload: "source", and what `sandbox.jail.checks.check` reads.
        result_fd: gets the lines that `sandbox.jail.checks.check` writes.

    Returns:
        0; 1 if the submission cannot be loaded. Then a traceback is on standard error.

    Raises:
        SystemExit: the submission asked for it while it was loaded.
        OSError: it closed the descriptor.
    """
    namespace = load(payload["source"])
    if namespace is None:
        return 1
    entry_point = payload["entry_point"]

    def begin() -> None:
        execute(payload["setup"], namespace)
        if entry_point:
            namespace["candidate"] = namespace[entry_point] = _found(namespace, entry_point, raised)

    raised: list[BaseException] = []
    failed = outcome(begin, raised, script.PATH)
    for test in tests(payload, namespace):
        write_line(result_fd, outcome(test, [], script.PATH) if failed is PASSED else failed)
    return 0


def _found(namespace: dict[str, Any], name: str, raised: list[BaseException]) -> Any:
    """What is tested; that it is not there is the submission's fault."""
    try:
        return find(namespace, name)
    except NameError as error:
        raised.append(error)
        raise
