"""A causal language model in this process: loads it, writes with it, weighs labels with it.

A reply is not to depend on which other questions are in its batch. Each row draws from a generator
of its own, seeded by its question: one number a token, looked up in the cumulated probabilities. So
draws are the same in any batch; what is left is the rounding of the probabilities themselves, which
depends on a batch's shape. In float32 that is some millionths, and a reply could change only where
two tokens, or a draw and the border of two, are that close: none of 384 replies of a random model
did, 64 tokens each. In bfloat16 11 to 45 % of them did, so a model in half precision says that it
is unsteady. Labels are weighed one question at a time, the same to the last bit.
"""

from __future__ import annotations

import inspect
import math
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from transformers import GenerationConfig

from prm.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from verifier.judge.backends.local_prompt import Ids, PromptEncoder

_CONFIG: Final[Any] = GenerationConfig  # has no types
# Frequencies that change with the longest text of a batch.
_UNSTEADY_ROPE: Final = ("dynamic", "longrope")


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote.

    Attributes:
        ids: without the token that ended it.
        tokens: with it.
        cut: whether there was no such token.
    """

    ids: Ids
    tokens: int
    cut: bool


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One reply to be written.

    Attributes:
        prompt: never empty.
        max_tokens: of the reply, >= 1; with the prompt they fit the context.
        temperature: 0 for the likeliest token every time, else what logits are divided by. Nothing
            else changes the model's probabilities.
        seed: of the draws; None for any.
        gone: whether nobody waits for it any more.
        done: called with the reply as soon as it has ended, while others still go on.
    """

    prompt: Ids
    max_tokens: int
    temperature: float
    seed: int | None
    gone: Callable[[], bool]
    done: Callable[[Written], None]


@dataclass(frozen=True, slots=True)
class About:
    """What is to be known of a loaded model.

    Attributes:
        name: of its folder.
        fingerprint: changes with the weights and with whatever else decides a reply.
        context: tokens of prompt and reply together.
        stops: ids of tokens that end a reply.
    """

    name: str
    fingerprint: str
    context: int
    stops: frozenset[int]


class LocalModel:
    """A loaded model.

    Args:
        network: a causal language model of transformers.
        encoder: of its prompts; to be used from another thread than the one that computes.
        about: the rest.

    Attributes:
        unsteady: whether company may well change what it writes.
    """

    def __init__(self, network: Any, encoder: PromptEncoder, about: About) -> None:
        self.encoder = encoder
        self.about = about
        rope = getattr(network.config.get_text_config(), "rope_parameters", None)
        stretched = any(f"'{kind}'" in str(rope) for kind in _UNSTEADY_ROPE)
        self.unsteady = stretched or network.dtype != torch.float32
        self._network = network
        # A folder's own wishes for sampling, such as penalties, would be mixed into ours.
        network.generation_config = _CONFIG()
        known = inspect.signature(network.forward).parameters
        self._last_only = {"logits_to_keep": 1} if "logits_to_keep" in known else {}

    @torch.inference_mode()
    def write(self, rows: Sequence[Row]) -> None:
        """Writes a reply for each row, as long as anybody waits for one.

        Raises:
            ModelError: the model gives numbers that are none.
            torch.OutOfMemoryError: too many at once for the device.
        """
        width = max(len(row.prompt) for row in rows)
        room = [width - len(row.prompt) for row in rows]
        ids = [[0] * left + list(row.prompt) for left, row in zip(room, rows, strict=True)]
        mask = [[0] * left + [1] * len(row.prompt) for left, row in zip(room, rows, strict=True)]
        config = _CONFIG(
            do_sample=False,  # `_Draw` does
            max_new_tokens=max(row.max_tokens for row in rows),
            eos_token_id=sorted(self.about.stops) or None,
            pad_token_id=0,
        )
        self._network.generate(
            self._tensor(ids),
            attention_mask=self._tensor(mask),
            generation_config=config,
            logits_processor=[_Draw(rows)],
            stopping_criteria=[_Watch(rows, width, self.about.stops)],
        )

    @torch.inference_mode()
    def weigh(self, prompt: Ids, labels: Sequence[Ids]) -> tuple[float, ...]:
        """How likely an answer is to begin with each label, and with none that is longer.

        The tokens' probabilities, multiplied. Where one label's tokens are the beginning of
        another's, as with 1 and 10 in some tokenizers, what belongs to the longer one is taken off.
        What ends an answer plays no part: an answer that goes on behind its first word still began
        with it.

        Args:
            prompt: what they all follow; not empty.
            labels: none is empty, no two are the same.

        Returns:
            The natural logarithm of each probability.

        Raises:
            ModelError: the model gives numbers that are none.
        """
        read = self._network(self._tensor([prompt]), use_cache=True, **self._last_only)
        first = _log_probabilities(read.logits[0, -1])
        sums = [first[ids[0]].item() for ids in labels]
        width = max(map(len, labels)) - 1
        if width:
            cache = read.past_key_values
            cache.batch_repeat_interleave(len(labels))
            fed = [[*ids[:-1], *([0] * (width + 1 - len(ids)))] for ids in labels]
            logits = self._network(self._tensor(fed), past_key_values=cache, use_cache=True).logits
            for place, ids in enumerate(labels):
                if len(ids) > 1:
                    rest = _log_probabilities(logits[place, : len(ids) - 1])
                    chosen = torch.tensor(ids[1:], device=rest.device)
                    sums[place] += rest.gather(1, chosen[:, None]).sum().item()
        if not all(map(math.isfinite, sums)):
            raise ModelError("the model gives numbers that are none")
        return without_longer(labels, sums)

    def _tensor(self, rows: Sequence[Sequence[int]]) -> Tensor:
        return torch.tensor(rows, device=self._network.device)


def without_longer(labels: Sequence[Ids], sums: Sequence[float]) -> tuple[float, ...]:
    """Logarithms of the probability to begin with each label but with none that continues it.

    Args:
        labels: their tokens.
        sums: logarithms of the probability to begin with these tokens.
    """
    found = []
    for ids, own in zip(labels, sums, strict=True):
        longer = [other for other in labels if len(other) > len(ids) and other[: len(ids)] == ids]
        # Of those that continue each other, the shortest speaks for all.
        shortest = [
            other
            for other in longer
            if not any(len(each) < len(other) and other[: len(each)] == each for each in longer)
        ]
        parts = (sums[labels.index(other)] for other in shortest)
        taken = math.fsum(math.exp(part - own) for part in parts)
        found.append(own + math.log(max(1.0 - taken, 1e-12)))  # rounding could take all, and more
    return tuple(found)


class _Draw:
    """Makes the token that each row draws the likeliest one. A logits processor of transformers."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._sampled = [
            (place, row.temperature, _generator(row.seed))
            for place, row in enumerate(rows)
            if row.temperature > 0
        ]

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # noqa: ARG002
        if bool(scores.isnan().any()):
            raise ModelError("the model gives numbers that are none")
        for place, temperature, generator in self._sampled:
            row = scores[place].double()
            cumulated = ((row - row.max()) / temperature).softmax(0).cumsum(0)
            draw = torch.rand(1, generator=generator, dtype=torch.float64).to(row.device)
            drawn = torch.searchsorted(cumulated, draw * cumulated[-1], right=True)
            scores[place] = -torch.inf
            scores[place].scatter_(0, drawn.clamp_(max=len(row) - 1), 0.0)
        return scores


class _Watch:
    """Ends rows that are done or given up, and tells of each. A stopping criterion."""

    def __init__(self, rows: Sequence[Row], width: int, stops: frozenset[int]) -> None:
        self._rows = rows
        self._width = width
        self._stops = stops
        self._ended = [False] * len(rows)

    def __call__(self, input_ids: Tensor, scores: object, **_: object) -> Tensor:  # noqa: ARG002
        count = input_ids.shape[1] - self._width
        last = input_ids[:, -1].tolist()
        for place, row in enumerate(self._rows):
            if self._ended[place]:
                continue
            stopped = last[place] in self._stops
            if stopped or count >= row.max_tokens:
                ids = input_ids[place, self._width :].tolist()
                row.done(Written(tuple(ids[:-1] if stopped else ids), count, not stopped))
            elif not row.gone():
                continue
            self._ended[place] = True
        return torch.tensor(self._ended, device=input_ids.device)


def _generator(seed: int | None) -> torch.Generator:
    """Of one row. On the CPU whatever the device: its numbers are the same everywhere."""
    return torch.Generator().manual_seed(secrets.randbits(31) if seed is None else seed)


def _log_probabilities(logits: Tensor) -> Tensor:
    return logits.double().log_softmax(-1)
