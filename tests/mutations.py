"""Ways to spoil an answer: each gives texts that differ from it in one place."""

import re

# One for another, whole commands and signs alone.
_SWAPS = (
    (r"\\cup(?![a-z])", r"\\cap"),
    (r"\\leq?(?![a-z])", "<"),
    (r"\\geq?(?![a-z])", "<"),
    (r"<", ">"),
    (r">", r"\\ge "),
    (r"\\ne(?![a-z])", "="),
    (r"\\sin(?![a-z])", r"\\cos"),
    (r"\\cosh(?![a-z])", r"\\sinh"),
    (r"\\tan(?![a-z])", r"\\cot"),
    (r"\\arctan(?![a-z])", r"\\arcsin"),
    (r"\\ln(?![a-z])", r"\\exp"),
    (r"\\sqrt(?=[{\d])", ""),
    (r"\\pi(?![a-z])", "3"),
    (r"\\cdot(?![a-z])", "+"),
    (r"\\infty", "100"),
    (r"\\land", r"\\lor"),
    (r"\\forall", r"\\exists"),
    (r"\\frac\{(\d+)\}\{(\d+)\}", r"\\frac{\2}{\1}"),
)


def digits_changed(text):
    """Each digit in turn becomes the next one."""
    for found in re.finditer(r"[0-9]", text):
        other = str((int(found[0]) + 1) % 10)
        yield text[: found.start()] + other + text[found.end() :]


def signs_changed(text):
    """Each plus and minus in turn becomes the other."""
    for found in re.finditer(r"(?<!\^)(?<!\^\{)[-+](?!\\infty)", text):
        other = "-" if found[0] == "+" else "+"
        yield text[: found.start()] + other + text[found.end() :]


def operators_changed(text):
    """Each operator, function or relation in turn becomes a relative of its."""
    for pattern, other in _SWAPS:
        for found in re.finditer(pattern, text):
            yield text[: found.start()] + found.expand(other) + text[found.end() :]


def terms_dropped(text):
    """Each term or entry in turn is left out."""
    for found in re.finditer(
        r"[-+,](?:\\?[A-Za-z]+\b|[0-9.]+|\s|\{[^{}]*\}|\^)+(?=[-+,)\]]|$)", text
    ):
        if found.start():
            yield text[: found.start()] + text[found.end() :]


def brackets_changed(text):
    """Each end of an interval in turn turns from open to closed or back."""
    others = {"(": "[", "[": "(", ")": "]", "]": ")"}
    for place in (0, len(text) - 1):
        if text[place] in others:
            yield text[:place] + others[text[place]] + text[place + 1 :]


SPOILERS = (digits_changed, signs_changed, operators_changed, terms_dropped)
