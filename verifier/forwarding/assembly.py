"""From a configuration to the registry of a process that forwards, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.convert.recipes import configured_registry as local_registry
from verifier.types import PluginTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verifier.config import Config
    from verifier.registry import Registry, Verifier
    from verifier.types import SelfTest

_PLUGIN: Final = "plugin:"
# What `code` tests itself with depends on the languages that are installed, elsewhere in this case:
# only what must be everywhere.
_PYTHON_TESTS: Final = 2


def configured_registry(config: Config, environ: Mapping[str, str] | None = None) -> Registry:
    """The verifiers that a configuration asks for, forwarded tasks and own recipes among them.

    Args:
        config: what is configured.
        environ: where secrets are; the process's own environment if not given.

    Raises:
        ConfigError: a recipe makes no sense, a plugin cannot be loaded, or a secret is not there.
    """
    local = local_registry(config)
    if not config.forward:
        return local
    # What speaks to other deployments is slow to load.
    from verifier.forwarding.connection import Connection  # noqa: PLC0415
    from verifier.forwarding.registry import ForwardingRegistry  # noqa: PLC0415
    from verifier.forwarding.remote import ForwardedVerifier  # noqa: PLC0415

    here = {verifier.name: verifier for verifier in local}
    forwarded = {}
    for name, table in config.forward.items():
        known = here.get(name)
        forwarded[name] = ForwardedVerifier(
            name,
            PluginTask if name.startswith(_PLUGIN) or known is None else known.task_type,
            table,
            Connection(name, table, environ),
            _self_test(name, known),
        )
    return ForwardingRegistry(local, forwarded)


def _self_test(name: str, known: Verifier | None) -> SelfTest:
    if known is None:
        return ()
    return known.self_test[:_PYTHON_TESTS] if name == "code" else known.self_test
