"""What wins over the file: environment variables, then flags.

A variable is ``VERIFIER__`` and the levels of a key, two underscores between them:
``VERIFIER__SERVER__LISTEN`` is ``server.listen``. A flag is ``--set server.listen=VALUE``. What
stands there is TOML where the key wants anything but text; where it wants text, it is the text.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_origin

from verifier.config.problem import Problem, spelled
from verifier.config.schema import NAME, keys, members, names_in, step
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import msgspec

    from verifier.config.problem import KeyPath

PREFIX: Final = "VERIFIER__"
_BETWEEN: Final = "__"


class Override(NamedTuple):
    """One value that wins over the file.

    Attributes:
        label: where it comes from: the name of a variable, or a flag.
        path: the key.
        text: the value, as a person wrote it.
    """

    label: str
    path: KeyPath
    text: str


def setting(text: str) -> Override:
    """What ``--set KEY=VALUE`` says.

    Args:
        text: the key as TOML spells it, an equals sign, the value.

    Raises:
        ConfigError: it has no equals sign, or the key is none.
    """
    # A name in quotes may have an equals sign in it: the first beginning that is a key counts.
    end = text.find("=")
    while end >= 0:
        path = _path(text[:end])
        if path:
            return Override("--set", path, text[end + 1 :].strip())
        end = text.find("=", end + 1)
    key = text.partition("=")[0].strip()
    raise ConfigError(f"--set {key!r}: must be KEY=VALUE, such as server.listen=0.0.0.0:50051")


def _path(text: str) -> KeyPath:
    try:
        inner: Any = tomllib.loads(f"{text} = 0") if "\n" not in text else 0
    except ValueError:
        return ()
    path: KeyPath = ()
    while isinstance(inner, dict) and len(inner) == 1:
        ((name, inner),) = inner.items()
        path = (*path, name)
    return path


def variables(
    environ: Mapping[str, str], root: type[msgspec.Struct], values: Mapping[str, Any]
) -> tuple[list[Override], list[str]]:
    """What the environment sets, outermost keys first, and which variables mean nothing.

    Args:
        environ: the environment.
        root: the struct of the whole file.
        values: of the file: a name that the operator chose is found there whatever its case.
    """
    found: list[Override] = []
    problems: list[str] = []
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        parts = variable.removeprefix(PREFIX).split(_BETWEEN)
        path, known = _resolved(parts, root, values)
        if known is None:
            found.append(Override(variable, path, environ[variable]))
        else:
            problems.append(
                f"{variable}: is no key of the configuration{_hint(path, known, parts, root)}"
            )
    return sorted(found, key=lambda one: len(one.path)), problems


def _resolved(
    parts: list[str], root: type[msgspec.Struct], values: Mapping[str, Any]
) -> tuple[KeyPath, tuple[str, ...] | None]:
    """What the levels of a variable mean.

    Returns:
        The path and None; or how far they mean something, and which keys could follow there.
    """
    annotation: Any = root
    node: object = values
    path: KeyPath = ()
    for part in parts:
        here = node if isinstance(node, dict) else {}
        chosen = annotation is Any or get_origin(annotation) is dict
        name = _name_in(here, part) if chosen else part.lower()
        inner = step(annotation, name) if name else None
        if inner is None:
            return path, names_in(annotation)
        path, annotation, node = (*path, name), inner, here.get(name)
    return path, None


def _name_in(here: Mapping[str, Any], part: str) -> str:
    """The name that the file has, whatever its letters' case; a new one in small letters."""
    if part in here:
        return part
    return next((name for name in here if name.lower() == part.lower()), part.lower())


def _hint(
    path: KeyPath, known: tuple[str, ...], parts: list[str], root: type[msgspec.Struct]
) -> str:
    """Which variable was most likely meant."""
    import difflib  # noqa: PLC0415 - for mistakes alone

    wrong = parts[len(path)].lower()
    near = difflib.get_close_matches(wrong, known, 1)
    if near:
        key: KeyPath = (*path, near[0])
    else:
        all_keys = {
            _BETWEEN.join(map(str, key.path)): key.path
            for key in keys(root)
            if NAME not in key.path
        }
        close = difflib.get_close_matches(_BETWEEN.join(parts).lower(), all_keys, 1, 0.5)
        if not close:
            return f"; known there: {', '.join(known)}" if known else ""
        key = all_keys[close[0]]
    return f"; did you mean {variable_of(key)}, which is {spelled(key)}?"


def variable_of(path: KeyPath) -> str:
    """The environment variable of a key."""
    return PREFIX + _BETWEEN.join(str(part) if part == NAME else str(part).upper() for part in path)


def applied(
    overrides: Iterable[Override], root: type[msgspec.Struct], values: dict[str, Any]
) -> Iterator[Problem]:
    """Puts the overrides into the values, later ones over earlier ones; yields what cannot be put.

    Args:
        overrides: what to put.
        root: the struct of the whole file.
        values: of the file; changed.
    """
    for override in overrides:
        annotation: Any = root
        node: Any = values
        for part in override.path:
            annotation = step(annotation, str(part)) if annotation is not None else None
        for part in override.path[:-1]:
            node = node.setdefault(part, {}) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node[override.path[-1]] = parsed(override.text, annotation)
        elif annotation is None:
            yield Problem(override.path, "is no key")


def parsed(text: str, annotation: Any) -> object:
    """A value that a person wrote where a key of this type is set.

    Args:
        text: what was written.
        annotation: the type of the key; None if there is no such key.

    Returns:
        The text itself where the key wants text, without the quotes of TOML if it has them; a value
        of TOML where it wants anything else, or the text if that is none.
    """
    wanted = {one for one in members(annotation) if one is not type(None)}
    if wanted == {str} and text[:1] not in ('"', "'"):
        return text
    try:
        values = tomllib.loads(f"x = {text.strip()}")
    except (ValueError, RecursionError):
        return text
    if values.keys() != {"x"}:  # a line end, and another key after it
        return text
    value = values["x"]
    return text if str in wanted and not isinstance(value, (str, int, float)) else value
