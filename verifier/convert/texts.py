"""Texts as the wire can carry them."""

from __future__ import annotations


def clean_text(text: str) -> str:
    """`text` as the wire can carry it: a lone surrogate becomes U+FFFD."""
    # ASCII is the common case and cannot hold a surrogate; the check costs nanoseconds.
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text
