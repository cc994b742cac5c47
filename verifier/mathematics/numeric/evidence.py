r"""Whether two expressions are the same, by their values at sample points.

Two balls that do not meet prove a difference, and nothing else does. Balls that meet at every
point, each known to 50 digits, are evidence that the expressions are the same: no proof, but a
coincidence would need two smooth functions that agree at half a dozen arbitrary points and not
elsewhere.

The domain is real where it can be: only points count where every step on both sides is a real
number. So $\sqrt{x^2}$ is not $x$ (points below zero), but $\ln x^2$ is $2 \ln x$. Where there is
no such point, positive integers are tried, then complex numbers with principal values.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING, Final

from verifier.mathematics.limits import MAX_NUMERIC_BITS, MAX_NUMERIC_TERMS
from verifier.mathematics.numeric.balls import (
    Ball,
    Field,
    HugeError,
    NoEvidenceError,
    complex_field,
    precision,
    real_field,
)
from verifier.mathematics.numeric.evaluator import Effort, Evaluator, Reading
from verifier.mathematics.numeric.points import (
    Point,
    complex_points,
    counted_points,
    real_points,
    whole_points,
)
from verifier.mathematics.numeric.survey import Survey, survey
from verifier.mathematics.syntax import Node, TooComplexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LADDER: Final = (256, 1024, MAX_NUMERIC_BITS)  # nearly every comparison ends on the first
_INTEGRAL_LADDER: Final = (96,)  # at higher precision integrals converge too slowly
_KNOWN_BITS: Final = 166  # 50 digits
_KNOWN_INTEGRAL_BITS: Final = 66  # 20 digits
_MARGIN_BITS: Final = 32  # beyond what powers may hide
_ZERO_BITS: Final = 34  # beyond those that must be known, for a difference to be taken as zero
_STEPS_AT_POINTS: Final = 2  # of the ladder, where there are variables
_LEAST_VALID: Final = 3
_HUGE_BITS: Final = 2**30  # what `HugeError` promises is far beyond two to this


class Agreement(Enum):
    """What sample points say of two expressions."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


def agreement(left: Node, right: Node, integers: frozenset[str] = frozenset()) -> Agreement:
    r"""Compares two expressions. Symmetric, total, and bounded by `MAX_NUMERIC_STEPS`.

    A bare ``\log`` may have base e or 10, and (-8)^(1/3) may be real or principal: one reading by
    which the expressions are the same is enough, and they are different if they are so by all.

    Args:
        left: an expression with one value.
        right: another.
        integers: variables that stand for positive integers only.
    """
    found = survey(left, right)
    if found is None:
        return Agreement.UNKNOWN
    answers: set[Agreement] = set()
    try:
        with precision() as set_bits:
            trial = _Trial(left, right, found, integers, set_bits)
            for reading in trial.readings():
                answer = trial.run(reading)
                if answer is Agreement.SAME:
                    return answer
                answers.add(answer)
    except (TooComplexError, RecursionError):
        return Agreement.UNKNOWN
    return answers.pop() if len(answers) == 1 else Agreement.UNKNOWN


@dataclass(slots=True)
class _Trial:
    """One comparison.

    Attributes:
        left: one expression.
        right: the other one.
        found: what they contain.
        integers: variables that stand for positive integers only.
        set_bits: sets the working precision.
        reading: how to read what is open.
        effort: what may still be spent.
        open_log: whether the base of a bare logarithm has mattered so far.
        open_root: whether the reading of roots of negative numbers has.
        measured: see `_measured`.
    """

    left: Node
    right: Node
    found: Survey
    integers: frozenset[str]
    set_bits: Callable[[int], None]
    reading: Reading = field(default_factory=Reading)
    effort: Effort = field(default_factory=Effort)
    open_log: bool = False
    open_root: bool = False
    measured: tuple[Ball, float] | None = None

    def readings(self) -> Iterator[Reading]:
        """Lists the readings to try; what is not open after the first one is not varied."""
        yield Reading()
        bases = (0, 10) if self.open_log else (0,)
        for base, real in product(bases, (True, False) if self.open_root else (True,)):
            if base or not real:
                yield Reading(base, real)

    def run(self, reading: Reading) -> Agreement:
        """Compares by one reading: in the reals, at integers, in the complex numbers."""
        self.reading = reading
        names = sorted(self.found.symbols)
        complex_names = self.found.complex_symbols()
        if not names:
            return self._constants()
        if self.found.is_complex:
            points = complex_points(names, complex_names)
            answer = self._compare_at(complex_field(), points, self._wanted())
        else:
            points = real_points(names, self.integers)
            answer = self._compare_at(real_field(), points, self._wanted())
        if answer is None:
            the_field = complex_field() if self.found.is_complex else real_field()
            answer = self._compare_at(the_field, whole_points(names), 2 * _LEAST_VALID)
        if answer is None and not self.found.is_complex:
            answer = self._compare_everywhere(complex_points(names, frozenset(names)))
        if answer is Agreement.SAME and self.found.has_steps:
            the_field = complex_field() if self.found.is_complex else real_field()
            counted = self._compare_at(the_field, counted_points(names), MAX_NUMERIC_TERMS)
            return counted or answer
        return answer or Agreement.UNKNOWN

    def _wanted(self) -> int:
        """Tells how many points are enough: more where an expression may have several branches."""
        if self.found.has_kinks:
            return 9
        return 5 if len(self.found.symbols) == 1 else 6

    def _constants(self) -> Agreement:
        answer = None
        if not self.found.imaginary:
            answer = self._at(real_field(), {})
        if answer is None:
            answer = self._at(complex_field(), {})
        return answer or Agreement.UNKNOWN

    def _compare_at(
        self, the_field: Field, points: Iterable[Point], wanted: int
    ) -> Agreement | None:
        """Compares at points until enough of them count; None if none does."""
        same = 0
        undecided = False
        for point in points:
            answer = self._at(the_field, point)
            if answer is Agreement.DIFFERENT:
                return answer
            if answer is Agreement.SAME:
                same += 1
                if same >= wanted:
                    break
            undecided = undecided or answer is Agreement.UNKNOWN
        if same >= _LEAST_VALID:
            return Agreement.SAME
        return Agreement.UNKNOWN if same or undecided else None

    def _compare_everywhere(self, points: Iterable[Point]) -> Agreement:
        """Compares at complex points, where only what holds at all of them counts.

        Different branches of one function differ in some places only; and a real domain too narrow
        for any sample point is no reason to call expressions different for the rest of the plane.
        """
        answers = [self._at(complex_field(), point) for point in points]
        known = [answer for answer in answers if answer is not None]
        if len(known) < _LEAST_VALID or len(set(known)) > 1:
            return Agreement.UNKNOWN
        return known[0]

    def _at(self, the_field: Field, point: Point) -> Agreement | None:
        """Compares at one point, at higher precision if need be; None if it does not count.

        That a constant is zero is believed at the second precision only.
        """
        steps = ladder(self.found)
        for bits in steps[:_STEPS_AT_POINTS] if point else steps:
            self.set_bits(bits)
            balls = {name: the_field.ball(value) for name, value in point.items()}
            evaluator = Evaluator(the_field, balls, self.reading, self.effort, bits)
            # Both, even if one has no value: so the effort is spent alike in either order.
            ours, theirs = self._value(evaluator, self.left), self._value(evaluator, self.right)
            if ours is None or theirs is None:
                return None
            if _is_apart(ours, theirs):
                return Agreement.DIFFERENT
            if ours is _HUGE or theirs is _HUGE:
                return None
            known = min(ours.rel_accuracy_bits(), theirs.rel_accuracy_bits())
            may_be_zero = point or bits > steps[0] or len(steps) == 1
            if known < self._known_bits() and not may_be_zero:
                continue
            scale, hidden = self._measured(evaluator)
            if known >= max(self._known_bits(), hidden + _MARGIN_BITS):
                return Agreement.SAME
            depth = self._known_bits() + _ZERO_BITS + hidden
            nothing = scale * real_field().ball(2) ** -int(min(depth, MAX_NUMERIC_BITS))
            if may_be_zero and depth <= bits and (ours - theirs).abs_upper() < nothing:
                return Agreement.SAME
        return Agreement.UNKNOWN

    def _known_bits(self) -> int:
        return _KNOWN_INTEGRAL_BITS if "int" in self.found.heads else _KNOWN_BITS

    def _value(self, evaluator: Evaluator, node: Node) -> Ball | None:
        """Evaluates one side; None if it has no value here."""
        try:
            ball = evaluator.value(node)
        except HugeError:
            return _HUGE
        except (NoEvidenceError, ArithmeticError, ValueError):
            return None
        finally:
            self.open_log = self.open_log or evaluator.open_log
            self.open_root = self.open_root or evaluator.open_root
        return ball if ball.is_finite() else None

    def _measured(self, evaluator: Evaluator) -> tuple[Ball, float]:
        """Measures the greatest summand, and bits by which parts lie below others, at one point.

        At further points of the same comparison, what was found at the first one is good enough.
        Nor is an integral taken twice for this.
        """
        if "int" in self.found.heads:
            return real_field().ball(1), 0.0
        if self.measured is None:
            measuring = replace(evaluator, measures=True)
            for side in (self.left, self.right):
                self._value(measuring, side)
            self.measured = measuring.scale, measuring.extent
        return self.measured


def ladder(found: Survey) -> tuple[int, ...]:
    """Lists the working precisions to try, in bits."""
    return _INTEGRAL_LADDER if "int" in found.heads else _LADDER


_HUGE: Final = object()


def _is_apart(ours: Ball, theirs: Ball) -> bool:
    """Tells whether two values are certainly different."""
    if ours is _HUGE or theirs is _HUGE:
        other = theirs if ours is _HUGE else ours
        return other is not _HUGE and bool(other.abs_upper() < real_field().ball(2) ** _HUGE_BITS)
    return not ours.overlaps(theirs)
