"""``[prm]`` and ``[prm.models.NAME]``: what the keys switch, and what they must be."""

from pathlib import Path

import pytest

from prm.settings import LoadOptions, ModelSettings, PoolLimits, ScorerLimits
from verifier.assembly import build_registry
from verifier.config import Config, load_config
from verifier.errors import ConfigError
from verifier.types import ProcessTask, RewardModelTask

WHOLE = """
[prm]
max_batch_tokens = 1000
max_queued_tokens = 2000
queue_seconds = 0
cache_bytes = 0
memory_bytes = 3000
idle_seconds = 4
threads = 1
work_limit_seconds = 5
max_branches = 6

[prm.models.first]
path = "/models/first"
family = "trl"
separator = ""
device = "cuda:1"
dtype = "bfloat16"
max_tokens = 7
overflow = "cut"

[prm.models."second-1.5b"]
path = "models/second"
spec = "own.toml"
reference = "/models/base"
devices = ["cuda:0", "cuda:1"]

[prm.models.third]
path = "third"
"""


def read(tmp_path, text):
    path = tmp_path / "service.toml"
    path.write_text(text)
    return load_config(str(path))


def test_every_key_reaches_the_models(tmp_path):
    registry = build_registry(read(tmp_path, WHOLE))
    process, whole = registry.find(ProcessTask()), registry.find(RewardModelTask())
    assert process.bank is whole.bank, "one queue and one copy of the weights for both"
    settings = process.bank.settings
    assert settings.limits == PoolLimits(ScorerLimits(1000, 2000, 0), 3000, 4.0)
    assert (settings.queue_seconds, settings.threads, settings.max_branches) == (0.0, 1, 6)
    assert process.work_limit_seconds == whole.work_limit_seconds == 5.0
    first = LoadOptions("trl", "", "cuda:1", "bfloat16", "", 7)
    second = LoadOptions("own.toml", reference="/models/base")
    assert settings.models == {
        "first": ModelSettings(Path("/models/first"), first, cut=True),
        "second-1.5b": ModelSettings(Path("models/second"), second, devices=("cuda:0", "cuda:1")),
        "third": ModelSettings(Path("third"), LoadOptions()),
    }
    assert process.bank.names == ("embedded", "arithmetic", "first", "second-1.5b", "third")


def test_without_a_file_there_are_the_models_that_come_with_it():
    registry = build_registry(Config())
    assert registry.find(ProcessTask()).bank.names == ("embedded", "arithmetic")


MODEL = '[prm.models.m]\npath = "m"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[prm]\nmax_batch = 1", ":2: prm.max_batch: is no key"),
        ("[prm]\nmax_batch_tokens = 0", "prm.max_batch_tokens: must be at least 1"),
        ("[prm]\nmax_queued_tokens = -5", "prm.max_queued_tokens: must be at least 1"),
        ("[prm]\nqueue_seconds = -1", "prm.queue_seconds: must be at least 0"),
        ("[prm]\ncache_bytes = -1", "prm.cache_bytes: must be at least 0"),
        ("[prm]\nidle_seconds = nan", "prm.idle_seconds: must be at least 0"),
        ("[prm]\nwork_limit_seconds = 0", "prm.work_limit_seconds: must be at least 0.1"),
        ("[prm]\nmax_branches = 0", "prm.max_branches: must be at least 1"),
        ("[prm.models.m]", "prm.models.m.path: is missing: "),
        ('[prm.models.m]\npath = ""', "prm.models.m.path: must name a folder"),
        (MODEL + "familly = 'trl'", "m.familly: is no key here; did you mean family; known"),
        (MODEL + "familly = 'trl'", "known here: path, family, spec, separator"),
        (MODEL + "family = 1", "prm.models.m.family: must be text, is the number 1; put"),
        (MODEL + "family = 'a'\nspec = 'b.toml'", "prm.models.m: family and spec exclude"),
        (MODEL + "spec = 'b.yaml'", "prm.models.m.spec: must be a .toml file, is 'b.yaml'"),
        (MODEL + "device = 'cpu'\ndevices = ['cpu']", "prm.models.m: device and devices exclude"),
        (MODEL + "dtype = 'int8'", "prm.models.m.dtype: must be one of float32, bfloat16, float16"),
        (MODEL + "max_tokens = -1", "prm.models.m.max_tokens: must be at least 0"),
        (MODEL + "overflow = 'wrap'", "prm.models.m.overflow: must be one of refuse, cut"),
        ('[prm.models."a b"]\npath = "m"', 'prm.models."a b": a name has letters'),
        ('[prm.models."a/b"]\npath = "m"', 'prm.models."a/b": a name has letters'),
        ('[prm.models.embedded]\npath = "m"', "prm.models.embedded: the name is taken"),
        ("[prm]\nmodels = 1", ":2: prm.models: must be a table, is the number 1"),
        ("[prm.models]\nm = 1", ":2: prm.models.m: must be a table, is the number 1"),
    ],
    ids=lambda value: value.replace("\n", " ")[:40],
)
def test_a_key_that_means_nothing_is_named(tmp_path, text, words):
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"{tmp_path / 'service.toml'}:")


def test_a_folder_that_does_not_exist_is_its_models_problem_only(tmp_path):
    config = read(tmp_path, '[prm.models.m]\npath = "/nowhere/at/all"\n')
    assert "m" in build_registry(config).find(ProcessTask()).models
