"""A judge in this process: its text, its label probabilities, and what it refuses."""

import json
import math

import pytest
import tiny_models
import tiny_tokenizers
import torch
from local_judges import (
    TEXTS,
    ask,
    batched,
    change,
    judge,
    labelled,
    question,
    seen_rows,
    words,
)
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from verifier.errors import BackendError, InputError
from verifier.judge.asking import EachOf, OneOf
from verifier.judge.backends.local import normalised
from verifier.judge.backends.local_model import Row, without_longer
from verifier.types import ReadFrom


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_models.build(tmp_path_factory.mktemp("judges") / "chat", "implicit_prm")


@pytest.fixture(scope="module")
def published(folder):
    """The same model and tokenizer, as transformers loads them."""
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    return network.eval(), PreTrainedTokenizerFast.from_pretrained(folder)


@pytest.fixture
async def backend(folder):
    async with judge(folder) as made:
        yield made


# ------------------------------------------------------------------------ text


async def test_greedy_text_is_what_generate_writes(backend, published):
    network, tokenizer = published
    found = await batched(backend, *(question(text) for text in TEXTS))
    for text, reply in zip(TEXTS, found, strict=True):
        turn = [{"role": "user", "content": text}]
        prompt = tokenizer.apply_chat_template(
            turn, add_generation_prompt=True, return_tensors="pt"
        )
        ids = network.generate(**prompt, do_sample=False, max_new_tokens=12, pad_token_id=0)
        width = prompt["input_ids"].shape[1]
        assert reply.text == tokenizer.decode(ids[0, width:])
        assert (reply.prompt_tokens, reply.completion_tokens, reply.cut) == (width, 12, True)
        assert reply.model == backend.model
        assert reply.seconds > 0


def sampled():
    """Different prompts, lengths, temperatures and seeds; some end before their bound."""
    return [
        question(TEXTS[n % 4], temperature=(n % 5) * 0.7, seed=n, max_tokens=5 + 9 * (n % 3))
        for n in range(24)
    ]


async def test_company_changes_no_reply(backend, monkeypatch):
    counts = seen_rows(backend, monkeypatch)
    alone = [reply for each in sampled() for reply in await ask(backend, each)]
    assert max(counts) == 1
    company = await batched(backend, *sampled())
    assert max(counts) == 16
    assert words(company) == words(alone)
    assert words(await batched(backend, *sampled()[::-1])) == words(alone)[::-1]
    assert len({reply.text for reply in alone}) > 15


async def test_a_seed_decides_and_no_seed_does_not(backend):
    hot = {"temperature": 2.0, "max_tokens": 30}
    first, again, other, free, any_ = await ask(
        backend,
        question(seed=3, **hot),
        question(seed=3, **hot),
        question(seed=4, **hot),
        question(**hot),
        question(**hot),
    )
    assert first.text == again.text
    assert len({first.text, other.text, free.text, any_.text}) == 4


async def test_draws_follow_the_probabilities(backend, published):
    """First tokens of 2000 replies against the model's own, by chi squared."""
    model, count, drawn = backend._working[0], 2000, []
    prompt, _ = model.encoder.prompt(question().messages)
    with torch.inference_mode():
        chances = (published[0](torch.tensor([prompt])).logits[0, -1] / 0.5).softmax(-1)
    model.write([Row(prompt, 1, 0.5, seed, lambda: False, drawn.append) for seed in range(count)])
    squares = []
    for id_ in range(len(chances)):
        expected = count * chances[id_].item()
        if expected > 20:
            seen = sum(written.ids == (id_,) for written in drawn)
            squares.append((seen - expected) ** 2 / expected)
    assert len(squares) > 5
    assert sum(squares) < 2 * len(squares)


async def test_any_of_the_folders_end_tokens_ends_a_reply(backend, tmp_path):
    folder = tiny_models.build(tmp_path / "ends", "implicit_prm")
    ends = {"eos_token_id": list(range(60, 90))}
    (folder / "generation_config.json").write_text(json.dumps(ends))
    asked = [question(temperature=1.0, seed=seed, max_tokens=8) for seed in range(16)]
    async with judge(folder) as ending:
        found = await batched(ending, *asked)
    going_on = await ask(backend, *asked)
    assert 0 < sum(reply.cut for reply in found) < 16
    for reply, longer in zip(found, going_on, strict=True):
        assert longer.text.startswith(reply.text.rstrip("\ufffd"))
        assert reply.cut == (reply.text == longer.text)
        assert reply.completion_tokens == 8 or not reply.cut


async def test_thinking_that_the_template_begins_is_part_of_the_text(tmp_path):
    template = tiny_tokenizers.CHATML.replace("assistant\n{%", "assistant\n<think>\n{%")
    recipe = tiny_models.Recipe(
        "Qwen2ForCausalLM", tokenizer=lambda: tiny_tokenizers.qwen(template), language=True
    )
    async with judge(tiny_models.build(tmp_path / "thinks", recipe)) as backend:
        (reply,) = await ask(backend, question())
    assert reply.text.startswith("<think>\n")


async def test_a_folders_wishes_for_sampling_are_not_asked_for(folder, tmp_path, backend):
    """A penalty or a shortlist would make label probabilities and drawn text disagree."""
    other = tiny_models.build(tmp_path / "wishes", "implicit_prm")
    wishes = {"do_sample": True, "repetition_penalty": 9.0, "top_k": 1, "min_new_tokens": 3}
    (other / "generation_config.json").write_text(json.dumps(wishes))
    async with judge(other) as wishing:
        assert words(await ask(wishing, *sampled()[:4])) == words(
            await ask(backend, *sampled()[:4])
        )


# ------------------------------------------------------------------------ labels


SCALES = [
    OneOf((("Yes", 1.0), ("No", 0.0))),
    OneOf((("1", 0.0), ("2", 0.5), ("10", 1.0))),
    OneOf((("Supported", 1.0), ("Partly", 0.5), ("Unsupported", 0.0))),
]


@pytest.mark.parametrize("form", SCALES)
async def test_labels_have_the_probabilities_of_their_tokens(backend, published, form):
    network, tokenizer = published
    (reply,) = await ask(backend, labelled(TEXTS[2], form))

    sums, turn = {}, [{"role": "user", "content": TEXTS[2]}]
    prompt = tokenizer.apply_chat_template(turn, add_generation_prompt=True)["input_ids"]
    for label, _ in form.scores:
        ids = tokenizer.encode(label, add_special_tokens=False)
        with torch.inference_mode():
            logs = network(torch.tensor([prompt + ids])).logits[0].double().log_softmax(-1)
        places = range(len(prompt) - 1, len(prompt) + len(ids) - 1)
        sums[label] = sum(logs[place, id_] for place, id_ in zip(places, ids, strict=True)).exp()
    if "10" in sums:  # which begins with the token of 1
        sums["1"] -= sums["10"]
    expected = {label: (part / sum(sums.values())).log().item() for label, part in sums.items()}
    assert dict(reply.labels) == pytest.approx(expected, abs=1e-5)
    assert [label for label, _ in reply.labels] == [label for label, _ in form.scores]
    assert reply.text == max(expected, key=expected.get)
    assert math.fsum(math.exp(log) for _, log in reply.labels) == pytest.approx(1.0)
    assert "would have begun with a label" in reply.note
    assert not reply.cut


async def test_labels_are_the_same_to_the_last_bit_in_any_company(backend):
    alone = [reply.labels for text in TEXTS for reply in await ask(backend, labelled(text))]
    mixed = [each for text in TEXTS for each in (labelled(text), question(text))]
    assert [reply.labels for reply in (await batched(backend, *mixed))[::2]] == alone


LONGER = [
    ("none", [(1,), (2,)], [0.3, 0.6], [0.3, 0.6]),
    ("one", [(1,), (1, 2)], [0.3, 0.1], [0.2, 0.1]),
    ("in a chain, each by the next", [(1,), (1, 2), (1, 2, 3)], [0.6, 0.4, 0.1], [0.2, 0.3, 0.1]),
    ("two beside each other", [(1, 2), (1,), (1, 3)], [0.1, 0.6, 0.2], [0.1, 0.3, 0.2]),
    ("the same beginning is no continuation", [(1, 2), (1, 3)], [0.1, 0.2], [0.1, 0.2]),
]


@pytest.mark.parametrize(
    ("labels", "begin", "own"), [row[1:] for row in LONGER], ids=[row[0] for row in LONGER]
)
def test_what_belongs_to_a_longer_label_is_taken_off(labels, begin, own):
    found = without_longer(labels, [math.log(part) for part in begin])
    assert [math.exp(log) for log in found] == pytest.approx(own)


def test_rounding_takes_no_more_than_there_is():
    both = without_longer([(1,), (1, 2)], [math.log(0.5), math.log(0.5) + 1e-9])
    assert math.isfinite(both[0])


def test_normalised_probabilities_add_up_to_one_however_small():
    mass, logs = normalised([-2000.0, -2000.0 + math.log(3)])
    assert mass == 0
    assert [math.exp(log) for log in logs] == pytest.approx([0.25, 0.75])


# ------------------------------------------------------------------------ what it refuses


async def test_too_long_names_both_figures(folder):
    async with judge(folder, max_context=40) as backend:
        for asked in (question(TEXTS[2]), labelled(TEXTS[2])):
            with pytest.raises(InputError, match=r"the prompt has \d+ tokens .* takes 40 together"):
                await ask(backend, asked)
        (reply,) = await ask(backend, question("no", max_tokens=1000))
        assert reply.prompt_tokens + reply.completion_tokens == 40
        assert reply.cut


async def test_what_cannot_be_read_here_is_refused(backend):
    json_ = question(read_from=ReadFrom.JSON)
    steps = labelled(form=EachOf(2, (("right", 1.0), ("wrong", 0.0))))
    for asked in (json_, steps):
        with pytest.raises(InputError, match=r"judge\.read_from"):
            await ask(backend, asked)
    assert backend.abilities == (ReadFrom.LABELS, ReadFrom.TEXT)


@pytest.mark.parametrize("make", [question, labelled])
async def test_numbers_that_are_none_are_no_judgement(tmp_path, make):
    loud = tiny_models.build(tmp_path / "loud", "implicit_prm")
    change(loud, {"model.norm.weight": 3e38})  # finite, but what is computed with it is not
    async with judge(loud) as backend:
        with pytest.raises(BackendError, match="'loud' failed: the model gives numbers"):
            await ask(backend, make())
