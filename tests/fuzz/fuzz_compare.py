"""A coverage-guided fuzz target for finding and comparing answers, by atheris (libFuzzer).

Run by ``make fuzz SECONDS=3600``. Two kinds of input: raw text, and text made of the pieces that
mathematical answers are made of, which gets past the lexer far more often. Whatever raises, hangs
(libFuzzer's ``-timeout``), or breaks a promise ends the run and leaves its input in a file.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["verifier.mathematics", "verifier.answers"]):
    from verifier.answers.rules import find_answer
    from verifier.mathematics.compare import compare
    from verifier.mathematics.hygiene import examine
    from verifier.mathematics.kinds.dispatch import compare_nodes
    from verifier.mathematics.symbolic.wire import encode_pair
    from verifier.mathematics.verdicts import Match
    from verifier.types import MathPolicy, Preset

_PIECES = r"""
0 1 2 3 7 10 -1 1/2 0.5 .25 3.14159 1,234 1e5 1/3 0.333 x y z n t k a b C e i \pi \infty \theta
+ - * / ^ = < > \le \ge \ne \in \cup \cap \setminus \pm \mp , ; : ! % | ' _ & \\ \\ ~ .
( ) [ ] { } \{ \} \left( \right) \left[ \right) \langle \rangle \lfloor \rfloor
\frac{1}{2} \frac \dfrac \sqrt \sqrt[3] \sin \cos \tan \ln \log_2 \log \exp \arctan \sinh \binom
\text{ and } \text{ or } \text{cm} \text{if } \text{otherwise} \mathbb{R} \mathbb{Z} \emptyset \pmod
\begin{pmatrix} \end{pmatrix} \begin{cases} \end{cases} & \sum_{k=1}^{n} \int_0^1 dx \lim_{x\to0}
\boxed{ } $ $$ \$ ° π ² ½ × − ， 答案是 <answer> </answer> #### The\ answer\ is Answer: **
cm m km kg hours minutes 5 and or no\ solution true f(x) f(x)= P(A) d/dx dollars per am pm 4:30 3:4
""".split()
_PIECES = [piece.replace("\\ ", " ") for piece in _PIECES]
_POLICIES = [
    MathPolicy(preset=preset) for preset in (Preset.DEFAULT, Preset.STRICT, Preset.LENIENT)
]
_MAX_PIECES = 40


def _text(data: atheris.FuzzedDataProvider) -> str:
    if data.ConsumeBool():
        return data.ConsumeUnicodeNoSurrogates(data.ConsumeIntInRange(0, 200))
    count = data.ConsumeIntInRange(0, _MAX_PIECES)
    return "".join(data.PickValueInList(_PIECES) for _ in range(count))


def check(raw: bytes) -> None:
    """Runs every entry of the package on one input."""
    data = atheris.FuzzedDataProvider(raw)
    policy = data.PickValueInList(_POLICIES)
    candidate, reference = _text(data), _text(data)
    found = find_answer(candidate)
    if found is not None and not 0 <= found.start <= found.end <= len(candidate):
        raise AssertionError(f"a span outside the text: {found!r}")
    outcome = compare(candidate, reference, policy)
    if outcome.pending is not None:
        encode_pair(*outcome.pending)
        compare_nodes(*reversed(outcome.pending), policy)
    examine(reference, policy)
    itself = compare(f" {reference} ", reference, policy).match
    if itself is Match.DIFFERENT:
        raise AssertionError(f"not equal to itself: {reference!r}")


def main() -> None:
    """Fuzzes with the options of the command line, which are libFuzzer's."""
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
