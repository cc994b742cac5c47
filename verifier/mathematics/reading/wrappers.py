"""What stands around an answer and is no part of it: delimiters, bold marks, the final period."""

from __future__ import annotations

import re
from typing import Final

_MAX_WRAPPERS: Final = 8  # "**$\boxed{5}$**." has four; each costs one pass
_COMMAND: Final = re.compile(r"(?<!\\)\\[A-Za-z]")
_ESCAPED_COMMAND: Final = re.compile(r"\\\\[A-Za-z({\[]")
_DANGLING: Final = ("...", "…")  # 0.333… goes on, and "12 ..." is no end
_BETWEEN_FORMULAS: Final = re.compile(r"\$\s*\n\s*\$")  # one formula a line is a list
# Talk around an answer that says nothing about it: "The answer is 5", "approximately 4.09".
_LEAD: Final = re.compile(
    r"(?:(?:the|my|our)\s)?(?:final\s)?answer(?:\s(?:is|equals))?\s?:?\s(?=\S)"
    r"|(?:\\text\s?\{\s?)?(?:there\s(?:are|is)|exactly|only|a\stotal\sof|equal\sto)\s{0,2}\}?\s"
    r"(?=[-+$\\0-9.])"
    r"|(?:approximately|approx\.?|about|roughly|exactly|around|nearly)\s(?=[-+$\\0-9.])",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"(?<=[0-9}%$)])\s(?:\\text\s?\{\s?)?"
    r"(?:in\stotal|altogether|total|overall|in\sall|respectively|approximately)\s?\}?\Z"
)
_DELIMITERS: Final = (("\\(", "\\)"), ("\\[", "\\]"), ("**", "**"), ("__", "__"), ("`", "`"))


def strip_wrappers(text: str) -> str:
    """Removes what stands around an answer: delimiters, bold marks, the final period."""
    if "\\\\" in text:
        text = _unescaped(text)
    for _ in range(_MAX_WRAPPERS):
        before = text
        text = text.strip()
        if not text.endswith(_DANGLING):
            text = text.rstrip(".;:").rstrip()
        text = _without_delimiters(text.strip(","))
        text = _TAIL.sub("", _without_lead(text)).strip('"“”') if text else text
        if text == before:
            break
    if "$" in text:
        text = _drop_dollars(text)
    for delimiter in ("\\(", "\\)", "\\[", "\\]"):
        if delimiter in text:
            text = text.replace(delimiter, " ")
    return text


def _without_delimiters(text: str) -> str:
    for opening, closing in _DELIMITERS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening):
            inner = text[len(opening) : -len(closing)]
            text = inner if opening not in inner else text
    return text


def _without_lead(text: str) -> str:
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead else text


def _unescaped(text: str) -> str:
    r"""Undoes an escape too many: where every command has two backslashes, one is meant."""
    if _COMMAND.search(text) or not _ESCAPED_COMMAND.search(text):
        return text
    return text.replace("\\\\", "\\")


def _drop_dollars(text: str) -> str:
    """Removes dollar signs in pairs, which delimit formulas; a single one is money and stays."""
    plain = _BETWEEN_FORMULAS.sub("$,$", text).replace("\\$", "\0")
    if plain.count("$") % 2 == 0:
        plain = plain.replace("$", " ")
    return plain.replace("\0", "\\$").strip()
