"""The loader of the golden tables in tests/cases."""

import json
from pathlib import Path

CASES = Path(__file__).parent / "cases"


def case_rows(name):
    """The rows of one table.

    Raises:
        ValueError: a row without a reason for being there, or an id that occurs twice.
    """
    rows = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text("utf-8").splitlines()]
    ids = [row["id"] for row in rows]
    if repeated := {row_id for row_id in ids if ids.count(row_id) > 1}:
        raise ValueError(f"{name}.jsonl: ids occur twice: {sorted(repeated)}")
    if bare := [row["id"] for row in rows if not row.get("why")]:
        raise ValueError(f"{name}.jsonl: rows that do not say why: {bare}")
    return rows
