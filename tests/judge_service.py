"""Services that judge, asking a server of the tests, and that server's honest way to answer."""

import json
import re
from contextlib import asynccontextmanager

from judges import MARK
from misbehaving_server import said

from verifier.config import Config, ServerConfig
from verifier.config.judge import JudgeConfig
from verifier.config.judge_backends import OpenAiBackendConfig
from verifier.outcome.composite import CompositeVerifier
from verifier.outcome.judge import JudgeVerifier
from verifier.outcome.math import MathVerifier
from verifier.registry import Registry
from verifier.server.lifecycle import ServingProcess

_PIECE = re.compile(r"(?ms)^<<<COMPLETION ?([A-Z]?) \w+>>>\n(.*?)\n<<<END")


async def honest(request, body):
    """Judges what says "good" to be good, in whatever form it is asked; longer is better."""
    prompt = body["messages"][-1]["content"]
    mark = MARK.search(prompt)[1]
    pieces = dict(_PIECE.findall(prompt))
    if "" in pieces:
        words = _labels(prompt)[0 if "good" in pieces[""] else -1]
    else:
        words = sorted(pieces, key=lambda name: len(pieces[name]), reverse=True)
    if "response_format" in body:
        text = json.dumps({"check": mark, "reason": "so", "verdict": words})
    else:
        text = f"So.\nVerdict {mark}: {words if isinstance(words, str) else ' > '.join(words)}"
    return await said(text)(request, body)


def _labels(prompt):
    """Good and bad in the words of the template that is asked."""
    pairs = (("5", "1"), ("Correct", "Incorrect"), ("Yes", "No"), ("Supported", "Unsupported"))
    return next(pair for pair in pairs if f"{pair[1]}" in prompt.rpartition("Once more:")[2])


@asynccontextmanager
async def judging(url, *, judge=None, engine=None, **backend):
    """A service on a free port whose one judge stands at `url`."""
    config = Config(
        server=ServerConfig(
            listen="127.0.0.1:0", metrics_listen="127.0.0.1:0", lame_duck_seconds=0.05
        ),
        judge=JudgeConfig(
            backends={"main": OpenAiBackendConfig(base_url=url, model="tiny", **backend)},
            **(judge or {}),
        ),
        **({"engine": engine} if engine else {}),
    )
    verifiers = [MathVerifier(None), JudgeVerifier(config.judge.parts({})), CompositeVerifier()]
    process = ServingProcess(config, Registry(verifiers))
    await process.start()
    process.target = f"127.0.0.1:{process.port}"
    try:
        yield process
    finally:
        await process.close()
