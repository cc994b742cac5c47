"""A place in a row of tokens."""

from __future__ import annotations

from typing import Final

from verifier.mathematics.lexing.tokens import Token
from verifier.mathematics.lexing.vocabulary import RELATIONS
from verifier.mathematics.limits import MAX_DEPTH
from verifier.mathematics.syntax import UnreadableError, UnsupportedError

END: Final = Token("", "")
"""Stands behind the last token."""

_MATHEMATICAL: Final = RELATIONS | {
    "command",
    ":",
    "\\{",
    "\\}",
    "_",
    ",",
    "row",
    "begin",
    "end",
    "logic",
}


def refusal(token: Token) -> UnreadableError:
    """Tells unknown mathematics from what is none."""
    error = UnsupportedError if token.kind in _MATHEMATICAL else UnreadableError
    return error(f"unexpected {token.text[:20]!r}" if token.text else "unexpected end")


class Cursor:
    """One pass over the tokens.

    Args:
        tokens: with letters split.
        depth: of what stands around them.

    Attributes:
        tokens: as given.
        place: of the next token.
        next: the next token, or `END`.
        depth: of what stands around it.
        bars: whether a bar closes a group instead of opening one.
        connectives: of logic, read so far.
    """

    def __init__(self, tokens: list[Token], depth: int = 0) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = depth
        self.bars = 0
        self.connectives = 0
        self.next = tokens[0] if tokens else END

    def advance(self) -> Token:
        """Takes the next token."""
        token = self.next
        self.place += 1
        self.next = self.tokens[self.place] if self.place < len(self.tokens) else END
        return token

    def enter(self) -> None:
        """Goes one level deeper.

        Raises:
            UnreadableError: that is one too many.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError("nested too deeply")

    def leave(self) -> None:
        """Comes back from one level deeper."""
        self.depth -= 1

    def finish(self) -> None:
        """Checks that nothing is left.

        Raises:
            UnreadableError: something is.
        """
        if self.next is not END:
            raise refusal(self.next)
