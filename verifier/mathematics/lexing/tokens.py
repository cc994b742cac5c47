"""From text to tokens: LaTeX and plain ASCII mathematics by one lexer, in one pass."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from verifier.mathematics.lexing.numerals import NUMERALS, CommaStyle, read_numeral
from verifier.mathematics.limits import MAX_DEPTH, MAX_TOKENS
from verifier.mathematics.syntax import Node, UnreadableError, UnsupportedError

_GREEK_NAMES: Final = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi"
    " pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi"
    " Psi Omega ell hbar infty"
)
GREEK: Final = frozenset(_GREEK_NAMES.split())
"""Names of symbols that are more than one letter."""

_FUNCTION_NAMES: Final = (
    "sin cos tan cot sec csc arcsin arccos arctan arccot asin acos atan sinh cosh tanh coth arsinh"
    " arcosh artanh log ln lg exp sqrt cbrt abs floor ceil factorial binom"
)
FUNCTIONS: Final = frozenset(_FUNCTION_NAMES.split())
"""Functions that apply to what follows them."""

_ALIASES: Final = {
    "dfrac": "frac",
    "tfrac": "frac",
    "cfrac": "frac",
    "dbinom": "binom",
    "tbinom": "binom",
    "lbrace": "{",
    "rbrace": "}",
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "mid": "|",
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "bullet": "*",
    "div": "/",
    "colon": ":",
    "approx": "≈",
    "simeq": "≈",
    "lt": "<",
    "gt": ">",
    "lbrack": "[",
    "rbrack": "]",
    "lfloor": "lfloor",
    "rfloor": "rfloor",
    "lceil": "lceil",
    "rceil": "rceil",
}
_NOISE_NAMES: Final = "quad qquad displaystyle textstyle rm bf it limits nolimits"
_NOISE: Final = frozenset(_NOISE_NAMES.split())
_TEXT_NAMES: Final = (
    "text textbf textit textrm textnormal textsf mathrm mathbf mathit mathsf mbox hbox operatorname"
    " boxed fbox bm boldsymbol"
)
_TEXT: Final = frozenset(_TEXT_NAMES.split())
_MONEY: Final = {"$": "dollar", "euro": "euro", "pounds": "pound", "yen": "yen", "rupee": "rupee"}
_SEPARATORS: Final = frozenset(("and", "or"))
_PERCENT: Final = frozenset(("percent", "pct", "percentage"))
_TIGHT: Final = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z])\s*\.?|\\!\s*|<<[^<>]{0,200}>>"
)
# A thin space between digits groups them as a plain space does: 10\,080.
_THIN: Final = re.compile(r"(?<=[0-9])\s?(?:\\[,;: ]|~)\s?(?=[0-9])")
# Between a number and a power of ten, x is the sign of multiplication: no variable stands there.
_TIMES_TEN: Final = re.compile(r"(?<=[0-9])\s{0,4}[xX]\s{0,4}(?=10\s?(?:\^|\*\*))")
_DEGREE: Final = re.compile(r"\^\s*(?:\{\s*\\(?:circ|degree)\s*\}|\\(?:circ|degree)(?![A-Za-z]))")
_LEXERS: Final = {
    style: re.compile(
        rf"(?P<number>{numeral})|(?P<letters>[A-Za-z]+)|(?P<space>(?:\s|~|\\[,;:\ >])+)"
        r"|\\(?P<command>[A-Za-z]+)|\\(?P<escaped>.)|(?P<sign>\*\*|<=|>=|!=|.)",
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
    return text.replace("{,}", ",") if "{,}" in text else text


def tokenize(text: str, style: CommaStyle) -> list[Token]:
    """Splits an answer into tokens.

    Raises:
        UnreadableError: too many tokens, or a group that is never closed.
        UnsupportedError: a construct that is mathematics but not handled yet.
    """
    text = join_digits(text)
    if "\\" in text:
        text = _DEGREE.sub(r"\\degree ", text)
    if "x10" in text or "x 10" in text or "X" in text:
        text = _TIMES_TEN.sub(r"\\times ", text)
    tokens: list[Token] = []
    _lex(text, style, tokens, roman=False, depth=0)
    return tokens


def _lex(text: str, style: CommaStyle, tokens: list[Token], *, roman: bool, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnreadableError("nested too deeply")
    position, spaced = 0, False
    match = _LEXERS[style].match
    while lexeme := match(text, position):
        kind, position = lexeme.lastgroup, lexeme.end()
        if kind == "space":
            spaced = True
            continue
        written = lexeme.group(kind or 0)
        if kind == "number":
            value = read_numeral(written, style)
            tokens.append(Token("number", written, value, spaced, roman))
        elif kind == "letters":
            tokens.append(_name(written, spaced=spaced, roman=roman))
        elif kind == "command" and written in _TEXT and text[position : position + 1] == "{":
            end = _group_end(text, position)
            upright = roman or written not in {"boxed", "fbox"}
            _lex(text[position + 1 : end], style, tokens, roman=upright, depth=depth + 1)
            position = end + 1
        else:
            token = _mark(kind or "", written, spaced=spaced)
            if token is not None:
                tokens.append(token)
        spaced = False
        if len(tokens) > MAX_TOKENS:
            raise UnreadableError("too many tokens")


def _name(written: str, *, spaced: bool, roman: bool) -> Token:
    """Reads a run of letters."""
    if len(written) > 1:
        folded = written.lower()
        if folded in _SEPARATORS:
            return Token(",", written)
        if folded in _PERCENT:
            return Token("%", "%", spaced=spaced)
        if written in FUNCTIONS:
            return Token("command", written, spaced=spaced)
        if written in GREEK or folded in {"infinity", "inf", "oo"}:
            return Token("name", written if written in GREEK else "infty", None, spaced)
    return Token("name", written, None, spaced, roman)


def _mark(kind: str, written: str, *, spaced: bool) -> Token | None:
    """Reads a command, an escaped character or a sign; None for those that only set space."""
    if kind == "sign":
        if written == "**":
            return Token("^", written)
        return Token("money", "dollar") if written == "$" else Token(written, written, None, spaced)
    return (
        _escaped(written, spaced=spaced) if kind == "escaped" else _command(written, spaced=spaced)
    )


def _escaped(written: str, *, spaced: bool) -> Token:
    """Reads an escaped character."""
    if written == "$":
        return Token("money", "dollar", spaced=spaced)
    if written in "{}":
        return Token("\\" + written, written)
    if written in "%#&_|":
        return Token(written, written)
    raise UnsupportedError(f"\\{written}")


def _command(written: str, *, spaced: bool) -> Token | None:
    """Reads a command that stands for a sign, a symbol or an operation; None for mere spacing."""
    if written in _NOISE:
        return None
    if written in _MONEY:
        return Token("money", _MONEY[written], spaced=spaced)
    if written == "degree":
        return Token("name", "degree", spaced=spaced, roman=True)
    if written in GREEK:
        return Token("name", written)
    alias = _ALIASES.get(written, written)
    if alias in "{}":
        return Token("\\" + alias, alias)
    return Token("command", alias) if alias.isalpha() else Token(alias, alias)


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
