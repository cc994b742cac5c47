"""Answers made to be slow, large or deep: the math verifier answers all of them at once.

The bound is generous: it is there to tell a bounded algorithm from an explosion, on any machine.
It is CPU time, not wall time, because the machine is shared.
"""

import time

import pytest

from verifier.mathematics.exact import algebra
from verifier.mathematics.limits import MAX_BITS, MAX_STEPS, MAX_TERMS
from verifier.mathematics.syntax import TooComplexError
from verifier.outcome.math import MathVerifier
from verifier.types import Item, MathTask, Verdict

MEGABYTE = 1_000_000
# A guard against hanging, not a measure of speed: the tracer of coverage or a busy machine costs a
# few times over, while work that grows with the square of the text would take minutes.
LIMIT_SECONDS = 20.0

REPEATED = {
    "dollars": "$",
    "boxes": "\\boxed{",
    "boxes-closed": "\\boxed{}",
    "tags": "<answer>",
    "tags-closed": "<answer></answer>",
    "think": "<think>",
    "think-closing": "</think>",
    "think-pairs": "<think></think>",
    "digits": "1",
    "groups": "1,",
    "triples": "1 000 ",
    "anchors": "the answer is ",
    "anchor-words": "answer ",
    "anchor-lines": "\nA:",
    "anchor-to": "answer to ",
    "chinese": "答案",
    "hashes": "#### ",
    "brackets": "\\[",
    "parens": "\\(",
    "braces": "{",
    "backslashes": "\\",
    "fractions": "\\frac{",
    "stars": "*",
    "newlines": "\n",
    "spaces": " ",
    "letters": "A",
    "minus": "- ",
    "calculator": "<<1+1=2>>",
    "surrogates": "\ud800",
}
EXPRESSIONS = {
    "tower": "9^9^9^9",
    "ten-power": "10^(10^8)",
    "power-tower-long": "2^" * 1000 + "2",
    "exponent": "1e999999999",
    "exponent-negative": "1e-999999999",
    "factorial": "(10^7)!",
    "factorials": "3" + "!" * 200,
    "binomial": "\\binom{10^8}{5 \\cdot 10^7}",
    "parens": "(" * 1000 + "1" + ")" * 1000,
    "braces": "{" * 1000 + "1" + "}" * 1000,
    "sets": "\\{" * 1000 + "1" + "\\}" * 1000,
    "tuples": "(1," * 1000 + "1" + ")" * 1000,
    "roots": "\\sqrt{" * 500 + "2" + "}" * 500,
    "fractions": "\\frac{1}{" * 400 + "2" + "}" * 400,
    "texts": "\\text{" * 500 + "a" + "}" * 500,
    "functions": "\\sin " * 800 + "x",
    "minuses": "-" * 4000 + "1",
    "sum": "1+" * 2000 + "1",
    "quotients": "1/" * 2000 + "3",
    "product": "x" * 3 + "y z" * 1000,
    "list": "1," * 2000 + "1",
    "bars": "|" * 3000,
    "equations": "=".join(["1"] * 1500),
    "approximations": "≈".join(["1"] * 1500),
    "units": "5 " + "kg " * 1200,
    "expanded-power": "(x+1)^{1000}",
    "expanded-powers": "((((x+1)^{24}+1)^{24}+1)^{24}+1)^{24}",
    "expanded-product": "*".join(f"(x_{n}+1)" for n in range(60)),
    "common-denominator": "+".join(f"\\frac{{1}}{{x+{n}}}" for n in range(2, 60)),
    "sum-of-roots": "+".join(f"\\sqrt{{{n}}}" for n in range(2, 300)),
    "factoring": "\\sqrt{" + "7" * 3000 + "}",
    "exponential": "e^{e^{e^{e^{e^e}}}}",
    "imaginary": "i^{10^{10}}",
    "symbol-power": "x^{10^{100}}",
    "digits": "9" * 4000,
    "zero-division": "1/(x-x)",
}


def timed_outcome(completion, reference):
    start = time.process_time()
    outcome = MathVerifier().verify(Item("id", completion, MathTask((reference,))))
    return outcome, time.process_time() - start


@pytest.mark.parametrize("name", REPEATED)
def test_megabyte_of_one_mark_is_searched_at_once(name):
    piece = REPEATED[name]
    completion = piece * (MEGABYTE // len(piece.encode("utf-8", "surrogatepass")))
    outcome, seconds = timed_outcome(completion, "4")
    assert outcome.verdict is Verdict.INCORRECT
    assert seconds < LIMIT_SECONDS


# 0.34 rather than 0.33: the quotients, 1/1/…/1/3, are one third however long they are written.
@pytest.mark.parametrize("reference", ["4", "0.34", "x+y", "(1,2)", "\\sqrt{2}"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_hostile_candidate_is_never_right_and_never_slow(name, reference):
    outcome, seconds = timed_outcome(f"\\boxed{{{EXPRESSIONS[name]}}}", reference)
    assert outcome.verdict is not Verdict.CORRECT
    assert seconds < LIMIT_SECONDS


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_hostile_reference_is_never_slow(name):
    _, seconds = timed_outcome("\\boxed{x+1}", EXPRESSIONS[name])
    assert seconds < LIMIT_SECONDS


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_hostile_reference_equals_its_own_text(name):
    text = EXPRESSIONS[name]
    outcome, seconds = timed_outcome(f"\\boxed{{{text}}}", text)
    assert outcome.verdict is Verdict.CORRECT
    assert seconds < LIMIT_SECONDS


def test_size_of_numbers_is_checked():
    with pytest.raises(TooComplexError):
        algebra.check_size(2**MAX_BITS)


def test_number_of_terms_and_steps_is_checked():
    budget = algebra.Budget()
    terms = [algebra.atom(("x", str(n))) for n in range(MAX_TERMS + 1)]
    total = terms[0]
    for term in terms[1:MAX_TERMS]:
        total = algebra.add(total, term, budget)
    with pytest.raises(TooComplexError):
        algebra.add(total, terms[-1], budget)
    with pytest.raises(TooComplexError):
        algebra.Budget().spend(MAX_STEPS + 1)
