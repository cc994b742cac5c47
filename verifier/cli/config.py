"""``verifier-cli config``: checks a configuration, shows it, prints the page of its keys."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Final

from verifier.cli.configuration import FILE_VARIABLE, add_settings, examined
from verifier.cli.exits import ALL_SCORED, USAGE
from verifier.errors import ConfigError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_VERBS: Final = {
    "check": "name everything that is wrong with a configuration, each with its line",
    "show": "print the configuration that holds, and where each value comes from",
    "reference": "print the page of all keys, docs/configuration.md",
}


def configure(parser: ArgumentParser, chosen: str | None) -> None:
    """Adds the verbs, and the options of the one that is chosen."""
    parser.description = "The configuration: defaults < FILE < VERIFIER__TABLE__KEY < --set."
    parser.epilog = (
        "examples:\n"
        "  verifier-cli config check service.toml\n"
        "  VERIFIER__LOGS__LEVEL=debug verifier-cli config show service.toml --set math.workers=4"
    )
    verbs = parser.add_subparsers(dest="config_verb", required=True, metavar="VERB")
    for verb, summary in _VERBS.items():
        verb_parser = verbs.add_parser(
            verb, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        verb_parser.description = summary[0].upper() + summary[1:] + "."
        if verb == chosen and verb != "reference":
            verb_parser.add_argument(
                "config",
                nargs="?",
                metavar="FILE.toml",
                default=os.environ.get(FILE_VARIABLE) or None,
                help=f"configuration file (${FILE_VARIABLE})",
            )
            add_settings(verb_parser)


def run(args: Namespace) -> int:
    """Runs the verb."""
    if args.config_verb == "check":
        return _check(args)
    if args.config_verb == "show":
        return _show(args)
    from verifier.config.reference import reference  # noqa: PLC0415 - for this verb alone

    print(reference(), end="")
    return ALL_SCORED


def _check(args: Namespace) -> int:
    """Prints every problem and every doubt, one a line; exit code 2 if there is a problem."""
    from verifier.cli.configured_files import access_problems  # noqa: PLC0415 - not for --help
    from verifier.config.doubts import doubts  # noqa: PLC0415

    try:
        document = examined(args)
    except ConfigError as error:
        print(error)
        return USAGE
    problems, sources = list(document.problems), document.sources
    warnings: list[str] = []
    if not problems:
        problems = [sources.told(problem) for problem in access_problems(document.config)]
        found = sorted(doubts(document.config), key=sources.order)
        warnings = [sources.told(doubt, "warning: ") for doubt in found]
    for line in (*problems, *warnings):
        print(line)
    name = args.config or "the defaults"
    print(f"{name}: {_count(len(problems), 'problem')}, {_count(len(warnings), 'warning')}")
    return USAGE if problems else ALL_SCORED


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'s' * (number != 1)}"


def _show(args: Namespace) -> int:
    """Prints the configuration; refuses one with problems."""
    from verifier.config.document import refuse_problems  # noqa: PLC0415 - not for --help
    from verifier.config.showing import shown  # noqa: PLC0415

    document = examined(args)
    refuse_problems(document)
    for line in shown(document.config, document.sources):
        print(line)
    return ALL_SCORED
