r"""The grammar of one expression: sums, products, powers, functions; by recursive descent.

Two conventions, both of them the usual ones, decide what notation leaves open: multiplication that
is not written binds as tightly as one that is, so ``1/2x`` is half of x; and an integer directly in
front of a proper fraction is a mixed number, ``2\frac{1}{2}`` is 5/2. Where a reader could not tell
(``4 10/3``, ``\sqrt35``) the expression is refused.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from verifier.mathematics.lexing.numerals import scaled
from verifier.mathematics.lexing.tokens import FUNCTIONS, GREEK, Token
from verifier.mathematics.limits import MAX_DEPTH, MAX_PLACES
from verifier.mathematics.syntax import (
    Apply,
    Node,
    Number,
    Symbol,
    UnreadableError,
    UnsupportedError,
)
from verifier.mathematics.units.phrases import is_unit

MAX_PRODUCT_LETTERS: Final = 3
"""Letters of a product without signs: xyz is one, four letters are more likely a word."""

_GLUED: Final = ("sin", "cos", "tan", "log", "ln", "exp")
_MAX_MARKS: Final = 4  # "3!!" and the like; a thousand of them are no mathematics
_OPAQUE: Final = frozenset("fghFGP")  # f(x+1) is no product
_CLOSING: Final = {"(": ")", "[": "]", "{": "}", "|": "|", "lfloor": "rfloor", "lceil": "rceil"}
_INVERSE: Final = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "lg": "log10"}
_END: Final = Token("", "")


def parse_expression(tokens: list[Token]) -> Node:
    """Parses one expression that takes up all of the tokens.

    Raises:
        UnreadableError: it is no expression.
        UnsupportedError: it is one, by a construct that is not handled yet.
    """
    parser = _Parser(_split_letters(tokens))
    node = parser.sum()
    if parser.next is not _END:
        raise _refusal(parser.next)
    return node


def _refusal(token: Token) -> UnreadableError:
    """Tells unknown mathematics from what is none."""
    known = token.kind in {"command", "<", ">", "<=", ">=", "!=", ":", "\\{", "\\}", "_", "=", ","}
    error = UnsupportedError if known else UnreadableError
    return error(f"unexpected {token.text[:20]!r}" if token.text else "unexpected end")


def _split_letters(tokens: list[Token]) -> list[Token]:
    """Turns runs of letters into the symbols of a product."""
    result: list[Token] = []
    for token in tokens:
        text = token.text
        if token.kind != "name" or len(text) == 1 or text in GREEK or text in {"infty", "degree"}:
            result.append(token)
            continue
        function = next((name for name in _GLUED if text.startswith(name)), "")
        if function and len(text) - len(function) == 1:
            result += (Token("command", function, roman=True), Token("name", text[-1]))
        elif token.roman or len(text) > MAX_PRODUCT_LETTERS or is_unit(text):
            raise UnreadableError(f"unexpected word {text[:20]!r}")
        else:
            result += [Token("name", letter) for letter in text]
    return result


class _Parser:
    """One pass over the tokens; every method consumes what it returns."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self.next = tokens[0] if tokens else _END

    def sum(self) -> Node:
        """Parses terms joined by plus and minus."""
        terms = [self._product()]
        while (kind := self.next.kind) in {"+", "-"}:
            self._advance()
            term = self._product()
            terms.append(term if kind == "+" else _negated(term))
        return terms[0] if len(terms) == 1 else Apply("+", tuple(terms))

    def _product(self) -> Node:
        """Parses factors, written or implied, and divisors; a chain of them is one flat node."""
        over = [self._signed()]
        under: list[Node] = []
        while True:
            kind = self.next.kind
            if kind in {"*", "/"}:
                self._advance()
                (over if kind == "*" else under).append(self._signed())
            elif self._starts_factor():
                over.append(self._power())
            elif under:
                return Apply("/", (_multiplied(over), _multiplied(under)))
            else:
                return _multiplied(over)

    def _signed(self) -> Node:
        sign = self.next.kind
        if sign not in {"+", "-"}:
            return self._power()
        self._advance()
        self._enter()
        node = self._signed()
        self._depth -= 1
        return node if sign == "+" else _negated(node)

    def _starts_factor(self) -> bool:
        """Tells whether a factor follows without a sign. A number never does: 2 3 is no product."""
        token = self.next
        if token.kind == "command":
            return token.text in FUNCTIONS or token.text in {"frac", "lfloor", "lceil"}
        if token.kind == "|":
            return self._bars == 0
        return token.kind in {"name", "(", "[", "{"}

    _bars = 0

    def _power(self) -> Node:
        start = self.next
        base = self._postfix()
        if self.next.kind == "^":
            self._advance()
            return Apply("^", (base, self._exponent()))
        if start.kind == "number" and isinstance(base, Number) and base.places is None:
            return self._mixed(base)
        return base

    def _mixed(self, whole: Number) -> Node:
        """Joins an integer and the proper fraction right behind it."""
        spaced_fraction = self.next.kind == "number" and self.next.spaced
        if not spaced_fraction and self.next[:2] != ("command", "frac"):
            return whole
        is_latex = not spaced_fraction
        fraction = self._postfix()
        if spaced_fraction and self.next.kind == "/":
            self._advance()
            fraction = Apply("/", (fraction, self._postfix()))
        if isinstance(fraction, Apply) and fraction.head == "/":
            over, under = fraction.args
            if isinstance(over, Number) and isinstance(under, Number):
                proper = isinstance(over.value, int) and isinstance(under.value, int)
                if proper and 0 < over.value < under.value and isinstance(whole.value, int):
                    return Number(whole.value + Fraction(over.value) / under.value)
                raise UnreadableError("neither a product nor a mixed number")
            if is_latex:
                return Apply("*", (whole, fraction))
        raise UnreadableError("two numbers side by side")

    def _exponent(self) -> Node:
        self._enter()
        if self.next.kind in {"+", "-"}:
            sign = self.next.kind
            self._advance()
            node = self._exponent()
            node = node if sign == "+" else _negated(node)
        else:
            node = self._atom()
            if self.next.kind == "^":
                self._advance()
                node = Apply("^", (node, self._exponent()))
        self._depth -= 1
        return node

    def _postfix(self) -> Node:
        node = self._atom()
        for _ in range(_MAX_MARKS):
            if self.next.kind == "!":
                node = Apply("factorial", (node,))
            elif self.next.kind == "%":
                node = Apply("/", (node, Number(100)))
            elif self.next.kind == "name" and self.next.text == "degree":
                node = Apply("degree", (node,))
            else:
                return node
            self._advance()
        raise UnreadableError("too many marks behind a value")

    def _atom(self) -> Node:
        token = self.next
        if token.kind == "number" and token.value is not None:
            self._advance()
            if self.next.kind == "_":
                raise UnsupportedError("a number in another base")
            return token.value
        if token.kind == "name":
            return self._symbol()
        if token.kind == "command":
            return self._command()
        if token.kind in _CLOSING:
            return self._group()
        raise _refusal(token)

    def _symbol(self) -> Node:
        name = self._advance().text
        if name == "degree":
            raise UnreadableError("a degree sign without a number")
        if self.next.kind == "_":
            self._advance()
            name = f"{name}_{self._subscript()}"
        while self.next.kind == "'":
            self._advance()
            name += "'"
        if name[0] in _OPAQUE and self.next.kind == "(":
            return Apply("call " + name, (self._group(),))
        return Symbol(name)

    def _subscript(self) -> str:
        if self.next.kind != "{":
            return self._advance().text
        self._advance()
        parts = []
        while self.next.kind != "}":
            if self.next is _END:
                raise UnreadableError("a group is never closed")
            parts.append(self._advance().text)
        self._advance()
        return "".join(parts)

    def _group(self) -> Node:
        opening = self._advance()
        closing = _CLOSING[opening.text if opening.kind == "command" else opening.kind]
        self._enter()
        bars, self._bars = self._bars, int(opening.kind == "|")
        node = self.sum()
        self._bars = bars
        self._depth -= 1
        if closing not in {self.next.kind, self.next.text}:
            raise _refusal(self.next)
        self._advance()
        head = {"|": "abs", "lfloor": "floor", "lceil": "ceil"}.get(opening.text)
        return Apply(head, (node,)) if head else node

    def _command(self) -> Node:
        token = self._advance()
        if token.text in {"frac", "binom"}:
            self._enter()
            arguments = (self._argument(), self._argument())
            self._depth -= 1
            return Apply("/" if token.text == "frac" else "binom", arguments)
        if token.text in {"sqrt", "cbrt"}:
            return self._root(token)
        if token.text in {"lfloor", "lceil"}:
            self._place -= 1
            self.next = token
            return self._group()
        if token.text in FUNCTIONS:
            return self._function(_INVERSE.get(token.text, token.text))
        raise _refusal(token)

    def _argument(self) -> Node:
        r"""Parses one argument the way TeX does: a group or one character, as in ``\frac12``."""
        token = self.next
        if token.kind == "number" and token.text.isdigit() and len(token.text) > 1:
            rest = token.text[1:]
            self.next = Token("number", rest, Number(int(rest)))
            self._tokens[self._place] = self.next
            return Number(int(token.text[0]))
        return self._atom()

    def _root(self, command: Token) -> Node:
        degree: Node = Number(3 if command.text == "cbrt" else 2)
        if self.next.kind == "[":
            degree = self._group()
        elif self.next.kind == "number" and not command.roman and len(self.next.text) > 1:
            raise UnreadableError("a root of one digit or of all?")
        self._enter()
        node = self._atom()
        self._depth -= 1
        return Apply("root", (node, degree))

    def _function(self, name: str) -> Node:
        power: Node | None = None
        base: Node | None = None
        if self.next.kind == "_" and name == "log":
            self._advance()
            base = self._argument()
        if self.next.kind == "^":
            self._advance()
            power = self._exponent()
        self._enter()
        argument = self._function_argument()
        self._depth -= 1
        node = Apply(name, (argument,) if base is None else (argument, base))
        if power is None:
            return node
        if power == Number(-1):
            if name in {"sin", "cos", "tan", "cot"}:
                return Apply("arc" + name, (argument,))
            raise UnsupportedError("inverse or reciprocal?")
        return Apply("^", (node, power))

    def _function_argument(self) -> Node:
        r"""Parses what a function without parentheses applies to: ``2x`` in ``\sin 2x \cos x``."""
        if self.next.kind == "-":
            self._advance()
            self._enter()
            node = _negated(self._function_argument())
            self._depth -= 1
            return node
        if self.next.kind in {"(", "{", "["}:
            return self._group()
        factors = [self._power()]
        while self.next.kind == "name":
            factors.append(self._power())
        return _multiplied(factors)

    def _advance(self) -> Token:
        token = self.next
        self._place += 1
        self.next = self._tokens[self._place] if self._place < len(self._tokens) else _END
        return token

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise UnreadableError("nested too deeply")


def _negated(node: Node) -> Node:
    if isinstance(node, Number) and node.value:
        return Number(-node.value, node.places, node.digits)
    return Apply("neg", (node,))


def _multiplied(factors: list[Node]) -> Node:
    """Builds a product; 1.5 times a power of ten is a number as written."""
    if len(factors) == 1:
        return factors[0]
    if len(factors) == 2:
        number = _in_scientific_notation(*factors)
        if number is not None:
            return number
    return Apply("*", tuple(factors))


def _in_scientific_notation(mantissa: Node, power: Node) -> Number | None:
    if not isinstance(mantissa, Number) or not isinstance(power, Apply) or power.head != "^":
        return None
    base, exponent = power.args
    if base != Number(10) or not isinstance(exponent, Number):
        return None
    if not isinstance(exponent.value, int) or abs(exponent.value) > MAX_PLACES:
        return None
    if mantissa.places is None:
        return Number(Fraction(10) ** exponent.value * mantissa.value)
    return scaled(mantissa.value, exponent.value, mantissa.places, mantissa.digits)
