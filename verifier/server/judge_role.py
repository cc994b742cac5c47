"""Items that ask a judge, from a caller that may not: refused before the engine sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.caller import CURRENT_CALLER, Role
from verifier.composition.recipe import resolve
from verifier.errors import ForbiddenError, InputError
from verifier.outcome.composite import CompositeVerifier
from verifier.types import CompositeTask, JudgeTask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verifier.composition.recipe import Recipe
    from verifier.registry import Registry
    from verifier.types import Item

_MAX_NESTING: Final = 3  # composites in composites; the reader of items refuses the first already


def check_judge_role(items: Sequence[Item], registry: Registry) -> None:
    """Refuses items that ask a judge if the current caller has not the role for that.

    Args:
        items: of one call or message.
        registry: knows the recipes, whose terms may be judges, too.

    Raises:
        ForbiddenError: one of them does.
    """
    caller = CURRENT_CALLER.get()
    if Role.JUDGE in caller.roles:
        return
    recipes: Mapping[str, Recipe] | None = None
    for number, item in enumerate(items):
        if isinstance(item.task, CompositeTask) and recipes is None:
            recipes = _recipes_of(registry)
        if _asks_judge(item.task, recipes or {}):
            raise ForbiddenError(
                f"item {number} asks a judge, and {caller.name} does not have the role 'judge'"
            )


def _asks_judge(task: object, recipes: Mapping[str, Recipe], depth: int = 0) -> bool:
    if isinstance(task, JudgeTask):
        return True
    if not isinstance(task, CompositeTask):
        return False
    if depth >= _MAX_NESTING:
        return True  # nothing that is read comes here; what does is not looked through
    try:
        resolved = resolve(task, recipes)
    except InputError:
        resolved = task  # the engine says what is wrong with it; what it names stays asked for
    parts = [resolved.base, *(term.task for term in resolved.terms)]
    return any(_asks_judge(part, recipes, depth + 1) for part in parts)


def _recipes_of(registry: Registry) -> Mapping[str, Recipe]:
    found = (one.recipes for one in registry if isinstance(one, CompositeVerifier))
    return next(found, {})
