"""Malformed requests in masses to one replica: RPCs, its side port, and the bytes below HTTP/2."""

import asyncio
import contextlib
import math
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from soaking.flatness import Samples
from soaking.mutants import extremes, mutants, valid_requests
from soaking.odd_bytes import http, http2
from soaking.progress import told
from soaking.rows import steps_pool
from soaking.soak import warm

from verifier.v1 import judge_pb2, process_pb2, service_pb2, verdict_pb2

_SERVICE = "/verifier.v1.VerifierService/"
_IN_FLIGHT = 64
_SAMPLE_SECONDS = 2.0
_CALL_SECONDS = 5.0
_HANG_SECONDS = 60.0
_OPTIONS = (("grpc.enable_retries", 0), ("grpc.max_receive_message_length", 64 * 1024**2))
_PROTO = Path(__file__).parents[2] / "proto" / "verifier" / "v1" / "service.proto"
_HTTP_STATUSES = {
    200,
    400,
    401,
    403,
    404,
    405,
    408,
    411,
    413,
    414,
    417,
    426,
    431,
    500,
    501,
    503,
    505,
}
_EXAMPLES = 20
_RESPONSES = {
    "Score": service_pb2.ScoreResponse,
    "ScoreStream": service_pb2.ScoreStreamResponse,
    "ScoreSteps": process_pb2.ScoreStepsResponse,
    "Judge": judge_pb2.JudgeResponse,
    "Select": service_pb2.SelectResponse,
    "ListVerifiers": service_pb2.ListVerifiersResponse,
}


def documented_codes():
    """The codes that the contract names, read from its comment."""
    comment = _PROTO.read_text(encoding="utf-8").partition("service VerifierService")[0]
    names = set(re.findall(r"^//   ([A-Z_]{5,})", comment, re.MULTILINE))
    assert {"INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"} <= names
    return names


@dataclass(slots=True)
class Fuzzing:
    """What came of it: `problems` is empty if all went as it must.

    Attributes:
        codes: calls by method and code.
        reasons: items by reason.
        others: what the ports said to bytes that are no calls.
        samples: memory and descriptors of the replica, meanwhile.
    """

    codes: Counter = field(default_factory=Counter)
    reasons: Counter = field(default_factory=Counter)
    others: Counter = field(default_factory=Counter)
    problems: list = field(default_factory=list)
    problem_count: int = 0
    samples: Samples | None = None
    seconds: float = 0.0

    def problem(self, words):
        self.problem_count += 1
        if len(self.problems) < _EXAMPLES:
            self.problems.append(words)


async def fuzz(replica, *, calls, connections, seed):
    """Sends so many malformed calls, and opens so many odd connections, to a serving replica.

    Its reward model is loaded first: sooner or later a spoilt request asks for it.

    Args:
        replica: the same process must be there, and well, afterwards.
        calls: RPCs with spoilt messages.
        connections: to either port, with bytes that are no call.
        seed: of everything.
    """
    await warm(replica, steps_pool(seed, 2))
    done = Fuzzing()
    began, process = time.monotonic(), replica.process
    done.samples = Samples(replica)
    sampling = asyncio.create_task(done.samples.run(every=_SAMPLE_SECONDS))
    try:
        source = mutants(seed, valid_requests(seed))
        async with told(lambda: _far(done, calls, connections)):
            await _calls(replica, done, source, calls)
            await _extremes(replica, done)
            await _connections(replica, done, random.Random(seed), connections)
            await _still_well(replica, done)
    finally:
        sampling.cancel()
        await asyncio.wait((sampling,))
    if replica.process is not process or process.poll() is not None:
        done.problem(f"the replica has ended with {process.poll()}: {replica.tail()}")
    done.seconds = time.monotonic() - began
    return done


def _far(done, calls, connections):
    return (
        f"{done.codes.total():,} of {calls:,} calls, {done.others.total():,} of {connections:,} "
        f"connections, {done.problem_count} problems"
    )


async def _calls(replica, done, source, calls):
    allowed = documented_codes()
    left = iter(range(calls))
    async with grpc.aio.insecure_channel(replica.target, options=_OPTIONS) as channel:

        async def caller():
            for _ in left:
                method, data = next(source)
                try:
                    async with asyncio.timeout(_HANG_SECONDS):
                        code, answers = await _call(channel, method, data)
                except TimeoutError:
                    done.problem(f"{method} hangs on {data[:2000].hex()}")
                    continue
                done.codes[method, code] += 1
                if code not in allowed | {"OK"}:
                    done.problem(f"{method}: {code}: {answers} on {data[:2000].hex()}")
                elif code == "OK":
                    _check(done, method, data, answers)

        await asyncio.gather(*(caller() for _ in range(_IN_FLIGHT)))


async def _extremes(replica, done):
    """What is far too much is refused, with a documented code, and quickly forgotten."""
    options = (("grpc.max_send_message_length", -1), *_OPTIONS)
    for what, method, data in extremes():
        async with grpc.aio.insecure_channel(replica.target, options=options) as channel:
            code, answers = await _call(channel, method, data)
        done.codes[f"{method}: {what}", code] += 1
        if code not in documented_codes() - {"UNAVAILABLE"}:
            done.problem(f"{method} of {what}: {code}: {answers}"[:500])


async def _call(channel, method, data):
    """The code's name, and the answers, as bytes, or the details."""
    try:
        if method == "ScoreStream":
            stream = channel.stream_stream(_SERVICE + method)
            call = stream(_once(data), timeout=_CALL_SECONDS)
            return "OK", [answer async for answer in call]
        return "OK", [await channel.unary_unary(_SERVICE + method)(data, timeout=_CALL_SECONDS)]
    except grpc.aio.AioRpcError as error:
        return error.code().name, error.details()


async def _once(data):
    yield data


def _check(done, method, data, answers):
    """An answer says of each item what the contract lets it say."""
    for answer in answers:
        if words := oddity(method, answer, done.reasons):
            done.problem(f"{method}: {words} on {data[:2000].hex()}")


def oddity(method, answer, reasons=None):
    """What the contract would not let an answer say; empty if all is well.

    Args:
        method: of the call.
        answer: as it came, in bytes.
        reasons: where the items' reasons are counted.
    """
    message = _RESPONSES[method].FromString(answer)
    for result in message.results if method in {"Score", "ScoreStream"} else ():
        if reasons is not None:
            reasons[verdict_pb2.Reason.Name(result.reason)] += 1
        if words := _odd_result(result):
            return f"{words}: {result}"
    return ""


def _odd_result(result):
    """What is wrong with a result; empty if nothing."""
    if result.verdict == verdict_pb2.VERDICT_UNSPECIFIED:
        return "no verdict"
    if result.reason == verdict_pb2.REASON_UNSPECIFIED:
        return "no reason"
    unscored = result.verdict == verdict_pb2.VERDICT_UNSCORED
    if unscored and result.HasField("reward"):
        return "a reward on UNSCORED"
    if not unscored and not (result.HasField("reward") and math.isfinite(result.reward)):
        return "no reward, or none that is a number"
    if result.reason == verdict_pb2.REASON_INTERNAL:
        return "the verifier itself failed"
    return ""


async def _connections(replica, done, rng, count):
    left = iter(range(count))

    async def caller():
        for _ in left:
            port, bytes_ = rng.choice(((replica.side_port, http), (replica.port, http2)))
            name, data = bytes_(rng)
            try:
                async with asyncio.timeout(_HANG_SECONDS):
                    said = await _say(port, data, wait=rng.random() < 0.7)
            except TimeoutError:
                done.problem(f"{name} hangs on {data[:300]!r}")
                continue
            _take(done, name, said, data)

    await asyncio.gather(*(caller() for _ in range(16)))


def _take(done, name, said, data):
    if name != "http":
        done.others[name, "answered" if said else "closed"] += 1
        return
    status = re.match(rb"HTTP/1\.[01] (\d{3})", said)
    number = int(status[1]) if status else 0
    done.others[name, number or "closed"] += 1
    if said and (number not in _HTTP_STATUSES or number == 500):
        done.problem(f"the side port says {said[:200]!r} to {data[:300]!r}")


async def _say(port, data, *, wait):
    """Sends bytes; what came back. Nobody waits long for more."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return b""
    said = b""
    try:
        writer.write(data)
        await writer.drain()
        if wait:
            with contextlib.suppress(OSError):
                writer.write_eof()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    said = await reader.read(4096)
        else:
            writer.transport.abort()
    except OSError:
        pass
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return said


def _read_log(replica, done):
    """Whatever was sent: each line of the log is an event, and one of our own."""
    for event in replica.events():
        if isinstance(event, str):
            done.problem(f"a line of the log is no event: {event[:300]}")
        elif event.get("caller") == "forged":
            done.problem(f"a line of the log was written by a peer: {event}")
        elif event.get("level") in {"error", "critical"}:
            done.problem(f"an error is logged: {event}")


async def _still_well(replica, done):
    """A good call has its answer, health says yes, and nothing stays inside."""
    async with grpc.aio.insecure_channel(replica.target) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        answer = await health.Check(health_pb2.HealthCheckRequest(service="readiness"), timeout=20)
        if answer.status != health_pb2.HealthCheckResponse.SERVING:
            done.problem(f"health says {answer.status} afterwards")
    for path in ("/healthz", "/readyz", "/metrics"):
        status = (await asyncio.to_thread(replica.get, path))[0]
        if status != 200:
            done.problem(f"{path} says {status} afterwards")
    _read_log(replica, done)
    ends = time.monotonic() + _HANG_SECONDS
    while await asyncio.to_thread(replica.metric, "verifier_inside_items"):
        if time.monotonic() > ends:
            done.problem("items stay inside afterwards")
            return
        await asyncio.sleep(0.1)
