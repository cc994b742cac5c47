"""How far a long run is, for whoever waits for it: a line on standard error every half minute."""

import asyncio
import contextlib
import sys
import time

_EVERY_SECONDS = 30.0


@contextlib.asynccontextmanager
async def told(words):
    """While the block runs, says what `words()` returns, and since when."""
    task = asyncio.create_task(_tell(words))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def _tell(words):
    began = time.monotonic()
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        print(f"{time.monotonic() - began:6.0f} s: {words()}", file=sys.stderr, flush=True)
