"""One vote after another: asks a backend until a verdict can be read, and counts what it took."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import structs

from verifier.judge.asking import Question, RankingOf, Subject, UnreadableError
from verifier.judge.cache import cacheable, reply_key
from verifier.judge.orders import shuffled
from verifier.judge.pricing import cost
from verifier.judge.reading import read, schema
from verifier.judge.rendering import render
from verifier.types import JudgeUsage, ReadFrom

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from verifier.judge.asking import Backend, Form, Reply, Said
    from verifier.judge.cache import ReplyCache
    from verifier.judge.observing import JudgeObserver
    from verifier.judge.plan import Plan
    from verifier.judge.pricing import Prices
    from verifier.judge.rendering import Inputs
    from verifier.judge.settings import JudgeSettings

T = TypeVar("T")

_MAX_RAW: Final = 2_000  # characters of the judge's own words that a result carries
_SEEDS: Final = 2**31
_AHEAD: Final = 2  # votes that are prepared for each that the backend answers at once


@dataclass(slots=True)
class Tally:
    """What one item has taken so far.

    Attributes:
        usage: all calls added up.
        raw: the judge's last words, shortened.
        model: as the backend names it.
        note: the backend's.
    """

    usage: JudgeUsage
    raw: str = ""
    model: str = ""
    note: str = ""

    def heard(self, reply: Reply) -> None:
        """Keeps what a reply says of itself."""
        self.raw = shortened(reply.text)
        self.model = reply.model or self.model
        self.note = reply.note or self.note

    def count(self, reply: Reply, cost: float | None) -> None:
        """Adds one call of the backend."""
        usage = self.usage
        self.usage = JudgeUsage(
            usage.prompt_tokens + reply.prompt_tokens,
            usage.completion_tokens + reply.completion_tokens,
            usage.cost if cost is None else (usage.cost or 0.0) + cost,
            usage.seconds + reply.seconds,
            usage.retries + reply.retries,
            usage.calls + 1,
            usage.cached_calls,
            usage.parse_failures,
        )


@dataclass(frozen=True, slots=True)
class Ballot:
    """What is voted on.

    Attributes:
        plan: how.
        inputs: what the template shows.
        form: of a vote.
    """

    plan: Plan
    inputs: Inputs
    form: Form


class Voter:
    """Collects votes. Belongs to one event loop.

    Args:
        settings: how often to ask.
        cache: of replies.
        prices: of backends, by name; a backend without one has no cost.
        observer: told of every call.
    """

    def __init__(
        self,
        settings: JudgeSettings,
        cache: ReplyCache,
        prices: Mapping[str, Prices],
        observer: JudgeObserver,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._prices = prices
        self._observer = observer
        self._gates: dict[str, asyncio.Semaphore] = {}

    def _gate(self, backend: Backend) -> asyncio.Semaphore:
        """Lets so many votes be prepared at once that the backend always has the next ones.

        Without it, thousands of items would all be rendered before the first request is sent.
        """
        if backend.name not in self._gates:
            self._gates[backend.name] = asyncio.Semaphore(_AHEAD * backend.width)
        return self._gates[backend.name]

    async def votes(self, ballot: Ballot, tally: Tally, started: Callable[[], None]) -> list[Said]:
        """All votes on one thing, asked for side by side.

        Args:
            ballot: what is voted on.
            tally: counts what it took.
            started: called when the first call is made.

        Raises:
            UnreadableError: one of them could not be read, however often it was asked for.
            InputError, BackendError: as `Backend.ask`.
        """
        asking = _Asking(ballot, tally, started)
        gate = self._gate(ballot.plan.backend)

        async def vote(number: int) -> Said:
            async with gate:
                return await self._vote(asking, number)

        return await together([vote(number) for number in range(ballot.plan.votes)])

    async def _vote(self, asking: _Asking, number: int) -> Said:
        """One vote, asked for until it can be read."""
        plan, attempts = asking.ballot.plan, self._settings.attempts_per_vote
        first, mark = _question(asking.ballot, number)
        for attempt in range(attempts):
            question = self._attempt(plan, first, number, attempt)
            reply, key = await self._reply(asking, question)
            try:
                said = read(question.form, question.read_from, mark, reply)
            except UnreadableError as error:
                asking.tally.usage = _one_more_failure(asking.tally.usage)
                self._observer.unreadable(plan.backend.name, plan.template.id)
                if attempt + 1 == attempts or question.read_from is ReadFrom.LABELS:
                    # Probabilities are the same however often they are asked for.
                    raise UnreadableError(f"{error} (asked {attempt + 1} times)") from None
                continue
            if key:
                await self._cache.put(key, reply)
            return said
        raise UnreadableError("nobody was asked")  # no attempts are configured

    def _attempt(self, plan: Plan, first: Question, number: int, attempt: int) -> Question:
        """The question of one attempt: the first as planned, the others sampled anew."""
        temperature = first.temperature
        if attempt and not temperature:
            temperature = self._settings.temperature
        seed = (plan.seed + number + attempt * plan.votes) % _SEEDS if temperature else None
        return replace(first, temperature=temperature, seed=seed)

    async def _reply(self, asking: _Asking, question: Question) -> tuple[Reply, str]:
        """A reply, and the key under which it may be kept; empty for not."""
        backend, tally = asking.ballot.plan.backend, asking.tally
        template = asking.ballot.plan.template
        key = ""
        if cacheable(question, sampled=self._settings.cache_sampled):
            key = reply_key(backend.identity, template.name, question)
            known = await self._cache.get(key)
            if known is not None:
                tally.usage = _one_more_cached(tally.usage)
                tally.heard(known)
                self._observer.cached(backend.name)
                return known, ""
        try:
            reply = await backend.ask(question, asking.started)
        except Exception as error:
            self._observer.failed(backend.name, error)
            raise
        prices = self._prices.get(backend.name)
        price = cost(prices, reply.prompt_tokens, reply.completion_tokens)
        tally.count(reply, price)
        tally.heard(reply)
        self._observer.called(backend.name, reply, price)
        return reply, key


@dataclass(frozen=True, slots=True)
class _Asking:
    """What all votes on one thing share."""

    ballot: Ballot
    tally: Tally
    started: Callable[[], None]


def _question(ballot: Ballot, number: int) -> tuple[Question, str]:
    """What one vote asks, and its mark. All but the first list the labels in an order of their own.

    Judges like what is listed first, too; see `verifier.judge.orders`.
    """
    plan, inputs, form = ballot.plan, ballot.inputs, ballot.form
    if number and not isinstance(form, RankingOf):
        form = replace(form, scores=shuffled(form.scores, plan.seed + number))
    rendered = render(plan.template, inputs, form, plan.read_from)
    wanted = ""
    if plan.read_from is ReadFrom.JSON:
        wanted = schema(form, rendered.mark, reasoned=plan.template.reasoned)
    question = Question(
        messages=rendered.messages,
        form=form,
        read_from=plan.read_from,
        schema=wanted,
        max_tokens=plan.max_tokens,
        temperature=plan.temperature,
        seed=None,
        subject=Subject(
            plan.template.id, inputs.prompt, inputs.completions, inputs.reference_answer
        ),
    )
    return question, rendered.mark


async def together(parts: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of all; the first error ends the others, so that nobody pays for them.

    Raises:
        Exception: the first that one of them raised.
    """
    if len(parts) == 1:
        return [await parts[0]]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part) for part in parts]
    except* Exception as errors:  # noqa: BLE001 - the first of them goes on as it is
        first: BaseException = errors
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return [task.result() for task in tasks]


def shortened(text: str) -> str:
    """The judge's words, cut in the middle: the verdict stands at the end."""
    if len(text) <= _MAX_RAW:
        return text
    half = _MAX_RAW // 2
    return f"{text[:half]} … {text[-half:]}"


def _one_more_failure(usage: JudgeUsage) -> JudgeUsage:
    return structs.replace(usage, parse_failures=usage.parse_failures + 1)


def _one_more_cached(usage: JudgeUsage) -> JudgeUsage:
    return structs.replace(usage, cached_calls=usage.cached_calls + 1)
