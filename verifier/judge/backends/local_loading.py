"""From a folder to a model that judges: stock code, weights from safetensors, all in their places.

Code that lies in a folder is never run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from transformers import AutoModelForCausalLM

from prm.errors import ModelError
from prm.loading import Weights, load_tokenizer, read_config
from prm.quiet import loading
from verifier.judge.backends.local_model import About, LocalModel
from verifier.judge.backends.local_prompt import PromptEncoder

if TYPE_CHECKING:
    from verifier.judge.backends.local import LocalSettings

_AUTO: Final[Any] = AutoModelForCausalLM  # its types leave the report out
_DTYPES: Final = ("float32", "bfloat16", "float16")
_SAMPLE_BYTES: Final = 1 << 20  # of each end of a weight file, for the fingerprint
_DECIDING: Final = (".json", ".jinja", ".model", ".safetensors")


def load(settings: LocalSettings) -> LocalModel:
    """The model of a folder, with stock code, safetensors and every weight in its place.

    Raises:
        ModelError: it cannot be loaded; names the folder and the cure.
    """
    folder = Path(settings.path)
    # What is wrong with files is said in better words than where they are read.
    read_config(folder)
    tokenizer: Any = load_tokenizer(folder)
    Weights(folder)
    try:
        encoder = PromptEncoder(tokenizer)
        network = _load_network(folder, settings)
        _check_vocabulary(tokenizer, network)
        context = _context(network, settings)
    except ModelError as error:
        raise ModelError(f"{folder}: {error}") from error
    stops = {*encoder.turn_ends}
    for named in (network.generation_config, network.config, tokenizer):
        ids = getattr(named, "eos_token_id", None)
        stops.update([ids] if isinstance(ids, int) else ids or ())
    fingerprint = _fingerprint(folder, f"{network.dtype} {context}")
    about = About(folder.name, fingerprint, context, frozenset(stops))
    return LocalModel(network, encoder, about)


def _load_network(folder: Path, settings: LocalSettings) -> Any:
    try:
        device = torch.device(settings.device)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"device {settings.device!r}: {reason}") from error
    dtype = settings.dtype or ("float32" if device.type == "cpu" else "bfloat16")
    if dtype not in _DTYPES:
        raise ModelError(f"no dtype {dtype!r}; known: {', '.join(_DTYPES)}")
    try:
        with loading():
            network, report = _AUTO.from_pretrained(
                folder,
                dtype=getattr(torch, dtype),
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
                ignore_mismatched_sizes=True,  # reported below, with their names
                output_loading_info=True,
            )
    except Exception as error:  # transformers raises whatever its parts raise
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        raise ModelError(f"it cannot be loaded as a language model: {reason}") from error
    missing = sorted(report["missing_keys"]) + sorted(map(str, report["mismatched_keys"]))
    if missing:
        raise ModelError(
            f"{len(missing)} weights of a language model are missing or have another shape, among "
            f"them {', '.join(missing[:5])}: a reward model is no judge"
        )
    for name, parameter in network.named_parameters():
        if not bool(torch.isfinite(parameter).all()):
            raise ModelError(f"the weight {name} holds numbers that are not finite")
    try:
        return network.to(device).eval()
    except torch.OutOfMemoryError as error:
        raise ModelError(f"it does not fit into the memory of {device}") from error


def _check_vocabulary(tokenizer: Any, network: Any) -> None:
    known = network.get_input_embeddings().weight.shape[0]
    largest = max(tokenizer.get_vocab().values())
    if largest >= known:
        raise ModelError(f"its tokenizer has the id {largest}, but the model knows {known} only")


def _context(network: Any, settings: LocalSettings) -> int:
    own = _own_context(network)
    asked = settings.max_context
    if own is not None and asked > own:
        raise ModelError(f"max_context {asked}, but the model's context is {own}")
    if not asked and own is None:
        raise ModelError("config.json names no context: give `max_context`")
    return asked or int(own or 0)


def _own_context(network: Any) -> int | None:
    own = getattr(network.config.get_text_config(), "max_position_embeddings", None)
    return own if isinstance(own, int) and own > 0 else None


def _fingerprint(folder: Path, how: str) -> str:
    """A digest of the small files and of samples of the weights: all of them would take too long.

    Files' sizes, headers and both ends tell one training run's output from another's.
    """
    digest = hashlib.sha256(how.encode())
    for path in sorted(folder.iterdir()):
        if path.suffix not in _DECIDING:
            continue
        size = path.stat().st_size
        digest.update(f"{path.name} {size}".encode())
        with path.open("rb") as file:
            if path.suffix != ".safetensors":
                digest.update(file.read())
                continue
            digest.update(file.read(_SAMPLE_BYTES))
            file.seek(max(size - _SAMPLE_BYTES, 0))
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:16]
