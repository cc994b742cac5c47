r"""What begins with a command: functions, roots, fractions, accents, sums, integrals, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.mathematics.lexing.vocabulary import FUNCTIONS
from verifier.mathematics.reading import brackets
from verifier.mathematics.reading.building import (
    derivative,
    differential,
    multiplied,
    negated,
)
from verifier.mathematics.reading.cursor import END, refusal
from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Logic,
    Matrix,
    Node,
    Number,
    Relation,
    Symbol,
    UnreadableError,
    UnsupportedError,
)

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token
    from verifier.mathematics.reading.expression import Parser

_SPELLINGS: Final = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "acot": "arccot",
    "asec": "arcsec",
    "acsc": "arccsc",
    "arctg": "arctan",
    "arcctg": "arccot",
    "arcsinh": "arsinh",
    "arccosh": "arcosh",
    "arctanh": "artanh",
    "arccoth": "arcoth",
    "asinh": "arsinh",
    "acosh": "arcosh",
    "atanh": "artanh",
    "acoth": "arcoth",
    "sh": "sinh",
    "ch": "cosh",
    "th": "tanh",
    "cth": "coth",
    "tg": "tan",
    "ctg": "cot",
    "cosec": "csc",
    "lg": "log10",
    "sgn": "sign",
    "Re": "re",
    "Im": "im",
}
_CIRCULAR: Final = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))
_HYPERBOLIC: Final = frozenset(("sinh", "cosh", "tanh", "coth", "sech", "csch"))
_SEVERAL: Final = frozenset(("max", "min", "gcd", "lcm", "binom", "log"))
_ACCENTS: Final = frozenset(("bar", "hat", "tilde", "dot", "ddot", "vec", "overline"))
_BIG: Final = frozenset(("sum", "prod", "int", "lim", "bigcup", "bigcap"))
_QUANTIFIERS: Final = frozenset(("forall", "exists"))
_LOG_BASES: Final = frozenset(("2", "10"))


def starts(command: str) -> bool:
    """Tells whether a command other than a function begins a factor."""
    return command in _ACCENTS or command in _BIG


def read_command(parser: Parser) -> Node:
    """Reads what begins with the command at the parser's place."""
    token = parser.next
    text = token.text
    if text in {"lfloor", "lceil"}:
        return brackets.read_group(parser)
    parser.advance()
    if text in {"frac", "binom"} and parser.next.kind != "(":
        parser.enter()
        arguments = (parser.argument(), parser.argument())
        parser.leave()
        head = "/" if text == "frac" else "binom"
        return derivative(*arguments) or _derivation(parser, arguments) or Apply(head, arguments)
    if text in {"sqrt", "cbrt"}:
        return _root(parser, token)
    if text in FUNCTIONS:
        return _function(parser, _SPELLINGS.get(text, text))
    for commands, read in _READERS:
        if text in commands:
            return read(parser, text)
    raise refusal(token)


def _derivation(parser: Parser, arguments: tuple[Node, Node]) -> Node | None:
    r"""Reads ``\frac{d}{dx}`` with what it derives behind it; None where it is none."""
    by = differential(*arguments)
    if by is None:
        return None
    name, order = by
    return Apply("derivative", (parser.product(), Symbol(name), Number(order)))


def _root(parser: Parser, command: Token) -> Node:
    degree: Node = Number(3 if command.text == "cbrt" else 2)
    if parser.next.kind == "[":
        degree = brackets.read_group(parser)
    elif parser.next.kind == "number" and not command.roman and len(parser.next.text) > 1:
        raise UnreadableError("a root of one digit or of all?")
    parser.enter()
    node = parser.atom()
    parser.leave()
    return Apply("root", (node, degree))


def _function(parser: Parser, name: str) -> Node:
    base = _log_base(parser) if name == "log" else None
    power: Node | None = None
    if parser.next.kind == "^":
        parser.advance()
        power = parser.exponent()
        base = base or (_log_base(parser) if name == "log" else None)
    parser.enter()
    arguments = _arguments(parser, name)
    parser.leave()
    if base is not None:
        arguments = (*arguments, base)
    if power == Number(-1) and len(arguments) == 1:
        return Apply(_inverse(name), arguments)
    node = _applied(name, arguments)
    return node if power is None else Apply("^", (node, power))


def _applied(name: str, arguments: tuple[Node, ...]) -> Node:
    if name == "cis":
        return Apply("exp", (Apply("*", (Symbol("i"), *arguments)),))
    if name == "sqrt":
        return Apply("root", (*arguments, Number(2)))
    if len(arguments) == 1 and name == "det" and not isinstance(arguments[0], Matrix | Symbol):
        raise UnsupportedError("a determinant of no matrix")
    return Apply(name, arguments)


def _inverse(name: str) -> str:
    if name in _CIRCULAR:
        return "arc" + name
    if name in _HYPERBOLIC:
        return "ar" + name
    raise UnsupportedError("inverse or reciprocal?")


def _log_base(parser: Parser) -> Node | None:
    r"""Reads the base of ``\log_2 8`` or ``log2(8)``."""
    if parser.next.kind == "_":
        parser.advance()
        return parser.argument()
    after = parser.tokens[parser.place + 1 : parser.place + 2]
    if parser.next.text in _LOG_BASES and not parser.next.spaced and after and after[0].kind == "(":
        return parser.advance().value
    return None


def _arguments(parser: Parser, name: str) -> tuple[Node, ...]:
    if name in _SEVERAL and parser.next.kind in {"(", "{", "[", "\\{"}:
        opening = parser.next.kind
        found = brackets.read_group(parser)
        items = getattr(found, "items", None)
        if items and (opening == "\\{" or name != "log" or len(items) == 2):
            return tuple(items)
        return (found,)
    return (_argument(parser),)


def _argument(parser: Parser) -> Node:
    r"""Parses what a function without parentheses applies to: ``2x`` in ``\sin 2x \cos x``."""
    if parser.next.kind == "-":
        parser.advance()
        parser.enter()
        node = negated(_argument(parser))
        parser.leave()
        return node
    if parser.next.kind in {"(", "{", "["}:
        return brackets.read_group(parser)
    factors = [parser.power()]
    while parser.next.kind == "name":
        factors.append(parser.power())
    if parser.next.kind == "/" and _is_plain_quotient(parser, factors):
        parser.advance()
        return Apply("/", (multiplied(factors), parser.power()))
    return multiplied(factors)


def _is_plain_quotient(parser: Parser, factors: list[Node]) -> bool:
    r"""Tells whether ``\sin \pi/6`` or ``\cos x/2`` stands here, which means the whole quotient."""
    after = parser.tokens[parser.place + 1 : parser.place + 2]
    divisible = all(isinstance(factor, Symbol | Number) for factor in factors)
    return divisible and bool(after) and after[0].kind == "number"


def _accented(parser: Parser, accent: str) -> Node:
    r"""Reads a letter with an accent; arrows and lines over AB only say what AB is."""
    parser.enter()
    node = parser.atom()
    parser.leave()
    if accent == "vec":
        return node
    if isinstance(node, Symbol):
        return (
            Apply("conj", (node,)) if node.name in {"z", "w"} else Symbol(f"{accent} {node.name}")
        )
    if accent in {"bar", "overline"}:
        capitals = isinstance(node, Apply) and node.head == "*"
        return node if capitals else Apply("conj", (node,))
    if accent == "hat":
        return node
    raise UnsupportedError(f"\\{accent} over more than a letter")


def _quantified(parser: Parser, head: str) -> Node:
    r"""Reads ``\forall x\, P(x)``; a comma or colon behind the variable is only for the eye."""
    parser.enter()
    variable = parser.atom()
    if not isinstance(variable, Symbol):
        raise UnsupportedError("a quantifier over no letter")
    if parser.next.kind in {",", ":"}:
        parser.advance()
    node = BigOperator(head, variable.name, None, None, parser.statement())
    parser.leave()
    return node


def _big_operator(parser: Parser, head: str) -> Node:
    """Reads a sum, product, integral or limit with its bounds and body."""
    below: list[Token] = []
    above: list[Token] = []
    for _ in range(2):
        if parser.next.kind == "_":
            parser.advance()
            below = _raw(parser)
        elif parser.next.kind == "^":
            parser.advance()
            above = _raw(parser)
    parser.enter()
    upper = _inner(parser, above) if above else None
    node = (
        _integral(parser, _inner(parser, below) if below else None, upper)
        if head == "int"
        else _indexed(parser, head, below, upper)
    )
    parser.leave()
    return node


def _indexed(parser: Parser, head: str, below: list[Token], upper: Node | None) -> Node:
    side = ""
    if head == "lim" and len(below) > 1 and below[-1].kind in {"+", "-"}:
        side = below.pop().kind
        if below[-1].kind == "^":
            below.pop()
    elif head == "lim" and [token.kind for token in below[-4:-1]] == ["^", "{", "+"]:
        side, below = "+", below[:-4]
    elif head == "lim" and [token.kind for token in below[-4:-1]] == ["^", "{", "-"]:
        side, below = "-", below[:-4]
    variable, lower = _index(_statement(parser, below)) if below else ("", None)
    return BigOperator(head, variable, lower, upper, parser.product(), side)


def _index(start: Node) -> tuple[str, Node | None]:
    r"""Takes ``k = 1`` or ``x \to 0`` apart."""
    if isinstance(start, Equation) and isinstance(start.left, Symbol):
        return start.left.name, start.right
    if isinstance(start, Logic) and start.head == "implies" and isinstance(start.args[0], Symbol):
        return start.args[0].name, start.args[1]
    if isinstance(start, Symbol):
        return start.name, None
    if isinstance(start, Relation) and isinstance(start.operands[0], Symbol):
        return start.operands[0].name, start
    raise UnsupportedError("an unusual index")


def _integral(parser: Parser, lower: Node | None, upper: Node | None) -> Node:
    r"""Reads an integrand up to its own ``dx``."""
    start, end = parser.place, _differential(parser)
    if end is None:
        return _integral_of_quotient(parser, lower, upper)
    variable = parser.tokens[end + 1].text
    body = parser.tokens[start:end]
    while parser.place < end + 2:
        parser.advance()
    return BigOperator("int", variable, lower, upper, _inner(parser, body) if body else Number(1))


def _integral_of_quotient(parser: Parser, lower: Node | None, upper: Node | None) -> Node:
    r"""Reads ``\int \frac{dx}{x^2}``, where the differential is a factor of the numerator.

    Raises:
        UnsupportedError: there is no differential.
    """
    body = parser.product()
    if isinstance(body, Apply) and body.head == "/":
        above, below = body.args
        match above:
            case Apply("*", (*factors, Symbol("d"), Symbol(variable))):
                whole = Apply("/", (multiplied(factors) if factors else Number(1), below))
                return BigOperator("int", variable, lower, upper, whole)
            case _:
                pass
    raise UnsupportedError("an integral without its differential")


def _differential(parser: Parser) -> int | None:
    """Finds the d that belongs to the integral at the parser's place; None if there is none."""
    depth, missing = 0, 1
    tokens = parser.tokens
    for place in range(parser.place, len(tokens) - 1):
        token = tokens[place]
        if token.kind in {"(", "[", "{", "\\{"}:
            depth += 1
        elif token.kind in {")", "]", "}", "\\}"}:
            depth -= 1
        elif token[:2] == ("command", "int"):
            missing += 1
        elif depth == 0 and token[:2] == ("name", "d") and tokens[place + 1].kind == "name":
            missing -= 1
            if missing == 0:
                return place
    return None


def _raw(parser: Parser) -> list[Token]:
    """Takes the tokens of one TeX argument."""
    first = parser.advance()
    if first.kind != "{":
        if first.kind in {"+", "-"} and parser.next is not END:
            return [first, parser.advance()]
        return [first]
    depth = 1
    taken: list[Token] = []
    while True:
        token = parser.advance()
        if token is END:
            raise UnreadableError("a group is never closed")
        depth += (token.kind == "{") - (token.kind == "}")
        if depth == 0:
            return taken
        taken.append(token)


def _inner(parser: Parser, tokens: list[Token]) -> Node:
    inner = parser.inner(tokens)
    node = inner.sum()
    inner.finish()
    return node


def _statement(parser: Parser, tokens: list[Token]) -> Node:
    inner = parser.inner(tokens)
    node = inner.statement()
    inner.finish()
    return node


_READERS: Final = ((_ACCENTS, _accented), (_QUANTIFIERS, _quantified), (_BIG, _big_operator))
