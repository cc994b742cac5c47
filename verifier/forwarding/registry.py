"""A registry some of whose tasks other deployments answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from verifier.registry import Registry
from verifier.types import PluginTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verifier.forwarding.remote import ForwardedVerifier
    from verifier.registry import Verifier
    from verifier.types import Task, VerifierInfo


class ForwardingRegistry(Registry):
    """Asks other deployments for some tasks, and has verifiers of its own for the rest.

    Args:
        local: all verifiers of this process; those of forwarded tasks are left out, so that nothing
            of theirs is ever started.
        forwarded: by the name of the task.
    """

    def __init__(
        self, local: Iterable[Verifier], forwarded: Mapping[str, ForwardedVerifier]
    ) -> None:
        super().__init__(verifier for verifier in local if verifier.name not in forwarded)
        self.forwarded = dict(forwarded)
        self._remote_types = {
            one.task_type: one for one in forwarded.values() if one.task_type is not PluginTask
        }

    def find(self, task: Task) -> Verifier | None:
        """See `Registry`."""
        if isinstance(task, PluginTask):
            return self.forwarded.get(f"plugin:{task.name}") or super().find(task)
        return self._remote_types.get(type(task)) or super().find(task)

    def __iter__(self) -> Iterator[Verifier]:
        yield from super().__iter__()
        yield from self.forwarded.values()

    def infos(self) -> list[VerifierInfo]:
        """See `Registry`; those that others answer are of the kind ``forwarded``."""
        return [
            structs.replace(info, kind="forwarded") if info.name in self.forwarded else info
            for info in super().infos()
        ]


def forwarded_tasks(registry: Registry) -> dict[str, ForwardedVerifier]:
    """What other deployments answer, by the name of the task."""
    return registry.forwarded if isinstance(registry, ForwardingRegistry) else {}
