"""Units of measure: the words that may stand behind a figure, and their one canonical spelling."""

from __future__ import annotations

import re
from typing import Final

from verifier.mathematics.units.table import SPELLINGS

_CODES: Final = "USD EUR GBP JPY CNY RMB INR Rs KRW RUB MXN PHP CHF SEK NOK DKK TRY THB VND ILS"
_CURRENCY_CODES: Final = frozenset(_CODES.split())
# Units by these letters even in plain text; other symbols of up to three letters ("nm", "cd") may
# be products of variables, and are units only where they are set upright or stand apart.
_PLAIN: Final = (
    "m cm mm km ft yd mi g mg kg lb lbs oz ton s sec ms min h hr hrs day yr yrs l L ml mL gal Hz N"
    " J kJ W kW V A K Pa mol C F deg rad mph kph kmh USD usd EUR GBP JPY CNY RMB rmb INR yen kgs"
    " mins secs cms kms rpm kWh MHz GHz kHz kPa MPa"
)
_PLAIN_SYMBOLS: Final = frozenset(_PLAIN.split())
# Units behind a figure only: alone they are names or other words.
_OTHER_WORDS: Final = "henry henries tesla weber dong baht lira franc farad knot bits cups krona"
_AMBIGUOUS: Final = frozenset(_OTHER_WORDS.split())
_SHORT: Final = 3  # letters of a symbol; longer spellings are words

# Behind a figure these words change what it is worth, or say that it is no plain figure: "5
# squared", "5 less than x". They are no units, whatever stands around them.
_VALUE_NAMES: Final = (
    "squared cubed factorial half halves third thirds quarter quarters root multiplied doubled"
    " tripled quadrupled twice thrice fold folds plus minus times divided over point remainder"
    " repeating recurring than off to mod modulo base choose"
    " ppm ppb permille permil mille mil mils grand basis negative equals is are was if when where"
    " unless not no never nor but except about maybe perhaps cannot incorrect wrong false unknown"
    " impossible undefined tens score scores gross googol googols zeros zeroes too few many maximum"
    " minimum even odd prime composite 分之 折 成"
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
MULTIPLIERS: Final[dict[str, int]] = {
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
} | {"mln": 10**6, "bn": 10**9, "万": 10**4, "萬": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7}
"""Number words that multiply the figure in front of them."""

PER_WORDS: Final = frozenset(("per", "/", "每", "por", "par", "pro"))
POWER_WORDS: Final = {
    "square": "^2",
    "sq": "^2",
    "cubic": "^3",
    "cu": "^3",
    "平方": "^2",
    "立方": "^3",
}
_RAISED: Final = {
    "squared": "^2",
    "cubed": "^3",
    "cuadrados": "^2",
    "cuadrado": "^2",
    "carrés": "^2",
    "carré": "^2",
    "quadrati": "^2",
    "quadrados": "^2",
    "cúbicos": "^3",
    "cubes": "^3",
}
_PAIRS: Final = {
    "degree C": "°C",
    "degree °C": "°C",
    "degree F": "°F",
    "degree °F": "°F",
    "degree K": "K",
    "nautical mi": "nmi",
    "light year": "ly",
    "fluid oz": "fl-oz",
    "fl oz": "fl-oz",
    "astronomical unit": "au",
    "Hg mm": "mmHg",
    "horse power": "hp",
    "kW h": "kWh",
    "metric ton": "t",
    "minute of arc": "arcmin",
    "second of arc": "arcsec",
}

MAX_WORDS: Final = 12
"""Words of a unit phrase: "square feet of carpet per room"; more is a sentence."""


def is_unit(word: str) -> bool:
    """Tells whether the word alone, however it is set, names a unit of measure or a currency."""
    if len(word) <= _SHORT and word.isascii():
        return word in _PLAIN_SYMBOLS
    folded = word.lower()
    return (word in SPELLINGS or folded in SPELLINGS) and folded not in _AMBIGUOUS


def is_symbol(word: str) -> bool:
    """Tells whether the word names a unit where it is set upright or stands behind a figure."""
    return word in SPELLINGS or (len(word) > _SHORT and word.lower() in SPELLINGS)


def currency_code(word: str) -> str:
    """Names the currency that a code in front of a figure stands for; empty if it is none."""
    return SPELLINGS[word] if word in _CURRENCY_CODES else ""


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
    for place, word in enumerate(words):
        folded = word.lower()
        if folded in POWER_WORDS:
            power = POWER_WORDS[folded]
        elif folded in _RAISED and parts:
            parts[-1] += _RAISED[folded]
        elif folded in PER_WORDS or (folded in {"a", "an", "each"} and parts):
            if not parts or parts[-1] != "/":
                parts.append("/")
        elif word.startswith("^") and parts:
            parts[-1] += word
        elif folded in _DIRECTIONS:
            parts.append(folded)
        elif word != "*" and not _is_preposition(words, place):
            parts.append(_spelled(word) + power)
            power = ""
    while parts and parts[-1] == "/":
        parts.pop()
    return _joined(parts)


def _is_preposition(words: list[str], place: int) -> bool:
    """Tells whether "in" leads on to a word, so that it is no inch: "5 km in total"."""
    return words[place] == "in" and words[place + 1 :][:1] != [] and words[place + 1][0].isalpha()


def _spelled(word: str) -> str:
    """Spells a word canonically; of one that is in no table only the plural s goes."""
    if word in SPELLINGS:
        return SPELLINGS[word]
    folded = word.lower()
    singular = folded.removesuffix("s") if len(folded) > _SHORT else folded
    return SPELLINGS.get(folded, singular)


def _joined(parts: list[str]) -> str:
    """Joins the parts; "degree C" and "nautical mi" are one unit each."""
    phrase = " ".join(parts)
    for pair, unit in _PAIRS.items():
        if pair in phrase:
            phrase = " ".join(f" {phrase} ".replace(f" {pair} ", f" {unit} ").split())
    return phrase


def turns_figure(candidate: str, reference: str) -> bool:
    """Tells whether the candidate's unit counts its figure another way than the reference's."""
    ours, theirs = set(candidate.split()), set(reference.split())
    return not _DIRECTIONS.isdisjoint(ours - theirs)
