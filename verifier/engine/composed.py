"""A call some of whose items are made of terms: the terms are scored in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from verifier.types import CompositeTask, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from verifier.engine.call import Call
    from verifier.registry import ComposingVerifier
    from verifier.types import Item

    OnResult = Callable[[int, Result], None]


class ComposedCall:
    """One such call.

    Args:
        report: told of composite items' results.
        composer: takes items apart.
        items: of the call.
        on_result: called with (index, result) as each is known.

    Attributes:
        take: to be called with (index, result) of each part.
    """

    def __init__(
        self,
        report: Callable[[list[Result]], None],
        composer: ComposingVerifier,
        items: Sequence[Item],
        on_result: OnResult | None,
    ) -> None:
        self._report = report
        self._on_result = on_result
        self._results: list[Result | None] = [None] * len(items)
        self._unreported: list[Result] = []
        self._items = items
        self._composition = composer.compose(items, self._keep)
        self.take = self._composition.take

    @property
    def parts(self) -> Sequence[Item]:
        """What there is to score: the terms of composite items, and all other items."""
        return self._composition.parts

    async def run(self, call: Call) -> list[Result]:
        """The results of the items, once `call` has scored their parts."""
        try:
            self._composition.begin()
            await call.run(self._composition.parts)
        finally:
            self._report(self._unreported)
        return cast("list[Result]", self._results)

    def _keep(self, index: int, result: Result) -> None:
        self._results[index] = result
        if isinstance(self._items[index].task, CompositeTask):
            self._unreported.append(result)  # parts are reported where they are scored
        if self._on_result is not None:
            self._on_result(index, result)
