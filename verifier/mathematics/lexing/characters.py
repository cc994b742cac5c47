"""One spelling for characters that look or mean the same."""

from __future__ import annotations

import re
from typing import Final

_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣ", "0123456789+-()nix")
_SUPERSCRIPT_SET: Final = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣ")
_GREEK: Final = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ω": "omega",
    "ζ": "zeta",
    "η": "eta",
    "ι": "iota",
    "κ": "kappa",
    "ν": "nu",
    "ξ": "xi",
    "χ": "chi",
    "ψ": "psi",
    "ϕ": "phi",
    "ϵ": "epsilon",
    "ϑ": "theta",
    "ℓ": "ell",
    "Γ": "Gamma",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Σ": "Sigma",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Δ": "Delta",
    "Ω": "Omega",
}
_VULGAR: Final = {
    "½": "12",
    "⅓": "13",
    "⅔": "23",
    "¼": "14",
    "¾": "34",
    "⅕": "15",
    "⅖": "25",
    "⅗": "35",
    "⅘": "45",
    "⅙": "16",
    "⅚": "56",
    "⅛": "18",
    "⅜": "38",
    "⅝": "58",
    "⅞": "78",
}
_SINGLE: Final = {
    "−": "-",
    "–": "-",
    "﹣": "-",
    "－": "-",
    "‐": "-",
    "‑": "-",
    "×": "\\times ",
    "✕": "\\times ",
    "⋅": "\\cdot ",
    "·": "\\cdot ",
    "•": "\\cdot ",
    "∙": "\\cdot ",
    "÷": "\\div ",
    "∕": "/",
    "⁄": "/",
    "√": " sqrt ",
    "∛": " cbrt ",
    "∞": "\\infty ",
    "°": "^\\circ ",
    "º": "^\\circ ",
    "≤": "\\le ",
    "≥": "\\ge ",
    "≠": "\\ne ",
    "≈": "\\approx ",
    "±": "\\pm ",
    "∪": "\\cup ",
    "∩": "\\cap ",
    "∈": "\\in ",
    "∉": "\\notin ",
    "⊂": "\\subset ",
    "⊆": "\\subseteq ",
    "∖": "\\setminus ",
    "∓": "\\mp ",
    "≡": "\\equiv ",
    "∧": "\\land ",
    "∨": "\\lor ",
    "¬": "\\neg ",
    "⇒": "\\implies ",
    "→": "\\implies ",
    "⇔": "\\iff ",
    "↔": "\\iff ",
    "∑": "\\sum ",
    "∏": "\\prod ",
    "∫": "\\int ",
    "∥": "\\parallel ",
    "⊥": "\\perp ",
    "⟨": "\\langle ",
    "⟩": "\\rangle ",
    "〈": "\\langle ",
    "〉": "\\rangle ",
    "⌊": "\\lfloor ",
    "⌋": "\\rfloor ",
    "⌈": "\\lceil ",
    "⌉": "\\rceil ",
    "ℝ": "\\mathbb{R}",
    "ℤ": "\\mathbb{Z}",
    "ℕ": "\\mathbb{N}",
    "ℚ": "\\mathbb{Q}",
    "ℂ": "\\mathbb{C}",
    "⩽": "\\le ",
    "⩾": "\\ge ",
    "≦": "\\le ",
    "≧": "\\ge ",
    "∠": " ",
    "△": " ",
    "″": "''",
    "⋯": "\\ldots ",
    "⋮": "\\ldots ",
    "【": "(",
    "】": ")",
    "《": " ",
    "》": " ",
    "「": " ",
    "」": " ",
    "∅": "\\emptyset ",
    "′": "'",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "或": " or ",
    "和": " and ",
    "且": " and ",
    "∶": ":",
    "、": ",",
    "。": ".",
    "，": ",",
    "；": ";",
    "：": ":",
    "…": "\\ldots ",
    "₋": "_-",
    "€": "\\euro ",
    "£": "\\pounds ",
    "¥": "\\yen ",
    "￥": "\\yen ",
    "₹": "\\rupee ",
}
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2061\u2062\u2063\u2064\u200e\u200f"
_SPACES: Final = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# Full-width forms ！…～ stand 0xFEE0 above ASCII !…~ in Unicode's block FF00.
_FULL_WIDTH: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SUBSCRIPTS: Final = {ord("₀") + digit: f"_{digit}" for digit in range(10)}

_TABLE: Final = (
    _FULL_WIDTH
    | _SUBSCRIPTS
    | str.maketrans(_SINGLE)
    | {ord(letter): f"\\{name} " for letter, name in _GREEK.items()}
    | {ord(sign): f"\\frac{{{f[0]}}}{{{f[1]}}}" for sign, f in _VULGAR.items()}
    | dict.fromkeys(map(ord, _INVISIBLE))
    | dict.fromkeys(map(ord, _SPACES), " ")
)


_CIRCLED_SET: Final = frozenset(map(chr, range(0x2460, 0x2474)))
_ADJACENT: Final = re.compile(r"([①-⑳])(?=[①-⑳])")  # statements ①③ are two


def fold_characters(text: str) -> str:
    """Spells Unicode signs the way the tokeniser reads them; ASCII text comes back as it is.

    Nothing is lost or merged that mathematics tells apart: superscripts become exponents, and case
    stays.
    """
    if text.isascii():
        return text
    if not _CIRCLED_SET.isdisjoint(text):
        text = _ADJACENT.sub(r"\1,", text)
    if not _SUPERSCRIPT_SET.isdisjoint(text):
        text = _raise_superscripts(text)
    return text.translate(_TABLE)


def _raise_superscripts(text: str) -> str:
    """Turns runs of superscript characters into ``^{…}``."""
    parts: list[str] = []
    run: list[str] = []
    for character in text:
        if character in _SUPERSCRIPT_SET:
            run.append(character)
            continue
        if run:
            parts.append("^{" + "".join(run).translate(_SUPERSCRIPTS) + "}")
            run.clear()
        parts.append(character)
    if run:
        parts.append("^{" + "".join(run).translate(_SUPERSCRIPTS) + "}")
    return "".join(parts)
