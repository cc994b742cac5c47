"""What is wrong with one key, and how keys are spelled."""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a key stands: names of tables and keys from the outermost on, places in lists from 0."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+\Z")


class Problem(NamedTuple):
    """What is wrong with one key, or what an operator should think about.

    Attributes:
        path: the key; empty for the whole configuration.
        what: what is wrong and what would be right, in one line. It never quotes a text that
            could be a secret in the wrong place.
    """

    path: KeyPath
    what: str

    def __str__(self) -> str:
        """The key and what is wrong with it, in one line."""
        return f"{spelled(self.path)}: {self.what}" if self.path else self.what


def spelled(path: KeyPath) -> str:
    """A key as TOML spells it, places in lists in brackets: ``recipes."a.b".terms[0].name``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += "." * bool(text) + spelled_name(part)
    return text


def spelled_name(name: str) -> str:
    """One name as TOML spells it, in quotes where it must be."""
    return name if _BARE.match(name) else spelled_text(name)


def spelled_text(text: str) -> str:
    """A text as TOML spells it, in quotes."""
    # JSON escapes whatever TOML wants escaped, but for one control character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
