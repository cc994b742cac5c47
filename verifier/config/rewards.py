"""``[tokenizers.NAME]`` and ``[recipes.NAME]``: what rewards are measured with, and users' own.

What a recipe's terms mean is found out where rows are read, `verifier.convert.recipes`: they are
spelled alike. Here is refused what would be wrong with any recipe.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.composition.recipes.table import RECIPES
from verifier.config.problem import Problem
from verifier.formats.lengths import Tokenizers
from verifier.formats.tokenizer_files import TokenizerFile, is_installed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_NAME_RULE: Final = "a name has letters, digits, '.', '_' and '-', at most 64 of them"


class TokenizerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[tokenizers.NAME]``: one tokenizer, by whose NAME lengths in tokens are counted.

    Takes the extra ``models``.

    Attributes:
        path: of a ``tokenizer.json``, or of a folder that holds one; loaded when first asked, never
            downloaded.
    """

    path: str

    def tokenizer(self) -> TokenizerFile:
        """The same, ready to count; loaded when first asked."""
        return TokenizerFile(Path(self.path))


class RecipeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[recipes.NAME]``: one reward by name, in the words of a row's ``composite`` task.

    Anywhere in the terms, `combine` and the bounds, a text ``$name`` stands for the parameter of
    that name; a text that begins with a dollar itself begins with two.

    Attributes:
        source: where the reward comes from, for people.
        formula: the reward in one line, for people.
        parameters: what a row may set in `options`, each with its default.
        terms: what the reward is made of, at least one, each as in a row.
        combine: how the terms make one reward: sum, product or min.
        clip_min: the least that the reward can be, or a parameter; not given: no bound.
        clip_max: the most that the reward can be, or a parameter; not given: no bound.
    """

    source: str = ""
    formula: str = ""
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    terms: tuple[dict[str, Any], ...] = ()
    combine: str = "SUM"
    clip_min: float | str | None = None
    clip_max: float | str | None = None


def configured_tokenizers(configs: Mapping[str, TokenizerConfig]) -> Tokenizers:
    """The tokenizers of a configuration, none of them loaded yet."""
    counters = {name: config.tokenizer().count for name, config in configs.items()}
    return Tokenizers(counters, {name: config.path for name, config in configs.items()})


def tokenizer_problems(tokenizers: Mapping[str, TokenizerConfig]) -> Iterator[Problem]:
    """What is wrong with the tokenizers beyond the types of their values."""
    for name, config in tokenizers.items():
        at = ("tokenizers", name)
        if not _NAME.match(name):
            yield Problem(at, _NAME_RULE)
        file = config.tokenizer().path
        if not config.path:
            yield Problem((*at, "path"), "must name a tokenizer.json or a folder that holds one")
        elif not file.is_file():
            yield Problem((*at, "path"), f"{file} does not exist; nothing is downloaded")
        if not is_installed():
            yield Problem(at, "needs the package tokenizers: install verifier-service[models]")


def recipe_problems(recipes: Mapping[str, RecipeConfig]) -> Iterator[Problem]:
    """What is wrong with the recipes beyond the types of their values."""
    for name, recipe in recipes.items():
        at = ("recipes", name)
        if not _NAME.match(name):
            yield Problem(at, _NAME_RULE)
        if name in RECIPES:
            yield Problem(at, "the name is taken by a recipe that comes with the service")
        if not recipe.terms:
            yield Problem((*at, "terms"), "must hold at least one term")
        for parameter, default in recipe.parameters.items():
            where = (*at, "parameters", parameter)
            if not (parameter.isidentifier() and parameter.isascii()):
                yield Problem(where, "a parameter's name has letters, digits and '_'")
            elif not _fits_a_row(default):
                wanted = "text, true or false, a finite number or a list of these"
                yield Problem(where, f"must be {wanted}, is {default!r}")


def _fits_a_row(default: object) -> bool:
    """Whether a row could give such a value, so that it has a kind to be compared with."""
    if isinstance(default, dict):
        return False
    try:
        json.dumps(default, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True
