"""One run of ``prm label`` over one file."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from contextlib import AsyncExitStack, closing
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from verifier.assembly import build_engine
from verifier.cli.configuration import configuration
from verifier.cli.exits import ALL_SCORED, SOME_UNSCORED, UNREACHABLE
from verifier.cli.label_sink import LabelSink
from verifier.cli.label_source import ProblemFile
from verifier.cli.label_summary import LabelSummary
from verifier.cli.labeller import Labeller, UnlabelledError
from verifier.cli.progress import progress
from verifier.cli.remote import async_client
from verifier.cli.scorers import LocalScorer, RemoteScorer, Scorer
from verifier.completions.api import CompletionsApi
from verifier.errors import InputError, ServiceError
from verifier.forwarding.assembly import configured_registry

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator, Iterator

    from verifier.cli.label_settings import LabelSettings
    from verifier.cli.label_source import Problem
    from verifier.completions.settings import ApiSettings, Sampling

_BATCH_ROWS: Final = 64  # completions per call to a running service
_REQUESTS_PER_PROBLEM: Final = 4  # about; a kill costs the problems under way
_SHOWN_FAILURES: Final = 10

Labelled = tuple["Problem", list[dict[str, Any]] | UnlabelledError]


def label_file(
    args: Namespace, settings: LabelSettings, sampling: Sampling, api: ApiSettings | None
) -> int:
    """Labels a file; returns the exit code.

    Args:
        args: the options that are about this run alone.
        settings: how labels are made.
        sampling: how the generator samples.
        api: where it is; None for no generator.

    Raises:
        InputError: the file cannot be read, or there is no writing to OUT.
    """
    made_by = _made_by(settings, sampling, api)
    with (
        closing(ProblemFile(args.input, needs_task=settings.method.samples)) as source,
        closing(LabelSink(args.output, made_by, resume=args.resume, force=args.force)) as sink,
    ):
        run = _Run(args, source, sink)
        try:
            asyncio.run(run.run(settings, sampling, api))
        except ServiceError as error:
            print(f"verifier-cli: {error}", file=sys.stderr)
            return UNREACHABLE
        finally:
            run.show()
    return ALL_SCORED if run.complete else SOME_UNSCORED


class _Run:
    """One run over one file."""

    def __init__(self, args: Namespace, source: ProblemFile, sink: LabelSink) -> None:
        self._args = args
        self._source = source
        self._sink = sink
        self._summary = LabelSummary()
        self._summary.add_done(sink.done)
        self._labeller: Labeller | None = None
        self._api: CompletionsApi | None = None

    @property
    def complete(self) -> bool:
        """Whether no problem is without rows, and no step without a label for lack of verdicts."""
        return not (self._summary.failed or self._summary.missing)

    async def run(
        self, settings: LabelSettings, sampling: Sampling, api: ApiSettings | None
    ) -> None:
        """Labels what no earlier run has.

        Raises:
            ServiceError: the generator or the service cannot be reached.
        """
        scorer = self._scorer()
        try:
            async with AsyncExitStack() as stack:
                if api is not None:
                    self._api = await stack.enter_async_context(CompletionsApi(api))
                self._labeller = Labeller(settings, scorer, self._api, sampling)
                await self._label(self._labeller)
        finally:
            await scorer.close()

    def _scorer(self) -> Scorer:
        config = configuration(self._args)
        engine = build_engine(config, registry=configured_registry(config))
        if not self._args.address:
            return LocalScorer(engine)
        return RemoteScorer(async_client(self._args, batch_items=_BATCH_ROWS), engine)

    async def _label(self, labeller: Labeller) -> None:
        with progress(self._source.total_bytes) as advance:
            async for problem, outcome in self._labelled(labeller):
                if isinstance(outcome, UnlabelledError):
                    self._tell(problem, outcome)
                else:
                    self._sink.write(outcome)
                    self._summary.add(outcome)
                advance(1, problem.read_bytes)

    async def _labelled(self, labeller: Labeller) -> AsyncIterator[Labelled]:
        """Problems with their rows in the file's order, several under way at once."""
        problems = self._remaining()
        most = max(2, self._args.concurrency // _REQUESTS_PER_PROBLEM)
        under_way: deque[tuple[Problem, asyncio.Task[list[dict[str, Any]]]]] = deque()
        try:
            while True:
                for problem in islice(problems, most - len(under_way)):
                    under_way.append((problem, asyncio.create_task(labeller.label(problem))))
                if not under_way:
                    return
                problem, task = under_way[0]
                await asyncio.wait((task,))
                under_way.popleft()
                error = task.exception()
                yield problem, error if isinstance(error, UnlabelledError) else task.result()
        finally:
            for _, task in under_way:
                task.cancel()
            await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)

    def _remaining(self) -> Iterator[Problem]:
        """The problems that no earlier run has written.

        Raises:
            InputError: what an earlier run wrote belongs to another input.
        """
        for problem in self._source.problems():
            try:
                done = not problem.fault and self._sink.has(problem.item.id, problem.item.prompt)
            except InputError as error:
                raise InputError(f"{self._source.name}:{problem.line}: {error}") from None
            if not done:
                yield problem

    def _tell(self, problem: Problem, error: UnlabelledError) -> None:
        self._summary.add_failed()
        if self._summary.failed <= _SHOWN_FAILURES:
            fault = str(error)
            place = f"{self._source.name}:{problem.line}: {problem.item.id!r}"
            print(f"verifier-cli: {place}: {fault}", file=sys.stderr)
        elif self._summary.failed == _SHOWN_FAILURES + 1:
            print("verifier-cli: more rows that cannot be labelled", file=sys.stderr)

    def show(self) -> None:
        """Prints the summary, if anything was begun."""
        if self._labeller is not None:
            usage = None if self._api is None else self._api.usage
            self._summary.show(self._args.summary, self._labeller.counts, usage)


def _made_by(
    settings: LabelSettings, sampling: Sampling, api: ApiSettings | None
) -> dict[str, Any]:
    """What every row says of how it was made, as JSON has it."""
    made: dict[str, Any] = {"method": settings.method.value, "separator": settings.separator}
    made["shape"] = "trl" if settings.trl else "steps"
    if api is not None:
        made |= {"generator": api.model, "seed": settings.seed, "solutions": settings.solutions}
        made |= {"template": settings.template, "chat": settings.chat, **sampling.fields()}
        made |= {"system": settings.system} if settings.system else {}
    if settings.method.samples:
        made |= {"rollouts": settings.rollouts, "spare": settings.spare}
    return made
