"""A configuration as TOML, each value with where it comes from."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.config.problem import spelled, spelled_name, spelled_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config.document import Config
    from verifier.config.problem import KeyPath
    from verifier.config.sources import Sources

_COMMENT_COLUMN: Final = 44  # where comments begin, if the value leaves room


def shown(config: Config, sources: Sources) -> Iterator[str]:
    """The lines of a file that says the same, and where each value was set.

    Args:
        config: what to show. It holds no secrets, only names of variables that do.
        sources: where its values come from.
    """
    yield from _Showing(sources).table(config, ())


class _Showing:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def table(self, table: msgspec.Struct, path: KeyPath) -> Iterator[str]:
        """A table, and after it those inside it."""
        inner: list[tuple[KeyPath, Any]] = []
        if path:
            yield ""
            yield f"[{spelled(path)}]"
        tag = table.__struct_config__.tag_field
        if tag:
            yield from self._pair(tag, table.__struct_config__.tag, (*path, tag))
        for key in table.__struct_fields__:
            value = getattr(table, key)
            if isinstance(value, msgspec.Struct):
                inner.append(((*path, key), value))
            elif isinstance(value, dict) and any(
                isinstance(x, msgspec.Struct) for x in value.values()
            ):
                inner.extend(((*path, key, name), one) for name, one in value.items())
            else:
                yield from self._pair(key, value, (*path, key))
        for at, one in inner:
            yield from self.table(one, at)

    def _pair(self, key: str, value: object, path: KeyPath) -> Iterator[str]:
        origin = self._sources.place(path) or "default"
        if value is None or (value == {} and origin == "default"):
            yield f"# {key}: none".ljust(_COMMENT_COLUMN) + f"# {origin}"
        else:
            line = f"{spelled_name(key)} = {toml(value)}"
            yield line.ljust(_COMMENT_COLUMN - 1) + f" # {origin}"


def toml(value: object) -> str:
    """A value as TOML spells it, on one line.

    Args:
        value: text, true or false, a number, a date or time, or a list or dict of these.
    """
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{spelled_name(key)} = {toml(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return spelled_text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return repr(value)  # of a number; those without an end are spelled alike, too
