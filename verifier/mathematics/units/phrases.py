"""Units of measure: the words that may stand behind a figure, and their one canonical spelling."""

from __future__ import annotations

import re
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
    "unit": "unit units",
}
_CANONICAL: Final = {
    spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()
} | {"mph": "mi / h", "kph": "km / h", "kmh": "km / h"}
_CURRENCY_CODES: Final = frozenset(("USD", "EUR", "GBP", "JPY", "CNY", "RMB", "INR"))
_NEUTRAL: Final = frozenset(("unit", "unit^2", "unit^3"))

# Behind a figure these words change what it is worth, or say that it is no plain figure: "5
# squared", "5 less than x". They are no units, whatever stands around them.
_VALUE_NAMES: Final = (
    "squared cubed factorial half halves third thirds quarter quarters root multiplied doubled"
    " tripled quadrupled twice thrice fold folds plus minus times divided over point remainder"
    " repeating recurring than off to mod modulo base choose"
    " ppm ppb permille permil mille mil mils grand basis negative equals is are was if when where"
    " unless not no never nor but except about maybe perhaps cannot incorrect wrong false unknown"
    " impossible undefined"
)
# These say which way a figure counts: a reference may ("12 more"), a candidate only as it does.
_DIRECTIONS: Final = frozenset(("less", "more", "fewer", "below", "under", "short"))
# One multiplies by nothing: "5 apples in one day" are 5.
_NUMBER_NAMES: Final = (
    "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
# Behind a figure a month or a half of the day makes it a date or a time: "5 March", "5 pm".
_TIME_NAMES: Final = (
    "am pm january february march april may june july august september october november december"
    " jan feb apr jun jul aug sep sept oct nov dec"
)
_VALUE_WORDS: Final = frozenset(f"{_VALUE_NAMES} {_NUMBER_NAMES} {_TIME_NAMES}".split())
# Every fraction that English can name is an ordinal; months, widths and teeth are none.
_ORDINAL: Final = re.compile(
    r"[a-z]{0,24}?(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|teen|tie|hundred|thousand|illion)"
    r"ths?"
)
MULTIPLIERS: Final = {
    word + plural: factor
    for word, factor in {
        "dozen": 12,
        "hundred": 10**2,
        "thousand": 10**3,
        "lakh": 10**5,
        "million": 10**6,
        "crore": 10**7,
        "billion": 10**9,
        "trillion": 10**12,
        "quadrillion": 10**15,
    }.items()
    for plural in ("", "s")
} | {"mln": 10**6, "bn": 10**9}
"""Number words that multiply the figure in front of them."""

MAX_WORDS: Final = 12
"""Words of a unit phrase: "square feet of carpet per room"; more is a sentence."""


def is_unit(word: str) -> bool:
    """Tells whether the word alone names a unit of measure or a currency."""
    return word in _CANONICAL or (len(word) > 3 and word.lower() in _CANONICAL)


def currency_code(word: str) -> str:
    """Names the currency that a code in front of a figure stands for; empty if it is none."""
    return _CANONICAL[word] if word in _CURRENCY_CODES else ""


def changes_value(word: str) -> bool:
    """Tells whether the word behind a figure makes it another figure."""
    folded = word.lower()
    return folded in _VALUE_WORDS or _ORDINAL.fullmatch(folded) is not None


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
        elif folded in {"per", "/"} or (folded in {"a", "an", "each"} and parts):
            if not parts or parts[-1] != "/":
                parts.append("/")
        elif word.startswith("^") and parts:
            parts[-1] += word
        elif folded in _DIRECTIONS:
            parts.append(folded)
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


def turns_figure(candidate: str, reference: str) -> bool:
    """Tells whether the candidate's unit counts its figure another way than the reference's."""
    ours, theirs = set(candidate.split()), set(reference.split())
    return not _DIRECTIONS.isdisjoint(ours - theirs)


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
