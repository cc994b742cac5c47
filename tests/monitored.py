"""A real service whose metrics are looked at, after it has met every kind of row."""

import json
import urllib.request
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from verifier.client import Client

EXAMPLES = Path(__file__).parents[1] / "examples"
_ROWS = 4  # of each example file
_SUFFIXES = ("_bucket", "_sum", "_count", "_created")


def example_rows():
    """Some rows of each kind; programs in Python alone, which needs nothing that may be absent."""
    rows = []
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        found = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
        found = [row for row in found if row.get("code", {}).get("language", "python") == "python"]
        rows += [{**row, "id": f"{path.stem}-{number}"} for number, row in enumerate(found[:_ROWS])]
    return rows


def meet_everything(target):
    """Sends the rows and the other calls that leave a trace in the metrics."""
    with Client(target, timeout_seconds=100) as client:
        results = client.score(example_rows())
        client.score_steps("2+2?", [{"new_steps": ["2+2=4"]}])
        client.list_verifiers()
        return results


def scrape(port):
    """The page as Prometheus gets it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        return answer.read().decode()


def exposed(page):
    """Each metric's name as a query spells it, with its type and the labels of its samples."""
    found = {}
    for family in text_string_to_metric_families(page):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {tuple(sorted(set(one.labels) - {"le"})) for one in family.samples}
        found[name] = (family.type, labels)
    return found


def sample_names(page):
    """Every name that a query may use."""
    samples = (one for family in text_string_to_metric_families(page) for one in family.samples)
    return {one.name for one in samples} | set(exposed(page))
