"""The options by which every verb is configured: ``--config`` and ``--set``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from argparse import Namespace, _ActionsContainer

    from verifier.config import Config
    from verifier.config.overrides import Override

FILE_VARIABLE: Final = "VERIFIER_CONFIG"
"""The environment variable with the path of the file, where no flag gives it."""


def add_configuration(parser: _ActionsContainer, what: str = "configuration file") -> None:
    """Adds the options.

    Args:
        parser: a verb's parser, or a group of its options.
        what: the help of ``--config``.
    """
    parser.add_argument(
        "--config",
        metavar="FILE.toml",
        default=os.environ.get(FILE_VARIABLE) or None,
        help=f"{what} (${FILE_VARIABLE})",
    )
    add_settings(parser)


def add_settings(parser: _ActionsContainer) -> None:
    """Adds ``--set`` alone."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="one key of the configuration, over file and environment: server.listen=0.0.0.0:50051",
    )


def settings_of(args: Namespace) -> list[Override]:
    """What ``--set`` says, in the order of the command line.

    Raises:
        ConfigError: one is not ``KEY=VALUE``.
    """
    from verifier.config.overrides import setting  # noqa: PLC0415 - of no use to --help

    return [setting(text) for text in args.settings]


def configuration(args: Namespace, *flags: Override) -> Config:
    """The configuration that the options ask for.

    Args:
        args: of the verb.
        flags: more of its options that set a key; they win over ``--set``.

    Raises:
        ConfigError: it cannot be used.
    """
    from verifier.config import load_config  # noqa: PLC0415 - of no use to --help

    return load_config(args.config, [*settings_of(args), *flags])
