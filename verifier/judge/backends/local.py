"""A judge in this process: an instruct model from a folder, asked without a server.

    ask → PromptEncoder (a thread) → queue → LocalModel (another thread) → Reply

It answers by the probabilities of labels and by text. Both threads are this backend's own, and
nothing of torch is imported before the first question.
"""

from __future__ import annotations

import asyncio
import math
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.errors import BackendError, InputError
from verifier.judge.asking import OneOf, Reply
from verifier.models.starting import Start
from verifier.types import ReadFrom

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.judge.asking import Question
    from verifier.judge.backends.local_model import LocalModel, Written
    from verifier.judge.backends.local_queue import Job, ModelThread, Weighed

_RETRY_SECONDS: Final = 30.0  # a model that failed to load is not tried again at every question
_LEAST_MASS: Final = 0.5  # of the labels together; with less, most answers would begin otherwise


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Which model, and how it runs.

    Attributes:
        path: its folder: config.json, tokenizer.json with a chat template, *.safetensors.
        device: a torch device.
        dtype: float32, bfloat16 or float16; empty for float32 on the CPU, bfloat16 elsewhere.
        max_batch: replies written side by side, >= 1.
        max_context: tokens of prompt and reply together; 0 for the model's own bound.
        max_queued: questions waiting at once, >= 1; beyond it callers are told to come back.
        steady: whether a reply must be the same whatever else is asked meanwhile. Then a model in
            half precision writes one reply at a time, which takes several times as long.
    """

    path: str
    device: str = "cpu"
    dtype: str = ""
    max_batch: int = 16
    max_context: int = 0
    max_queued: int = 1024
    steady: bool = True


class LocalBackend:
    """See `verifier.judge.asking.Backend`.

    Labels are weighed exactly and normalised: they are the probabilities of an answer that is held
    to begin with one of them. If most answers would begin otherwise, the reply's note says so.

    A reply's text begins with the thinking that a chat template has begun, if it has, so that who
    reads it sees where the thinking ends.

    Args:
        name: in the configuration.
        settings: which model, and how it runs.

    Attributes:
        model: the folder's name; once it is loaded, with a fingerprint of what decides replies.
    """

    abilities: tuple[ReadFrom, ...] = (ReadFrom.LABELS, ReadFrom.TEXT)

    def __init__(self, name: str, settings: LocalSettings) -> None:
        self.name = name
        self.settings = settings
        self.model = Path(settings.path).name
        self.width = 4 * settings.max_batch  # the next batches wait while one is written
        self._encoding: ThreadPoolExecutor | None = None
        self._working: tuple[LocalModel, ModelThread] | None = None
        self._loading: asyncio.Task[tuple[LocalModel, ModelThread]] | None = None
        self._problem = ""
        self._tried_at = 0.0
        self._closed = False

    @property
    def identity(self) -> str:
        """See `Backend`."""
        return self.model

    async def start(self) -> None:
        """Loads the model.

        Raises:
            BackendError: it cannot be used; names the folder and the cure.
        """
        await self._ready()

    async def close(self) -> None:
        """Ends both threads. What is being written is given up."""
        self._closed = True
        if self._loading is not None:
            with suppress(BackendError):
                await asyncio.shield(self._loading)
        working, self._working = self._working, None
        if working is not None:
            await asyncio.to_thread(working[1].close)
        encoding, self._encoding = self._encoding, None
        if encoding is not None:
            encoding.shutdown(wait=False)

    async def ask(self, question: Question, started: Callable[[], None]) -> Reply:
        """See `Backend`.

        Raises:
            BusyError: too many questions wait; a BackendError.
        """
        _check(question)
        model, thread = await self._ready()
        start = Start(started)
        try:
            loop = asyncio.get_running_loop()
            job = await loop.run_in_executor(self._encoding, _encode, model, question)
            job.begin = start.begin
            thread.put(job)
            found = await asyncio.wrap_future(job.future)
        finally:
            start.close()
        if question.read_from is ReadFrom.LABELS:
            return self._weighed(question, job, found)
        return self._written(model, job, found)

    # ------------------------------------------------------------------------ the model

    async def _ready(self) -> tuple[LocalModel, ModelThread]:
        """The model and its thread. However many ask at once, it is loaded once."""
        if self._closed:
            raise BackendError(f"judge {self.name!r} was closed")
        if self._working is not None:
            return self._working
        if self._problem and time.monotonic() - self._tried_at < _RETRY_SECONDS:
            raise BackendError(self._problem)
        if self._loading is None:
            self._loading = asyncio.create_task(self._load())
            self._loading.add_done_callback(self._loaded)
        return await asyncio.shield(self._loading)

    async def _load(self) -> tuple[LocalModel, ModelThread]:
        from prm.errors import ModelError  # noqa: PLC0415 - with its package, when it is needed

        self._tried_at = time.monotonic()
        try:
            self._working = await asyncio.to_thread(_load, self.settings)
        except ImportError as error:
            self._problem = f"judge {self.name!r} needs the extra `models`: {error}"
            raise BackendError(self._problem) from error
        except ModelError as error:
            self._problem = f"judge {self.name!r}: {error}"
            raise BackendError(self._problem) from error
        self._problem = ""
        about = self._working[0].about
        self.model = f"{about.name}@{about.fingerprint}"
        self._encoding = ThreadPoolExecutor(1, f"judge-encode-{self.name}")
        return self._working

    def _loaded(self, loading: asyncio.Task[tuple[LocalModel, ModelThread]]) -> None:
        self._loading = None
        if not loading.cancelled():
            loading.exception()  # looked at, even if nobody waits any more

    # ------------------------------------------------------------------------ questions, replies

    def _written(self, model: LocalModel, job: Job, found: Written) -> Reply:
        return Reply(
            text=job.opening + model.encoder.decode(found.ids),
            cut=found.cut,
            model=self.model,
            prompt_tokens=len(job.prompt),
            completion_tokens=found.tokens,
            seconds=job.seconds,
        )

    def _weighed(self, question: Question, job: Job, found: Weighed) -> Reply:
        names = [label for label, _ in _scale(question)]
        mass, logs = normalised(found.logs)
        best = logs.index(max(logs))
        note = ""
        if mass < _LEAST_MASS:
            note = f"with probability {mass:.2g} only, the answer would have begun with a label"
        return Reply(
            text=names[best],
            labels=tuple(zip(names, logs, strict=True)),
            model=self.model,
            prompt_tokens=len(job.prompt),
            completion_tokens=len(job.labels[best]),
            seconds=job.seconds,
            note=note,
        )


def normalised(logs: Sequence[float]) -> tuple[float, list[float]]:
    """The sum of probabilities given by their logarithms, and the logarithms if it is made 1."""
    largest = max(logs)
    total = largest + math.log(math.fsum(math.exp(log - largest) for log in logs))
    return math.exp(total), [min(log - total, 0.0) for log in logs]


def _load(settings: LocalSettings) -> tuple[LocalModel, ModelThread]:
    from verifier.judge.backends.local_loading import load  # noqa: PLC0415 - torch
    from verifier.judge.backends.local_queue import ModelThread  # noqa: PLC0415

    model = load(settings)
    max_batch = 1 if settings.steady and model.unsteady else settings.max_batch
    return model, ModelThread(model, max_batch, settings.max_queued)


def _check(question: Question) -> None:
    """Refuses what cannot be read here.

    Raises:
        InputError: a reading that is not offered, or labels of a form that has not one label.
    """
    if question.read_from is ReadFrom.JSON:
        raise InputError("a local model reads no JSON: LABELS or TEXT", field="judge.read_from")
    if question.read_from is ReadFrom.LABELS:
        _scale(question)


def _scale(question: Question) -> tuple[tuple[str, float], ...]:
    if not isinstance(question.form, OneOf):
        raise InputError("only one label at a time is read by LABELS", field="judge.read_from")
    return question.form.scores


def _encode(model: LocalModel, question: Question) -> Job:
    """The question as tokens, with no more to be written than fits.

    Raises:
        InputError: it is too long for the model, or cannot be encoded.
    """
    from verifier.judge.backends.local_queue import Job  # noqa: PLC0415 - torch

    if question.read_from is ReadFrom.LABELS:
        names = [label for label, _ in _scale(question)]
        prompt, labels = model.encoder.labels(question.messages, names)
        _check_length(model, len(prompt), max(map(len, labels)))
        return Job(prompt, labels)
    prompt, opening = model.encoder.prompt(question.messages)
    _check_length(model, len(prompt), 1)
    return Job(
        prompt,
        max_tokens=min(question.max_tokens, model.about.context - len(prompt)),
        temperature=question.temperature,
        seed=question.seed,
        opening=opening,
    )


def _check_length(model: LocalModel, prompt: int, answer: int) -> None:
    if not prompt:
        raise InputError("the chat template writes nothing but the text, and that is empty")
    name, context = model.about.name, model.about.context
    if prompt + answer > context:
        raise InputError(
            f"the prompt has {prompt} tokens and the answer {answer} at least, but {name!r} takes "
            f"{context} together"
        )
