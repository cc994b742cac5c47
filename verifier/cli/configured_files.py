"""What is wrong with a configuration that only shows when what it names is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from verifier.config.problem import Problem
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verifier.config import Config

_STEP: Final = re.compile(r"\.?(?:(\w+)|\[(\d+)\])")
_SIDE_OF_TLS: Final = re.compile(r"tls(?:\.(\w+))?: ")


def words_problems(config: Config) -> Iterator[Problem]:
    """Recipes and templates that make no sense.

    Args:
        config: without problems of its own.
    """
    if config.judge.templates:
        from verifier.judge.template import load_templates  # noqa: PLC0415 - only where there are

        try:
            load_templates(Path(config.judge.templates))
        except ConfigError as error:
            yield Problem(("judge", "templates"), str(error))
    for name, recipe in config.recipes.items():
        from verifier.convert.recipes import read_recipes  # noqa: PLC0415 - only where there are

        try:
            read_recipes(structs.replace(config, recipes={name: recipe}))
        except ConfigError as error:
            yield _of_recipe(name, str(error).removeprefix(f"recipes.{name}."))


def _of_recipe(name: str, text: str) -> Problem:
    """A problem of a recipe, whose message begins with the key: ``terms[0].weight: WHAT``."""
    path: list[str | int] = ["recipes", name]
    key, _, what = text.partition(": ")
    for word, place in _STEP.findall(key):
        path.append(word or int(place))
    return Problem(tuple(path), what)


def access_problems(config: Config) -> Iterator[Problem]:
    """Tokens and certificates that are on this machine and cannot be used.

    Args:
        config: without problems of its own.
    """
    if Path(config.access.tokens).is_file():
        from verifier.access.tokens import read_book  # noqa: PLC0415 - for one verb alone

        try:
            read_book(config.access.tokens)
        except ConfigError as error:
            yield Problem(("access", "tokens"), str(error))
    tls = config.tls
    files = [path for path in (tls.certificate, tls.key, tls.client_authorities) if path]
    if files and all(Path(path).is_file() for path in files):
        from verifier.server.tls import ServerTls  # noqa: PLC0415 - gRPC is slow to load

        try:
            ServerTls(tls, config.access.reload_seconds, print)
        except ConfigError as error:
            found = _SIDE_OF_TLS.match(str(error))
            key = found[1] if found is not None and found[1] else "certificate"
            yield Problem(("tls", key), _SIDE_OF_TLS.sub("", str(error), count=1))
