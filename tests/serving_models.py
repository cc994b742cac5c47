"""Tiny reward models, good and broken, as a configuration names them."""

import asyncio
import threading
from contextlib import asynccontextmanager

import tiny_models
import torch
from safetensors.torch import load_file, save_file

from prm.calls import ScoreCall
from prm.spec import Kind
from verifier.config import Config, EngineConfig, ServerConfig
from verifier.config.prm import PrmConfig, PrmModelConfig
from verifier.models.bank import ModelBank
from verifier.outcome.math import MathVerifier
from verifier.outcome.process import ProcessVerifier
from verifier.outcome.reward_model import RewardModelVerifier
from verifier.registry import Registry
from verifier.server.lifecycle import ServingProcess

torch.set_num_threads(1)  # several tests run at once

SHORT = 24  # tokens that the models `short` and `cut` take


def write_models(root):
    """Writes the models' folders and returns `[prm.models]` with all of them by name."""
    steps = tiny_models.build(root / "steps", "trl")
    maths = tiny_models.build(root / "maths", "qwen2_5_math_prm")
    bounds = tiny_models.build(root / "ends", "pure")
    whole = tiny_models.build(root / "whole", "sequence_classification")
    loud = tiny_models.build(root / "loud", "trl")
    _change(loud, "model.norm.weight", 3e38)  # finite, but what is computed with it is not
    holes = tiny_models.build(root / "holes", "trl")
    _change(holes, "score.weight", float("nan"))
    free = tiny_models.build(root / "free", "implicit_prm")
    base = tiny_models.build(root / "base", "implicit_prm", seed=5)
    trl = {"family": "trl", "separator": "\n"}
    return {
        "steps": PrmModelConfig(str(steps), **trl),
        "maths": PrmModelConfig(str(maths)),
        "ends": PrmModelConfig(str(bounds), family="pure"),
        "free": PrmModelConfig(str(free), family="implicit_prm", reference=str(base)),
        "whole": PrmModelConfig(str(whole)),
        "whole-cut": PrmModelConfig(str(whole), max_tokens=60, overflow="cut"),
        "short": PrmModelConfig(str(steps), **trl, max_tokens=SHORT),
        "cut": PrmModelConfig(str(steps), **trl, max_tokens=SHORT, overflow="cut"),
        "loud": PrmModelConfig(str(loud), **trl),
        "holes": PrmModelConfig(str(holes), **trl),
        "missing": PrmModelConfig(str(root / "nowhere")),
        "unknown": PrmModelConfig(str(steps)),  # trl or pure: nothing in the folder tells
    }


@asynccontextmanager
async def serving(prm, **limits):
    """A service on a free port that has math beside the models, and no jails to wait for.

    Args:
        prm: its ``[prm]``.
        **limits: of its engine.
    """
    bank = ModelBank(prm.settings())
    registry = Registry([MathVerifier(None), ProcessVerifier(bank), RewardModelVerifier(bank)])
    addresses = {"listen": "127.0.0.1:0", "metrics_listen": "127.0.0.1:0"}
    config = Config(
        server=ServerConfig(**addresses, lame_duck_seconds=0.1, drain_seconds=5.0),
        engine=EngineConfig(**limits),
        prm=prm,
    )
    process = ServingProcess(config, registry)
    await process.start()
    process.target = f"127.0.0.1:{process.port}"
    process.bank = bank
    try:
        yield process
    finally:
        await process.close()


async def hold(bank, name="steps"):
    """Stops a model's thread at the beginning of its next pass.

    Returns:
        Its scorer, and the event that lets it go on.
    """
    await bank.find(name, Kind.PROCESS)
    scorer = await asyncio.to_thread(bank.scorer, name)
    reached, go = threading.Event(), threading.Event()
    scorer.submit(ScoreCall("What?", ["held"]), on_start=lambda: (reached.set(), go.wait(60)))
    assert await asyncio.to_thread(reached.wait, 60)
    return scorer, go


def prm_config(root, **bounds):
    """``[prm]`` with all of these models."""
    return PrmConfig(models=write_models(root), **bounds)


def _change(folder, name, value):
    """Makes all of a tensor's numbers one."""
    path = folder / "model.safetensors"
    weights = load_file(path)
    weights[name] = torch.full_like(weights[name], value)
    save_file(weights, path, metadata={"format": "pt"})
