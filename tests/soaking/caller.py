"""One process that calls a service and writes what came of each call, for the overload.

``python caller.py '{"target": ..., "seconds": ..., "seed": ..., "rate": ...}'``: with a rate, calls
leave at that many a second whatever becomes of them; with `concurrency`, each leaves when one has
come back. Every call holds the same mix of rows, so that each costs about the same. Nothing is sent
twice: what is refused is refused.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import grpc
from soaking.rows import one_of

from verifier.convert.rows import dict_to_proto
from verifier.types import Verdict
from verifier.v1 import service_pb2, verdict_pb2

# What one call holds: some of what is cheap, and one each of what waits for a worker or a jail.
MIX = ("inline",) * 6 + ("text", "text", "form", "composite", "symbolic", "code", "code")
_OPTIONS = (("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1))
_PUSHBACK = "grpc-retry-pushback-ms"


class _Caller:
    def __init__(self, plan):
        self._plan = plan
        self._rng = random.Random(plan["seed"])
        self._numbers = 0
        self.calls = []

    async def run(self):
        target = self._plan["target"]
        async with grpc.aio.insecure_channel(target, options=_OPTIONS) as channel:
            await channel.channel_ready()
            method = "/verifier.v1.VerifierService/Score"
            call = channel.unary_unary(
                method,
                request_serializer=service_pb2.ScoreRequest.SerializeToString,
                response_deserializer=service_pb2.ScoreResponse.FromString,
            )
            began = time.monotonic()
            self._ends = began + self._plan["seconds"]
            if "rate" in self._plan:
                await self._open(call, began)
            else:
                await asyncio.gather(
                    *(self._closed(call) for _ in range(self._plan["concurrency"]))
                )

    async def _open(self, call, began):
        at, pending = began, set()
        while at < self._ends:
            at += self._rng.expovariate(self._plan["rate"])
            await asyncio.sleep(max(at - time.monotonic(), 0))
            task = asyncio.create_task(self._once(call))
            pending.add(task)
            task.add_done_callback(pending.discard)
        await asyncio.gather(*pending)

    async def _closed(self, call):
        while time.monotonic() < self._ends:
            await self._once(call)

    async def _once(self, call):
        known, items = [], []
        for kind in MIX:
            self._numbers += 1
            one = one_of(kind, self._rng, self._numbers)
            known.append(one)
            items.append(dict_to_proto(one.row))
        sent = time.monotonic()
        note = {"sent": sent, "pushback": False, "scored": 0, "wrong": 0}
        note |= {"unscored": {}, "waited": {}}
        try:
            response = await call(
                service_pb2.ScoreRequest(items=items), timeout=self._plan.get("deadline", 60.0)
            )
        except grpc.aio.AioRpcError as error:
            note["code"] = error.code().name
            trailers = dict(error.trailing_metadata() or ())
            note["pushback"] = _PUSHBACK in trailers
        else:
            note["code"] = "OK"
            self._read(note, known, response.results)
        note["took"] = time.monotonic() - sent
        self.calls.append(note)

    @staticmethod
    def _read(note, known, results):
        for one, result in zip(known, results, strict=True):
            waited = max(note["waited"].get(one.kind, 0.0), result.queue_seconds)
            note["waited"][one.kind] = round(waited, 4)
            verdict = Verdict(verdict_pb2.Verdict.Name(result.verdict).removeprefix("VERDICT_"))
            if verdict is Verdict.UNSCORED:
                reason = verdict_pb2.Reason.Name(result.reason).removeprefix("REASON_")
                words = f"{one.kind} {reason}"
                note["unscored"][words] = note["unscored"].get(words, 0) + 1
            elif verdict is one.verdict and abs(result.reward - one.reward) < 1e-9:
                note["scored"] += 1
            else:
                note["wrong"] += 1


if __name__ == "__main__":
    caller = _Caller(json.loads(sys.argv[1]))
    asyncio.run(caller.run())
    json.dump(caller.calls, sys.stdout)
