"""Rows whose verdicts are known, made from a seed: all different, so that no cache does the work.

One row in ten is one of the last thousand again under another id, as rollouts repeat themselves.
What is known was made with the row, never asked of the service.
"""

import random
from collections import deque
from dataclasses import dataclass, replace

from verifier.types import Verdict

REPEATED = 0.1
PROGRAMS = ("code", "slow code")  # what needs a jail
_REMEMBERED = 1000

# The share of each kind. What runs programs costs most and is a tenth.
WEIGHTS = {
    "inline": 42,
    "text": 12,
    "form": 10,
    "worker form": 3,
    "symbolic": 6,
    "code": 10,
    "slow code": 0.4,
    "steps": 4,
    "judge": 7,
    "composite": 5.6,
}


@dataclass(frozen=True, slots=True)
class Known:
    """A row and what it must come to: this verdict and reward, or UNSCORED with a true reason."""

    row: dict
    kind: str
    verdict: Verdict
    reward: float

    @property
    def id(self):
        return self.row["id"]


def known_rows(seed, steps=(), without=()):
    """Rows without end.

    Args:
        seed: of everything in them.
        steps: rows of the reward model, by `steps_pool`; without any, none are made.
        without: kinds that are left out.
    """
    rng = random.Random(seed)
    left_out = {*without, *(() if steps else ("steps",))}
    weights = {kind: weight for kind, weight in WEIGHTS.items() if kind not in left_out}
    kinds = rng.choices(tuple(weights), tuple(weights.values()), k=100_000)
    remembered = deque(maxlen=_REMEMBERED)
    number = 0
    while True:
        name = f"{seed}-{number}"
        if remembered and rng.random() < REPEATED:
            known = rng.choice(remembered)
        elif (kind := kinds[number % len(kinds)]) == "steps":
            known = rng.choice(steps)
        else:
            known = one_of(kind, rng, number)
        known = replace(known, row={**known.row, "id": name})
        remembered.append(known)
        yield known
        number += 1


def one_of(kind, rng, number):
    """A new row of this kind, under its number; steps have a pool of their own."""
    row, verdict, reward = _MAKERS[kind](rng, number)
    return Known({**row, "id": str(number)}, kind, verdict, reward)


def steps_pool(seed, count=60):
    """Rows for the embedded reward model, with the verdict that their arithmetic deserves.

    All within the model's domain and far from its threshold. Loading the model takes seconds, so
    a load without these starts sooner.
    """
    rng = random.Random(seed)
    pool = []
    for number in range(count):
        right = bool(number % 2)
        first, one, other = rng.randint(1, 9), rng.randint(2, 9), rng.randint(2, 9)
        product = one * other + (0 if right else 1)
        row = {
            "id": f"steps-{number}",
            "prompt": f"{first}+{one}*{other}",
            "completion": f"{one}*{other}={product}:{first}+{product};"
            f"{first}+{product}={first + product}:{first + product}",
            "process": {"threshold": 0.5},
        }
        pool.append(Known(row, "steps", *_verdict(right)))
    return pool


def _verdict(right):
    return (Verdict.CORRECT, 1.0) if right else (Verdict.INCORRECT, 0.0)


def _math(answer, reference, right):
    row = {"completion": f"So \\boxed{{{answer}}}.", "math": {"reference_answers": [reference]}}
    return row, *_verdict(right)


def _inline(rng, number):
    right = rng.random() < 0.5
    top, bottom, factor = rng.randint(1, 10**6), rng.randint(2, 10**4), rng.randint(2, 99)
    off = 0 if right else rng.choice((-1, 1))
    answer = rf"\frac{{{top * factor + off}}}{{{bottom * factor}}}"
    return _math(answer, f"{top}/{bottom}", right)


def _symbolic(rng, number):
    """What only SymPy settles: sums and limits with numbers of their own."""
    right = rng.random() < 0.5
    off = 0 if right else rng.randint(1, 9)
    n, m = rng.randint(2, 99_999), rng.randint(2, 99_999)
    if rng.random() < 0.5:
        answer, reference = (
            rf"\frac{{{n + off}\pi^2}}{{6}}",
            rf"\sum_{{k=1}}^{{\infty}} \frac{{{n}}}{{k^2}}",
        )
    else:
        answer = rf"\frac{{{n + off}}}{{{m}}}"
        reference = rf"\lim_{{x\to0}}\frac{{\sin {n}x}}{{{m}x}}"
    return _math(answer, reference, right)


def _text(rng, number):
    word, other = f"city{rng.randint(0, 10**6)}", f"town{rng.randint(0, 10**6)}"
    shape = rng.randrange(4)
    if shape == 0:  # one word of two is right, on either side: precision and recall are a half
        task = {"reference_answers": [f"{word} {other}"], "mode": "f1"}
        return {"completion": f"{word} {other}s", "text": task}, Verdict.SCORED, 0.5
    right = rng.random() < 0.5
    said = word if right else other
    if shape == 1:
        task, completion = (
            {"reference_answers": [word], "mode": "contains"},
            f"I think it is {said}.",
        )
    elif shape == 2:
        task, completion = {"reference_answers": [word], "mode": "exact"}, f"{said}"
    else:
        task = {"reference_answers": ["B"], "mode": "choice"}
        completion = f"It must be {word}. The answer is ({'B' if right else 'C'})."
    return {"completion": completion, "text": task}, *_verdict(right)


def _form(rng, number):
    right = rng.random() < 0.5
    shape = rng.randrange(3)
    if shape == 0:
        rule, good, bad = {"think_answer": {}}, "<think>{}</think><answer>4</answer>", "<think>{}"
    elif shape == 1:
        rule, good, bad = {"boxed": {}}, r"so \boxed{{{}}}", "so {}"
    else:
        pattern = {"pattern": r"^Answer: \d{1,9}$", "full_match": True}
        rule, good, bad = {"regex": pattern}, "Answer: {}", "Answer: x{}"
    completion = (good if right else bad).format(rng.randint(0, 10**8))
    return {"completion": completion, "format": {"rules": [rule]}}, *_verdict(right)


def _worker_form(rng, number):
    """A schema that takes more steps than may be taken where others wait."""
    right = rng.random() < 0.5
    schema = {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 10**6}}
    values = [rng.randint(0, 10**6) for _ in range(600)]
    if not right:
        values[rng.randrange(600)] = -1
    row = {"completion": str(values), "format": {"rules": [{"json_schema": {"schema": schema}}]}}
    return row, *_verdict(right)


def _code(rng, number):
    n, right = rng.randint(2, 10**6), rng.random() < 0.5
    shape = rng.randrange(3)
    if shape == 0:
        program = f"a = int(input())\nprint(a * {n}{'' if right else ' + 1'})"
        cases = [{"stdin": f"{i}\n", "expected_stdout": f"{i * n}\n"} for i in (3, 5)]
        task = {"stdio": {"cases": cases}}
    elif shape == 1:
        program = f"def f(a, b):\n    return [a + {n}, b{'' if right else ' * 2'}]"
        cases = [{"args_json": f"[{i}, 7]", "expected_json": f"[{i + n}, 7]"} for i in (1, 2)]
        task = {"function": {"entry_point": "f", "cases": cases}}
    else:  # one that raises, or not
        program = f"def f(a):\n    return {n} // (a - {1 if right else 2})"
        tests = [f"assert f(2) == {n}"]
        task = {"assertions": {"entry_point": "f", "assertions": tests}}
    return {"completion": f"```python\n{program}\n```", "code": task}, *_verdict(right)


def _slow_code(rng, number):
    """Never ends: the limit of CPU seconds is what ends it, and the verdict is INCORRECT."""
    program = f"n = {number}\nwhile True:\n    n += 1"
    cases = [{"stdin": "", "expected_stdout": "1\n"}]
    task = {"stdio": {"cases": cases}, "limits": {"cpu_seconds": 0.3}}
    return {"completion": f"```python\n{program}\n```", "code": task}, *_verdict(right=False)


def _judge(rng, number):
    """The judge of the tests calls good what says so."""
    right = rng.random() < 0.5
    completion = f"It is {number}, which is {'good' if right else 'so'}."
    row = {"prompt": f"{rng.random()}?", "completion": completion, "judge": {"threshold": 0.5}}
    return row, *_verdict(right)


def _composite(rng, number):
    """Accuracy and a tenth for the form, as R1-Zero had it; the accuracy may be any cheap kind."""
    maker = rng.choice((_inline, _inline, _symbolic))
    base, _, reward = maker(rng, number)
    tidy = rng.random() < 0.5
    answer = base.pop("completion")
    completion = f"<think>Hm.</think>\n<answer>{answer}</answer>" if tidy else answer
    row = {"completion": completion, "composite": {"recipe": "r1_zero", "base": base}}
    return row, Verdict.SCORED, reward + (0.1 if tidy else 0.0)


_MAKERS = {
    "inline": _inline,
    "text": _text,
    "form": _form,
    "worker form": _worker_form,
    "symbolic": _symbolic,
    "code": _code,
    "slow code": _slow_code,
    "judge": _judge,
    "composite": _composite,
}
