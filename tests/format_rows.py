"""The golden rows of the format rules as items."""

import json

from case_rows import CASES, case_rows
from msgspec import structs

from verifier.convert.items import item_from_proto
from verifier.convert.row_reader import RowReader
from verifier.convert.rows import row_to_proto

NAMES = sorted(path.stem for path in (CASES / "formats").glob("*.jsonl"))
ROWS = [(name, row) for name in NAMES for row in case_rows(f"formats/{name}")]
IDS = [f"{name}-{row['id']}" for name, row in ROWS]


def item_of(row):
    """The item that a golden row speaks of, read as rows are."""
    line = json.dumps({"id": row["id"], "format": {"rules": [row["rule"]]}}).encode()
    # What is not of the common shape goes by way of a message.
    item = RowReader().read(line, "1") or item_from_proto(row_to_proto(line), "1")
    # Texts as they are: a row would not carry a lone surrogate.
    return structs.replace(item, completion=row["completion"], prompt=row.get("prompt", ""))
