"""Users' own recipes: tables of a configuration, spelled and read as rows are.

A term's table goes the way of a row, so it may hold what a row's term may hold, and a mistake in it
is told in the same words. What that takes is loaded only where there is a recipe to read.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs

from verifier.assembly import build_registry
from verifier.composition.composition import Composition
from verifier.composition.recipe import Recipe
from verifier.errors import ConfigError, InputError
from verifier.formats.lengths import Tokenizers
from verifier.outcome.format import FormatVerifier
from verifier.types import (
    CompositeDetail,
    CompositeTask,
    FormatTask,
    InvalidTask,
    Item,
    Outcome,
    Reason,
    Result,
    TextTask,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.config import Config
    from verifier.config.rewards import RecipeConfig
    from verifier.registry import Registry

_PARAMETER: Final = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)\Z")
_REMEMBERED: Final = 256  # readings of one recipe, by what its parameters are
# Stands for the accuracy task that a row will bring.
_BASE: Final = TextTask(("",))
_BASE_ROW: Final = {"text": {"reference_answers": [""]}}
_MISTAKES: Final = (Reason.INVALID_INPUT, Reason.UNSUPPORTED)


def configured_registry(config: Config) -> Registry:
    """The verifiers that a configuration asks for, its own recipes among them.

    Raises:
        ConfigError: a recipe makes no sense, or an installed plugin cannot be loaded.
    """
    return build_registry(config, read_recipes(config))


def read_recipes(config: Config) -> dict[str, Recipe]:
    """The recipes of a configuration, by name.

    Each is read, and tried on an empty completion, with the defaults of its parameters.

    Raises:
        ConfigError: a recipe makes no sense; names the key and what would be right.
    """
    tokenizers = Tokenizers(dict.fromkeys(config.tokenizers, len))  # nothing is loaded to try them
    read: dict[str, Recipe] = {}
    for name, table in config.recipes.items():
        try:
            _check_parameters(table)
            read[name] = _recipe(name, table)
            _try(read[name], tokenizers)
        except InputError as error:
            raise ConfigError(f"recipes.{name}.{error}") from None
    return read


def _check_parameters(table: RecipeConfig) -> None:
    """Refuses parameters that change nothing; those that are missing are told by `_filled_in`."""
    text = json.dumps(structs.asdict(table), default=str)
    for parameter in table.parameters:
        if f'"${parameter}"' not in text:
            raise InputError(f'no term says "${parameter}"', field=f"parameters.{parameter}")


def _recipe(name: str, table: RecipeConfig) -> Recipe:
    @lru_cache(_REMEMBERED)
    def build(options: str) -> CompositeTask:
        return _task(table, json.loads(options))

    def build_for_row(options: Mapping[str, Any]) -> CompositeTask:
        try:
            return build(json.dumps(options, sort_keys=True))
        except InputError as error:
            raise InputError(f"recipe {name!r}: {error}", field="composite.options") from None

    build(json.dumps(table.parameters, sort_keys=True))
    return Recipe(name, table.source, table.formula, build_for_row, table.parameters)


def _task(table: RecipeConfig, options: Mapping[str, Any]) -> CompositeTask:
    """The task that a recipe stands for.

    Raises:
        InputError: it breaks a rule of rows; the field is relative to the recipe.
    """
    from verifier.convert.items import item_from_proto  # noqa: PLC0415 - the messages are slow
    from verifier.convert.rows import dict_to_proto  # noqa: PLC0415

    row = {
        key: _filled_in(value, options, key)
        for key, value in {
            "terms": list(table.terms),
            "combine": table.combine,
            "clip_min": table.clip_min,
            "clip_max": table.clip_max,
        }.items()
        if value is not None
    }
    try:
        task = item_from_proto(dict_to_proto({"composite": {**row, "base": _BASE_ROW}}), "").task
    except InputError as error:
        raise InputError(_relative(str(error))) from None
    if isinstance(task, InvalidTask):
        raise InputError(_relative(task.problem))
    if not isinstance(task, CompositeTask):
        raise TypeError(f"a composite row was read as a {type(task).__name__}")
    return structs.replace(task, base=None)


def _filled_in(value: Any, options: Mapping[str, Any], path: str) -> Any:
    """`value` with what its parameters are in their places."""
    if isinstance(value, dict):
        return {key: _filled_in(inner, options, f"{path}.{key}") for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled_in(inner, options, f"{path}[{place}]") for place, inner in enumerate(value)]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value.startswith("$$"):
        return value[1:]
    found = _PARAMETER.match(value)
    if found is None or found[1] not in options:
        known = ", ".join(f"${name}" for name in options) or "none"
        raise InputError(
            f"{value!r} is no parameter; there are: {known}. A text that begins with a dollar "
            "begins with two",
            field=path,
        )
    return options[found[1]]


def _relative(message: str) -> str:
    """A message about a row, as one about the recipe whose row it was."""
    return message.removeprefix("composite").lstrip(".: ")


def _try(recipe: Recipe, tokenizers: Tokenizers) -> None:
    """Scores an empty completion, which finds what only shows when a term is asked.

    Raises:
        InputError: a term has parameters that make no sense; the field is relative to the recipe.
    """
    told: list[Result] = []
    item = Item(
        recipe.name,
        "",
        CompositeTask(recipe=recipe.name, base=_BASE),
        group_id=recipe.name,
        completion_tokens=0,
    )
    composition = Composition(
        [item], {recipe.name: recipe}, "", lambda _, result: told.append(result), tokenizers
    )
    forms = FormatVerifier(tokenizers)
    for place, part in enumerate(composition.parts):
        composition.take(place, _tried(part, forms))
    composition.begin()
    (result,) = told
    detail = result.detail
    for place, said in enumerate(detail.terms if isinstance(detail, CompositeDetail) else ()):
        if said.verdict is Verdict.UNSCORED and said.reason in _MISTAKES:
            raise InputError(said.message, field=f"terms[{place}]")
    if result.verdict is Verdict.UNSCORED and result.reason in _MISTAKES:
        raise InputError(f"terms: {_relative(result.message)}")


def _tried(part: Item, forms: FormatVerifier) -> Result:
    if isinstance(part.task, FormatTask):
        outcome = forms.verify(part)
    else:
        outcome = Outcome.correct(Reason.EQUIVALENT, "")
    return Result(part.id, outcome.verdict, outcome.reason, outcome.reward, outcome.message)
