"""``[tokenizers.NAME]``: lengths in tokens, by the name of a tokenizer in a file."""

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from verifier.assembly import build_engine, build_registry
from verifier.config import Config, PluginsConfig, load_config, rewards
from verifier.config.rewards import TokenizerConfig
from verifier.errors import ConfigError, InputError
from verifier.formats.tokenizer_files import TokenizerFile
from verifier.outcome.format import FormatVerifier
from verifier.types import (
    CompositeTask,
    CompositeTerm,
    FormatTask,
    Item,
    LengthRule,
    LengthUnit,
    Reason,
    ShapeTerm,
    TextTask,
    Verdict,
)

UNKNOWN = "[UNK]"


def write_tokenizer(path):
    """A token for each letter; as careless with ends and lengths as files of models are."""
    words = models.WordLevel({UNKNOWN: 0, "[BOS]": 1, "a": 2}, unk_token=UNKNOWN)
    tokenizer = Tokenizer(words)
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[BOS] $A", special_tokens=[("[BOS]", 1)]
    )
    tokenizer.enable_truncation(3)
    tokenizer.enable_padding(length=5)
    tokenizer.save(str(path))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("model")
    write_tokenizer(made / "tokenizer.json")
    return made


def config_of(path, **others):
    tokenizers = {"letters": TokenizerConfig(str(path))}
    return Config(tokenizers=tokenizers, plugins=PluginsConfig(enabled=False), **others)


def scored(config, *items):
    async def run():
        async with build_engine(config) as engine:
            return await engine.score(list(items))

    return asyncio.run(run())


def long(most, name="letters"):
    return FormatTask((LengthRule(LengthUnit.TOKENS, max=most, tokenizer=name),))


def test_a_folder_and_its_file_are_the_same_tokenizer(folder):
    whole, file = TokenizerFile(folder), TokenizerFile(folder / "tokenizer.json")
    assert whole.path == file.path
    assert whole.count("abc") == file.count("abc") == 3


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),  # neither filled up nor begun
        ("a", 1),
        ("a" * 50, 50),  # not cut, as the file says
        ("é😀\0", 3),
        ("\ud800a", 2),  # a lone surrogate is no text; it counts as what stands for it
        ("a\ud83d\ude00", 2),
    ],
)
def test_tokens_are_counted_without_ends_and_limits(folder, text, tokens):
    assert TokenizerFile(folder).count(text) == tokens


@given(text=st.text(st.characters(exclude_categories=()), max_size=50))
def test_any_text_has_a_length(folder, text):
    assert 0 <= TokenizerFile(folder).count(text) <= len(text)


def test_threads_that_ask_first_load_it_once(folder, monkeypatch):
    loads = []
    original = Tokenizer.from_file

    class Counted:
        @staticmethod
        def from_file(path):
            loads.append(path)
            return original(path)

    monkeypatch.setattr("tokenizers.Tokenizer", Counted)
    tokenizer = TokenizerFile(folder)
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(tokenizer.count, ["aa"] * 16)) == {2}
    assert len(loads) == 1


def test_a_configured_tokenizer_bounds_a_length(folder):
    results = scored(
        config_of(folder),
        Item("short", "aaa", long(3)),
        Item("long", "aaaa", long(3), completion_tokens=1),
        Item("unknown", "a", long(3, "bpe")),
    )
    assert [result.verdict for result in results] == [
        Verdict.CORRECT,
        Verdict.INCORRECT,
        Verdict.UNSCORED,
    ]
    assert results[1].message == "length: 4 tokens, at most 3 allowed"
    assert results[2].reason is Reason.INVALID_INPUT
    assert "length.tokenizer: no tokenizer bpe is configured; known: letters" in results[2].message


def test_a_configured_tokenizer_is_the_length_of_a_shape(folder):
    shape = ShapeTerm("overlong@dapo", max_length=10, buffer=4, tokenizer="letters")
    group = ShapeTerm("kimi_length", tokenizer="letters")

    def task(name, shape):
        return CompositeTask(
            (CompositeTerm("right", TextTask(("a" * 8,))), CompositeTerm(name, shape))
        )

    one, two, wrong = scored(
        config_of(folder),
        Item("one", "a" * 8, task("overlong", shape)),
        Item("two", "a" * 8, task("kimi", group), group_id="g"),
        Item("wrong", "a", task("s", ShapeTerm("overlong@dapo", max_length=9, buffer=1))),
    )
    assert one.reward == 1 - 0.5, "8 tokens lie half way between 6 and 10"
    assert two.reward is not None
    assert wrong.reason is Reason.INVALID_INPUT
    assert "shape.unit: the item gives no completion_tokens" in wrong.message


def test_a_shape_names_the_tokenizer_that_is_missing(folder):
    shape = ShapeTerm("overlong@dapo", max_length=10, buffer=4, tokenizer="bpe")
    task = CompositeTask((CompositeTerm("a", TextTask(("a",))), CompositeTerm("s", shape)))
    (result,) = scored(config_of(folder), Item("x", "a", task))
    assert result.reason is Reason.INVALID_INPUT
    assert "shape.tokenizer: no tokenizer bpe is configured; known: letters" in result.message


def test_the_self_test_shows_whether_each_tokenizer_can_be_used(folder, tmp_path):
    broken = tmp_path / "tokenizer.json"
    broken.write_text('{"model": 1}')
    for path, verdict in ((folder, Verdict.CORRECT), (broken, Verdict.UNSCORED)):
        (verifier,) = [
            one for one in build_registry(config_of(path)) if isinstance(one, FormatVerifier)
        ]
        (item,) = [item for item, _ in verifier.self_test if item.id == "tokens letters"]
        assert verifier.verify(item).verdict is verdict
    assert len(FormatVerifier().self_test) < len(verifier.self_test), "of the one it is for alone"


def test_a_file_that_is_no_tokenizer_costs_the_items_that_name_it(tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    named, other = scored(
        config_of(path), Item("x", "a", long(3)), Item("y", "a", TextTask(("a",)))
    )
    assert (named.verdict, named.reason) == (Verdict.UNSCORED, Reason.INVALID_INPUT)
    assert f"{path}: is no tokenizer of the package tokenizers" in named.message
    assert other.verdict is Verdict.CORRECT


def test_a_broken_file_is_read_once(tmp_path, monkeypatch):
    path = tmp_path / "tokenizer.json"
    path.write_text("{}")
    tokenizer = TokenizerFile(path)
    with pytest.raises(InputError) as first:
        tokenizer.count("a")
    path.unlink()
    with pytest.raises(InputError) as second:
        tokenizer.count("a")
    assert str(first.value) == str(second.value)


def test_a_vocabulary_without_a_token_for_the_unknown_is_told(tmp_path):
    path = tmp_path / "tokenizer.json"
    Tokenizer(models.WordLevel({"a": 0}, unk_token=UNKNOWN)).save(str(path))
    assert TokenizerFile(path).count("a") == 1
    with pytest.raises(InputError, match="cannot count this text"):
        TokenizerFile(path).count("b")


def test_the_package_is_loaded_when_a_text_is_counted(folder):
    program = f"""
import sys
from pathlib import Path
from verifier.assembly import build_registry
from verifier.config import Config
from verifier.formats.tokenizer_files import TokenizerFile
from verifier.config.rewards import TokenizerConfig
tokenizer = TokenizerFile(Path({str(folder)!r}))
build_registry(Config(tokenizers={{"letters": TokenizerConfig({str(folder)!r})}}))
before = "tokenizers" in sys.modules
tokenizer.count("a")
print(before, "tokenizers" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "True"]


def read(tmp_path, text):
    path = tmp_path / "service.toml"
    path.write_text(text)
    return load_config(str(path))


def test_a_file_of_configuration_names_tokenizers(tmp_path, folder):
    text = f"[tokenizers.a-1]\npath = {json.dumps(str(folder))}\n"
    text += f"[tokenizers.b]\npath = {json.dumps(str(folder / 'tokenizer.json'))}\n"
    tokenizers = rewards.configured_tokenizers(read(tmp_path, text).tokenizers)
    assert tokenizers.names == ("a-1", "b")
    assert tokenizers.count("a-1", "abc") == tokenizers.count("b", "abc") == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tokenizers.m]", ":1: tokenizers.m.path: is missing: "),
        ("[tokenizers.m]\npath = ''", ":2: tokenizers.m.path: must name a tokenizer.json"),
        ("[tokenizers.m]\npath = 1", "tokenizers.m.path: must be text, is the number 1"),
        ("[tokenizers.m]\nfile = 'x'\npath = 'y'", ":2: tokenizers.m.file: is no key; known"),
        ("[tokenizers.m]\npath = '/nowhere/t.json'", "/nowhere/t.json does not exist; nothing is"),
        ("[tokenizers.m]\npath = '/'", "tokenizers.m.path: /tokenizer.json does not exist"),
        ("[tokenizers.'a b']\npath = 'x'", 'tokenizers."a b": a name has letters'),
        ("[tokenizers]\nm = 'x'", "tokenizers.m: must be a table, is text"),
        ("tokenizers = 1", ":1: tokenizers: must be a table, is the number 1"),
    ],
)
def test_a_key_that_means_nothing_is_named(tmp_path, text, words):
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)
    assert words in str(refused.value)
    assert str(tmp_path / "service.toml") in str(refused.value)


def test_without_the_package_the_cure_is_named(tmp_path, folder, monkeypatch):
    text = f"[tokenizers.m]\npath = {json.dumps(str(folder))}\n"
    monkeypatch.setattr(rewards, "is_installed", lambda: False)
    with pytest.raises(ConfigError, match=r"tokenizers\.m: .*install verifier-service\[models\]"):
        read(tmp_path, text)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(InputError, match=r"install verifier-service\[models\]"):
        TokenizerFile(folder).count("a")
