"""``verifier-cli filter``: rejection sampling, from completions to what SFT trainers read."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.assembly import build_engine
from verifier.cli import filter_options
from verifier.cli.batching import BATCH_ROWS
from verifier.cli.configuration import configuration
from verifier.cli.exits import ALL_SCORED, INTERRUPTED, SOME_UNSCORED, UNREACHABLE
from verifier.cli.filter_choice import Selection
from verifier.cli.filter_output import Lines, Output, Shape
from verifier.cli.filter_source import ResultFile, RowFile
from verifier.cli.filter_summary import FilterSummary
from verifier.cli.filter_verdicts import given, scored
from verifier.cli.progress import progress
from verifier.cli.remote import async_client
from verifier.cli.scorers import LocalScorer, RemoteScorer, Scorer
from verifier.config.rewards import configured_tokenizers
from verifier.errors import InputError, ServiceError
from verifier.forwarding.assembly import configured_registry
from verifier.outcome.format import FormatVerifier
from verifier.types import InvalidTask

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from verifier.cli.filter_verdicts import Judged
    from verifier.cli.progress import Advance
    from verifier.cli.source import SourceRow
    from verifier.config import Config

configure = filter_options.configure

_SHOWN_PROBLEMS: Final = 10  # bad rows named on standard error; all of them are counted


def run(args: Namespace) -> int:
    """Filters the file."""
    began = time.monotonic()
    filter_options.check(args)
    _check_output(args)
    config = configuration(args)
    verifier = FormatVerifier(configured_tokenizers(config.tokenizers))
    selection = Selection(filter_options.criteria(args, verifier), verifier)
    source = RowFile(args.input)
    try:
        with Output(args.output, force=args.force) as output:
            _Run(args, config, source, selection, output).run()
            stays = selection.choose()
            output.finish(stays)
    except ServiceError as error:
        print(f"verifier-cli: {args.address}: {error}", file=sys.stderr)
        return UNREACHABLE
    except KeyboardInterrupt:
        print(f"verifier-cli: interrupted; {args.output} is as it was", file=sys.stderr)
        return INTERRUPTED
    finally:
        source.close()
    seconds = time.monotonic() - began
    summary = FilterSummary(selection.rows, selection.drops, selection.sizes(stays), seconds)
    summary.show(args.summary)
    return SOME_UNSCORED if args.results is None and selection.unscored else ALL_SCORED


def _check_output(args: Namespace) -> None:
    """Refuses an output that is an input, by whatever name or link either file goes.

    Raises:
        InputError: names the option.
    """
    if args.output == "-" or not Path(args.output).is_file():
        return
    output = Path(args.output).stat()
    for what, path in (("the input", args.input), ("--results", args.results)):
        try:
            found = os.fstat(0) if path == "-" else Path(path).stat() if path else None
        except OSError:
            continue  # opening it says what is wrong
        if found is not None and os.path.samestat(found, output):
            raise InputError(f"{args.output} is {what}; what is kept needs a file of its own")


class _Run:
    """One pass over one file."""

    def __init__(
        self,
        args: Namespace,
        config: Config,
        source: RowFile,
        selection: Selection,
        output: Output,
    ) -> None:
        self._args = args
        self._config = config
        self._source = source
        self._selection = selection
        self._output = output
        shape = Shape(args.format)
        self._lines = Lines(shape, args.system)
        # Texts of the rows under way, in their order; only one shape asks for them.
        self._keeps_text = shape is Shape.ROWS
        self._texts: deque[bytes] = deque()
        self._problems = 0

    def run(self) -> None:
        """Takes every row."""
        with progress(self._source.total_bytes) as advance:
            if self._args.results is None:
                asyncio.run(self._score(advance))
                return
            results = ResultFile(self._args.results)
            try:
                for batch in given(self._rows(), self._source.name, results):
                    self._take(batch, advance)
            finally:
                results.close()

    async def _score(self, advance: Advance) -> None:
        scorer = self._scorer()
        try:
            async for batch in scored(scorer, self._rows(), self._args.concurrency):
                self._take(batch, advance)
        finally:
            await scorer.close()

    def _scorer(self) -> Scorer:
        engine = build_engine(self._config, registry=configured_registry(self._config))
        if not self._args.address:
            return LocalScorer(engine)
        return RemoteScorer(async_client(self._args, batch_items=BATCH_ROWS), engine)

    def _rows(self) -> Iterator[SourceRow]:
        """Every row.

        Raises:
            InputError: one that can be read has no prompt, but the output needs it. Said as soon as
                it is met, whatever its verdict: not after hours of scoring.
        """
        for row, text in self._source.rows_with_text():
            readable = not isinstance(row.item.task, InvalidTask)
            if readable and self._lines.needs_prompt and not row.item.prompt.strip():
                raise InputError(
                    f"{self._source.name}:{row.line}: has no prompt, which --format "
                    f"{self._args.format} writes; add one, or write rows with --format rows"
                )
            self._texts.append(text if self._keeps_text and readable else b"")
            yield row

    def _take(self, batch: Judged, advance: Advance) -> None:
        for row, judgement in batch:
            text = self._texts.popleft()
            self._name_problem(row)
            if self._selection.add(row.item, judgement):
                self._output.add(self._lines.spell(row.item, judgement.reward, text))
        advance(len(batch), batch[-1][0].read_bytes)

    def _name_problem(self, row: SourceRow) -> None:
        """Bad rows are counted, but somebody should hear of the first few."""
        if not isinstance(row.item.task, InvalidTask):
            return
        self._problems += 1
        if self._problems <= _SHOWN_PROBLEMS:
            print(f"verifier-cli: {row.item.task.problem}", file=sys.stderr)
        elif self._problems == _SHOWN_PROBLEMS + 1:
            print("verifier-cli: more bad rows: see the summary", file=sys.stderr)
