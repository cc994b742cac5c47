"""Inputs made to hang or to blow up: what each costs, as completion, as reference and as both."""

import math

from tests.bench import side_process
from tests.bench.rows import Row
from tests.bench.table import Table

_MEGABYTE = 1_000_000
_AIM_MS, _AIM_MB = 50, 64
_DEEP = 10_000
_MATRIX = r" \\ ".join(" & ".join(f"a_{{{i}{j}}}" for j in range(60)) for i in range(60))

# Answers: they stand in a box in a completion, and bare as a reference.
_ANSWERS = {
    "power tower": "9^{9^{9^9}}",
    "10^(10^8)": "10^{10^8}",
    "(10^7)!": "(10^7)!",
    "binomial": r"\binom{10^8}{5 \cdot 10^7}",
    "10,000 brackets": "(" * _DEEP + "1" + ")" * _DEEP,
    "10,000 braces": "{" * _DEEP + "1" + "}" * _DEEP,
    "10,000 open brackets": "(" * _DEEP,
    "10,000 fractions": r"\frac{1}{" * _DEEP + "2" + "}" * _DEEP,
    "1 MB of digits": "7" * _MEGABYTE,
    "60x60 matrix": rf"\begin{{pmatrix}} {_MATRIX} \end{{pmatrix}}",
    "system call": "__import__('os').system('x')",
    "sum to 10^12": r"\sum_{k=1}^{10^{12}} \frac{1}{k^2}",
    "nested logs": r"\log(" * 200 + "x" + ")" * 200,
    "nested powers": "x" + "^{x" * 200 + "}" * 200,
    "large powers": "(x+y)^{5999} - (x-y)^{6001}",
    "product of 2,000 brackets": "".join(f"(x-{k})" for k in range(2000)),
    "set of 20,000": rf"\{{{', '.join(map(str, range(20_000)))}\}}",
}
# Texts: they are the whole completion.
_TEXTS = {
    "1 MB of dollars": "$" * _MEGABYTE,
    "1 MB of backslashes": "\\" * _MEGABYTE,
    "1 MB of spaces": "1" + " " * _MEGABYTE + "1",
    "1 MB of commas": "1" + "," * _MEGABYTE,
    "1 MB of open boxes": r"\boxed{" * (_MEGABYTE // 7),
    "1 MB of tags": "<answer>" * (_MEGABYTE // 8),
    "1 MB of anchors": "the answer is " * (_MEGABYTE // 14),
    "1 MB of signs": "-" * _MEGABYTE + "1",
}


def _rows():
    """(input, role, row) for every way that an input can come in."""
    for name, text in {**_ANSWERS, **_TEXTS}.items():
        completion = f"\\boxed{{{text}}}" if name in _ANSWERS else text
        yield name, "completion", Row(completion, "x+1", right=False)
        yield name, "reference", Row(r"\boxed{x+1}", text, right=False)
        yield name, "both", Row(completion, f"{text}+1", right=False)


def run():
    """One table; nothing is decided by it."""
    asked = list(_rows())
    process = side_process.start("tests.bench.hostile_inputs", [row for _, _, row in asked])
    said = side_process.answer(process)
    table = Table(
        "Hostile inputs",
        "Each in a process of its own, through the engine: wall milliseconds, megabytes by which "
        f"the process grew at its peak, and what was said. The aims: {_AIM_MS} ms and {_AIM_MB} "
        "MB, or handed to SymPy in a worker, which has limits of its own and starts within the "
        "time shown. The other side is x+1, or for `both` the same plus 1.",
        ("input", "as", "ms", "MB", "said", "within the aims"),
    )
    for (name, role, _), one in zip(asked, said, strict=True):
        within = one["ms"] <= _AIM_MS and one["megabytes"] <= _AIM_MB
        ended = "in a worker" if one["continued"] else "NO"
        table.add(
            *(name, role, f"{one['ms']:.1f}", math.ceil(one["megabytes"]), one["said"]),
            "yes" if within else ended,
        )
    return [table]
