"""The options by which every verb is configured: ``--config`` and ``--set``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from msgspec import structs

if TYPE_CHECKING:
    from argparse import Namespace, _ActionsContainer

    from verifier.config import Config
    from verifier.config.document import Document
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


def examined(args: Namespace, *flags: Override) -> Document:
    """The configuration that the options ask for, and everything that is wrong with it.

    Args:
        args: of the verb.
        flags: more of its options that set a key; they win over ``--set``.

    Raises:
        ConfigError: the file cannot be read or is not TOML, or a ``--set`` is not ``KEY=VALUE``.
    """
    # Loaded here: of no use to --help.
    from verifier.cli.configured_files import words_problems  # noqa: PLC0415
    from verifier.config.document import read_document  # noqa: PLC0415
    from verifier.config.overrides import setting  # noqa: PLC0415

    document = read_document(args.config, [*map(setting, args.settings), *flags])
    if document.problems:
        return document
    found = map(document.sources.told, words_problems(document.config))
    return structs.replace(document, problems=tuple(found))


def configuration(args: Namespace, *flags: Override) -> Config:
    """The configuration that the options ask for.

    Args:
        args: of the verb.
        flags: more of its options that set a key; they win over ``--set``.

    Raises:
        ConfigError: it cannot be used.
    """
    from verifier.config.document import refuse_problems  # noqa: PLC0415 - of no use to --help

    document = examined(args, *flags)
    refuse_problems(document)
    return document.config
