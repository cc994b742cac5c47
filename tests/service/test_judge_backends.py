"""Judges behind a real server: `transformers serve` around a tiny language model that adds up."""

import asyncio
from dataclasses import replace

import psutil
import pytest
import tiny_policy
from generator_server import GeneratorServer
from openai_backends import ask, backend, nobody, question
from tiny_policy import SUMS, prompt, solution

from verifier.errors import BackendError, InputError
from verifier.judge_task import ReadFrom

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]  # trains a model and loads it first

BOTH = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
CHAT = "{{ messages[-1]['content'] + '\\n' }}"  # what the model has seen before a solution
NEVER_ENDS = {"logit_bias": {"0": -1000.0}}  # its token for the end


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    """A real language model behind a real server."""
    folder = tmp_path_factory.mktemp("policy")
    tiny_policy.train(folder)
    (folder / "chat_template.jinja").write_text(CHAT)
    server = GeneratorServer(folder)
    yield server
    server.stop()


def connected(generator, **changes):
    return backend(generator.url, generator.model, **({"timeout_seconds": 60.0} | changes))


@BOTH
async def test_the_whole_answer_comes(generator, stream):
    async with connected(generator, stream=stream) as made:
        for numbers in SUMS:
            reply = await ask(made, prompt(numbers))
            assert (reply.text, reply.cut, reply.retries) == (solution(numbers), False, 0)
            assert generator.model in reply.model
            assert reply.prompt_tokens == len(prompt(numbers)) + 1
            assert reply.completion_tokens == len(reply.text) + 1
            assert reply.seconds > 0


@BOTH
async def test_a_bound_cuts_the_answer(generator, stream):
    async with connected(generator, stream=stream) as made:
        reply = await ask(made, prompt(SUMS[0]), max_tokens=5)

    assert (reply.text, reply.cut) == (solution(SUMS[0])[:5], True)
    assert reply.completion_tokens == 5


@BOTH
async def test_many_questions_at_once_get_each_its_answer(generator, stream):
    async with connected(generator, stream=stream, concurrency=8) as made:
        replies = await asyncio.gather(*(ask(made, prompt(numbers)) for numbers in SUMS * 4))

    assert [reply.text for reply in replies] == [solution(numbers) for numbers in SUMS * 4]


@BOTH
async def test_a_server_that_ignores_probabilities_and_schemas_leaves_the_text(generator, stream):
    """It says so in its log only; the text is then all there is to read."""
    asked = prompt(SUMS[0])
    async with connected(generator, stream=stream, logprobs=True, structured=True) as made:
        likely = await ask(made, asked, read_from=ReadFrom.LABELS)
        formed = await ask(made, asked, read_from=ReadFrom.JSON, schema='{"type":"object"}')

    assert (likely.labels, likely.text) == ((), solution(SUMS[0])[:8])
    assert formed.text == solution(SUMS[0])


async def test_the_seed_decides_what_is_sampled(generator):
    async with connected(generator, extra={"top_p": 1.0}) as made:

        async def sampled(seed):
            reply = await ask(made, prompt(SUMS[0]), temperature=2.0, seed=seed, max_tokens=12)
            return reply.text

        assert await sampled(1) == await sampled(1)
        assert len({await sampled(seed) for seed in range(8)}) > 1


@BOTH
async def test_a_wrong_model_is_the_servers_word(generator, stream):
    async with backend(generator.url, "no-such-model", stream=stream) as made:
        with pytest.raises((BackendError, InputError), match="no-such-model"):
            await ask(made)


async def test_a_wrong_path_is_said_to_be_one(generator):
    async with backend(f"{generator.url}/wrong", generator.model) as made:
        with pytest.raises(BackendError, match="see model and base_url"):
            await ask(made)


async def test_cancelling_a_stream_stops_the_model(generator):
    """Seen from outside: the server computes while it is asked, and then no more."""
    process = psutil.Process(generator._process.pid)
    async with connected(generator, stream=True, extra=NEVER_ENDS) as made:
        asked = replace(question(prompt(SUMS[0])), max_tokens=1_000_000)
        call = asyncio.create_task(made.ask(asked, nobody))
        async with asyncio.timeout(60):
            while await busy(process) < 0.1:
                assert not call.done()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(60):
            while await busy(process) > 0.02:
                pass
        assert (await ask(made, prompt(SUMS[0]), max_tokens=2)).text == solution(SUMS[0])[:2]


async def busy(process, seconds=0.3):
    """CPU seconds that it used in that time."""
    before = sum(process.cpu_times()[:2])
    await asyncio.sleep(seconds)
    return sum(process.cpu_times()[:2]) - before
