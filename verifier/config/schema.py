"""The keys that exist, as the structs of this package declare them: types, defaults, sentences."""

from __future__ import annotations

import inspect
import re
import types
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Union, get_args, get_origin

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config.problem import KeyPath

NAME: Final = "NAME"
"""Stands for a name that the operator chooses, in the paths of keys."""

_ATTRIBUTE: Final = re.compile(r"(?P<names>\w+(?:, \w+)*):\s+(?P<text>\S.*)\Z", re.DOTALL)


class Key(NamedTuple):
    """One key that exists.

    Attributes:
        path: where it stands, with `NAME` for names that the operator chooses.
        annotation: its type.
        default: its default; `msgspec.NODEFAULT` if it must be given.
        table: the struct it is a field of.
    """

    path: KeyPath
    annotation: Any
    default: Any
    table: type[msgspec.Struct]


def keys(table: type[msgspec.Struct], path: KeyPath = ()) -> Iterator[Key]:
    """Every key of a table and of the tables in it, in the order of their declaration."""
    for field in msgspec.structs.fields(table):
        here = (*path, field.name)
        inner = tables_of(field.type)
        if inner and get_origin(field.type) is dict:
            for one in inner:
                yield from keys(one, (*here, NAME))
        elif inner:
            yield from keys(inner[0], here)
        else:
            yield Key(here, field.type, default_of(field), table)


def default_of(field: msgspec.structs.FieldInfo) -> Any:
    """The default of a field; `msgspec.NODEFAULT` if it has none."""
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def tables_of(annotation: Any) -> tuple[type[msgspec.Struct], ...]:
    """The structs that tables of this type are read into: several where a key ``kind`` decides."""
    if get_origin(annotation) is dict:
        return tables_of(get_args(annotation)[1])
    return tuple(
        one
        for one in members(annotation)
        if isinstance(one, type) and issubclass(one, msgspec.Struct)
    )


def members(annotation: Any) -> tuple[Any, ...]:
    """What a union is a union of; of anything else, itself."""
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def step(annotation: Any, name: str) -> Any:
    """The type of what stands under a name in something of this type; None if nothing can."""
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    if annotation is Any:
        return Any
    for table in tables_of(annotation):
        if name == table.__struct_config__.tag_field:
            return str
        for field in msgspec.structs.fields(table):
            if field.name == name:
                return field.type
    return None


def names_in(annotation: Any) -> tuple[str, ...]:
    """The keys that a table of this type may have; none where they are the operator's choice."""
    if get_origin(annotation) is dict:
        return ()
    names: dict[str, None] = {}
    for table in tables_of(annotation):
        if table.__struct_config__.tag_field:
            names[table.__struct_config__.tag_field] = None
        names.update(dict.fromkeys(table.__struct_fields__))
    return tuple(names)


def sentences(table: type[msgspec.Struct]) -> dict[str, str]:
    """What the keys of a table mean, from the section ``Attributes:`` of its docstring."""
    _, _, section = inspect.cleandoc(table.__doc__ or "").partition("\nAttributes:\n")
    meanings: dict[str, str] = {}
    for entry in re.split(r"\n(?= {4}\w)", "\n" + section.split("\n\n")[0]):
        found = _ATTRIBUTE.match(" ".join(entry.split()))
        if found is not None:
            meanings.update(dict.fromkeys(found["names"].split(", "), found["text"]))
    return meanings
