"""From text to tokens: LaTeX and plain ASCII mathematics by one lexer, in one pass."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from verifier.mathematics.lexing.numerals import NUMERALS, CommaStyle, read_numeral
from verifier.mathematics.lexing.rewriting import rewrite
from verifier.mathematics.lexing.vocabulary import (
    BLACKBOARD,
    COMMANDS,
    FUNCTIONS,
    GREEK,
    ITALIC,
    PERCENT,
    SEPARATORS,
    TEXT,
)
from verifier.mathematics.limits import MAX_DEPTH, MAX_TOKENS
from verifier.mathematics.syntax import Node, UnreadableError, UnsupportedError

_TIGHT: Final = re.compile(
    r"\\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])\s*\.?|\\!\s*|<<[^<>]{0,200}>>"
)
# A thin space between digits groups them as a plain space does: 10\,080.
_GLUED_SPACE: Final = re.compile(r"\\q?quad(?=[a-z](?![a-z]))")  # "\quadx_2"
_THIN: Final = re.compile(r"(?<=[0-9])\s?(?:\\[,;: ]|~)\s?(?=[0-9])")
# Between a number and a power of ten, x is the sign of multiplication: no variable stands there.
_TIMES_TEN: Final = re.compile(r"(?<=[0-9])\s{0,4}[xX]\s{0,4}(?=10\s?(?:\^|\*\*))")
_BASE: Final = re.compile(
    r"(?<=[0-9A-Za-z)}])(?:\s|~|\\[,;: ]|\\text\s?\{){1,8}\(?(?:in )?base[\s-]{0,3}"
    r"([0-9]{1,2}|[a-z]{3,9})\)?\}?\Z"
)
_DEGREE: Final = re.compile(r"\^\s*(?:\{\s*\\(?:circ|degree)\s*\}|\\(?:circ|degree)(?![A-Za-z]))")
_PRIME: Final = re.compile(r"\^\s*(?:\{\s*((?:\\prime\s*|'){1,4})\}|(\\prime)(?![A-Za-z]))")
_MODULE: Final = re.compile(r"\b(?:np|numpy|math|sympy|sp|cmath)\.(?=[a-z])")
_ENGLISH: Final = frozenset(("and", "or"))
_BEFORE_UNIT: Final = frozenset(("number", ")", "}", "/", "%"))
_ENVIRONMENT: Final = re.compile(r"\s*\{\s*([A-Za-z]{1,16})\*?\s*\}(?:\[[a-z]\])?")
_COLUMNS: Final = re.compile(r"\s*\{[\s|lcrp@{}]{0,80}\}")
_BLACKBOARD_LETTER: Final = re.compile(r"\s*(?:\{\s*([A-Z])\s*\}|([A-Z]))")
_OPENING: Final = re.compile(r"\s{0,4}\{")
_SPACING: Final = re.compile(r"\s*\{[^{}]{0,20}\}")
_LEXERS: Final = {
    style: re.compile(
        rf"(?P<number>{numeral})|(?P<letters>[A-Za-z]+|[①-⑳])|(?P<space>(?:\s|~|\\[,;:\ >])+)"
        r"|\\(?P<command>[A-Za-z]+\*?)|\\(?P<escaped>.)"
        r"|(?P<sign>\*\*|<=>|<=|>=|!=|==|=<|=>|->|\+/-|\+-|\.\.\.|&&|\|\||.)",
        re.DOTALL,
    )
    for style, numeral in NUMERALS.items()
}


class Token(NamedTuple):
    r"""One token.

    Attributes:
        kind: ``number``, ``name`` (a run of letters), ``command``, ``money``, or the sign itself.
        text: as written; for ``money`` the currency.
        value: of a number.
        spaced: white space stands before it.
        roman: it was written upright, as in ``\text{cm}``: a word or a unit, no product.
    """

    kind: str
    text: str
    value: Node | None = None
    spaced: bool = False
    roman: bool = False


def join_digits(text: str) -> str:
    r"""Removes the spacing that only sets digits apart: 12{,}345, 1,\!250, 10\,080, 1~234."""
    if "\\" in text or "<<" in text:
        text = _TIGHT.sub("", text)
    if "\\" in text or "~" in text:
        text = _THIN.sub(" ", text)
        if "quad" in text:
            text = _GLUED_SPACE.sub(" ", text)
    return text.replace("{,}", ",") if "{,}" in text else text


def tokenize(text: str, style: CommaStyle) -> list[Token]:
    """Splits an answer into tokens.

    Raises:
        UnreadableError: too many tokens, or a group that is never closed.
        UnsupportedError: a construct that is mathematics but not handled yet.
    """
    text = join_digits(rewrite(text))
    if "\\" in text:
        text = _DEGREE.sub(r"\\degree ", text)
        text = _PRIME.sub(_primes, text)
    if "." in text:
        text = _MODULE.sub("", text)
    if "base" in text:
        text = _BASE.sub(r"_{\1}", text)
    if "x10" in text or "x 10" in text or "X" in text:
        text = _TIMES_TEN.sub(r"\\times ", text)
    lexer = _Lexer(style)
    lexer.run(text, roman=False, depth=0)
    return _with_bars(lexer.tokens) if "\\mid" in text else lexer.tokens


def _with_bars(tokens: list[Token]) -> list[Token]:
    r"""Reads pairs of ``\mid`` outside sets as the bars of an absolute value."""
    kinds = [token.kind for token in tokens]
    if "\\{" in kinds:
        return tokens
    # A single one relates: 3 \mid n.
    read = Token("divides", "divides") if kinds.count("mid") % 2 else Token("|", "|")
    return [read if token.kind == "mid" else token for token in tokens]


def _primes(match: re.Match[str]) -> str:
    return "'" * (1 if match[2] else match[1].count("\\prime") + match[1].count("'"))


class _Lexer:
    """One pass over a text; groups of text commands are lexed by a pass of their own."""

    def __init__(self, style: CommaStyle) -> None:
        self._style = style
        self.tokens: list[Token] = []

    def run(self, text: str, *, roman: bool, depth: int) -> None:
        """Appends the tokens of `text`.

        Args:
            text: what to lex.
            roman: whether it stands inside a command for upright text.
            depth: of such commands around it.

        Raises:
            UnreadableError, UnsupportedError: as `tokenize`.
        """
        if depth > MAX_DEPTH:
            raise UnreadableError("nested too deeply")
        position, spaced = 0, False
        match = _LEXERS[self._style].match
        tokens = self.tokens
        while lexeme := match(text, position):
            kind, position = lexeme.lastgroup, lexeme.end()
            if kind == "space":
                spaced = True
                continue
            written = lexeme.group(kind or 0)
            if kind == "number":
                value = read_numeral(written, self._style)
                tokens.append(Token("number", written, value, spaced, roman))
            elif kind == "letters":
                tokens.append(self._letters(written, spaced=spaced, roman=roman))
            elif kind == "command" and (taker := _TAKERS.get(written)) is not None:
                position = taker(self, text, position)
            elif (
                kind == "command"
                and written in TEXT
                and (opening := _OPENING.match(text, position))
            ):
                end = _group_end(text, opening.end() - 1)
                upright = roman or written not in ITALIC
                self._run_inside(text[opening.end() : end], upright, spaced, depth + 1)
                position = end + 1
            else:
                token = _mark(kind or "", written, spaced=spaced)
                if token is not None:
                    tokens.append(token)
            spaced = False
            if len(tokens) > MAX_TOKENS:
                raise UnreadableError("too many tokens")

    def _letters(self, written: str, *, spaced: bool, roman: bool) -> Token:
        if written == "min" and self.tokens and self.tokens[-1].kind in _BEFORE_UNIT:
            return Token("name", written, None, spaced, roman)  # minutes, not the least of several
        if written == "in" and self.tokens and _is_letter(self.tokens[-1]):
            return Token("in", written)  # "x in (2, 5)"; behind a figure it is inches
        return _name(written, spaced=spaced, roman=roman)

    def _run_inside(self, text: str, roman: bool, spaced: bool, depth: int) -> None:  # noqa: FBT001
        before = len(self.tokens)
        self.run(text, roman=roman, depth=depth)
        if spaced and len(self.tokens) > before:
            self.tokens[before] = self.tokens[before]._replace(spaced=True)

    def begin(self, text: str, position: int) -> int:
        r"""Reads ``{pmatrix}`` behind ``\begin``, with the columns of an ``array``."""
        name = _ENVIRONMENT.match(text, position)
        if name is None:
            raise UnreadableError("an environment without a name")
        self.tokens.append(Token("begin", name[1]))
        columns = _COLUMNS.match(text, name.end()) if name[1] == "array" else None
        return columns.end() if columns else name.end()

    def end(self, text: str, position: int) -> int:
        r"""Reads ``{pmatrix}`` behind ``\end``."""
        name = _ENVIRONMENT.match(text, position)
        if name is None:
            raise UnreadableError("an environment without a name")
        self.tokens.append(Token("end", name[1]))
        return name.end()

    def blackboard(self, text: str, position: int) -> int:
        r"""Reads the letter behind ``\mathbb``."""
        letter = _BLACKBOARD_LETTER.match(text, position)
        if letter is None:
            raise UnreadableError("a set without a letter")
        written = letter[1] or letter[2]
        self.tokens.append(Token("name", BLACKBOARD.get(written, written)))
        return letter.end()

    def spacing(self, text: str, position: int) -> int:
        r"""Skips the length behind ``\hspace``."""
        length = _SPACING.match(text, position)
        return length.end() if length else position


_TAKERS: Final = {
    "begin": _Lexer.begin,
    "end": _Lexer.end,
    "mathbb": _Lexer.blackboard,
    "hspace": _Lexer.spacing,
    "hspace*": _Lexer.spacing,
    "vspace": _Lexer.spacing,
}


def _is_letter(token: Token) -> bool:
    return token.kind == "name" and len(token.text) == 1


def _name(written: str, *, spaced: bool, roman: bool) -> Token:
    """Reads a run of letters."""
    if len(written) > 1:
        folded = written.lower()
        if folded in SEPARATORS and (roman or folded in _ENGLISH):
            return Token(",", SEPARATORS[folded])
        if folded in PERCENT:
            return Token("%", "%", spaced=spaced)
        if written in FUNCTIONS:
            return Token("command", written, spaced=spaced)
        if written in GREEK or folded in {"infinity", "inf", "oo"}:
            return Token("name", written if written in GREEK else "infty", None, spaced)
        if folded == "mod":
            return Token("mod", folded)
    return Token("name", written, None, spaced, roman)


_SIGNS: Final = {
    "**": Token("^", "**"),
    "$": Token("money", "dollar"),
    "==": Token("=", "=="),
    "=<": Token("<=", "=<"),
    "=>": Token("logic", "implies"),
    "->": Token("logic", "implies"),
    "<=>": Token("logic", "iff"),
    "&&": Token("logic", "and"),
    "||": Token("logic", "or"),
    "+-": Token("pm", "pm"),
    "+/-": Token("pm", "pm"),
    "...": Token("name", "..."),
}


def _mark(kind: str, written: str, *, spaced: bool) -> Token | None:
    """Reads a command, an escaped character or a sign; None for those that only set space."""
    if kind == "sign":
        return _SIGNS.get(written) or Token(written, written, None, spaced)
    if kind == "escaped":
        return _escaped(written, spaced=spaced)
    return _command(written.removesuffix("*"), spaced=spaced)


def _escaped(written: str, *, spaced: bool) -> Token:
    """Reads an escaped character."""
    if written == "$":
        return Token("money", "dollar", spaced=spaced)
    if written in "{}":
        return Token("\\" + written, written)
    if written in "%#&_|":
        return Token(written, written)
    if written == "\\":
        return Token("row", "\\\\")
    raise UnsupportedError(f"\\{written}")


def _command(written: str, *, spaced: bool) -> Token | None:
    """Reads a command that stands for a sign, a symbol or an operation; None for mere spacing."""
    if written == "degree":
        return Token("name", "degree", spaced=spaced, roman=True)
    known = COMMANDS.get(written, ("command", written))
    return None if known is None else Token(*known, None, spaced)


def _group_end(text: str, opening: int) -> int:
    """Finds the brace that closes the one at `opening`."""
    depth = 0
    for position in range(opening, len(text)):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
    raise UnreadableError("a group is never closed")
