"""The golden answers by kind in tests/cases/math, and what the math verifier says of each.

As a program it prints what is left to do: ``.venv/bin/python tests/math_kinds.py [KIND ...]``.
"""

import asyncio
import json
import sys
from collections import Counter

from case_rows import CASES, case_rows

from verifier.outcome.math import MathVerifier
from verifier.pending import Pending
from verifier.types import Item, MathPolicy, MathTask, Verdict

KINDS = sorted(path.stem for path in (CASES / "math").glob("*.jsonl"))


def rows_of(kind):
    """The rows of one kind."""
    return case_rows(f"math/{kind}")


def completion_of(row):
    """The row's completion: its candidate in a box unless it brings its own text."""
    return row.get("completion") or f"\\boxed{{{row['candidate']}}}"


class Scorer:
    """Scores rows one by one, with the workers that SymPy runs in, if it comes to that."""

    def __enter__(self):
        self._runner = asyncio.Runner()
        self._verifier = MathVerifier()
        return self

    def __exit__(self, *_):
        self._runner.run(self._verifier.close())
        self._runner.close()

    def verdict_of(self, row, policy=None):
        """The verdict of the row's completion for its reference."""
        task = MathTask((row["reference"],), policy or MathPolicy())
        outcome = self._verifier.verify(Item(row["id"], completion_of(row), task))
        if isinstance(outcome, Pending):
            outcome = self._runner.run(self._verifier.finish(outcome, lambda: None))
        return outcome.verdict


def is_right(row, verdict):
    """Tells whether a verdict is the row's, or an UNSCORED where that will do."""
    allowed = {row["verdict"]}
    if row.get("unscored"):
        allowed.add(Verdict.UNSCORED.value)
    return verdict.value in allowed


def _say(line):
    sys.stdout.write(f"{line}\n")


def main(kinds):
    """Prints the rows that get another verdict, and a table of them by kind."""
    table = []
    with Scorer() as scorer:
        for kind in kinds or KINDS:
            seen = Counter()
            for row in rows_of(kind):
                seen["rows"] += 1
                try:
                    verdict = scorer.verdict_of(row)
                    said = "" if is_right(row, verdict) else verdict.value
                except Exception as error:  # noqa: BLE001 - the rest of the table is wanted too
                    said = repr(error)[:60]
                if not said:
                    continue
                seen[said if said in Verdict.__members__ else "RAISED"] += 1
                pair = [row["reference"], row.get("candidate", row.get("completion"))]
                shown = json.dumps(pair, ensure_ascii=False)[:160]
                _say(f"{said:<9} {row['id']:<36} {shown}  # {row['why']}")
            table.append((kind, seen))
    _say(f"\n{'kind':<20} {'rows':>5} {'false +':>8} {'false -':>8} {'unscored':>9} {'raised':>7}")
    total = Counter()
    for _, seen in table:
        total.update(seen)
    for kind, seen in [*table, ("all", total)]:
        wrong = (seen["CORRECT"], seen["INCORRECT"], seen["UNSCORED"], seen["RAISED"])
        _say(
            f"{kind:<20} {seen['rows']:>5} {wrong[0]:>8} {wrong[1]:>8} {wrong[2]:>9} {wrong[3]:>7}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
