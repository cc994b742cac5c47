"""Trees made to keep SymPy busy for ever or to eat the machine: ended at the limit, never EQUAL."""

import pytest
from trees import add, ap, big, div, integral, minus, mul, power, total, tree

from verifier.mathematics.symbolic.wire import encode_pair
from verifier.mathematics.syntax import Matrix
from verifier.mathematics.verdicts import Match
from verifier.workers.pool import WorkerLimits, WorkerPool
from verifier.workers.worker import WorkerOvertimeError

WORKER = "verifier.mathematics.symbolic.worker:serve"


def sin(value):
    return ap("sin", value)


def stacked(head, base, height):
    node = tree(base)
    for _ in range(height):
        node = ap(head, base, node) if head == "^" else ap(head, node)
    return node


SYMBOLS = Matrix(tuple(tuple(tree(f"x_{i}{j}") for j in range(8)) for i in range(8)))
HOSTILE = {
    "an integral without a closed form": (
        integral(sin(sin("x")), "x", 0, 1),
        integral(sin(sin(minus(1, "x"))), "x", 0, 1),
    ),
    "a tower of numbers": (stacked("^", 9, 30), tree(1)),
    "a tower of symbols": (stacked("^", "x", 25), add(stacked("^", "x", 24), sin("x"))),
    "a tower of exponentials": (stacked("exp", 100, 5), tree(1)),
    "a tower of factorials": (stacked("factorial", "n", 20), tree(1)),
    "factorials of factorials": (stacked("factorial", 5, 20), tree(1)),
    "a million terms": (total(sin(power("k", 2)), "k", 1, 10**6), tree(3)),
    "more terms than that": (total(sin("k"), "k", 1, 10**15), tree(3)),
    "a harmonic number": (total(div(1, "k"), "k", 1, 10**6), tree(3)),
    "a long product": (big("prod", add("x", "k"), "k", 1, 900), tree(1)),
    "a sum of high powers": (total(power("k", 150), "k", 1, "n"), tree(1)),
    "a power of a sum": (power(add("a", "b", "c", "d", "e", "f"), 200), tree(1)),
    "a product of sums": (mul(*(add(f"a{n}", f"b{n}", "c") for n in range(30))), tree(1)),
    "a determinant of symbols": (ap("det", SYMBOLS), tree(1)),
    "a power modulo": (ap("mod", power("x", 10**9), 7), tree(1)),
    "digits of a huge number": (ap("floor", ap("exp", 10**9)), tree(1)),
    "an exponent of a thousand digits": (power("x", 10**1000), power("x", 10**1000 + 1)),
    "sums in sums": (
        total(total(total(sin(mul("i", "j", "k")), "i", 1, 999), "j", 1, 999), "k", 1, 999),
        tree(1),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_pair_ends_at_the_limit_and_the_next_one_is_decided(name):
    left, right = HOSTILE[name]
    limits = WorkerLimits(processes=1, memory_bytes=1 << 29, cpu_seconds=1.0)
    workers = WorkerPool(WORKER, "", limits)
    try:
        encoded = encode_pair(left, right)
        if encoded is not None:
            try:
                answer = await workers.call(encoded, lambda: None)
            except WorkerOvertimeError:
                answer = b"undecided"
            assert answer.decode() != Match.EQUAL.value
        next_one = encode_pair(add("x", "x"), mul(2, "x"))
        assert await workers.call(next_one, lambda: None) == Match.EQUAL.value.encode()
    finally:
        await workers.close()


async def test_memory_beyond_the_limit_leaves_a_pair_undecided():
    bomb = power(add("a", "b", "c", "d", "e", "f"), 200)
    limits = WorkerLimits(processes=1, memory_bytes=200 * 1024**2)
    workers = WorkerPool(WORKER, "", limits)
    try:
        answer = await workers.call(encode_pair(bomb, tree(1)), lambda: None)
        assert answer == Match.UNDECIDED.value.encode()
        next_one = encode_pair(add("x", "x"), mul(2, "x"))
        assert await workers.call(next_one, lambda: None) == Match.EQUAL.value.encode()
    finally:
        await workers.close()
