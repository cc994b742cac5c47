"""Every format rule on a completion of 1 MB, of several kinds: what it takes, and its growth.

The aim is 50 ms for each rule. The kinds are such as a policy may write, and such as would set a
careless pattern off. Beside the slowest kind stands what twice the length takes, over what once
does: 2 where the time is linear.
"""

import random
import time
from statistics import median

from tests.bench.table import Table
from verifier.format_rules import RULES as WORDS
from verifier.formats.table import RULES
from verifier.types import (
    FormatTask,
    IfevalRule,
    Item,
    JsonSchemaRule,
    LanguageConsistencyRule,
    RegexRule,
)

_SIZE = 1_000_000  # characters
_AIM_MS = 50
_GIVEN = {
    RegexRule: RegexRule("(a+)+$"),
    JsonSchemaRule: JsonSchemaRule('{"type": "object"}'),
    LanguageConsistencyRule: LanguageConsistencyRule("en"),
    IfevalRule: IfevalRule(("punctuation:no_comma",)),
}
_WORDS = (
    "we add the two numbers first then check sum again and write it down so that every other step"
    " of this long proof may use what was found before without any doubt how much is still left"
    " because a result which nobody has looked at twice could be wrong in ways that hide for years"
).split()


def _prose():
    """English words in sentences, no two alike but by chance."""
    chance = random.Random(1)
    parts = []
    for _ in range(20_000):
        words = chance.choices(_WORDS, k=chance.randint(6, 20))
        parts.append(f"{' '.join(words).capitalize()}. ")
    return "".join(parts)


_PROSE = _prose()
_KINDS = {
    "prose": _PROSE,
    "lines": "First, we add 2 and 3.\n- so it is 5\n\n",
    "one word": "a",
    "white space": " \n",
    "tags": "<think>\na</think>\n<answer>\n",
    "half tags": "<think",
    "boxes": "\\boxed{",
    "fences": "```python\n",
    "brackets": "[",
    "formulas": "$x^2$ and \\(y\\) ",
}


def run(rounds):
    """A table of all rules."""
    table = Table(
        "Format rules on 1 MB",
        f"Milliseconds of one rule on {_SIZE:,} characters, median of the rounds; the aim is under "
        f"{_AIM_MS} ms. Growth: twice the text over once, on the slowest kind.",
        ("rule", "prose", "slowest kind", "ms there", "growth"),
    )
    for name, word in WORDS.items():
        rule, apply = _GIVEN.get(word) or word(), RULES[word][1]
        _ms(apply, rule, _PROSE, len(_PROSE), 1)  # loads what it needs
        taken = {kind: _ms(apply, rule, text, _SIZE, rounds) for kind, text in _KINDS.items()}
        worst = max(taken, key=taken.get)
        twice = _ms(apply, rule, _KINDS[worst], 2 * _SIZE, rounds)
        table.add(
            name,
            f"{taken['prose']:.1f}",
            worst,
            f"{taken[worst]:.1f}",
            f"{twice / taken[worst]:.1f}x",
        )
    return [table]


def _ms(apply, rule, piece, size, rounds):
    text = (piece * (size // len(piece) + 1))[:size]
    item = Item("x", text, FormatTask((rule,)))
    taken = []
    for _ in range(min(rounds, 3)):
        began = time.perf_counter()
        apply(rule, item)
        taken.append((time.perf_counter() - began) * 1e3)
    return median(taken)
