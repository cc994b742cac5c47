"""Folders of judges, good and bad."""

import asyncio
import math
import subprocess
import sys
import threading

import pytest
import tiny_models
from local_judges import (
    ask,
    change,
    judge,
    question,
)
from transformers import PreTrainedTokenizerFast

from prm.errors import ModelError
from verifier.errors import BackendError
from verifier.judge.backends.local import LocalBackend, LocalSettings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_models.build(tmp_path_factory.mktemp("judges") / "chat", "implicit_prm")


def _pickled(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def _code(folder):
    (folder / "theirs.py").write_text("raise SystemExit('ran')")
    change(folder, model_type="theirs", auto_map={"AutoModelForCausalLM": "theirs.Model"})


BAD = [
    ("nowhere", lambda folder: folder.rename(f"{folder}.away"), {}, "there is no such folder"),
    ("no tokenizer", lambda folder: (folder / "tokenizer.json").unlink(), {}, "has no tokenizer"),
    (
        "no template",
        lambda folder: (folder / "chat_template.jinja").unlink(),
        {},
        "no chat template.*instruct version",
    ),
    ("pickles", _pickled, {}, "never read: convert it"),
    ("a reward model", lambda folder: change(folder, drop=("lm_head.weight",)), {}, "lm_head"),
    ("holes", lambda folder: change(folder, {"lm_head.weight": math.nan}), {}, "not finite"),
    ("code of its own", _code, {}, "cannot be loaded as a language model"),
    ("another width", lambda folder: change(folder, hidden_size=64), {}, "another shape"),
    ("another device", lambda folder: None, {"device": "cuda:9"}, "device 'cuda:9'"),
    ("another dtype", lambda folder: None, {"dtype": "int3"}, "no dtype 'int3'"),
    ("too much context", lambda folder: None, {"max_context": 10**6}, "the model's context is"),
]


@pytest.mark.parametrize(
    ("spoil", "settings", "said"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
async def test_a_folder_that_is_no_judge_is_refused_with_the_cure(tmp_path, spoil, settings, said):
    folder = tiny_models.build(tmp_path / "bad", "implicit_prm")
    spoil(folder)
    backend = LocalBackend("strict", LocalSettings(str(folder), **settings))
    with pytest.raises(BackendError, match=f"(?s)judge 'strict': .*bad.*{said}"):
        await backend.start()
    with pytest.raises(BackendError, match=said):
        await ask(backend, question())
    await backend.close()


async def test_a_tokenizer_of_another_model_is_refused(tmp_path):
    folder = tiny_models.build(tmp_path / "small", "implicit_prm")
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    tokenizer.add_tokens([f"word{n}" for n in range(9)])
    tokenizer.save_pretrained(folder)
    with pytest.raises(BackendError, match="but the model knows"):
        async with judge(folder):
            pass


async def test_a_context_that_the_folder_does_not_name_must_be_given(tmp_path, monkeypatch):
    folder = tiny_models.build(tmp_path / "endless", "implicit_prm")
    monkeypatch.setattr("verifier.judge.backends.local_loading._own_context", lambda network: None)
    with pytest.raises(BackendError, match="give `max_context`"):
        async with judge(folder):
            pass
    async with judge(folder, max_context=50) as backend:
        (reply,) = await ask(backend, question(max_tokens=99))
    assert reply.prompt_tokens + reply.completion_tokens == 50


async def test_without_the_extra_the_cure_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "verifier.judge.backends.local_loading", None)
    with pytest.raises(BackendError, match="needs the extra `models`"):
        async with judge(folder):
            pass


async def test_closing_waits_for_a_load_and_leaves_no_thread(folder):
    backend = LocalBackend("local", LocalSettings(str(folder)))
    starting = asyncio.create_task(backend.start())
    await asyncio.sleep(0)
    await backend.close()
    await starting
    assert not [each for each in threading.enumerate() if each.name == "judge-chat"]


async def test_a_failed_load_is_shared_and_not_tried_at_every_question(tmp_path, monkeypatch):
    tries = []

    def fails(settings):
        tries.append(settings)
        raise ModelError("no")

    monkeypatch.setattr("verifier.judge.backends.local._load", fails)
    backend = LocalBackend("local", LocalSettings(str(tmp_path)))
    for _ in range(2):
        asked = (backend.ask(question(), lambda: None) for _ in range(3))
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [str(error) for error in found] == ["judge 'local': no"] * 3
    assert len(tries) == 1
    monkeypatch.setattr("verifier.judge.backends.local._RETRY_SECONDS", 0.0)
    with pytest.raises(BackendError):
        await ask(backend, question())
    assert len(tries) == 2


async def test_other_weights_make_another_model(tmp_path, folder):
    other = tiny_models.build(tmp_path / "chat", "implicit_prm", seed=1)
    async with judge(folder) as one, judge(other) as two, judge(folder) as again:
        assert one.model.startswith("chat@")
        assert one.model == again.model != two.model


def test_importing_a_backend_loads_no_torch():
    check = "import sys, verifier.judge.backends.local; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
