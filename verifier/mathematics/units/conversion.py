"""From one unit to another: which figures in two units are the same amount, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from verifier.mathematics.limits import MAX_UNIT_MEANINGS, MAX_UNIT_PHRASES
from verifier.mathematics.syntax import Apply, Node, Number, Symbol
from verifier.mathematics.units.table import MEANINGS, Dimension, dimension

_MAX_POWER: Final = 12  # of a unit; J / (kg K) to the twelfth is no unit any more

# These agree with anything: the question says what the unit is.
_NEUTRAL: Final = frozenset(("unit", "unit^2", "unit^3"))
# These only count, or say nothing: eighteen ways are eighteen arrangements.
_COUNTING_WORDS: Final = (
    "way integer number solution value item thing object element possibility possibilitie case"
    " total altogether arrangement combination of the in on at for by with from his her their its"
    " all in exactly only approximately long wide tall high deep old away"
    " 个 個 只 隻 名 种 種 次 本 件 位 条 張 张 枚 棵 辆 개 명"
)
_COUNTING: Final = frozenset(_COUNTING_WORDS.split())
_CURRENCY_NAMES: Final = (
    "dollar euro pound yuan rupee yen won ruble peso franc krona lira baht dong shekel"
)
_CURRENCIES: Final = frozenset(_CURRENCY_NAMES.split())


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a figure in one unit becomes the figure in another: (figure + before) * factor - after.

    Attributes:
        factor: exact.
        pi: to which power pi stands beside it.
        before: what is added first, for temperatures.
        after: what is taken off last, for temperatures.
    """

    factor: Fraction
    pi: int = 0
    before: Fraction = Fraction(0)
    after: Fraction = Fraction(0)

    @property
    def is_identity(self) -> bool:
        """Whether every figure stays what it is."""
        return self == _IDENTITY

    def apply(self, figure: Node) -> Node:
        """Converts a figure; a number becomes an exact one: its digits meant another unit."""
        if self.is_identity:
            return figure
        if isinstance(figure, Number):
            value = (figure.value + self.before) * self.factor
            node: Node = _exact(value if self.pi else value - self.after)
        else:
            node = _plus(figure, self.before)
            node = node if self.factor == 1 else Apply("*", (node, _exact(self.factor)))
        if self.pi:
            node = Apply("*", (node, Apply("^", (Symbol("pi"), Number(self.pi)))))
        return node if isinstance(figure, Number) else _plus(node, -self.after)


_IDENTITY: Final = Conversion(Fraction(1))


class _Measure(NamedTuple):
    """One reading of a unit phrase.

    Attributes:
        dimension: of the units in it.
        factor: what they are worth together.
        pi: to which power pi stands beside it.
        offset: of a temperature that stands alone.
        over: words that no table knows, in front of the slash.
        under: words that no table knows, behind it.
    """

    dimension: Dimension
    factor: Fraction
    pi: int
    offset: Fraction
    over: frozenset[str]
    under: frozenset[str]


def conversions(candidate: str, reference: str) -> tuple[Conversion, ...]:
    """Lists how figures of the candidate's unit may convert into the reference's.

    Args:
        candidate: a canonical phrase, not empty.
        reference: another.

    Returns:
        The identity alone where the phrases say the same or one says less; several where a name has
        several meanings; none where the two contradict each other.
    """
    if candidate == reference or candidate in _NEUTRAL or reference in _NEUTRAL:
        return (_IDENTITY,)
    found = _between(candidate, reference)
    if not found and ("/" in candidate.split()) != ("/" in reference.split()):
        found = _without_rate(candidate, reference)
    return found


def _between(candidate: str, reference: str) -> tuple[Conversion, ...]:
    found: list[Conversion] = []
    for ours, theirs in product(_measures(candidate), _measures(reference)):
        if ours.dimension != theirs.dimension or not _words_agree(ours, theirs):
            continue
        conversion = Conversion(
            ours.factor / theirs.factor, ours.pi - theirs.pi, ours.offset, theirs.offset
        )
        if conversion.is_identity or _cancels(conversion):
            return (_IDENTITY,)
        found.append(conversion)
    return tuple(found)


def _cancels(conversion: Conversion) -> bool:
    """Tells whether what is added first is taken off again: °C into °C."""
    return conversion.factor == 1 and not conversion.pi and conversion.before == conversion.after


def _words_agree(ours: _Measure, theirs: _Measure) -> bool:
    """Tells whether one phrase names no more than the other: 5 apples, 5 red apples."""
    return _nested(ours.over, theirs.over) and _nested(ours.under, theirs.under)


def _nested(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return ours <= theirs or theirs <= ours


def _without_rate(candidate: str, reference: str) -> tuple[Conversion, ...]:
    """Compares $18 with $18 per day: of money and of things, the rate may be left unsaid."""
    ours, theirs = (phrase.partition(" / ")[0] for phrase in (candidate, reference))
    if not ours or not theirs:
        return ()
    bases = {
        base for phrase in (ours, theirs) for m in _measures(phrase) for base, _ in m.dimension
    }
    return _between(ours, theirs) if bases <= _CURRENCIES else ()


@lru_cache(maxsize=MAX_UNIT_PHRASES)
def _measures(phrase: str) -> tuple[_Measure, ...]:
    """Lists the readings of a canonical phrase; at most `MAX_UNIT_MEANINGS`."""
    over: set[str] = set()
    under: set[str] = set()
    known: list[tuple[str, int]] = []
    sign = 1
    for part in phrase.split():
        name, _, written = part.partition("^")
        power = _power(written)
        if part == "/":
            sign = -1
        elif name in MEANINGS and power is not None:
            known.append((name, sign * power))
        elif name not in _COUNTING:
            (over if sign > 0 else under).add(part)
    words = frozenset(over), frozenset(under)
    readings: list[_Measure] = []
    alternatives = product(*(MEANINGS[name] for name, _ in known))
    for meanings, _ in zip(alternatives, range(MAX_UNIT_MEANINGS), strict=False):
        factor, pi, powers = Fraction(1), 0, dict[str, int]()
        for meaning, (_, power) in zip(meanings, known, strict=True):
            factor *= meaning.factor**power
            pi += meaning.pi * power
            for base, exponent in meaning.dimension:
                powers[base] = powers.get(base, 0) + exponent * power
        powered = tuple(sorted((base, power) for base, power in powers.items() if power))
        alone = len(known) == 1 and known[0][1] == 1
        offset = meanings[0].offset if alone else Fraction(0)
        readings.append(_Measure(powered, factor, pi, offset, *words))
    return tuple(readings)


def _power(written: str) -> int | None:
    """Reads the exponent of a unit; None if it is no small integer."""
    if not written:
        return 1
    digits = written.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 2:
        return None
    return int(written) if int(digits) <= _MAX_POWER else None


def worth(unit: str, base: str) -> Fraction | None:
    """Values a unit in a base unit by its first meaning there; None if it has none.

    Args:
        unit: a canonical name.
        base: a base unit, such as ``s`` or ``dollar``, or a power of one: ``m^3``.
    """
    for meaning in MEANINGS.get(unit, ()):
        if meaning.dimension == dimension(base):
            return meaning.factor
    return None


def measures(unit: str, base: str) -> bool:
    """Tells whether a unit may be a multiple of a base unit: minutes of ``s`` and of ``rad``."""
    return worth(unit, base) is not None


def _exact(value: int | Fraction) -> Number:
    value = Fraction(value)
    return Number(value.numerator if value.denominator == 1 else value)


def _plus(node: Node, value: Fraction) -> Node:
    return Apply("+", (node, _exact(value))) if value else node
