"""What a run of ``score`` says at its end: a table for people, one object for programs."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verifier.cli.sink import DoneRow
    from verifier.types import Result


class Summary:
    """Counts rows as they are written."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self.rows = 0
        self.resumed = 0
        self._scored_now = 0
        self._rewards = 0.0
        self._verdicts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    @property
    def unscored(self) -> int:
        """Rows without a verdict."""
        return self._verdicts["UNSCORED"]

    def add(self, results: Sequence[Result]) -> None:
        """Counts results of this run."""
        # Counted as a whole: row by row it would cost as much as reading the rows.
        said = Counter((result.verdict, result.reason) for result in results)
        for (verdict, reason), count in said.items():
            self._verdicts[verdict.value] += count
            self._reasons[reason.value] += count
        self._rewards += sum(result.reward or 0.0 for result in results)
        self.rows += len(results)
        self._scored_now += len(results)

    def add_done(self, rows: Sequence[DoneRow]) -> None:
        """Counts rows of an earlier run."""
        for row in rows:
            self._count(row, 1)
        self.resumed += len(rows)

    def replace(self, row: DoneRow, result: Result) -> None:
        """Counts a row that an earlier run could not score and this one did over."""
        self._count(row, -1)
        self.resumed -= 1
        self.add([result])

    def _count(self, row: DoneRow, by: int) -> None:
        self.rows += by
        self._verdicts[row.verdict.removeprefix("VERDICT_")] += by
        self._reasons[row.reason.removeprefix("REASON_")] += by
        self._rewards += by * (row.reward or 0.0)

    def as_dict(self) -> dict[str, object]:
        """The figures by name."""
        seconds = time.monotonic() - self._start
        rewarded = self.rows - self.unscored
        return {
            "rows": self.rows,
            "resumed": self.resumed,
            "verdicts": _positive(self._verdicts),
            "reasons": _positive(self._reasons),
            "mean_reward": round(self._rewards / rewarded, 6) if rewarded else None,
            "seconds": round(seconds, 3),
            "rows_per_second": round(self._scored_now / seconds, 1) if seconds else 0.0,
        }

    def show(self, style: str) -> None:
        """Prints to standard error, as ``text``, ``json`` or not at all (``none``)."""
        if style == "json":
            print(json.dumps(self.as_dict()), file=sys.stderr)
        elif style == "text":
            print(self._text(), file=sys.stderr)

    def _text(self) -> str:
        figures = self.as_dict()
        lines = [f"rows      {self.rows}" + (f" ({self.resumed} resumed)" if self.resumed else "")]
        for title, counts in (("verdicts", self._verdicts), ("reasons", self._reasons)):
            for name, count in counts.most_common():
                if count:
                    share = 100 * count / self.rows
                    lines.append(f"{title:<9} {name:<24} {count:>9} {share:6.2f} %")
                    title = ""  # noqa: PLW2901 - shown on the first line only
        lines.append(f"reward    mean {figures['mean_reward']} over rows with a verdict")
        lines.append(f"speed     {figures['rows_per_second']} rows/s, {figures['seconds']} s")
        return "\n".join(lines)


def _positive(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in counts.most_common() if count}
