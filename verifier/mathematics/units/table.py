"""The units that this package knows: what each is worth, exactly, and how it is spelled.

Factors are exact by definition. Sources: BIPM, The International System of Units, 9th edition
(2019), tables 4, 5, 7 and 8; the International Yard and Pound agreement of 1959 as in NIST Special
Publication 811 (2008), appendix B.8 (inch 0.0254 m, pound 0.45359237 kg, US gallon 231 in^3, horse
power 550 ft lbf/s, thermochemical calorie 4.184 J, atmosphere 101325 Pa); IAU 2012 resolution B2
(astronomical unit 149597870700 m); IEC 80000-13 for bytes: a kB has 1000 of them, a KiB 1024.

A month has no fixed number of days, nor has a year: both count in months. Currencies never convert
into each other.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

Dimension = tuple[tuple[str, int], ...]
"""Base units and their powers, sorted by name: ``(("m", 1), ("s", -1))``."""


class Meaning(NamedTuple):
    """One thing that a unit's name can mean.

    Attributes:
        dimension: in base units.
        factor: how many of them it is.
        pi: to which power pi stands beside the factor; 1 for degrees.
        offset: what is added to a figure first, for temperatures: kelvins are C plus 273.15.
    """

    dimension: Dimension
    factor: Fraction
    pi: int = 0
    offset: Fraction = Fraction(0)


_PREFIXES: Final = {
    "p": ("pico", "1e-12"),
    "n": ("nano", "1e-9"),
    "µ": ("micro", "1e-6"),
    "m": ("milli", "1e-3"),
    "c": ("centi", "1e-2"),
    "d": ("deci", "1e-1"),
    "h": ("hecto", "1e2"),
    "k": ("kilo", "1e3"),
    "M": ("mega", "1e6"),
    "G": ("giga", "1e9"),
    "T": ("tera", "1e12"),
}

# One row: name, worth, prefixes that it is used with (- for none), words. "pi" may stand in front
# of the worth. A prefix that nobody uses is not listed, so that fewer letters mean a unit: "pm" is
# a half of the day, and no picometre.
_ROWS: Final = {
    "m": """
        m 1 nµmcdk meter metre
        in 0.0254 - inch inches
        ft 0.3048 - foot feet
        yd 0.9144 - yard
        mi 1609.344 - mile
        nmi 1852 - nautical-mile
        furlong 201.168 - furlong
        fathom 1.8288 - fathom
        au 149597870700 - astronomical-unit
        ly 9460730472580800 - light-year lightyear
        angstrom 1e-10 - angstrom""",
    "m^2": """
        acre 4046.8564224 - acre
        ha 10000 - hectare""",
    "m^3": """
        L 0.001 µmcdh liter litre
        cc 1e-6 - cc
        gal 3.785411784e-3 - gallon
        qt 9.46352946e-4 - quart
        pt 4.73176473e-4 - pint
        cup 2.365882365e-4 - cup
        fl-oz 2.95735295625e-5 - fluid-ounce floz
        oz 2.95735295625e-5 - ounce
        tbsp 1.478676478125e-5 - tablespoon
        tsp 4.92892159375e-6 - teaspoon""",
    "kg": """
        g 0.001 nµmck gram gramme
        t 1000 - tonne
        ton 1000 - ton
        ton 907.18474 - ton
        oz 0.028349523125 - ounce
        lb 0.45359237 - lbs lbm
        pound 0.45359237 - pound""",
    "s": """
        s 1 nµm second sec
        min 60 - minute mins
        h 3600 - hour hr
        day 86400 - day
        week 604800 - week wk
        fortnight 1209600 - fortnight
        分 60 -""",
    "month": """
        month 1 - month
        year 12 - year yr
        decade 120 - decade
        century 1200 - century centuries
        millennium 12000 - millennium millennia""",
    "rad": """
        radian 1 - radian rad
        degree pi1/180 - degree deg
        arcmin pi1/10800 - arcminute
        arcsec pi1/648000 - arcsecond
        min pi1/10800 -
        s pi1/648000 -
        分 pi1/10800 -
        rev pi2 - revolution""",
    "K": """
        K 1 m kelvin
        °C 1 - celsius centigrade
        °F 5/9 - fahrenheit
        C 1 -
        F 5/9 -
        degree 1 -
        degree 5/9 -""",
    "A": "A 1 µmk ampere amp",
    "mol": "mol 1 µmk mole",
    "cd": "cd 1 - candela",
    "bit": """
        bit 1 kMGT bit
        byte 8 - byte
        kB 8000 - kilobyte KB
        MB 8000000 - megabyte
        GB 8000000000 - gigabyte
        TB 8000000000000 - terabyte
        KiB 8192 - kibibyte
        MiB 8388608 - mebibyte
        GiB 8589934592 - gibibyte""",
    "s^-1": """
        Hz 1 kMG hertz
        Bq 1 kM becquerel""",
    "m s^-1": """
        mph 0.44704 - mph
        kph 5/18 - kph kmh kmph
        knot 463/900 - knot""",
    "rad s^-1": "rpm pi1/30 - rpm",
    "kg m s^-2": """
        N 1 mkM newton
        dyn 1e-5 - dyne
        lbf 4.4482216152605 - lbf
        lb 4.4482216152605 -
        pound 4.4482216152605 -""",
    "kg m^2 s^-2": """
        J 1 mkMG joule
        erg 1e-7 - erg
        cal 4.184 k calorie
        eV 1.602176634e-19 kMG electronvolt electron-volt
        Wh 3600 kMG watt-hour""",
    "kg m^2 s^-3": """
        W 1 mkMG watt
        hp 745.69987158227022 - horsepower""",
    "kg m^-1 s^-2": """
        Pa 1 hkMG pascal
        bar 100000 m bar
        atm 101325 - atmosphere
        torr 101325/760 - torr
        mmHg 133.322387415 - mmhg
        psi 44482216152605/6451600000 - psi""",
    "A s": """
        coulomb 1 mµn coulomb
        C 1 -""",
    "kg m^2 s^-3 A^-1": "V 1 µmkM volt",
    "kg m^2 s^-3 A^-2": "ohm 1 mkM ohm Ω",
    "kg^-1 m^-2 s^4 A^2": """
        farad 1 µnpm farad
        F 1 -""",
    "kg s^-2 A^-1": "T 1 µm tesla",
    "kg m^2 s^-2 A^-1": "Wb 1 m weber",
    "kg m^2 s^-2 A^-2": "henry 1 µm henry henries",
    "dollar": """
        dollar 1 - dollar buck USD usd
        cent 1/100 - cent ¢""",
    "euro": """
        euro 1 - euro EUR €
        cent 1/100 -""",
    "pound": """
        pound 1 - GBP quid £
        pence 1/100 - pence""",
    "yuan": """
        yuan 1 - yuan CNY RMB rmb renminbi
        jiao 1/10 - jiao
        fen 1/100 - fen
        分 1/100 -""",
    "rupee": """
        rupee 1 - rupee INR Rs ₹
        paisa 1/100 - paisa paise""",
    "yen": "yen 1 - yen JPY",
    "won": "won 1 - KRW ₩",
    "ruble": """
        ruble 1 - ruble rouble RUB ₽
        kopeck 1/100 - kopeck kopek""",
    "peso": "peso 1 - peso MXN PHP ₱",
    "franc": "franc 1 - franc CHF",
    "krona": "krona 1 - krona kronor krone kroner SEK NOK DKK",
    "lira": "lira 1 - lira TRY ₺",
    "baht": "baht 1 - baht THB ฿",
    "dong": "dong 1 - VND ₫",
    "shekel": "shekel 1 - shekel ILS ₪",
}
_OFFSETS: Final = {"°C": "273.15", "C": "273.15", "°F": "459.67", "F": "459.67"}

_OTHER_SPELLINGS: Final = {
    "km": "Km KM kms kilometros kilómetro kilómetros quilômetros kilomètre kilomètres"
    " chilometri 千米 公里 км",
    "m": "metro metros mètre mètres metri 米 公尺 メートル м",
    "cm": "CM cms centímetro centímetros centimetros centimètre zentimeter 厘米 公分 см",
    "mm": "milímetros millimètres 毫米 мм",
    "m^2": "quadratmeter 平方米 平方公尺",
    "cm^2": "quadratzentimeter 平方厘米 平方公分",
    "km^2": "quadratkilometer 平方千米 平方公里",
    "m^3": "kubikmeter 立方米",
    "cm^3": "kubikzentimeter 立方厘米 立方公分",
    "dm": "分米",
    "kg": "Kg KG kgs kilo kilos kilogramm kilogramos kilogrammes 千克 公斤 кг",
    "g": "gramm gramos grammi 克 г",
    "mg": "毫克",
    "t": "toneladas tonnen 吨",
    "s": "secs segundo segundos sekunde sekunden seconde secondes secondi 秒 秒钟",
    "min": "minuto minutos minuten minuti 分钟 分鐘 мин",
    "h": "hrs Hrs hora horas heure heures stunde stunden 小时 小時 時間 시간 час часа часов ч",
    "day": "día días dias jour jours tage giorni 天 день дней дня",
    "week": "wks semana semanas semaine semaines woche wochen 周 星期",
    "month": "meses monat monate mesi 个月 個月",
    "year": "yrs año años jahre jahren année années anni 年 лет",
    "L": "l litro litros litri 升 公升 л",
    "mL": "ml mililitros 毫升",
    "degree": "grados grados gradi degrés 度 도",
    "°C": "摄氏度 攝氏度",
    "euro": "欧元",
    "dollar": "dólar dólares dolares dollari 美元",
    "yuan": "元 块 块钱",
    "jiao": "角",
    "pound": "英镑",
    "ruble": "рубль рубля рублей руб",
    "won": "원",
    "yen": "円 日元",
}


def _meanings() -> dict[str, tuple[Meaning, ...]]:
    """Builds the table of what each canonical name means."""
    table: dict[str, tuple[Meaning, ...]] = {}
    for written, rows in _ROWS.items():
        base = dimension(written)
        for row in filter(None, map(str.strip, rows.splitlines())):
            name, worth, prefixes, *_ = row.split()
            factor, pi = Fraction(worth.removeprefix("pi")), int(worth.startswith("pi"))
            offset = Fraction(_OFFSETS.get(name, 0)) if written == "K" else Fraction(0)
            table[name] = (*table.get(name, ()), Meaning(base, factor, pi, offset))
            for prefix in prefixes.strip("-"):
                power = Fraction(_PREFIXES[prefix][1])
                table[prefix + _symbol(name)] = (Meaning(base, factor * power, pi),)
    celsius, fahrenheit = table["°C"][0], table["°F"][0]
    angles = tuple(meaning for meaning in table["degree"] if meaning.pi)
    table["degree"] = (*angles, celsius, fahrenheit)  # "5 degrees" may be 5 °C
    return table


def _symbol(name: str) -> str:
    """Names what prefixes are put in front of, where the bare symbol means something else too."""
    return {"coulomb": "C", "farad": "F", "henry": "H"}.get(name, name)


def dimension(written: str) -> Dimension:
    """Reads a dimension: ``m``, ``kg m s^-2``."""
    parts = [part.partition("^") for part in written.split()]
    return tuple(sorted((name, int(power or 1)) for name, _, power in parts))


def _spellings() -> dict[str, str]:
    """Lists every spelling and the canonical name, or the small phrase, that it stands for."""
    table: dict[str, str] = {}
    for row in filter(None, (row.strip() for rows in _ROWS.values() for row in rows.splitlines())):
        name, _, prefixes, *words = row.split()
        table[name] = name
        for word in words:
            table |= dict.fromkeys(_numbers(word), name)
        for prefix in prefixes.strip("-"):
            prefixed = prefix + _symbol(name)
            table[prefixed] = prefixed
            for word in words:
                if word.isascii() and len(word) > 2:
                    table |= dict.fromkeys(_numbers(_PREFIXES[prefix][0] + word), prefixed)
    for name, others in _OTHER_SPELLINGS.items():
        table |= dict.fromkeys(others.split(), name)
    return table


def _numbers(word: str) -> tuple[str, ...]:
    """Lists singular and plural."""
    is_word = word.isascii() and len(word) > 2 and word.islower() and word[-1] not in "sxz"
    return (word, word + "s") if is_word else (word,)


MEANINGS: Final = _meanings()
"""What a canonical name can mean; "pound" is money, a mass or a force."""

SPELLINGS: Final = _spellings()
"""From how a unit is spelled, symbols in their case and words in lower case, to its name."""
