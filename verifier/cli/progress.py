"""A progress bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Advance = Callable[[int, int], None]


@contextmanager
def progress(total_bytes: int | None) -> Iterator[Advance]:
    """Shows rows done and bytes read while the block runs.

    Yields:
        A function to call with rows written since the last call and bytes read so far.
    """
    if not sys.stderr.isatty():
        yield lambda _rows, _bytes: None
        return
    # Loaded here only: a pipeline has no use for it.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.fields[rows]} rows"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total_bytes, rows=0)
        written = 0

        def advance(rows: int, read_bytes: int) -> None:
            nonlocal written
            written += rows
            bar.update(task, completed=read_bytes, rows=written)

        yield advance
