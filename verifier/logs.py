"""Structured logs: one line per call, on standard error, without any completion's text.

Lines are written by a thread of their own. Whoever reads our standard error may stall, and a log
line must never be what the event loop waits for: when the reader falls too far behind, lines are
dropped and their number is logged once it is back.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import queue
import sys
import threading
import time
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from verifier.config import LogsConfig

_MAX_WAITING_LINES = 10_000  # some megabytes; more than that nobody will read in time
_FLUSH_SECONDS = 2.0  # how long the end of the process waits for a stalled reader


class _Writer:
    """A file-like object that never blocks its caller."""

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue(_MAX_WAITING_LINES)
        self._dropped = 0
        threading.Thread(target=self._run, name="logs", daemon=True).start()
        atexit.register(self.drain)

    def write(self, text: str) -> None:
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self._dropped += 1

    def flush(self) -> None:
        """Nothing to do: the thread flushes each line."""

    def drain(self, seconds: float = _FLUSH_SECONDS) -> None:
        """Waits until every line is out, at most so long."""
        end = time.monotonic() + seconds
        while self._lines.unfinished_tasks and time.monotonic() < end:
            time.sleep(0.01)

    def _run(self) -> None:
        while True:
            text = self._lines.get()
            if self._dropped:
                dropped, self._dropped = self._dropped, 0
                text = f'{{"event": "log lines dropped", "lines": {dropped}}}\n{text}'
            # A reader that is gone is no reason to stop serving.
            with contextlib.suppress(OSError, ValueError):
                # Looked up each time, so that whoever redirects standard error gets what follows.
                sys.stderr.write(text)
                sys.stderr.flush()
            self._lines.task_done()


_writers: list[_Writer] = []


def drain() -> None:
    """Waits, for a moment, until every line is out: for whoever ends the process himself."""
    for writer in _writers:
        writer.drain()


def configure(config: LogsConfig) -> None:
    """Sets up logging for this process; called once, by ``verifier-cli serve``."""
    _writers.append(_Writer())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if config.format == "json"
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Plain tracebacks only: the pretty ones show local variables, completions among them.
            *([structlog.processors.format_exc_info] if config.format == "json" else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[config.level.upper()]
        ),
        cache_logger_on_first_use=True,  # assembling a logger costs more than writing a line
        logger_factory=structlog.WriteLoggerFactory(_writers[-1]),  # type: ignore[arg-type]  # duck
    )
