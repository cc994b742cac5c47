"""From the values of a file to what can be used of them, and everything that is wrong with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

import msgspec

from verifier.config.problem import Problem, spelled
from verifier.config.schema import keys, members, sentences, tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.config.problem import KeyPath

# How alike two names must be, from 0 to 1: a letter or two apart; of one word, perhaps.
_MISSPELLED: Final = 0.8
_LIKE: Final = 0.6
_MOST_MEANT: Final = 3  # keys of one name that are told; more say nothing

UNUSABLE: Final = object()
"""In place of a value that cannot be used."""

_WORDS: Final[Mapping[Any, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
}


class Reading:
    """One reading of all values; what is wrong gathers in `problems`.

    Args:
        root: the struct of the whole file.
    """

    def __init__(self, root: type[msgspec.Struct]) -> None:
        self._root = root
        self.problems: list[Problem] = []

    def value(self, annotation: Any, value: object, path: KeyPath) -> Any:
        """What can be used of a value; `UNUSABLE` if nothing can.

        Args:
            annotation: the type it should have.
            value: as TOML gave it.
            path: where it stands.
        """
        origin = get_origin(annotation)
        if annotation is Any:
            return value
        if origin is dict or tables_of(annotation):
            if not isinstance(value, dict):
                return self._refuse(path, f"must be a table, is {kind_of(value)}")
            inner = get_args(annotation)[1] if origin is dict else None
            return (
                self._named(inner, value, path) if inner else self._table(annotation, value, path)
            )
        if origin is tuple and isinstance(value, list):
            return self._list(get_args(annotation)[0], value, path)
        try:
            return msgspec.convert(value, annotation)
        except msgspec.ValidationError:
            wanted = type_words(annotation)
            return self._refuse(
                path, f"must be {wanted}, is {kind_of(value)}{_cure(wanted, value)}"
            )

    def _refuse(self, path: KeyPath, what: str) -> object:
        self.problems.append(Problem(path, what))
        return UNUSABLE

    def _named(self, annotation: Any, values: Mapping[str, Any], path: KeyPath) -> object:
        """A table of tables by names that the operator chose."""
        read = {name: self.value(annotation, one, (*path, name)) for name, one in values.items()}
        return {name: one for name, one in read.items() if one is not UNUSABLE}

    def _list(self, annotation: Any, values: list[Any], path: KeyPath) -> object:
        read = [self.value(annotation, one, (*path, at)) for at, one in enumerate(values)]
        return UNUSABLE if UNUSABLE in read else read

    def _table(self, annotation: Any, values: Mapping[str, Any], path: KeyPath) -> object:
        choices = tables_of(annotation)
        table = choices[0] if len(choices) == 1 else _chosen(choices, values)
        if table is None:
            return self._refuse((*path, str(_tag_of(choices))), _no_choice(choices, values))
        tag = table.__struct_config__.tag_field
        usable: dict[str, Any] = {tag: values[tag]} if tag else {}
        fields = {field.name: field for field in msgspec.structs.fields(table)}
        for name, value in values.items():
            if name in fields:
                usable[name] = self.value(fields[name].type, value, (*path, name))
            elif name != tag:
                self._unknown(name, choices, table, path)
        missing = [name for name, field in fields.items() if field.required and name not in values]
        for name in missing:
            meaning = sentences(table).get(name, "").replace("``", "").replace("`", "")
            self._refuse((*path, name), f"is missing: {meaning.rstrip('.')}")
        needed = any(usable.get(name) is UNUSABLE and fields[name].required for name in fields)
        if missing or needed:
            return UNUSABLE
        return {name: one for name, one in usable.items() if one is not UNUSABLE}

    def _unknown(
        self,
        name: str,
        choices: tuple[type[msgspec.Struct], ...],
        table: type[msgspec.Struct],
        path: KeyPath,
    ) -> None:
        other = next((one for one in choices if name in one.__struct_fields__), None)
        tag = str(table.__struct_config__.tag)
        known = (*filter(None, [table.__struct_config__.tag_field]), *table.__struct_fields__)
        if other is not None:
            why = f"is a key of kind {other.__struct_config__.tag}, not of {tag}"
        elif meant := nearest(name, known, self._root):
            why = f"is no key here; did you mean {meant}"
        else:
            why = "is no key"
        self._refuse((*path, name), f"{why}; known here: {', '.join(known)}")


def nearest(name: str, known: tuple[str, ...], root: type[msgspec.Struct]) -> str:
    """The key that was most likely meant; empty if none is like it.

    Args:
        name: what stands in the file.
        known: the keys that may stand there.
        root: the struct of the whole file: a key of that name may have its place elsewhere.
    """
    import difflib  # noqa: PLC0415 - for mistakes alone

    name = name.lower()
    elsewhere: dict[str, list[str]] = {}
    for key in keys(root):
        elsewhere.setdefault(str(key.path[-1]), []).append(spelled(key.path))
    if found := difflib.get_close_matches(name, known, 1, _MISSPELLED):
        return found[0]
    if name not in elsewhere and (found := difflib.get_close_matches(name, known, 1, _LIKE)):
        return found[0]
    found = difflib.get_close_matches(name, elsewhere, 1, _MISSPELLED)
    return " or ".join(elsewhere[found[0]][:_MOST_MEANT]) if found else ""


def type_words(annotation: Any) -> str:
    """A type in words: ``a whole number``, ``a list of texts``."""
    words = []
    for one in members(annotation):
        if get_origin(one) is tuple:
            element = get_args(one)[0]
            words.append("a list of tables" if get_origin(element) is dict else "a list of texts")
        elif get_origin(one) is dict or tables_of(one):
            words.append("a table")
        elif one is not type(None):
            words.append(_WORDS[one])
    return " or ".join(words)


def kind_of(value: object) -> str:
    """What a value of TOML is, in words; a text is not quoted, since it may be a secret."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"the number {value!r}" if math.isfinite(value) else f"{value!r}"
    words = {"str": "text", "list": "a list", "dict": "a table"}
    return words.get(type(value).__name__, "a date or a time")


def _cure(wanted: str, value: object) -> str:
    """What to do about a value of the wrong type, where one can tell."""
    if wanted == "text" and not isinstance(value, (list, dict)):
        return "; put it in quotes"
    if isinstance(value, str):
        if not value:
            return " without a letter; leave the key out for its default"
        if wanted == "true or false" and value.lower() in ("true", "false"):
            return f"; write {value.lower()} without quotes"
        if wanted in (_WORDS[int], _WORDS[float]) and value.replace("_", "").isdecimal():
            return "; leave the quotes out"
        if wanted == "a list of texts":
            return '; write ["one", "two"]'
    return ""


def _tag_of(choices: tuple[type[msgspec.Struct], ...]) -> str | None:
    return choices[0].__struct_config__.tag_field


def _chosen(
    choices: tuple[type[msgspec.Struct], ...], values: Mapping[str, Any]
) -> type[msgspec.Struct] | None:
    """The struct that the key ``kind`` names."""
    tag = values.get(str(_tag_of(choices)))
    return next((one for one in choices if one.__struct_config__.tag == tag), None)


def _no_choice(choices: tuple[type[msgspec.Struct], ...], values: Mapping[str, Any]) -> str:
    tag = str(_tag_of(choices))
    given = f"is {values[tag]!r}" if tag in values else "and is missing"
    return f"must be one of {', '.join(str(one.__struct_config__.tag) for one in choices)}, {given}"
