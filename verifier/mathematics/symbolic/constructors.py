"""The whitelist: which constructor of SymPy stands for which head, sizes checked before it is used.

Constructors evaluate at once what they can, so nothing is handed to them that could explode: a
power, a factorial or a binomial of numbers is weighed first. Whatever is not listed is refused.
"""

from __future__ import annotations

import math
import operator
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import sympy
from sympy.matrices.matrixbase import MatrixBase

from verifier.mathematics.limits import (
    MAX_FACTORIAL,
    MAX_SYMBOLIC_BITS,
    MAX_SYMBOLIC_EXPONENT,
    MAX_SYMBOLIC_ORDER,
)
from verifier.mathematics.syntax import TooComplexError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable


def number(over: int, under: int = 1) -> Any:
    """A rational number.

    Raises:
        TooComplexError: it has too many digits.
    """
    if max(over.bit_length(), under.bit_length()) > MAX_SYMBOLIC_BITS:
        raise TooComplexError("a number with too many digits")
    return sympy.Rational(over, under)


def power(base: Any, exponent: Any) -> Any:
    """`base` to the `exponent`.

    Raises:
        TooComplexError: it would be written out too long.
    """
    if isinstance(base, MatrixBase):
        return _matrix_power(base, exponent)
    if exponent.is_Rational:
        if base.is_Rational and base not in (0, 1, -1):
            size = max(abs(base.p), base.q).bit_length() * math.ceil(abs(exponent))
        else:
            written_out = base.is_Add or base.is_Mul or base.is_Pow
            size = math.ceil(abs(exponent)) if written_out else 0
            size = size * MAX_SYMBOLIC_BITS // MAX_SYMBOLIC_EXPONENT
        if size > MAX_SYMBOLIC_BITS:
            raise TooComplexError("a power too large")
    return sympy.Pow(base, exponent)


def root(base: Any, degree: Any) -> Any:
    """The real root of that degree, also of negative numbers where the degree is odd."""
    if degree.is_integer and degree.is_odd and not base.is_nonnegative and base.is_extended_real:
        return sympy.sign(base) * sympy.Pow(sympy.Abs(base), 1 / degree)
    return sympy.Pow(base, 1 / degree)


def logarithm(value: Any, base: Any) -> Any:
    """The logarithm of `value` to `base`."""
    return sympy.log(value) / sympy.log(base)


def _matrix_power(base: Any, exponent: Any) -> Any:
    if not exponent.is_Integer or abs(exponent) > MAX_SYMBOLIC_EXPONENT:
        raise TooComplexError("a matrix to a large power")
    if max(base.shape) > MAX_SYMBOLIC_ORDER:
        raise TooComplexError("a power of a large matrix")
    return base ** int(exponent)


def _small(value: Any, largest: int) -> Any:
    """Lets through what is no number or a small one.

    Raises:
        TooComplexError: it is neither.
    """
    if value.is_number and not (value.is_Rational and abs(value) <= largest):
        raise TooComplexError("a factorial of a large number")
    return value


def _factorial(value: Any) -> Any:
    return sympy.factorial(_small(value, MAX_FACTORIAL))


def _double_factorial(value: Any) -> Any:
    return sympy.factorial2(_small(value, MAX_FACTORIAL))


def _binomial(over: Any, under: Any) -> Any:
    return sympy.binomial(_small(over, MAX_FACTORIAL), _small(under, MAX_FACTORIAL))


def _permutations(over: Any, under: Any) -> Any:
    return sympy.ff(_small(over, MAX_FACTORIAL), _small(under, MAX_FACTORIAL))


def _inverse_cotangent(value: Any) -> Any:
    """The inverse cotangent, on whose value for negative numbers authors do not agree."""
    if not value.is_positive:
        raise UnsupportedError("arccot of what may be negative")
    return sympy.acot(value)


def _of_integers(function: Callable[..., Any]) -> Callable[..., Any]:
    def applied(*values: Any) -> Any:
        if not all(value.is_Integer for value in values):
            raise UnsupportedError("gcd or lcm of what are no integers")
        return function(*values)

    return applied


def _square(matrix: Any) -> Any:
    if not isinstance(matrix, MatrixBase) or max(matrix.shape) > MAX_SYMBOLIC_ORDER:
        raise UnsupportedError("no matrix of a size that can be handled")
    return matrix


def _norm(vector: Any) -> Any:
    return sympy.sqrt(sympy.Add(*(sympy.Abs(entry) ** 2 for entry in _square(vector))))


def _absolute(value: Any) -> Any:
    return _square(value).det() if isinstance(value, MatrixBase) else sympy.Abs(value)


CONSTRUCTORS: Final[dict[str, Callable[..., Any]]] = {
    "+": lambda *terms: reduce(operator.add, terms),
    "neg": operator.neg,
    "*": lambda *factors: reduce(operator.mul, factors),
    "/": lambda over, under: over * power(under, sympy.S.NegativeOne),
    "^": power,
    "root": root,
    "degree": lambda value: value * sympy.pi / 180,
    "factorial": _factorial,
    "factorial2": _double_factorial,
    "binom": _binomial,
    "permutations": _permutations,
    "mod": sympy.Mod,
    "abs": _absolute,
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "sign": sympy.sign,
    "re": sympy.re,
    "im": sympy.im,
    "conj": sympy.conjugate,
    "arg": sympy.arg,
    "gcd": _of_integers(sympy.igcd),
    "lcm": _of_integers(sympy.ilcm),
    "max": sympy.Max,
    "min": sympy.Min,
    "det": lambda matrix: _square(matrix).det(),
    "trace": lambda matrix: _square(matrix).trace(),
    "transpose": lambda matrix: _square(matrix).T,
    "norm": _norm,
    "dot": lambda left, right: _square(left).dot(_square(right)),
    "cross": lambda left, right: _square(left).cross(_square(right)),
    "exp": lambda value: power(sympy.E, value),
    "ln": sympy.log,
    "log10": lambda value: logarithm(value, sympy.Integer(10)),
    "arccot": _inverse_cotangent,
    **{name: getattr(sympy, name) for name in ("sin", "cos", "tan", "cot", "sec", "csc")},
    **{name: getattr(sympy, name) for name in ("sinh", "cosh", "tanh", "coth", "sech", "csch")},
    **{f"arc{name}": getattr(sympy, f"a{name}") for name in ("sin", "cos", "tan", "sec", "csc")},
    **{f"ar{name}": getattr(sympy, f"a{name}") for name in ("sinh", "cosh", "tanh", "coth")},
    **{f"ar{name}": getattr(sympy, f"a{name}") for name in ("sech", "csch")},
}
"""Constructors by head. ``log`` and the heads that bind a variable are `building`'s; sets and plus
or minus are no values and have none."""
