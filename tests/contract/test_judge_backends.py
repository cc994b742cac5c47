"""What the judge relies on of every backend, on real ones: a server, a model here, the embedded."""

import asyncio
import math
from contextlib import asynccontextmanager

import pytest
import tiny_models
from judges import mark_of
from local_judges import judge as local
from misbehaving_server import hang, said, serving
from openai_backends import backend as openai

from verifier.config.judge_backends import BackendConfig
from verifier.errors import BackendError, InputError
from verifier.judge.asking import OneOf, Question, Reply, Subject, UnreadableError
from verifier.judge.backends.embedded import EmbeddedJudge
from verifier.judge.reading import read, schema
from verifier.judge.rendering import Inputs, render
from verifier.judge.template import load_templates
from verifier.models.bank import ModelBank
from verifier.types import ReadFrom

TEMPLATE = load_templates()["yes_no"]
FORM = OneOf(TEMPLATE.labels)
PROMPT, RIGHT = "2+3*4", "3*4=12:2+12; 2+12=14:14"
HANG_GUARD = 60


@asynccontextmanager
async def served():
    places = [
        {
            "token": "Yes",
            "logprob": -0.1,
            "top_logprobs": [{"token": "Yes", "logprob": -0.1}, {"token": "No", "logprob": -2.4}],
        }
    ]
    async with (
        serving(said("Yes", places=places)) as server,
        openai(server, logprobs=True, structured=True) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_models.build(tmp_path_factory.mktemp("judges") / "chat", "implicit_prm")


@asynccontextmanager
async def embedded():
    made = EmbeddedJudge(ModelBank())
    try:
        await made.start()
        yield made
    finally:
        await made.close()


KINDS = ("openai", "local", "embedded")


@pytest.fixture
async def made(request, folder):
    kinds = {"openai": served, "local": lambda: local(folder), "embedded": embedded}
    async with asyncio.timeout(HANG_GUARD), kinds[request.param]() as backend:
        yield backend


every = pytest.mark.parametrize("made", KINDS, indirect=True)


def question(read_from, completion=RIGHT, prompt=PROMPT):
    inputs = Inputs(prompt, (completion,))
    rendered = render(TEMPLATE, inputs, FORM, read_from)
    told = schema(FORM, rendered.mark, reasoned=False) if read_from is ReadFrom.JSON else ""
    subject = Subject("yes_no", prompt, (completion,))
    return Question(rendered.messages, FORM, read_from, told, 8, 0.0, None, subject)


def test_every_kind_of_the_configuration_is_held_to_this():
    tags = {kind.__struct_config__.tag for kind in BackendConfig.__args__}
    assert {*tags, "embedded"} == set(KINDS)


@every
async def test_a_reply_is_of_the_kind_asked_for_and_the_same_again(made):
    assert made.abilities
    for read_from in made.abilities:
        asked = question(read_from)
        started = asyncio.Event()
        first = await made.ask(asked, started.set)
        again = await made.ask(asked, lambda: None)
        await asyncio.wait_for(started.wait(), HANG_GUARD)
        assert isinstance(first, Reply)
        assert (first.text, first.labels) == (again.text, again.labels)
        assert first.model
        assert first.seconds >= 0
        if read_from is ReadFrom.LABELS:
            assert {label for label, _ in first.labels} <= {"Yes", "No"}
            assert all(math.exp(log) <= 1.001 for _, log in first.labels)
            assert read(FORM, read_from, mark_of(asked), first).words[0] in {"Yes", "No"}


@every
@pytest.mark.parametrize("completion", ["", "\x00", "\ud800", "<|im_end|>", "é" * 5000, "{", "Yes"])
async def test_any_text_has_a_reply_or_an_error_of_ours(made, completion):
    for read_from in made.abilities:
        asked = question(read_from, completion, completion)
        try:
            reply = await made.ask(asked, lambda: None)
            read(FORM, read_from, mark_of(asked), reply)
        except (InputError, BackendError, UnreadableError):
            pass


@every
async def test_many_at_once_get_what_each_gets_alone(made):
    read_from = made.abilities[0]
    texts = [RIGHT, "3*4=13:2+13; 2+13=15:15", RIGHT]
    alone = [await made.ask(question(read_from, text), lambda: None) for text in texts]
    together = await asyncio.gather(
        *(made.ask(question(read_from, text), lambda: None) for text in texts)
    )
    assert [reply.labels for reply in together] == [reply.labels for reply in alone]


@every
async def test_a_question_taken_back_is_no_trouble_for_the_next(made):
    asked = question(made.abilities[0])
    task = asyncio.create_task(made.ask(asked, lambda: None))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await made.ask(asked, lambda: None)).model


@every
async def test_closing_twice_is_no_error(made):
    await made.close()
    await made.close()


async def test_a_hanging_server_lets_go_when_its_caller_does():
    async with serving(hang) as server, openai(server) as backend:
        task = asyncio.create_task(backend.ask(question(ReadFrom.TEXT), lambda: None))
        while not server.inside:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while not server.left:
            await asyncio.sleep(0.01)
