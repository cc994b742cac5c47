"""Units of measure: the words that may stand behind a figure, and their one canonical spelling."""

from __future__ import annotations

from typing import Final

_SPELLINGS: Final = {
    "m": "m meter meters metre metres",
    "cm": "cm centimeter centimeters centimetre centimetres",
    "mm": "mm millimeter millimeters millimetre millimetres",
    "km": "km kilometer kilometers kilometre kilometres",
    "in": "inch inches",
    "ft": "ft foot feet",
    "yd": "yd yard yards",
    "mi": "mi mile miles",
    "g": "g gram grams gramme grammes",
    "mg": "mg milligram milligrams",
    "kg": "kg kilogram kilograms kilo kilos",
    "lb": "lb lbs pound-weight",
    "oz": "oz ounce ounces",
    "ton": "ton tons tonne tonnes",
    "s": "s sec secs second seconds",
    "ms": "ms millisecond milliseconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years yr yrs",
    "L": "l L liter liters litre litres",
    "mL": "ml mL milliliter milliliters millilitre millilitres",
    "gal": "gal gallon gallons",
    "Hz": "Hz hertz",
    "N": "N newton newtons",
    "J": "J joule joules",
    "kJ": "kJ kilojoule kilojoules",
    "W": "W watt watts",
    "kW": "kW kilowatt kilowatts",
    "V": "V volt volts",
    "A": "A amp amps ampere amperes",
    "K": "K kelvin kelvins",
    "Pa": "Pa pascal pascals",
    "mol": "mol mole moles",
    "C": "C celsius",
    "F": "F fahrenheit",
    "degree": "degree degrees deg",
    "radian": "rad radian radians",
    "dollar": "dollar dollars USD usd buck bucks",
    "cent": "cent cents",
    "euro": "euro euros EUR",
    "pound": "pound pounds GBP",
    "yen": "yen JPY",
    "yuan": "yuan CNY RMB rmb",
    "rupee": "rupee rupees INR",
    "mph": "mph",
    "unit": "unit units",
}
_CANONICAL: Final = {
    spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
_NEUTRAL: Final = frozenset(("unit", "unit^2", "unit^3"))

# Behind a figure these words change what it is worth, or say that it is no plain figure: "5
# squared", "5 less than x". They are no units, whatever stands around them.
_VALUE_NAMES: Final = (
    "squared cubed factorial half halves third thirds quarter quarters fourth fourths fifth fifths"
    " sixth sixths seventh sevenths eighth eighths ninth ninths tenth tenths hundredth hundredths"
    " thousandth thousandths plus minus times divided over point than not no never if when where"
    " is are was equals to mod modulo base choose dozen negative but except nor about"
)
_VALUE_WORDS: Final = frozenset(_VALUE_NAMES.split())
MULTIPLIERS: Final = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
"""Number words that multiply the figure in front of them."""

MAX_WORDS: Final = 12
"""Words of a unit phrase: "square feet of carpet per room"; more is a sentence."""


def is_unit(word: str) -> bool:
    """Tells whether the word alone names a unit of measure or a currency."""
    return word in _CANONICAL or (len(word) > 3 and word.lower() in _CANONICAL)


def changes_value(word: str) -> bool:
    """Tells whether the word behind a figure makes it another figure."""
    folded = word.lower()
    return folded in _VALUE_WORDS


def canonical_unit(words: list[str]) -> str:
    """Spells a unit phrase canonically.

    Args:
        words: words and the signs ``/``, ``*``, ``^n`` in order; "per" is a sign too.
    """
    parts: list[str] = []
    power = ""
    for word in words:
        folded = word.lower()
        if folded in {"square", "sq", "cubic"}:
            power = "^3" if folded == "cubic" else "^2"
        elif folded in {"per", "/", "a", "an", "each"} and (parts or folded == "/"):
            if not parts or parts[-1] != "/":
                parts.append("/")
        elif word.startswith("^") and parts:
            parts[-1] += word
        elif word != "*":
            parts.append((_CANONICAL.get(word) or _known(folded)) + power)
            power = ""
    while parts and parts[-1] == "/":
        parts.pop()
    return " ".join(parts)


def _known(folded: str) -> str:
    """Spells a word canonically; of one that is in no table only the plural s goes."""
    singular = folded.removesuffix("s") if len(folded) > 3 else folded
    return _CANONICAL.get(folded, singular)


def units_agree(candidate: str, reference: str) -> bool:
    """Tells whether two canonical units do not contradict each other.

    A missing unit agrees with any, and so does "units". Where a phrase goes beyond the known units
    ("5 red apples"), naming fewer of the same words is no contradiction either.
    """
    if not candidate or not reference or candidate == reference:
        return True
    if candidate in _NEUTRAL or reference in _NEUTRAL:
        return True
    ours, theirs = set(candidate.split()), set(reference.split())
    unknown = not (_all_known(ours) and _all_known(theirs))
    return unknown and "/" not in ours | theirs and (ours <= theirs or theirs <= ours)


def _all_known(words: set[str]) -> bool:
    return all(word == "/" or word.partition("^")[0] in _SPELLINGS for word in words)
