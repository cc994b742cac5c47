"""Long checks of form: the same outcome from a worker process, and nobody waits behind them."""

import pytest
from format_rows import IDS, ROWS, item_of

from verifier.engine import Engine
from verifier.format_rules import (
    BoxedRule,
    JsonSchemaRule,
    LengthRule,
    LengthUnit,
    RegexRule,
    ThinkAnswerRule,
)
from verifier.formats.bounds import INLINE
from verifier.formats.lengths import Tokenizers
from verifier.formats.worker import decode_answer, encode_call, serve
from verifier.outcome.format import FORMAT_LIMITS, FormatVerifier
from verifier.pending import Pending
from verifier.registry import Registry
from verifier.types import FormatTask, Item, Reason, Verdict
from verifier.workers.pool import WorkerLimits

LONG = "x" * (INLINE.characters + 1)
DEEP = '{"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [%s]}}}' % ", ".join(  # noqa: UP031
    '{"items": {"$ref": "#/$defs/a"}, "minItems": 9}' for _ in range(4)
)

PENDING = {
    "a long completion": (LONG, ThinkAnswerRule()),
    "a pattern on much text": ("ab" * 80_000, RegexRule("(a?){100}c")),
    "a schema on many values": (
        "[" + "1," * 2_000 + "1]",
        JsonSchemaRule('{"items": {"type": "integer"}}'),
    ),
    "a schema that branches": ("[" * 9 + "]" * 9, JsonSchemaRule(DEEP)),
    "a long schema": ("{}", JsonSchemaRule('{"title": "%s"}' % ("t" * 30_000))),
}
AT_ONCE = {
    "short": ("<think>a</think>", ThinkAnswerRule()),
    "as long as may be": (LONG[1:], BoxedRule()),
    "a pattern on little": ("aaaa", RegexRule("a+")),
    "no schema": ("{}", JsonSchemaRule("[")),
    "too long to be a schema": ("{}", JsonSchemaRule("[" * 100_001)),
    "a pattern that is no Unicode": (LONG, RegexRule("\ud800")),
}


def item(completion, rule):
    return Item("id", completion, FormatTask((rule,)))


@pytest.fixture(scope="module")
def handle():
    return serve("{}")


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=IDS)
def test_a_worker_says_what_is_said_inline(handle, row):
    asked = item_of(row)
    call = encode_call(asked.task, asked)
    inline = FormatVerifier().verify(asked)
    assert call is None or decode_answer(handle(call)) == inline


@pytest.mark.parametrize("completion", ["", "\ud800 a \x00 é", LONG], ids=["none", "odd", "long"])
def test_any_completion_and_prompt_come_through(handle, completion):
    asked = Item("id", completion, FormatTask((BoxedRule(),)), prompt=completion)
    assert decode_answer(handle(encode_call(asked.task, asked))) == FormatVerifier().verify(asked)


@pytest.mark.parametrize(("completion", "rule"), PENDING.values(), ids=PENDING)
def test_what_takes_long_is_pending(completion, rule):
    assert isinstance(FormatVerifier(workers=FORMAT_LIMITS).verify(item(completion, rule)), Pending)


@pytest.mark.parametrize(("completion", "rule"), AT_ONCE.values(), ids=AT_ONCE)
def test_what_takes_little_is_not(completion, rule):
    outcome = FormatVerifier(workers=FORMAT_LIMITS).verify(item(completion, rule))
    assert not isinstance(outcome, Pending)


@pytest.mark.parametrize(("completion", "rule"), PENDING.values(), ids=PENDING)
async def test_the_engine_gives_what_a_process_without_workers_gives(completion, rule):
    asked = item(completion, rule)
    async with Engine(Registry([FormatVerifier(workers=FORMAT_LIMITS)])) as engine:
        (result,) = await engine.score([asked])
    alone = FormatVerifier().verify(asked)
    assert (result.verdict, result.reason, result.reward, result.message, result.detail) == (
        alone.verdict,
        alone.reason,
        alone.reward,
        alone.message,
        alone.detail,
    )


async def test_a_check_that_uses_up_its_cpu_seconds_is_undecided():
    verifier = FormatVerifier(workers=WorkerLimits(processes=1, cpu_seconds=0.01))
    pending = verifier.verify(item("a" * 4_000_000, RegexRule("(a?){60}b")))
    try:
        outcome = await verifier.finish(pending, lambda: None)
    finally:
        await verifier.close()
    assert (outcome.verdict, outcome.reason) == (Verdict.UNSCORED, Reason.UNDECIDED)
    assert outcome.message == "the check used up its CPU seconds"


async def test_a_worker_without_memory_for_a_completion_is_no_verdict():
    limits = WorkerLimits(processes=1, memory_bytes=400 * 1024**2, cpu_seconds=60)
    large = item("x" * 300_000_000, ThinkAnswerRule())
    async with Engine(Registry([FormatVerifier(workers=limits)])) as engine:
        (result, small) = await engine.score([large, item(LONG, BoxedRule())])
    assert result.verdict is Verdict.UNSCORED
    assert small.verdict is Verdict.INCORRECT, "the next completion finds a worker"


def test_a_tokenizer_that_is_in_no_file_is_counted_with_inline():
    tokenizers = Tokenizers({"letters": len})
    rule = LengthRule(LengthUnit.TOKENS, tokenizer="letters", min=1)
    outcome = FormatVerifier(tokenizers, FORMAT_LIMITS).verify(item(LONG, rule))
    assert outcome.verdict is Verdict.CORRECT
