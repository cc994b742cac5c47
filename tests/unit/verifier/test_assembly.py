"""From a configuration to an engine: what the keys of [math] switch, and what they must be."""

import pytest
from prometheus_client import generate_latest

from verifier.assembly import build_registry
from verifier.config import Config, MathConfig, load_config
from verifier.errors import ConfigError
from verifier.metrics import Metrics
from verifier.types import MathTask
from verifier.workers.pool import WorkerLimits


def limits_of(config):
    return build_registry(config).find(MathTask(("1",)))._limits


def test_sympy_gets_workers_of_its_own_by_default():
    assert limits_of(Config()) == WorkerLimits(1, 512 * 1024**2, 2000, 2.0)


def test_no_workers_switch_sympy_off():
    assert limits_of(Config(math=MathConfig(workers=0))) is None


def test_every_key_of_math_arrives(tmp_path):
    path = tmp_path / "service.toml"
    path.write_text(
        "[math]\nworkers = 3\nmemory_bytes = 300000000\nwork_limit_seconds = 0.5\nmax_calls = 7\n"
    )
    assert limits_of(load_config(str(path))) == WorkerLimits(3, 300_000_000, 7, 0.5)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("workers = -1", "math.workers: must be at least 0"),
        ("work_limit_seconds = 0", "math.work_limit_seconds: must be at least 0.01"),
        ("work_limit_seconds = inf", "math.work_limit_seconds: must be at least 0.01, is inf"),
        ("max_calls = 0", "math.max_calls: must be at least 1"),
        ("sympy = true", "known here: workers, memory_bytes, work_limit_seconds, max_calls"),
    ],
)
def test_a_bad_value_is_named(tmp_path, line, words):
    path = tmp_path / "service.toml"
    path.write_text(f"[math]\n{line}\n")
    with pytest.raises(ConfigError, match=words):
        load_config(str(path))


def test_items_that_reach_sympy_are_counted():
    metrics = Metrics()
    for _ in range(3):
        metrics.continued("math/2")
    shown = generate_latest(metrics.registry).decode()
    assert 'verifier_second_stage_items_total{verifier="math/2"} 3.0' in shown
