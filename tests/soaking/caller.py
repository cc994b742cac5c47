"""One process that calls a service and writes what came of each call, for the overload.

``python caller.py '{"target": ..., "seconds": ..., "seed": ..., "rate": ...}'``: with a rate, calls
leave at that many a second whatever becomes of them; with `concurrency`, each leaves when one has
come back. Every call holds the same mix of rows, so that each costs about the same. Nothing is sent
twice: what is refused is refused. Calls are made ready before the first one leaves, as far as they
fit into memory: what makes rows would take CPU from the service, the more the more are refused.
"""

import json
import random
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
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
_NOTHING = {"pushback": False, "scored": 0, "wrong": 0, "unscored": {}, "waited": {}, "items": []}
_READY = 20_000  # calls made ready at most: about 60 MiB
_SWEPT = 1000  # calls remembered before those that have ended are forgotten
_FASTEST = 60  # calls a second that one who waits for answers could make


class _Caller:
    def __init__(self, plan):
        self._plan = plan
        self._rng = random.Random(plan["seed"])
        self._numbers = 0
        self.calls = []
        rate = plan.get("rate", _FASTEST)
        ready = min(int(rate * plan["seconds"] * 1.1) + 10, _READY)
        self._ready = deque(self._make() for _ in range(ready))

    def run(self):
        """Makes all calls; returns when the last has ended."""
        target = self._plan["target"]
        with grpc.insecure_channel(target, options=_OPTIONS) as channel:
            grpc.channel_ready_future(channel).result()
            score = channel.unary_unary(
                "/verifier.v1.VerifierService/Score",
                response_deserializer=service_pb2.ScoreResponse.FromString,
            )
            began = time.monotonic()
            ends = began + self._plan["seconds"]
            if "rate" in self._plan:
                self._open(score, began, ends)
            else:
                with ThreadPoolExecutor(self._plan["concurrency"]) as pool:
                    callers = [
                        pool.submit(self._closed, score, ends)
                        for _ in range(self._plan["concurrency"])
                    ]
                    for one in callers:
                        one.result()

    def _open(self, score, began, ends):
        """By the clock; answers are read on gRPC's own threads."""
        at, pending = began, []
        while at < ends:
            at += self._rng.expovariate(self._plan["rate"])
            time.sleep(max(at - time.monotonic(), 0))
            pending.append(self._send(score))
            if len(pending) > _SWEPT:
                pending = [done for done in pending if not done.is_set()]
        for done in pending:
            done.wait()

    def _closed(self, score, ends):
        while time.monotonic() < ends:
            self._send(score).wait()

    def _make(self):
        """A call's bytes, and what is known of its rows."""
        known, items = [], []
        for kind in MIX:
            self._numbers += 1
            one = one_of(kind, self._rng, self._numbers)
            known.append((one.kind, one.verdict, one.reward))
            items.append(dict_to_proto(one.row))
        return service_pb2.ScoreRequest(items=items).SerializeToString(), known

    def _send(self, score):
        """Begins a call; the event that is set once it has ended and is noted."""
        data, known = self._ready.popleft() if self._ready else self._make()
        sent, done = time.monotonic(), threading.Event()
        call = score.future(data, timeout=self._plan.get("deadline", 60.0))

        def ended(call):
            took = time.monotonic() - sent
            note = {"code": "UNREADABLE", **_NOTHING}  # unless it can be read; a problem if not
            try:
                note = self._note(call, known)
            finally:
                self.calls.append({**note, "sent": sent, "took": took})
                done.set()

        call.add_done_callback(ended)
        return done

    def _note(self, call, known):
        note = {**_NOTHING, "code": call.code().name, "unscored": {}, "waited": {}, "items": []}
        if call.code() is grpc.StatusCode.OK:
            self._read(note, known, call.result().results)
        else:
            note["pushback"] = _PUSHBACK in dict(call.trailing_metadata() or ())
        return note

    @staticmethod
    def _read(note, known, results):
        for (kind, expected, reward), result in zip(known, results, strict=True):
            waited = max(note["waited"].get(kind, 0.0), result.queue_seconds)
            note["waited"][kind] = round(waited, 4)
            note["items"].append(round(result.queue_seconds + result.work_seconds, 4))
            verdict = Verdict(verdict_pb2.Verdict.Name(result.verdict).removeprefix("VERDICT_"))
            if verdict is Verdict.UNSCORED:
                reason = verdict_pb2.Reason.Name(result.reason).removeprefix("REASON_")
                words = f"{kind} {reason}"
                note["unscored"][words] = note["unscored"].get(words, 0) + 1
            elif verdict is expected and abs(result.reward - reward) < 1e-9:
                note["scored"] += 1
            else:
                note["wrong"] += 1


if __name__ == "__main__":
    caller = _Caller(json.loads(sys.argv[1]))
    caller.run()
    json.dump(caller.calls, sys.stdout)
