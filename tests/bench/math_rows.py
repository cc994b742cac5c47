"""Rows of the mathematical benchmarks: answers, pairs of answers and whole outputs, with labels.

Read from a data folder, or without one from the golden answers in tests/cases.
"""

import gzip
import json
import random
from pathlib import Path

from tests.bench.rows import Row, generate

_CASES = Path(__file__).parents[1] / "cases" / "math"
_SEED = 3_407
_GENERATED = 2000
_PEERS_OWN = "math-verify-tests"  # what the peer was made to pass


def references(folder):
    """Every distinct reference answer, boxed as a completion for itself, in an order that mixes.

    Where there is no folder, those of the golden cases that can be scored at all.
    """
    if folder:
        given = [row["gold"] for row in _lines(Path(folder) / "math" / "reference_answers.jsonl")]
    else:
        given = [row["reference"] for row in _golden() if row["verdict"] == "CORRECT"]
    answers = list(dict.fromkeys(map(str, given)))
    random.Random(_SEED).shuffle(answers)
    return [Row(f"\\boxed{{{answer}}}", answer, right=True) for answer in answers]


def strangers(rows):
    """Each answer of `references` with the next one for its reference: both must be read."""
    pairs = zip(rows, [*rows[1:], *rows[:1]], strict=True)
    return [Row(row.completion, other.reference, right=False) for row, other in pairs]


def pairs(folder):
    """Pairs of answers with labels that the peer was not made for."""
    if folder:
        given = _lines(Path(folder) / "math" / "unit_cases.jsonl")
        return [
            Row(str(row["pred"]), str(row["gold"]), bool(row["label"]))
            for row in given
            if not row["source"].startswith(_PEERS_OWN)
        ]
    return [
        Row(f"\\boxed{{{row['candidate']}}}", row["reference"], row["verdict"] == "CORRECT")
        for row in _golden()
        if "candidate" in row and row["verdict"] != "UNSCORED"
    ]


def outputs(folder):
    """Whole completions with labels."""
    if not folder:
        return list(generate(_GENERATED))
    return [
        Row(row["pred"], str(row["gold"]), bool(row["label"]))
        for row in _lines(Path(folder) / "math" / "model_outputs.jsonl.gz")
    ]


def sample(rows, count):
    """Some rows in a random but repeatable order."""
    return random.Random(_SEED).sample(rows, min(count, len(rows)))


def _golden():
    for path in sorted(_CASES.glob("*.jsonl")):
        yield from _lines(path)


def _lines(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]
