"""Programs of the code benchmarks, with tests and labels: from a data folder, or of our own making.

Ours have the shape of HumanEval: a prompt that ends in a docstring, a body, and a program that
defines `check(candidate)`. What they must return is computed from the bodies themselves.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from verifier.types import AssertionTests, CodeLimits, CodeTask, Item, StdioCase, StdioTests

_COPIES = 12  # of each of our own functions, under names of their own
_SLOW_SECONDS = 30.0  # for what is slow but right
_LABEL_SECONDS = 2.0  # the limit that real outputs were labelled under
_OWN = """
def running_total(numbers):
    \"\"\"Sums of the first one, two, … numbers.\"\"\"
    totals, so_far = [], 0
    for number in numbers:
        so_far += number
        totals.append(so_far)
    return totals
# [1, 2, 3] | [] | [-1, 1] | list(range(40)) | [0.5, 0.25]

def is_palindrome(text):
    \"\"\"Does it read the same from both ends, blanks and case left aside?\"\"\"
    letters = [letter.lower() for letter in text if letter.isalnum()]
    return letters == letters[::-1]
# 'Never odd or even' | 'abc' | '' | 'x' * 200 | 'ab' * 50

def primes_below(limit):
    \"\"\"All prime numbers below a limit.\"\"\"
    sieve = [True] * limit
    found = []
    for number in range(2, limit):
        if sieve[number]:
            found.append(number)
            for multiple in range(number * number, limit, number):
                sieve[multiple] = False
    return found
# 2 | 3 | 30 | 200 | 1000

def word_counts(text):
    \"\"\"How often each word occurs.\"\"\"
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts
# 'a b a' | '' | 'one two three two' | 'x ' * 100

def edit_distance(first, second):
    \"\"\"The fewest insertions, deletions and replacements from one to the other.\"\"\"
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
# 'kitten', 'sitting' | '', 'abc' | 'flaw', 'lawn' | 'same', 'same' | 'a' * 40, 'b' * 30

def to_roman(number):
    \"\"\"A number in Roman numerals.\"\"\"
    values = ((1000, 'M'), (900, 'CM'), (500, 'D'), (400, 'CD'), (100, 'C'), (90, 'XC'),
              (50, 'L'), (40, 'XL'), (10, 'X'), (9, 'IX'), (5, 'V'), (4, 'IV'), (1, 'I'))
    written = ''
    for value, letters in values:
        while number >= value:
            written, number = written + letters, number - value
    return written
# 1 | 4 | 1994 | 3999 | 2026

def merged(first, second):
    \"\"\"Two sorted lists as one.\"\"\"
    out, i, j = [], 0, 0
    while i < len(first) and j < len(second):
        if first[i] <= second[j]:
            out.append(first[i])
            i += 1
        else:
            out.append(second[j])
            j += 1
    return out + first[i:] + second[j:]
# [1, 4], [2, 3] | [], [] | [1], [] | list(range(0, 60, 2)), list(range(1, 60, 2))

def mean_and_spread(numbers):
    \"\"\"Mean and mean absolute deviation.\"\"\"
    mean = sum(numbers) / len(numbers)
    return mean, sum(abs(number - mean) for number in numbers) / len(numbers)
# [1.0, 2.0, 3.0] | [5] | [0.1, 0.2, 0.4] | list(range(100))
"""


@dataclass(frozen=True)
class Problem:
    """One function to be written, a right body for it, and its tests."""

    name: str
    prompt: str
    body: str
    test: str
    entry_point: str

    @property
    def program(self):
        return self.prompt + self.body

    @property
    def whole(self):
        """Program and tests in one, as whoever runs both in one process does."""
        return f"{self.program}\n{self.test}\ncheck({self.entry_point})\n"

    def task(self, cpu_seconds=None):
        tests = AssertionTests(entry_point=self.entry_point, program=self.test)
        return CodeTask(assertions=tests, limits=CodeLimits(cpu_seconds=cpu_seconds))

    def item(self, mark):
        """The right program; `mark` makes it another text than that of other marks."""
        return Item(f"{self.name} {mark}", f"{self.program}\n# {mark}\n", self.task())


@dataclass(frozen=True)
class Labelled:
    """A program with its tests, and whether it is right."""

    item: Item
    right: bool


def problems(folder):
    """HumanEval's problems, or ours; and what they are, in words."""
    if not folder:
        own = own_problems()
        return own, f"{len(own)} functions of our own making"
    given = [
        Problem(
            row["id"], row["prompt"], row["canonical_solution"], row["test"], row["entry_point"]
        )
        for row in _lines(folder, "humaneval.jsonl")
    ]
    return given, f"HumanEval's {len(given)} canonical solutions"


def own_problems():
    """A list of problems that is the same every time."""
    found = []
    for part in _OWN.split("\ndef ")[1:]:
        source, _, cases = f"def {part.strip()}".rpartition("\n# ")
        name = part.partition("(")[0]
        found += [
            _own(f"{name}_{copy}", name, source, cases.split(" | ")) for copy in range(_COPIES)
        ]
    return found


def _own(name, original, source, cases):
    source = source.replace(f"def {original}(", f"def {name}(")
    space = {}
    exec(source, space)  # noqa: S102 - written above
    lines = ["def check(candidate):"]
    for case in cases:
        answer = eval(f"{name}({case})", space)  # noqa: S307 - written above
        lines.append(f"    assert candidate({case}) == {answer!r}")
    place = source.index('"""\n', source.index('"""') + 3) + len('"""\n')
    return Problem(name, source[:place], source[place:], "\n".join(lines) + "\n", name)


def labelled(folder):
    """Classes of programs whose verdict is known, by name; without a folder our own alone."""
    if not folder:
        return {"our own, right and wrong": _own_labelled()}
    given, _ = problems(folder)
    by_name = {problem.name: problem for problem in given}
    return {
        "HumanEval, canonical": [Labelled(one.item("canonical"), right=True) for one in given],
        "HumanEval, body only, prompt given": [
            Labelled(Item(one.name, one.body, one.task(), one.prompt), right=True) for one in given
        ],
        "MBPP, canonical": [
            Labelled(_mbpp(row), right=True) for row in _lines(folder, "mbpp.jsonl")
        ],
        "HumanEval, real outputs": outputs(folder, by_name),
        "AtCoder, right on hidden tests and samples": list(_contest(folder)),
    }


def _own_labelled():
    right = own_problems()
    wrong = [
        Labelled(
            Item(one.name, one.program.replace("return ", "return 0,"), one.task()), right=False
        )
        for one in right
    ]
    return [*(Labelled(one.item("own"), right=True) for one in right), *wrong]


def outputs(folder, by_name):
    """Real completions, right and wrong."""
    return [
        Labelled(
            Item(
                f"{row['id']} {row['sample']}",
                row["completion"],
                by_name[row["id"]].task(_LABEL_SECONDS),
                row["prompt"],
            ),
            right=row["label"] == "pass",
        )
        for row in _lines(folder, "humaneval_outputs.jsonl.gz")
    ]


def _mbpp(row):
    tests = AssertionTests(setup=row["test_setup_code"], assertions=tuple(row["tests"]))
    limits = CodeLimits(cpu_seconds=_SLOW_SECONDS)
    return Item(row["id"], row["canonical_solution"], CodeTask(assertions=tests, limits=limits))


def _contest(folder):
    """Solutions whose two labels agree that they are right; the others' labels are not certain."""
    for row in _lines(folder, "atcoder_stdio.jsonl.gz"):
        cases = tuple(StdioCase(case["stdin"], case["stdout"]) for case in row["tests"])
        task = CodeTask(stdio=StdioTests(cases), limits=CodeLimits(cpu_seconds=_SLOW_SECONDS))
        for number, solution in enumerate(row["solutions"]):
            if solution["passed_hidden"] and solution["passed_samples"]:
                yield Labelled(Item(f"{row['id']} {number}", solution["code"], task), right=True)


def _lines(folder, name):
    path = Path(folder) / "code" / name
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]
