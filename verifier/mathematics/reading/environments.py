r"""What stands between ``\begin`` and ``\end``: matrices, cases, systems of equations."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from verifier.mathematics.lexing.vocabulary import RELATIONS
from verifier.mathematics.reading.cursor import END
from verifier.mathematics.reading.letters import CONDITION_WORDS
from verifier.mathematics.syntax import (
    Apply,
    Equation,
    Logic,
    Matrix,
    Node,
    Piecewise,
    Relation,
    Sequence,
    Symbol,
    UnreadableError,
    UnsupportedError,
    Words,
)

if TYPE_CHECKING:
    from verifier.mathematics.lexing.tokens import Token
    from verifier.mathematics.reading.expression import Parser

_MATRICES: Final = frozenset(
    ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array")
)
_DETERMINANTS: Final = frozenset(("vmatrix", "Vmatrix"))
_LISTS: Final = frozenset(
    ("aligned", "align", "gathered", "gather", "split", "equation", "alignedat", "eqnarray")
)
_CASES: Final = frozenset(("cases", "dcases", "rcases"))

_STATEMENTS: Final = (Equation, Relation)

Row = list["list[Token]"]


def read_environment(parser: Parser) -> Node:
    """Reads one environment, its rows and cells.

    Raises:
        UnsupportedError: an environment that holds no answer.
    """
    name = parser.advance().text
    parser.enter()
    rows = _rows(parser)
    parser.advance()
    if name in _CASES or (name == "array" and _is_system(rows)):
        node = _cases(parser, rows)
    elif name in _MATRICES:
        node = _matrix(parser, rows)
        node = Apply("det", (node,)) if name in _DETERMINANTS else node
    elif name in _LISTS:
        node = _listed([_statement(parser, _joined(row)) for row in rows])
    else:
        raise UnsupportedError(f"the environment {name}")
    parser.leave()
    return node


def _rows(parser: Parser) -> list[Row]:
    """Takes the cells' tokens up to the environment's own end."""
    rows: list[Row] = [[[]]]
    depth = 0
    while not (depth == 0 and parser.next.kind == "end"):
        token = parser.advance()
        if token is END:
            raise UnreadableError("an environment is never closed")
        depth += (token.kind == "begin") - (token.kind == "end")
        if depth == 0 and token.kind == "&":
            rows[-1].append([])
        elif depth == 0 and token.kind == "row":
            rows.append([[]])
        else:
            rows[-1][-1].append(token)
    return [row for row in rows if any(row)]


def _joined(cells: Row) -> list[Token]:
    return list(chain.from_iterable(cells))


def _is_system(rows: list[Row]) -> bool:
    return any(token.kind in RELATIONS for row in rows for cell in row for token in cell)


def _matrix(parser: Parser, rows: list[Row]) -> Node:
    if not rows or len({len(row) for row in rows}) != 1:
        raise UnreadableError("rows of different lengths")
    return Matrix(tuple(tuple(_statement(parser, cell) for cell in row) for row in rows))


def _cases(parser: Parser, rows: list[Row]) -> Node:
    """Reads values with conditions, or a system of equations where no row has a condition."""
    pairs = [_value_and_condition(row) for row in rows]
    if not any(condition is not None for _, condition in pairs):
        statements = [_statement(parser, value) for value, _ in pairs]
        is_system = len(statements) > 1 and all(isinstance(s, _STATEMENTS) for s in statements)
        is_system = is_system and not _lists_values(statements)
        return Logic("and", tuple(statements)) if is_system else _listed(statements)
    return Piecewise(
        tuple(
            (_statement(parser, value), _condition(parser, condition or []))
            for value, condition in pairs
        )
    )


def _lists_values(statements: list[Node]) -> bool:
    """Tells whether every row gives a value to one name: x = 2 and x = 3 are two roots."""
    names = {
        s.left if isinstance(s, Equation) and isinstance(s.left, Symbol) else s for s in statements
    }
    return len(names) == 1


def _value_and_condition(row: Row) -> tuple[list[Token], list[Token] | None]:
    if len(row) > 1 and not _begins_with_relation(row[1]):
        value, condition = row[0], _joined(row[1:])
    else:
        cells = _joined(row)
        place = next((n for n, token in enumerate(cells) if token.kind == "word"), None)
        if place is None:
            return cells, None
        value, condition = cells[:place], cells[place:]
    while value and value[-1].kind in {",", ";"}:
        value = value[:-1]
    return value, condition


def _begins_with_relation(cell: list[Token]) -> bool:
    return bool(cell) and cell[0].kind in RELATIONS


def _condition(parser: Parser, tokens: list[Token]) -> Node | None:
    while tokens and (tokens[0].text in CONDITION_WORDS or tokens[0].kind == ","):
        tokens = tokens[1:]
    while tokens and tokens[-1].kind in {",", ";", "."}:
        tokens = tokens[:-1]
    if not tokens:
        return None
    try:
        return _statement(parser, tokens)
    except UnreadableError:
        if any(token.kind not in {"name", "word", "number"} for token in tokens):
            raise
        return Words(" ".join(token.text for token in tokens).lower())  # "n even"


def _listed(statements: list[Node]) -> Node:
    return statements[0] if len(statements) == 1 else Sequence("", tuple(statements))


def _statement(parser: Parser, tokens: list[Token]) -> Node:
    while tokens and tokens[-1].kind in {",", ";", "."}:
        tokens = tokens[:-1]
    inner = parser.inner(tokens)
    items = [inner.statement()]
    while inner.next.kind in {",", ";"}:
        inner.advance()
        items.append(inner.statement())
    inner.finish()
    return _listed(items)
