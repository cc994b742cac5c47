"""``verifier-cli check``: runs every verifier's self-test on this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from verifier.assembly import build_engine
from verifier.cli.configuration import add_configuration, configuration
from verifier.cli.exits import ALL_SCORED, SOME_UNSCORED
from verifier.forwarding.assembly import configured_registry
from verifier.judge.settings import EMBEDDED
from verifier.outcome.judge import JudgeVerifier
from verifier.outcome.process import ProcessVerifier
from verifier.types import Item, JudgeTask

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from verifier.engine import Engine
    from verifier.registry import Verifier


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = "Runs every verifier's self-test; exit code 1 if one fails."
    parser.epilog = "example:\n  verifier-cli check"
    add_configuration(parser)


def run(args: Namespace) -> int:
    """Prints one line per verifier."""
    config = configuration(args)
    return asyncio.run(_check(build_engine(config, registry=configured_registry(config))))


async def _check(engine: Engine) -> int:
    failures = 0
    async with engine:
        for verifier in engine.registry:
            problems = await _self_test(engine, verifier)
            failures += len(problems)
            tests = len(verifier.self_test)
            state = "FAILED" if problems else "ok" if tests else "no self-test"
            isolation = getattr(verifier, "isolation", "")
            level = f"  (isolation: {isolation})" if isolation else ""
            print(f"{verifier.name + '/' + verifier.version:<16} {tests:>3} tests  {state}{level}")
            for member in () if hasattr(verifier, "models") else getattr(verifier, "members", ()):
                if "(" in member:  # what is missing stands in brackets
                    print(f"    cannot be checked here: {member}")
            for problem in problems:
                print(f"    {problem}")
            if isinstance(verifier, ProcessVerifier):
                failures += await _check_models(verifier)
            elif isinstance(verifier, JudgeVerifier):
                failures += await _check_backends(engine, verifier)
    return SOME_UNSCORED if failures else ALL_SCORED


async def _check_models(verifier: ProcessVerifier) -> int:
    """Loads every configured model, one after another; how many cannot be loaded."""
    problems = await verifier.bank.problems()
    for name in verifier.bank.settings.models:
        print(f"    model {name}: {problems.get(name, 'ok')}")
    return len(problems)


async def _check_backends(engine: Engine, verifier: JudgeVerifier) -> int:
    """Asks every configured judge one small question; how many do not answer it."""
    names = [name for name in verifier.models if name != EMBEDDED]
    items = [
        Item(name, "It is 4.", JudgeTask(backend=name, template="yes_no"), "What is 2+2?")
        for name in names
    ]
    failures = 0
    for result in await engine.score(items):
        good = result.reward is not None
        failures += not good
        state = "ok" if good else f"{result.reason.value}: {result.message}"
        print(f"    backend {result.id}: {state}")
    return failures


async def _self_test(engine: Engine, verifier: Verifier) -> list[str]:
    tests = verifier.self_test
    results = await engine.score([item for item, _ in tests])
    return [
        f"{item.completion!r}: {result.verdict.value} ({result.reason.value}: {result.message}), "
        f"expected {expected.value}"
        for (item, expected), result in zip(tests, results, strict=True)
        if result.verdict is not expected
    ]
