"""The page of all keys, made from the structs that read them: ``docs/configuration.md``."""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any, Final, get_origin

import msgspec

from verifier.config.document import Config
from verifier.config.problem import spelled
from verifier.config.ranges import bounds, choices
from verifier.config.reading import type_words
from verifier.config.reference_words import INTRODUCTION, MORE
from verifier.config.schema import NAME, default_of, members, sentences, tables_of
from verifier.config.showing import toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config.problem import KeyPath

_HEAD: Final = ("| Key | Default | Value | Meaning |", "|---|---|---|---|")
_UNITS: Final = (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024))
_DAY_SECONDS: Final = 86_400
_YEAR_SECONDS: Final = 31_536_000


def reference() -> str:
    """The page, as Markdown."""
    lines = [INTRODUCTION.strip()]
    for field in msgspec.structs.fields(Config):
        for table in tables_of(field.type):
            names = (NAME,) if get_origin(field.type) is dict else ()
            lines += _section(table, (field.name, *names))
    return "\n".join(lines) + "\n"


def _section(table: type[msgspec.Struct], path: KeyPath) -> Iterator[str]:
    """One table, and the sections of the tables in it."""
    tag = table.__struct_config__.tag
    title = f"{spelled(path)}" + (f", kind {tag}" if tag else "")
    first, _, rest = inspect.cleandoc(table.__doc__ or "").partition("\n")
    yield from ("", f"## {title}", "", f"{first.replace('``', '`')}")
    before, _, _ = rest.partition("\nAttributes:\n")
    if before.strip():
        yield from ("", before.strip().replace("``", "`"))
    if str(path[0]) in MORE:
        yield from ("", MORE[str(path[0])])
    yield from ("", *_HEAD)
    if tag:
        kind = table.__struct_config__.tag_field
        yield f"| `{spelled(path)}.{kind}` | required | `{tag}` | Which kind of backend this is. |"
    inner: list[tuple[type[msgspec.Struct], KeyPath]] = []
    meanings = sentences(table)
    for field in msgspec.structs.fields(table):
        key = (*path, field.name)
        inner.extend((one, (*key, NAME)) for one in tables_of(field.type))
        meaning = meanings[field.name].replace("``", "`").replace("|", "\\|")
        if meaning[:1].islower():
            meaning = meaning[0].upper() + meaning[1:]
        value = _value(field.type, key)
        yield f"| `{spelled(key)}` | {_default(field, key)} | {value} | {meaning} |"
    for one, at in inner:
        yield from _section(one, at)


def _default(field: msgspec.structs.FieldInfo, key: KeyPath) -> str:
    value = default_of(field)
    if value is msgspec.NODEFAULT:
        return "required"
    if value is None:
        return "not given"
    return f"`{toml(value)}`{_in_words(value, key)}"


def _in_words(value: Any, key: KeyPath) -> str:
    """A large number of bytes or seconds once more, in a unit that can be read."""
    name = str(key[-1])
    if isinstance(value, int) and name.endswith("_bytes") and value:
        unit, size = next(one for one in _UNITS if value % one[1] == 0)
        return f" ({value // size} {unit})"
    if name.endswith("_seconds") and value >= _DAY_SECONDS:
        return f" ({value / _DAY_SECONDS:g} days)"
    return ""


def _value(annotation: Any, key: KeyPath) -> str:
    """The type of a key, and what its value must be within."""
    allowed = choices(key)
    if allowed:
        return ", ".join(f"`{one}`" if one else "empty" for one in allowed)
    words = "tables" if tables_of(annotation) else type_words(annotation)
    if not {int, float} & set(members(annotation)):
        return words
    least, most = bounds(key)
    if math.isfinite(least) and math.isfinite(most):
        return f"{words}, {_number(least)} to {_number(most)}"
    return f"{words} from {_number(least)} on" if math.isfinite(least) else words


def _number(value: float) -> str:
    if value == _YEAR_SECONDS:
        return f"{_YEAR_SECONDS} (a year)"
    return f"{value:g}" if value < 1 else f"{value:.10g}"
