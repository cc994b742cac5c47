"""What runs in a worker process: pairs of trees in, whether they are equal out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def serve(_argument: str) -> Callable[[bytes], bytes]:
    """The handler of a worker process; see `verifier.workers.child`."""
    # Integers of GMP end the process when memory runs out; Python's own raise MemoryError.
    os.environ["SYMPY_GROUND_TYPES"] = "python"
    os.environ["MPMATH_NOGMPY"] = "1"
    from sympy.core.cache import clear_cache  # noqa: PLC0415 - after the environment is set

    from verifier.mathematics.symbolic.deciding import decide  # noqa: PLC0415
    from verifier.mathematics.symbolic.wire import decode_pair  # noqa: PLC0415
    from verifier.mathematics.verdicts import Match  # noqa: PLC0415

    def handle(call: bytes) -> bytes:
        left, right = decode_pair(call)
        try:
            match = decide(left, right)
        except Exception:  # noqa: BLE001 - SymPy raises anything; it could not decide, that is all
            match = Match.UNDECIDED
        finally:
            clear_cache()  # so that no pair's memory or luck is the next one's
        return match.value.encode()

    return handle
