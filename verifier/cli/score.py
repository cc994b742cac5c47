"""``verifier-cli score``: scores a file of completions, in process or on a running service."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from verifier.assembly import build_engine
from verifier.cli.batching import BATCH_ROWS, Unfinished, score_batches
from verifier.cli.configuration import add_configuration, configuration
from verifier.cli.exits import ALL_SCORED, SOME_UNSCORED, UNREACHABLE
from verifier.cli.progress import progress
from verifier.cli.remote import add_address, async_client
from verifier.cli.scorers import LocalScorer, RemoteScorer, Scorer
from verifier.cli.sink import Sink
from verifier.cli.source import Source, SourceRow
from verifier.cli.summary import Summary
from verifier.errors import InputError, ServiceError
from verifier.forwarding.assembly import configured_registry
from verifier.types import InvalidTask

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import AsyncIterator, Iterator

    from verifier.types import Result


_SHOWN_PROBLEMS = 10  # bad rows named on standard error; all of them are in the results


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = (
        "Scores rows of JSON lines. Results go to OUT (or standard output) in the order of the\n"
        "rows; progress and the summary go to standard error.\n\n"
        "exit codes: 0 every row scored, 1 some rows UNSCORED, 2 usage or unreadable input,\n"
        "3 service unreachable, 130 interrupted with what was done kept"
    )
    parser.epilog = (
        "examples:\n"
        "  verifier-cli score rollouts.jsonl -o scores.jsonl\n"
        "  verifier-cli score rollouts.jsonl -o scores.jsonl --resume\n"
        "  zcat old.jsonl.gz | verifier-cli score - --address dns:///verifier:50051 > out.jsonl"
    )
    parser.add_argument("input", metavar="IN.jsonl", help="rows; - for standard input; may be .gz")
    parser.add_argument("-o", "--output", metavar="OUT.jsonl", help="results (standard output)")
    add_address(parser, "score on a running service")
    add_configuration(parser, "configuration, in process only")
    parser.add_argument(
        "--resume", action="store_true", help="go on with OUT; rows still UNSCORED are done over"
    )
    parser.add_argument("--force", action="store_true", help="replace OUT")
    parser.add_argument(
        "--concurrency",
        type=_positive,
        default=1024,
        metavar="N",
        help="rows in flight at once (1024)",
    )
    parser.add_argument(
        "--summary",
        choices=("text", "json", "none"),
        default="text",
        help="what standard error gets at the end (text)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, is {text!r}")
    return int(text)


def run(args: Namespace) -> int:
    """Scores the file."""
    if _is_input(args.output, args.input):
        raise InputError(f"{args.output} is the input; results need a file of their own")
    if args.resume and args.force:
        raise InputError("--resume keeps what is there and --force replaces it: choose one")
    source = Source(args.input)
    sink = Sink(args.output, resume=args.resume, force=args.force)
    summary = Summary()
    summary.add_done(sink.done)
    try:
        asyncio.run(_Run(args, source, sink, summary).run())
    except ServiceError as error:
        print(f"verifier-cli: {args.address}: {error}", file=sys.stderr)
        return UNREACHABLE
    finally:
        sink.close()
        source.close()
        if summary.rows or sys.exc_info()[0] is None:
            summary.show(args.summary)
    return SOME_UNSCORED if summary.unscored else ALL_SCORED


def _is_input(output: str | None, source: str) -> bool:
    """Whether results would overwrite the rows, by whatever name or link either file goes."""
    if output in (None, "-") or not Path(str(output)).is_file():
        return False
    try:
        found = os.fstat(0) if source == "-" else Path(source).stat()
    except OSError:
        return False  # opening it says what is wrong
    return os.path.samestat(found, Path(str(output)).stat())


class _Run:
    """One run over one file."""

    def __init__(self, args: Namespace, source: Source, sink: Sink, summary: Summary) -> None:
        self._args = args
        self._source = source
        self._sink = sink
        self._summary = summary
        self._problems = 0
        self._again = Unfinished()

    async def run(self) -> None:
        scorer = self._scorer()
        try:
            with progress(self._source.total_bytes) as advance:
                rows = self._remaining(self._source.rows())
                async for batch, results in self._score(scorer, rows):
                    self._sink.write(results)
                    self._summary.add(results)
                    self._name_problems(batch, results)
                    advance(len(results), batch[-1].read_bytes)
                await self._score_again(scorer)
        finally:
            await scorer.close()

    def _scorer(self) -> Scorer:
        config = configuration(self._args)
        engine = build_engine(config, registry=configured_registry(config))
        if not self._args.address:
            return LocalScorer(engine)
        return RemoteScorer(async_client(self._args, batch_items=BATCH_ROWS), engine)

    def _remaining(self, rows: Iterator[SourceRow]) -> Iterator[SourceRow]:
        """The rows that no earlier run has written.

        Raises:
            InputError: what an earlier run wrote belongs to another input.
        """
        for index, done in enumerate(self._sink.done):
            row = next(rows, None)
            if row is None or row.item.id != done.id:
                found = "has no such row" if row is None else f"line {row.line} has {row.item.id!r}"
                raise InputError(
                    f"{self._args.output}:{index + 1} is of {done.id!r}, but {self._source.name} "
                    f"{found}: not the input it was made from"
                )
            self._again.add(index, row, unscored=done.unscored)
        following = next(rows, None)
        self._again.end(following)
        if following is not None:
            yield following
            yield from rows

    def _score(
        self, scorer: Scorer, rows: Iterator[SourceRow]
    ) -> AsyncIterator[tuple[list[SourceRow], list[Result]]]:
        return score_batches(scorer, rows, self._args.concurrency)

    async def _score_again(self, scorer: Scorer) -> None:
        better: dict[int, Result] = {}
        indices = iter(self._again.rows)
        async for batch, results in self._score(scorer, iter(self._again.rows.values())):
            self._name_problems(batch, results)
            for result in results:
                index = next(indices)
                better[index] = result
                self._summary.replace(self._sink.done[index], result)
        self._sink.rewrite(better)

    def _name_problems(self, batch: list[SourceRow], results: list[Result]) -> None:
        """Bad rows are results like any other, but somebody should hear of the first few."""
        for row, result in zip(batch, results, strict=True):
            if isinstance(row.item.task, InvalidTask):
                self._problems += 1
                if self._problems <= _SHOWN_PROBLEMS:
                    print(f"verifier-cli: {result.message}", file=sys.stderr)
                elif self._problems == _SHOWN_PROBLEMS + 1:
                    print("verifier-cli: more bad rows: see the results", file=sys.stderr)
