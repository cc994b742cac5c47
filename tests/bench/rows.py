"""The rows that are scored: labelled GSM8K solutions from a data folder, or rows of our own making.

Rows of our own making follow the same shape: a few lines of reasoning with small calculations, then
the answer on a line of its own, right in about half of them. A fixed seed makes them the same every
time.
"""

import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

from verifier.types import Item, MathTask

_SEED = 20_251
_NAMES = ("Ada", "Bo", "Chidi", "Dara", "Emre", "Fen", "Gita", "Hugo", "Ines", "Jun")
_THINGS = ("apples", "tickets", "stamps", "pencils", "loaves", "marbles", "tiles", "books")


@dataclass(frozen=True)
class Row:
    completion: str
    reference: str
    right: bool

    def item(self, name):
        return Item(name, self.completion, MathTask((self.reference,)))

    def line(self, name):
        task = {"reference_answers": [self.reference]}
        return json.dumps({"id": name, "completion": self.completion, "math": task})


@dataclass(frozen=True)
class Rows:
    rows: tuple[Row, ...]
    origin: str

    def items(self):
        return [row.item(f"row-{index}") for index, row in enumerate(self.rows)]

    def write(self, path):
        lines = (row.line(f"row-{index}") for index, row in enumerate(self.rows))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def sample(self, count):
        """Some rows in a random but repeatable order."""
        chooser = random.Random(_SEED)
        return chooser.sample(self.rows, min(count, len(self.rows)))


def load(folder, count):
    """All GSM8K rows of a data folder, or `count` of our own; `count` bounds either if given."""
    if folder:
        path = Path(folder) / "math" / "model_outputs.jsonl.gz"
        with gzip.open(path, "rt", encoding="utf-8") as file:
            given = [json.loads(line) for line in file]
        rows = [
            Row(row["pred"], row["gold"], bool(row["label"]))
            for row in given
            if row["source"].startswith("gsm8k")
        ][: count or None]
        return Rows(tuple(rows), f"{len(rows)} labelled GSM8K solutions by four models")
    rows = generate(count or 5000)
    return Rows(rows, f"{len(rows)} rows of our own making in the style of GSM8K solutions")


def generate(count):
    chooser = random.Random(_SEED)
    return tuple(_generate_one(chooser) for _ in range(count))


def _generate_one(chooser):
    name, thing = chooser.choice(_NAMES), chooser.choice(_THINGS)
    boxes, each, given = chooser.randint(2, 40), chooser.randint(3, 60), chooser.randint(1, 90)
    full = boxes * each
    right = full + given
    right_given = chooser.random() < 0.5
    answer = right if right_given else right + chooser.choice((-10, -2, -1, 1, 3, each))
    in_all = f"{boxes} * {each} = <<{boxes}*{each}={full}>>{full} {thing} in all."
    now = f"{full} + {given} = <<{full}+{given}={answer}>>{answer} {thing}."
    lines = [
        f"{name} fills {boxes} boxes with {each} {thing} each: {in_all}",
        f"A friend brings {given} more, so there are now {now}",
        f"Half of them would be {right / 2:g}, but all of them are counted here.",
    ]
    completion = "\n".join([*lines[: chooser.randint(2, 3)], f"A: {_written(answer, chooser)}"])
    return Row(completion, str(right), right_given)


def _written(number, chooser):
    return chooser.choice((f"{number}", f"{number:,}", f"${number}", f"{number}.0"))
