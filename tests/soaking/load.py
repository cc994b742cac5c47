"""Load as trainers make it: our own client, many calls at once, in batches and in streams."""

import asyncio
import random
import time

from soaking.rows import known_rows

from verifier.client import AsyncClient
from verifier.errors import ServiceError
from verifier.types import Reason, Result, Verdict

CALL_SECONDS = 150.0  # what a call may take, as its caller says: far more than on a busy machine
HANG_SECONDS = 200.0  # nobody waits longer: it hangs
MOST_ROWS = 40  # of one call
STREAM_ATTEMPTS = 8

# What a client makes of a call that failed as a whole.
_REASONS = {
    "UNAVAILABLE": Reason.BACKEND_UNAVAILABLE,
    "CANCELLED": Reason.BACKEND_UNAVAILABLE,
    "RESOURCE_EXHAUSTED": Reason.OVERLOADED,
    "DEADLINE_EXCEEDED": Reason.DEADLINE,
}


class Load:
    """Calls on all paths until it is stopped and enough has been asked.

    Args:
        paths: targets by name.
        tally: where everything is counted.
        seed: of the rows.
        steps: rows of the reward model, or none.
        without: kinds of rows that are left out.
        callers: on each path; the last of them streams.
    """

    def __init__(self, paths, tally, seed, *, steps=(), without=(), callers=4):
        self._paths, self._tally, self._seed = paths, tally, seed
        self._steps, self._without, self._callers = steps, without, callers
        self.enough = asyncio.Event()

    async def run(self):
        """Ends soon after `enough` is set."""
        clients = {
            path: AsyncClient(target, timeout_seconds=CALL_SECONDS)
            for path, target in self._paths.items()
        }
        try:
            async with asyncio.TaskGroup() as group:
                for number, (path, client) in enumerate(clients.items()):
                    for caller in range(self._callers):
                        seed = self._seed * 1000 + number * 100 + caller
                        streams = caller == self._callers - 1
                        group.create_task(self._call_on(path, client, seed, streams=streams))
        finally:
            for client in clients.values():
                await client.close()

    async def _call_on(self, path, client, seed, *, streams):
        rng, rows = random.Random(seed), known_rows(seed, self._steps, self._without)
        ask = self._stream if streams else self._score
        while not self.enough.is_set():
            batch = [next(rows) for _ in range(rng.randint(1, MOST_ROWS))]
            sent = time.monotonic()
            left = {known.id: known for known in batch}
            try:
                async with asyncio.timeout(HANG_SECONDS):
                    await ask(path, client, left, sent)
            except TimeoutError:
                words = f"no answer in {HANG_SECONDS:g} s"
            else:
                words = "the call ended without it"
            for known in left.values():
                self._tally.missing(path, known, words)
            self._tally.took(time.monotonic() - sent)

    async def _score(self, path, client, left, sent):
        asked = list(left.values())
        try:
            results = await client.score([known.row for known in asked])
        except ServiceError as error:
            results = [_failed(known, error) for known in asked]
        if len(results) != len(asked):
            self._tally.problem(f"{path}: {len(results)} results for {len(asked)} rows")
            return
        for known, result in zip(asked, results, strict=True):
            del left[known.id]
            self._tally.answer(path, known, result, sent)

    async def _stream(self, path, client, left, sent):
        """What a stream leaves without a result when it breaks is sent again, as its words say."""
        for _ in range(STREAM_ATTEMPTS):
            try:
                async for result in client.stream(_each(list(left.values()))):
                    known = left.pop(result.id, None)
                    if known is None:
                        self._tally.problem(f"{path}: a stream answered {result.id} unasked")
                    else:
                        self._tally.answer(path, known, result, sent)
            except ServiceError as error:
                failure = error
                self._tally.retried_streams += 1
                await asyncio.sleep(0.3)
            if not left:
                return
        for known in list(left.values()):
            del left[known.id]
            self._tally.answer(path, known, _failed(known, failure), sent)


async def _each(asked):
    for known in asked:
        yield known.row


def _failed(known, error):
    reason = _REASONS.get(error.code, Reason.INTERNAL)
    return Result(known.id, Verdict.UNSCORED, reason, None, f"{error.code}: {error}")
