"""Shape terms: from their names to the formulas in `verifier.shaping`.

| Rule                       | Reward                                     | Parameters of its own  |
|----------------------------|--------------------------------------------|------------------------|
| cosine@trl, open-r1,       | a cosine of the length, another one for    | `values`: right at 0   |
| ms-swift, demystifying     | wrong answers                              | and max, wrong at 0    |
|                            |                                            | and max                |
| overlong@dapo, trl, verl,  | a punishment near the largest length       | `buffer`, `factor`     |
| ms-swift, openrlhf         |                                            |                        |
| kimi_length                | short within the group, if right           |                        |
| max_length,                | near a target, or below it                 | `buffer`: the scale    |
| up_to_max_length           |                                            |                        |
| stop_properly              | what the term `of` loses if truncated      | `factor`: the          |
|                            |                                            | coefficient            |
| outcome_efficiency         | share up to the first right answer         |                        |
| process_efficiency         | share in solutions that say something new  |                        |
| repetition@trl, open-r1,   | a penalty for n-grams that occurred before | `factor`: the largest; |
| ms-swift, roll             |                                            | `ngram_size`           |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import structs

from verifier.composition.attempts import attempts, repeats
from verifier.errors import InputError
from verifier.formats.lengths import NO_TOKENIZERS, Tokenizers, count
from verifier.shaping import cosine, efficiency, overlong, repetition
from verifier.shaping.kimi_length import kimi_length
from verifier.shaping.max_length import SCALE, max_length, up_to_max_length
from verifier.shaping.truncation import stop_properly
from verifier.types import LengthUnit, Verdict

if TYPE_CHECKING:
    from verifier.types import Item, ShapeTerm, TermOutcome


@dataclass(frozen=True, slots=True)
class Member:
    """A completion as a shape term sees it.

    Attributes:
        item: the completion.
        of: what the term that the shape follows said.
        tokenizers: those of the configuration.
        tries: the answers that the completion states, in order: where each ends, and what the term
            that the shape follows would have said of it. For rules in `TRYING_SHAPES` alone.
    """

    item: Item
    of: TermOutcome
    tokenizers: Tokenizers = NO_TOKENIZERS
    tries: Sequence[tuple[int, TermOutcome]] = ()

    @property
    def right(self) -> bool:
        """Whether the answer is."""
        return self.of.verdict is Verdict.CORRECT


Shape = Callable[["ShapeTerm", Member], float]
GroupShape = Callable[["ShapeTerm", Sequence[Member]], list[float]]


def _length(term: ShapeTerm, member: Member, unit: str = "tokens") -> int:
    chosen = term.unit or LengthUnit(unit.upper())
    try:
        return count(chosen, member.item, term.tokenizer, member.tokenizers)
    except InputError as error:
        field = "tokenizer" if term.tokenizer else "unit"
        raise InputError(str(error), field=field) from None


def _cosine(flavour: cosine.Flavour) -> Shape:
    def shape(term: ShapeTerm, member: Member) -> float:
        if len(term.values) not in (0, 4):
            raise InputError(f"must hold 4 numbers, holds {len(term.values)}", field="values")
        chosen = flavour
        if term.values:
            chosen = cosine.Flavour(
                flavour.unit,
                flavour.clamp,
                cosine.CosineValues(*term.values),
                overlong=flavour.overlong,
                margin=flavour.margin,
            )
        longest = term.max_length or flavour.max_length
        if longest is None:
            raise InputError("must be given: this flavour has no default", field="max_length")
        length = _length(term, member, flavour.unit)
        return chosen.reward(length, member.right, max_length=longest)

    return shape


def _overlong(flavour: overlong.Flavour) -> Shape:
    def shape(term: ShapeTerm, member: Member) -> float:
        if term.max_length is None or term.buffer is None:
            missing = "max_length" if term.max_length is None else "buffer"
            raise InputError("must be given: this rule has no default", field=missing)
        return flavour.punishment(
            _length(term, member),
            max_length=term.max_length,
            buffer=term.buffer,
            factor=1.0 if term.factor is None else term.factor,
        )

    return shape


def _repetition(flavour: repetition.Flavour) -> Shape:
    def shape(term: ShapeTerm, member: Member) -> float:
        if flavour.unit == "tokens":
            raise InputError(
                "counts token ids, which no row carries: use a flavour of words", field="rule"
            )
        return repetition.repetition(
            repetition.words_of(member.item.completion),
            size=term.ngram_size or flavour.size,
            penalty=flavour.penalty if term.factor is None else term.factor,
        )

    return shape


def _near(formula: Callable[..., float]) -> Shape:
    def shape(term: ShapeTerm, member: Member) -> float:
        if term.max_length is None:
            raise InputError("must be given: the target", field="max_length")
        scale = SCALE if term.buffer is None else term.buffer
        return formula(_length(term, member), term.max_length, scale=scale)

    return shape


def _stop_properly(term: ShapeTerm, member: Member) -> float:
    if term.factor is None:
        raise InputError("must be given: the coefficient", field="factor")
    reward = member.of.reward or 0.0
    after = stop_properly(reward, truncated=member.item.truncated, coefficient=term.factor)
    return after - reward


def _outcome_efficiency(term: ShapeTerm, member: Member) -> float:
    measure = _measure(term, member)
    whole = len(member.item.completion)
    for end, said in member.tries:
        if said.verdict is Verdict.CORRECT:
            solution = efficiency.Solution(0, measure(end), right=True)
            return efficiency.outcome_efficiency([solution], measure(whole))
    return 0.0


def _process_efficiency(term: ShapeTerm, member: Member) -> float:
    completion, measure = member.item.completion, _measure(term, member)
    ends = [attempt.end for attempt in attempts(completion)]
    lengths = [0, *map(measure, ends)]
    repeated = repeats(completion, ends)
    solutions = efficiency.in_a_row(
        # All that repeat are like the first one; each of the others is like none.
        (end - start, False, "repeats" if again or not place else "")
        for place, (start, end, again) in enumerate(
            zip(lengths, lengths[1:], repeated, strict=False)
        )
    )
    return efficiency.process_efficiency(solutions, measure(len(completion)))


def _measure(term: ShapeTerm, member: Member) -> Callable[[int], int]:
    """From a place in the completion to the length of all before it."""
    unit = term.unit or LengthUnit.CHARACTERS
    item = member.item

    def measure(end: int) -> int:
        whole = item.completion_tokens
        tokens = whole and round(whole * end / len(item.completion))
        before = structs.replace(item, completion=item.completion[:end], completion_tokens=tokens)
        return count(unit, before, term.tokenizer, member.tokenizers)

    return measure


def _kimi_length(term: ShapeTerm, members: Sequence[Member]) -> list[float]:
    lengths = [_length(term, member) for member in members]
    return [share or 0.0 for share in kimi_length(lengths, [member.right for member in members])]


SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        **{f"cosine@{name}": _cosine(each) for name, each in cosine.FLAVOURS.items()},
        **{f"overlong@{name}": _overlong(each) for name, each in overlong.FLAVOURS.items()},
        **{f"repetition@{name}": _repetition(each) for name, each in repetition.FLAVOURS.items()},
        "max_length": _near(max_length),
        "up_to_max_length": _near(up_to_max_length),
        "stop_properly": _stop_properly,
        "outcome_efficiency": _outcome_efficiency,
        "process_efficiency": _process_efficiency,
    }
)
"""Those that look at one completion."""

TRYING_SHAPES: Final = frozenset({"outcome_efficiency"})
"""Those of them that ask which of the answers that a completion states are right."""

GROUP_SHAPES: Final[Mapping[str, GroupShape]] = MappingProxyType({"kimi_length": _kimi_length})
"""Those that look at all scored completions of a group."""
