"""How strictly mathematical answers are compared: the switches, and the presets that set them.

`verifier.types` hands these words on; import them from there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct, structs

from verifier.word import Word

_MAX_REMEMBERED: Final = 64  # policies: a service sees a handful, and each is made anew per item


class Extraction(Word):
    """A rule for finding the candidate answer in a completion."""

    BOXED = "BOXED"  # last balanced \boxed{…} outside the thinking part
    ANSWER_TAG = "ANSWER_TAG"  # last <answer>…</answer>
    HASHES = "HASHES"  # what follows the last ####
    ANCHOR = "ANCHOR"  # "the answer is …", "Answer: …", "A: …"
    WHOLE = "WHOLE"  # the completion is nothing but an answer
    FORMULA = "FORMULA"  # last $…$, \(…\) or \[…\]
    LAST_NUMBER = "LAST_NUMBER"  # last number in the text


class Preset(Word):
    """A named setting of all switches."""

    UNSPECIFIED = "UNSPECIFIED"  # DEFAULT
    DEFAULT = "DEFAULT"  # as a careful reader of contest mathematics would
    STRICT = "STRICT"  # as the reference answer has it: no rounding, its unit, its name, its order
    LENIENT = "LENIENT"  # value only: no units, no percent signs, no case, no order


class PercentPolicy(Word):
    """How a percent sign is read."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    BY_REFERENCE = "BY_REFERENCE"  # see MathPolicy.percent
    EXACT = "EXACT"  # 35% is 0.35 and nothing else
    IGNORE = "IGNORE"  # equal values match, and so does the same figure with or without the sign


class UnitPolicy(Word):
    """What a unit or currency counts for."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    BY_REFERENCE = "BY_REFERENCE"  # see MathPolicy.units; this one converts: 500 cm are 5 m
    IGNORE = "IGNORE"  # the figures match as they stand, or converted: 5 cm is 5 m, so is 500 cm
    REQUIRE = "REQUIRE"  # must be the reference's own, which may be none


class OrderPolicy(Word):
    """Whether the order of a plain comma list counts."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    BY_REFERENCE = "BY_REFERENCE"  # lists and {sets} in any order, (tuples) in theirs
    ORDERED = "ORDERED"
    UNORDERED = "UNORDERED"


class SymbolCase(Word):
    """Whether x and X are one variable."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    EXACT = "EXACT"  # they are two
    IGNORE = "IGNORE"  # they are one; E stays apart from e, which is a number, and I from i


class DuplicatePolicy(Word):
    """Whether it counts how often an element occurs."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    BY_REFERENCE = "BY_REFERENCE"  # not in {sets}, but in plain lists
    IGNORE = "IGNORE"  # nowhere, where order does not count
    COUNT = "COUNT"  # everywhere


class AssignmentPolicy(Word):
    """What the name in x = 5 counts for."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    BY_REFERENCE = "BY_REFERENCE"  # x = 5 is 5, and 5 is x = 5; y = 5 is not x = 5
    REQUIRE = "REQUIRE"  # a name that the reference gives must be there


class ConstantPolicy(Word):
    """What an arbitrary constant counts for, as the C of x^2 + C."""

    UNSPECIFIED = "UNSPECIFIED"  # as the preset has it
    OPTIONAL = "OPTIONAL"  # may be left out
    REQUIRE = "REQUIRE"  # must be there, by any name, where the reference has one


class MathPolicy(Struct, frozen=True):
    """How strictly a mathematical answer is compared. The defaults follow the reference answer.

    Attributes:
        extraction: rules to try, in this order; empty for the default order of all rules.
        relative_tolerance: accept |a-b| <= tolerance*|b|, in [0, 1). None: by the preset.
        absolute_tolerance: accept |a-b| <= tolerance, >= 0. None: by the preset, which says 0 if
            STRICT and else nothing: then the digits that the reference is written with decide.
        percent: BY_REFERENCE accepts equal values (35% for 0.35) and, where the reference is an
            integer, is beyond 1 or carries the sign itself, the same figure with or without it (35%
            for 35).
        units: BY_REFERENCE ignores the completion's unit where the reference names none; where it
            names one, a missing unit is accepted, one that measures the same is converted (500 cm
            for 5 m), and any other refused.
        order: for plain comma lists.
        preset: what every switch that is not given, or UNSPECIFIED, stands for: see `PRESETS`.
        symbol_case: for variables; words never count their case.
        duplicates: for sets and plain lists.
        assignments: for x = 5, f(x) = x + 1 and (x, y) = (1, 2).
        integration_constant: for antiderivatives.
    """

    extraction: tuple[Extraction, ...] = ()
    relative_tolerance: float | None = None
    absolute_tolerance: float | None = None
    percent: PercentPolicy = PercentPolicy.UNSPECIFIED
    units: UnitPolicy = UnitPolicy.UNSPECIFIED
    order: OrderPolicy = OrderPolicy.UNSPECIFIED
    preset: Preset = Preset.UNSPECIFIED
    symbol_case: SymbolCase = SymbolCase.UNSPECIFIED
    duplicates: DuplicatePolicy = DuplicatePolicy.UNSPECIFIED
    assignments: AssignmentPolicy = AssignmentPolicy.UNSPECIFIED
    integration_constant: ConstantPolicy = ConstantPolicy.UNSPECIFIED

    def effective(self) -> MathPolicy:
        """This policy with every switch set: its own where given, else its preset's."""
        return _effective(self)


PRESETS: Final = {
    Preset.DEFAULT: MathPolicy(
        percent=PercentPolicy.BY_REFERENCE,
        units=UnitPolicy.BY_REFERENCE,
        order=OrderPolicy.BY_REFERENCE,
        preset=Preset.DEFAULT,
        symbol_case=SymbolCase.EXACT,
        duplicates=DuplicatePolicy.BY_REFERENCE,
        assignments=AssignmentPolicy.BY_REFERENCE,
        integration_constant=ConstantPolicy.OPTIONAL,
    ),
    Preset.STRICT: MathPolicy(
        relative_tolerance=0.0,
        absolute_tolerance=0.0,
        percent=PercentPolicy.EXACT,
        units=UnitPolicy.REQUIRE,
        order=OrderPolicy.ORDERED,
        preset=Preset.STRICT,
        symbol_case=SymbolCase.EXACT,
        duplicates=DuplicatePolicy.BY_REFERENCE,
        assignments=AssignmentPolicy.REQUIRE,
        integration_constant=ConstantPolicy.REQUIRE,
    ),
    Preset.LENIENT: MathPolicy(
        percent=PercentPolicy.IGNORE,
        units=UnitPolicy.IGNORE,
        order=OrderPolicy.UNORDERED,
        preset=Preset.LENIENT,
        symbol_case=SymbolCase.IGNORE,
        duplicates=DuplicatePolicy.BY_REFERENCE,
        assignments=AssignmentPolicy.BY_REFERENCE,
        integration_constant=ConstantPolicy.OPTIONAL,
    ),
}
"""What each preset sets the switches to."""


@lru_cache(maxsize=_MAX_REMEMBERED)
def _effective(policy: MathPolicy) -> MathPolicy:
    preset = PRESETS.get(policy.preset, PRESETS[Preset.DEFAULT])
    given = {
        field.name: value
        for field in structs.fields(MathPolicy)
        if (value := getattr(policy, field.name)) != field.default
    }
    return structs.replace(preset, **given)
