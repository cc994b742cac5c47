"""What came back for the calls of a test, and whether the test's asserts hold of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sandbox.jail.data import decode, parse
from verifier.programs.assertions import hole
from verifier.programs.excerpts import cut, shown
from verifier.programs.expressions import evaluate
from verifier.programs.functions import NotSupported

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.programs.assertions import Call, Check, Parts

_MAX_CALL: Final = 70  # characters of a call in a message
_MAX_ERROR: Final = 100  # characters of an exception's text in a message
_MAX_MESSAGE: Final = 200  # characters


@dataclass(frozen=True, slots=True)
class Returned:
    """What a call returned: decoded data, or an `Opaque`."""

    value: object


@dataclass(frozen=True, slots=True)
class Raised:
    """A call ended in an exception."""

    type_name: str
    message: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A call was never answered: the program ended before."""


class Opaque:
    """A value that is no data: true, and equal to nothing."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"<{cut(self.what, _MAX_ERROR)}>"


CallOutcome = Returned | Raised | Missing


@dataclass(frozen=True, slots=True)
class Failure:
    """An assert that does not hold."""

    check: int  # its place in `Parts.checks`
    message: str  # at most 200 characters, for a person
    outcome: CallOutcome | None  # the exception or the silence that it failed for, if it did


def read_line(line: bytes) -> Returned | Raised:
    """What one line out of the jail says of a call.

    Raises:
        ValueError: it is no such line.
    """
    match parse(line):
        case {"value": node, **rest} if not rest:
            return Returned(decode(node))
        case {"opaque": str(what), **rest} if not rest:
            return Returned(Opaque(what))
        case {"raised": str(name), "message": str(message), **rest} if not rest:
            return Raised(name, message)
        case _:
            raise ValueError("a line that tells of no call")


def holds(parts: Parts, outcomes: Sequence[CallOutcome]) -> Failure | None:
    """Evaluates asserts on what the calls gave.

    Args:
        parts: the asserts.
        outcomes: one for each of `parts.calls`; those that lack at the end are missing.

    Returns:
        The first assert that does not hold, or None.
    """
    given = [*outcomes, *[Missing()] * (len(parts.calls) - len(outcomes))]
    names = {hole(index): _Answer(outcome) for index, outcome in enumerate(given)}
    for place, check in enumerate(parts.checks):
        try:
            if evaluate(check.expression, names):
                continue
            message, cause = _contradiction(parts, check, names), None
        except _NoAnswerError as none:
            message, cause = _silence(parts, check, none.outcome, given), none.outcome
        except Exception as error:  # noqa: BLE001 - the data may make any operation raise
            what = "too large to compare" if isinstance(error, NotSupported) else _described(error)
            message, cause = f"{_calls_and_values(parts, check, names)}: {what}", None
        return Failure(place, cut(message, _MAX_MESSAGE), cause)
    return None


class _NoAnswerError(Exception):
    def __init__(self, outcome: CallOutcome) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class _Answer:
    """Gives a call's value when an expression comes to it, as Python would."""

    outcome: CallOutcome

    def __call__(self) -> object:
        if isinstance(self.outcome, Returned):
            return self.outcome.value
        raise _NoAnswerError(self.outcome)


def _contradiction(parts: Parts, check: Check, names: Mapping[str, _Answer]) -> str:
    """Why an assert is false, in words."""
    match check.expression:
        case ast.Compare(left, [ast.Eq()], [right]) if isinstance(left, ast.Name):
            call = parts.calls[check.calls[0]]
            got, expected = evaluate(left, names), evaluate(right, names)
            return f"{_source(call)} returned {shown(got)}, expected {shown(expected)}"
    said = f"{_calls_and_values(parts, check, names)}: not true that "
    return said + cut(check.source, max(_MAX_MESSAGE - len(said), 20))


def _calls_and_values(parts: Parts, check: Check, names: Mapping[str, _Answer]) -> str:
    """The first call that was answered, and its value."""
    for index in check.calls:
        outcome = names[hole(index)].outcome
        if isinstance(outcome, Returned):
            return f"{_source(parts.calls[index])} returned {shown(outcome.value)}"
    return cut(check.source, _MAX_CALL)


def _silence(
    parts: Parts, check: Check, cause: CallOutcome, outcomes: Sequence[CallOutcome]
) -> str:
    index = next(index for index in check.calls if outcomes[index] is cause)
    call = _source(parts.calls[index])
    if isinstance(cause, Raised):
        said = f"{call} raised {cut(cause.type_name, _MAX_CALL)}"
        return f"{said}: {cut(cause.message, _MAX_ERROR)}" if cause.message else said
    return f"{call} was not answered: the program ended"


def _source(call: Call) -> str:
    return cut(call.source, _MAX_CALL)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {cut(str(error), _MAX_ERROR)}"
