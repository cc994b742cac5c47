"""From tokens to an answer: lists of statements, equations, relations, and values with units."""

from __future__ import annotations

from typing import Final, TypeGuard

from verifier.mathematics.lexing.tokens import Token
from verifier.mathematics.lexing.vocabulary import FUNCTIONS, RELATIONS
from verifier.mathematics.limits import MAX_DEPTH, MAX_LINKS
from verifier.mathematics.reading.brackets import INFIX
from verifier.mathematics.reading.building import related
from verifier.mathematics.reading.calendar import read_calendar_tokens
from verifier.mathematics.reading.expression import parse_expression, parse_statement
from verifier.mathematics.reading.quantities import read_value
from verifier.mathematics.reading.splitting import encloses, split, turn_outward_brackets
from verifier.mathematics.reading.words import phrase_node
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Node,
    Ratio,
    Relation,
    Sequence,
    Symbol,
    UnreadableError,
)
from verifier.mathematics.traversal import free_symbols

_SEPARATORS: Final = frozenset((",", ";", "row"))
_BARS: Final = frozenset((":", "|", "mid"))
_RATIO: Final = frozenset((":",))
_APPROXIMATE: Final = frozenset(("≈",))
_LOGIC: Final = frozenset(("logic",))
_TO: Final = ("name", "to")  # "3 to 4"
_MAPSTO: Final = ("command", "mapsto")
_PROPOSITIONS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZpqrs")
_LABEL: Final = "label "  # in front of a name that is words
_MIN_LABEL: Final = 2  # letters of a word
_NO_WORDS: Final = (
    "not no never neither nor false wrong incorrect but except unless if or other anything any"
    " maybe perhaps possibly isn aren wasn don without"
)
_NO_LABEL: Final = frozenset(_NO_WORDS.split())
_MAX_LABEL: Final = 8  # words of a name in front of an equals sign
_MIN_INDEXED: Final = 3  # tokens of p_1
_MAX_INDEXED: Final = 5  # tokens of a letter with its index: p_{Z}


def read_items(tokens: list[Token], *, lenient: bool, depth: int = 0) -> Node:
    """Reads one answer or a list of several.

    Args:
        tokens: all of them.
        lenient: whether words behind a figure may be a unit that no table knows.
        depth: of the brackets around them.

    Raises:
        UnreadableError: they are no mathematics.
    """
    if depth > MAX_DEPTH:
        raise UnreadableError("nested too deeply")
    while tokens and tokens[-1].kind == ".":
        tokens = tokens[:-1]
    if _in_angles(tokens):
        tokens = [Token("(", "("), *tokens[1:-1], Token(")", ")")]
    parts, separators = split(turn_outward_brackets(tokens), _SEPARATORS)
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    read = _without_domains([_statement(part, lenient=lenient, depth=depth) for part in parts])
    if len(read) == 1:
        return _without_label(read[0])
    words = {separator.text for separator in separators}
    if any(isinstance(node, Relation | Logic) for node in read) or _are_alternatives(read, words):
        return _connected(read, words)
    first, *rest = read
    if _is_named_value(first) and not any(isinstance(node, Equation | Sequence) for node in rest):
        # "x = 1, 2" gives two values to one name
        return Equation(first.left, Sequence("", (first.right, *rest)))
    return Sequence("", tuple(read))


def _without_domains(read: list[Node]) -> list[Node]:
    r"""Drops ``x \in \mathbb{R}`` behind the definition of f(x): what it is defined on."""
    arguments = {
        argument
        for node in read
        if isinstance(node, Equation) and isinstance(node.left, Apply)
        for argument in node.left.args
        if node.left.head.startswith("call ")
    }
    if not arguments:
        return read
    arguments |= {
        Symbol(name)
        for node in read
        if isinstance(node, Equation)
        for name in free_symbols(node.right)
    }
    return [
        node
        for node in read
        if not (
            isinstance(node, Relation)
            and node.signs == ("in",)
            and node.operands[0] in arguments
            and isinstance(node.operands[1], Symbol)
        )
    ]


def _without_label(node: Node) -> Node:
    """Drops the words in front of the only answer: "Solution is: 5", "total cost = 5"."""
    if isinstance(node, Equation) and isinstance(node.left, Symbol):
        return node.right if node.left.name.startswith(_LABEL) else node
    return node


def _are_alternatives(read: list[Node], words: set[str]) -> bool:
    """Tells whether "or" stands between propositions, or values of different names.

    Between values of one name it is as good as a comma: x = 1 or x = 2.
    """
    if "or" not in words:
        return False
    names = {node.left for node in read if isinstance(node, Equation)}
    if len(names) == len(read):
        return len(names) > 1
    return all(isinstance(node, Symbol) and node.name in _PROPOSITIONS for node in read)


def _connected(read: list[Node], words: set[str]) -> Node:
    """Joins relations by the words between them; commas leave open what they mean."""
    for word in ("or", "and"):
        if word in words and not (word == "and" and "or" in words):
            return Logic(word, tuple(read))
    return Sequence("", tuple(read))


def _is_named_value(node: Node) -> TypeGuard[Equation]:
    return isinstance(node, Equation) and isinstance(node.left, Symbol)


def _statement(tokens: list[Token], *, lenient: bool, depth: int) -> Node:
    """Reads one element: an equation, a relation, a statement of logic, or a value."""
    if not tokens or depth > MAX_DEPTH:
        raise UnreadableError("nested too deeply" if tokens else "nothing there")
    if tokens[0].kind in {"=", "≈"} and len(tokens) > 1:
        tokens = tokens[1:]  # "= 42" only introduces it
    present = {token.kind for token in tokens}
    if "logic" in present and len(split(tokens, _LOGIC)[0]) > 1:
        return parse_statement(tokens)
    if "command" in present and any(token[:2] == _MAPSTO for token in tokens):
        return _mapping(tokens, lenient=lenient, depth=depth)
    if "≈" in present:
        return _approximate(tokens, lenient=lenient, depth=depth)
    sides, signs = split(tokens, RELATIONS) if present & RELATIONS else ([tokens], [])
    if not signs:
        return _operand(tokens, lenient=lenient, depth=depth)
    return _related(sides, [sign.kind for sign in signs], lenient=lenient, depth=depth)


def _related(sides: list[list[Token]], signs: list[str], *, lenient: bool, depth: int) -> Node:
    if not all(sides) or len(signs) > MAX_LINKS:
        raise UnreadableError("a relation without a side, or too many")
    if set(signs) == {"="}:
        return _equation(sides, lenient=lenient, depth=depth)
    operands = [_operand(side, lenient=lenient, depth=depth + 1) for side in sides]
    return related(operands, signs)


def _mapping(tokens: list[Token], *, lenient: bool, depth: int) -> Node:
    r"""Reads ``f : x \mapsto x^2`` as the definition of f(x)."""
    place = next(n for n, token in enumerate(tokens) if token[:2] == _MAPSTO)
    named = place == 3 and tokens[0].kind == "name" and tokens[1].kind == ":"
    if place != 1 and not named:
        raise UnreadableError("a mapping of no plain variable")
    variable = Symbol(tokens[place - 1].text)
    name = tokens[0].text if named else "f"
    value = _operand(tokens[place + 1 :], lenient=lenient, depth=depth + 1)
    return Equation(Apply(f"call {name}", (variable,)), value)


def _approximate(tokens: list[Token], *, lenient: bool, depth: int) -> Node:
    """Reads ``x ≈ 1.41`` as an assignment, and ``sqrt(2) ≈ 1.41`` with both its sides."""
    (exact, *approximate), _ = split(tokens, _APPROXIMATE)
    if not approximate or not all(approximate):
        raise UnreadableError("an approximation without a side")
    if len(exact) == 1 and exact[0].kind == "name":
        return Equation(Symbol(exact[0].text), read_value(approximate[0], lenient=lenient))
    first = _statement(exact, lenient=lenient, depth=depth + 1)
    others = [read_value(side, lenient=lenient) for side in approximate]
    return related([first, *others], ["≈"] * len(others))


def _in_angles(tokens: list[Token]) -> bool:
    """Tells whether a vector is written as ``<1, 2>``."""
    edges = (tokens[0].kind, tokens[-1].kind) if len(tokens) > 4 else ()
    return edges == ("<", ">") and len(split(tokens[1:-1], _SEPARATORS)[0]) > 1


def _operand(tokens: list[Token], *, lenient: bool, depth: int) -> Node:
    """Reads a value, a ratio, words, or what brackets enclose."""
    if encloses(tokens) and tokens[0].kind != "begin":
        bracketed = _bracketed(tokens, lenient=lenient, depth=depth + 1)
        if bracketed is not None:
            return bracketed
    if _names_a_point(tokens):
        value = _operand(tokens[1:], lenient=lenient, depth=depth + 1)
        return Equation(Symbol(_LABEL + tokens[0].text), value)
    words = read_calendar_tokens(tokens) or phrase_node(tokens)
    if words is not None:
        return words
    if any(token.kind == ":" or token[:2] == _TO for token in tokens):
        colons = [Token(":", ":") if token[:2] == _TO else token for token in tokens]
        terms, _ = split(colons, _RATIO)
        if len(terms) > 1 and all(terms):
            return _ratio(terms, lenient=lenient, depth=depth)
    return read_value(tokens, lenient=lenient)


def _names_a_point(tokens: list[Token]) -> bool:
    """Tells whether a word stands in front of coordinates: "center (2, -1)"."""
    if len(tokens) < 6 or tokens[1].kind != "(" or not tokens[0].text.islower():
        return False
    return _is_label(tokens[:1]) and encloses(tokens[1:])


def _ratio(terms: list[list[Token]], *, lenient: bool, depth: int) -> Node:
    """Reads 3 : 4, or a value with a label in front: "radius: 5"."""
    if len(terms) == 2 and _is_label(terms[0]):
        label = Symbol(_LABEL + " ".join(token.text for token in terms[0]))
        return Equation(label, _operand(terms[1], lenient=lenient, depth=depth + 1))
    return Ratio(tuple(read_value(term, lenient=lenient) for term in terms))


def _is_label(tokens: list[Token]) -> bool:
    words = all(token.kind == "name" for token in tokens) and len(tokens) <= _MAX_LABEL
    if _takes_back([token.text for token in tokens]):
        return False
    return words and any(len(token.text) > 3 and not token.text.isupper() for token in tokens)


def _bracketed(tokens: list[Token], *, lenient: bool, depth: int) -> Node | None:
    """Reads what one pair of brackets encloses; None if it is an expression in brackets."""
    inner = tokens[1:-1]
    opening, closing = tokens[0].kind, tokens[-1].kind
    brackets = opening[-1] + closing[-1]
    by_property = opening in {"{", "\\{"} and len(split(inner, _BARS)[0]) > 1
    infix = opening == "{" and any(token.text in INFIX for token in inner)
    if not inner or by_property or infix:
        return parse_expression(tokens)
    if opening != "\\{" and len(split(inner, _SEPARATORS)[0]) == 1:
        if brackets in {"()", "{}"}:
            return _statement(inner, lenient=lenient, depth=depth)
        return None
    content = read_items(inner, lenient=lenient, depth=depth)
    if opening == "{":
        return content  # TeX shows no plain braces: a list without brackets
    if isinstance(content, Sequence) and not content.brackets:
        return Sequence(brackets, content.items)
    return Sequence(brackets, (content,))


def _equation(sides: list[list[Token]], *, lenient: bool, depth: int) -> Node:
    """Reads ``x = 5``, or a chain such as ``x = 2 + 3 = 5``."""
    first, *middle, last = sides
    opening = _call_opening(first)
    named = [_named(first, depth=depth)]
    for side in middle:
        # f(1) = f(5) = 2 gives two values of f; f(2) = 2(3) = 6 works one out.
        is_same = 0 < opening == _call_opening(side) and side[:opening] == first[:opening]
        operand = _operand(side, lenient=lenient, depth=depth + 1)
        named.append(_named(side, depth=depth) if is_same else operand)
    operands = [*named, _operand(last, lenient=lenient, depth=depth + 1)]
    return related(operands, ["="] * (len(operands) - 1))


def _named(tokens: list[Token], *, depth: int) -> Node:
    """Reads the left side of an equation; "total cost" is a name like any other."""
    opening = _call_opening(tokens)
    function = parse_expression(tokens[:opening]) if opening else None
    if isinstance(function, Symbol):
        argument = parse_statement(tokens[opening:])
        items = argument.items if isinstance(argument, Sequence) else (argument,)
        return Apply(f"call {function.name}", items)
    if len(tokens) == 1 and tokens[0].kind == "command" and tokens[0].text in FUNCTIONS:
        return Symbol(_LABEL + tokens[0].text)  # "max = 12"
    try:
        if all(token.kind == "name" for token in tokens):
            return parse_expression(tokens)
        return _operand(tokens, lenient=False, depth=depth + 1)
    except UnreadableError:
        words = [token.text for token in tokens]
        names = all(token.kind in {"name", ","} for token in tokens) and len(words) <= _MAX_LABEL
        if not names or len(" ".join(words)) < _MIN_LABEL or _takes_back(words):
            raise
        return Symbol(_LABEL + " ".join(words))


def _takes_back(words: list[str]) -> bool:
    """Tells whether words in front of an answer say that it is none: "not x = 5"."""
    return not _NO_LABEL.isdisjoint(word.lower() for word in words)


def _call_opening(tokens: list[Token]) -> int:
    """Finds the bracket of a letter in front of what a function takes: names and numbers.

    Returns:
        Its place, or 0 where there is no such call: ``f(2)``, ``p_{Z}(1)``.
    """
    kinds = [token.kind for token in tokens]
    if "(" not in kinds or kinds[0] != "name" or len(tokens[0].text) != 1:
        return 0
    opening = kinds.index("(")
    is_name = opening == 1 or (_MIN_INDEXED <= opening <= _MAX_INDEXED and kinds[1] == "_")
    simple = all(kind in {"name", "number", ",", "-"} for kind in kinds[opening + 1 : -1])
    return opening if is_name and simple and encloses(tokens[opening:]) else 0
