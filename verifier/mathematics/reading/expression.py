r"""The grammar of one expression, by recursive descent, down to bracketed lists, sets and cases.

Two conventions, both of them the usual ones, decide what notation leaves open: multiplication that
is not written binds as tightly as one that is, so ``1/2x`` is half of x; and an integer directly in
front of a proper fraction is a mixed number, ``2\frac{1}{2}`` is 5/2. Where a reader could not tell
(``4 10/3``, ``\sqrt35``) the expression is refused.

What begins with a command (functions, roots, sums, environments) is read in `operators` and
`environments`.
"""

from __future__ import annotations

from typing import Final

from verifier.mathematics.lexing.tokens import Token
from verifier.mathematics.lexing.vocabulary import FUNCTIONS, RELATIONS
from verifier.mathematics.limits import MAX_LINKS
from verifier.mathematics.reading import brackets, environments, operators
from verifier.mathematics.reading.building import (
    as_repeating,
    joined,
    multiplied,
    negated,
    related,
)
from verifier.mathematics.reading.cursor import END, Cursor, refusal
from verifier.mathematics.reading.letters import split_letters
from verifier.mathematics.reading.literals import based, read_base, read_based, read_mixed
from verifier.mathematics.syntax import (
    Apply,
    Node,
    Number,
    Symbol,
    UnreadableError,
)

_MAX_MARKS: Final = 4  # "3!!" and the like; a thousand of them are no mathematics
_OPAQUE: Final = frozenset("fghFGP")  # f(x+1) is no product
_OPENING: Final = frozenset(("(", "[", "{", "\\{", "|"))
_PREFIXES: Final = frozenset(("frac", "lfloor", "lceil", "begin"))
_CONNECTIVES: Final = {"iff": 1, "implies": 2, "xor": 3, "or": 3, "and": 4}


def parse_expression(tokens: list[Token]) -> Node:
    """Parses one expression that takes up all of the tokens.

    Raises:
        UnreadableError: it is no expression.
        UnsupportedError: it is one, by a construct that is not handled yet.
    """
    parser = Parser(split_letters(tokens))
    node = parser.sets()
    parser.finish()
    return node


def parse_statement(tokens: list[Token]) -> Node:
    """Parses one statement, as `parse_expression`: relations and connectives are read too."""
    parser = Parser(split_letters(tokens))
    node = parser.statement()
    parser.finish()
    return node


class Parser(Cursor):
    """Reads nodes; every method consumes what it returns."""

    def inner(self, tokens: list[Token]) -> Parser:
        """A parser of tokens that were cut out at this place."""
        return Parser(list(tokens), self.depth)

    def statement(self, strength: int = 1) -> Node:
        """Parses relations joined by connectives at least as strong as given."""
        self.enter()
        if self.next[:2] == ("logic", "not"):
            self.advance()
            node = joined("not", self.statement(5))
        else:
            node = self.relation()
        if self.connectives > MAX_LINKS:
            raise UnreadableError("too many connectives")
        while self.next.kind == "logic" and _CONNECTIVES.get(self.next.text, 0) >= strength:
            connective = self.advance().text
            self.connectives += 1
            node = joined(connective, node, self.statement(_CONNECTIVES[connective] + 1))
        self.leave()
        return node

    def relation(self) -> Node:
        """Parses a chain of relations, or a value."""
        node = self.sets()
        if self.next.kind not in RELATIONS:
            return node
        operands, signs = [node], []
        while self.next.kind in RELATIONS:
            signs.append(self.advance().kind)
            operands.append(self.sets())
        return related(operands, signs)

    def sets(self) -> Node:
        """Parses values joined by union, intersection and difference of sets."""
        node = self.sum()
        while self.next.kind in {"cup", "cap", "setminus"}:
            head = self.advance().kind
            bracketed = self.next.kind == "("
            other = self.sum()
            if bracketed and isinstance(other, Number):
                raise UnreadableError("a number in round brackets is no set")
            same = isinstance(node, Apply) and node.head == head != "setminus"
            node = Apply(head, (*node.args, other) if same else (node, other))  # type: ignore[union-attr]
        return node

    def sum(self) -> Node:
        """Parses terms joined by plus and minus."""
        terms = [self.product()]
        while (kind := self.next.kind) in {"+", "-", "pm", "mp"}:
            self.advance()
            term = self.product()
            if kind == "-":
                term = negated(term)
            elif kind != "+":
                term = Apply(kind, (term,))
            terms.append(term)
        node = terms[0] if len(terms) == 1 else Apply("+", tuple(terms))
        return self._modulo(node) if self.next.kind == "mod" or self._at_modulus() else node

    def _at_modulus(self) -> bool:
        """Tells whether ``(mod n)`` stands here."""
        after = self.place + 1
        return self.next.kind == "(" and self.tokens[after : after + 1] == [Token("mod", "mod")]

    def _modulo(self, node: Node) -> Node:
        bracketed = self.next.kind == "("
        if bracketed:
            self.advance()
        self.advance()
        modulus = self.product()
        if bracketed:
            if self.next.kind != ")":
                raise refusal(self.next)
            self.advance()
        return Apply("mod", (node, modulus))

    def product(self) -> Node:
        """Parses factors, written or implied, and divisors; a chain of them is one flat node."""
        over = [self._signed()]
        under: list[Node] = []
        while True:
            kind = self.next.kind
            if kind in {"*", "/"}:
                self.advance()
                (over if kind == "*" else under).append(self._signed())
            elif self._starts_factor():
                over.append(self.power())
            elif under:
                return Apply("/", (multiplied(over), multiplied(under)))
            else:
                return multiplied(over)

    def _signed(self) -> Node:
        sign = self.next.kind
        if sign not in {"+", "-", "pm", "mp"}:
            return self.power()
        self.advance()
        self.enter()
        node = self._signed()
        self.leave()
        if sign in {"pm", "mp"}:
            return Apply(sign, (node,))
        return node if sign == "+" else negated(node)

    def _starts_factor(self) -> bool:
        """Tells whether a factor follows without a sign.

        A number does not, for 2 3 is no product, unless it is the base of a power: x 3^x.
        """
        token = self.next
        if token.kind == "number":
            after = self.tokens[self.place + 1 : self.place + 2]
            before = self.tokens[self.place - 1].kind
            return bool(after) and after[0].kind == "^" and before in {"name", ")", "}"}
        if token.kind == "command":
            text = token.text
            return text in FUNCTIONS or text in _PREFIXES or operators.starts(text)
        if token.kind == "|":
            return self.bars == 0
        if token.kind == "(":
            return not self._at_modulus()
        return token.kind in {"name", "[", "{", "begin"}

    def power(self) -> Node:
        """Parses a value with its exponent, or a mixed number."""
        start = self.next
        base = self.postfix()
        if self.next.kind == "^":
            self.advance()
            return Apply("^", (base, self.exponent()))
        if start.kind == "number" and isinstance(base, Number) and base.places is None:
            return read_mixed(self, base)
        return base

    def exponent(self) -> Node:
        """Parses what stands behind a caret."""
        self.enter()
        if self.next.kind in {"+", "-"}:
            sign = self.advance().kind
            node = self.exponent()
            node = node if sign == "+" else negated(node)
        else:
            node = self.atom()
            if self.next.kind == "^":
                self.advance()
                node = Apply("^", (node, self.exponent()))
        self.leave()
        return node

    def postfix(self) -> Node:
        """Parses a value with the marks behind it: factorials, percent and degree signs."""
        node = self.atom()
        for _ in range(_MAX_MARKS):
            following = self.next
            if following.kind == "!":
                self.advance()
                doubled = self.next.kind == "!" and not self.next.spaced
                node = Apply("factorial2" if doubled else "factorial", (node,))
                if not doubled:
                    continue
            elif following.kind == "%":
                node = Apply("/", (node, Number(100)))
            elif following[:2] == ("name", "degree"):
                node = Apply("degree", (node,))
            elif following[:2] == ("name", "...") and not following.spaced:
                node = as_repeating(node, self.tokens[self.place - 1].text)
            else:
                return node
            self.advance()
        raise UnreadableError("too many marks behind a value")

    def atom(self) -> Node:
        """Parses one value without signs around it."""
        token = self.next
        if token.kind == "number" and token.value is not None:
            return read_based(self) or self._number()
        if token.kind == "name":
            return self._symbol()
        if token.kind == "command":
            return operators.read_command(self)
        if token.kind == "begin":
            return environments.read_environment(self)
        if token.kind in _OPENING:
            return self._in_base(brackets.read_group(self))
        raise refusal(token)

    def _number(self) -> Node:
        value = self.advance().value
        if value is None:  # a token of this kind always has one
            raise AssertionError
        return value

    def _in_base(self, node: Node) -> Node:
        """Reads ``(1011)_2``."""
        if self.next.kind != "_" or not isinstance(node, Number) or not isinstance(node.value, int):
            return node
        self.advance()
        return based(str(node.value), read_base(self))

    def _symbol(self) -> Node:
        name = self.advance().text
        if name == "degree":
            raise UnreadableError("a degree sign without a number")
        if self.next.kind == "_":
            self.advance()
            name = f"{name}_{self._subscript()}"
        while self.next.kind == "'":
            self.advance()
            name += "'"
        if self.next.kind == "(" and (self._at_zero() or _is_function_name(name)):
            return Apply("call " + name, brackets.read_arguments(self))
        return Symbol(name)

    def _at_zero(self) -> bool:
        """Tells whether ``(0)`` stands here: a value at zero, for nobody multiplies by it."""
        behind = self.tokens[self.place + 1 : self.place + 3]
        return [token.text for token in behind] == ["0", ")"]

    def _subscript(self) -> str:
        if self.next.kind != "{":
            return self.advance().text
        self.advance()
        parts = []
        while self.next.kind != "}":
            if self.next is END:
                raise UnreadableError("a group is never closed")
            parts.append(self.advance().text)
        self.advance()
        return "".join(parts)

    def argument(self) -> Node:
        r"""Parses one argument the way TeX does: a group or one character, as in ``\frac12``."""
        token = self.next
        if token.kind == "number" and token.text.isdigit() and len(token.text) > 1:
            rest = token.text[1:]
            self.next = Token("number", rest, Number(int(rest)))
            self.tokens[self.place] = self.next
            return Number(int(token.text[0]))
        return self.atom()


def _is_function_name(name: str) -> bool:
    return name[0] in _OPAQUE and len(name.rstrip("'_0123456789")) == 1
