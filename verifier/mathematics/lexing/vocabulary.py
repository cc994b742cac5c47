"""What the lexer knows: names of symbols and functions, and what each LaTeX command stands for."""

from __future__ import annotations

from typing import Final

_GREEK_NAMES: Final = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi"
    " pi rho sigma tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi"
    " Psi Omega ell hbar infty partial"
)
_SET_NAMES: Final = "Reals Integers Naturals Rationals Complexes emptyset"
GREEK: Final = frozenset(f"{_GREEK_NAMES} {_SET_NAMES} ...".split())
"""Names of symbols that are more than one letter."""

_FUNCTION_NAMES: Final = (
    "sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc"
    " asin acos atan acot asec acsc"
    " sinh cosh tanh coth sech csch arsinh arcosh artanh arcoth arsech arcsch"
    " arcsinh arccosh arctanh arccoth asinh acosh atanh acoth sh ch th cth"
    " tg ctg cosec arctg arcctg log ln lg exp sqrt cbrt abs floor ceil sgn sign factorial binom"
    " det lcm gcd max min Re Im arg cis"
)
FUNCTIONS: Final = frozenset(_FUNCTION_NAMES.split())
"""Functions that apply to what follows them."""

_RELATION_SIGNS: Final = (
    "= < <= > >= != in notin subset subseteq supset equiv ~ parallel perp divides"
)
RELATIONS: Final = frozenset(_RELATION_SIGNS.split())
"""Kinds of the tokens that relate two sides."""

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
    "Vert": "|",
    "lVert": "|",
    "rVert": "|",
    "cdot": "*",
    "times": "*",
    "ast": "*",
    "bullet": "*",
    "div": "/",
    "colon": ":",
    "approx": "≈",
    "simeq": "≈",
    "lbrack": "[",
    "rbrack": "]",
    "langle": "(",
    "rangle": ")",
    "lparen": "(",
    "rparen": ")",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "leq": "<=",
    "leqslant": "<=",
    "leqq": "<=",
    "ge": ">=",
    "geq": ">=",
    "geqslant": ">=",
    "geqq": ">=",
    "ne": "!=",
    "neq": "!=",
    "ni": "contains",
    "in": "in",
    "notin": "notin",
    "subset": "subset",
    "subseteq": "subseteq",
    "supset": "supset",
    "equiv": "equiv",
    "cong": "equiv",
    "sim": "~",
    "parallel": "parallel",
    "perp": "perp",
    "bmod": "mod",
    "pmod": "mod",
    "backslash": "setminus",
    "smallsetminus": "setminus",
    "dots": "...",
    "ldots": "...",
    "cdots": "...",
    "dotsc": "...",
    "dotsb": "...",
    "vdots": "...",
    "varnothing": "emptyset",
    "varphi": "phi",
    "varepsilon": "epsilon",
    "vartheta": "theta",
    "R": "Reals",
    "Z": "Integers",
    "N": "Naturals",
    "Q": "Rationals",
    "C": "Complexes",
    "overrightarrow": "vec",
    "iint": "int",
    "oint": "int",
    "tilde": "tilde",
    "widetilde": "tilde",
    "widehat": "hat",
}
_LOGIC: Final = {
    "land": "and",
    "wedge": "and",
    "lor": "or",
    "vee": "or",
    "neg": "not",
    "lnot": "not",
    "implies": "implies",
    "Rightarrow": "implies",
    "Longrightarrow": "implies",
    "rightarrow": "implies",
    "to": "implies",
    "longrightarrow": "implies",
    "iff": "iff",
    "Leftrightarrow": "iff",
    "leftrightarrow": "iff",
    "Longleftrightarrow": "iff",
    "oplus": "xor",
}
BLACKBOARD: Final = {
    "R": "Reals",
    "Z": "Integers",
    "N": "Naturals",
    "Q": "Rationals",
    "C": "Complexes",
}
_NOISE_NAMES: Final = (
    "quad qquad displaystyle textstyle scriptstyle rm bf it limits nolimits boldsymbol"
    " angle triangle measuredangle hline thinspace space mathstrut nonumber"
    " hfill mathbin mathrel operatorname"
)
_TEXT_NAMES: Final = (
    "text textbf textit textrm textnormal textsf mathrm mathbf mathit mathsf mathcal mbox hbox"
    " operatorname operatorname* boxed fbox bm boldsymbol emph underline"
)
TEXT: Final = frozenset(_TEXT_NAMES.split())
ITALIC: Final = frozenset(("boxed", "fbox", "mathit", "mathbf", "bm", "boldsymbol", "underline"))
_MONEY: Final = {"euro": "euro", "pounds": "pound", "yen": "yen", "rupee": "rupee"}
SEPARATORS: Final = {
    **dict.fromkeys(("and", "und", "et", "y"), "and"),
    **dict.fromkeys(("or", "oder", "ou"), "or"),
}
"""Words between two answers, and which of "and" and "or" they are."""
PERCENT: Final = frozenset(("percent", "pct", "percentage"))


def _commands() -> dict[str, tuple[str, str] | None]:
    """Lists kind and text of the token for every command; None for those that only set space."""
    named = {name: ("name", name) for name in GREEK}
    aliased = {written: _token_of(alias) for written, alias in _ALIASES.items()}
    logical = {written: ("logic", connective) for written, connective in _LOGIC.items()}
    money = {written: ("money", currency) for written, currency in _MONEY.items()}
    signs = {sign: (sign, sign) for sign in ("pm", "mp", "mid", "mod", "cup", "cap", "setminus")}
    return {**named, **aliased, **logical, **money, **signs, **dict.fromkeys(_NOISE_NAMES.split())}


def _token_of(alias: str) -> tuple[str, str]:
    if alias in GREEK:
        return "name", alias
    if alias in {"{", "}"}:
        return "\\" + alias, alias
    own_kind = alias in RELATIONS or alias in {"mod", "setminus"} or not alias.isalpha()
    return (alias, alias) if own_kind else ("command", alias)


COMMANDS: Final = _commands()
"""Kind and text of the token for a command; None if it only sets space. Others are ``command``."""
