"""``verifier-cli list``: what works here, or on a running service."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

from msgspec import structs

from verifier.cli.configuration import add_configuration, configuration
from verifier.cli.exits import ALL_SCORED, UNREACHABLE
from verifier.cli.remote import add_address, client
from verifier.errors import ServiceError
from verifier.forwarding.assembly import configured_registry

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from verifier.types import VerifierInfo


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = "Lists verifiers with their versions and members."
    parser.epilog = "example:\n  verifier-cli list --json"
    add_address(parser, "ask a running service instead")
    add_configuration(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(args: Namespace) -> int:
    """Prints the list."""
    if args.address:
        try:
            with client(args, timeout_seconds=10.0) as service:
                infos = service.list_verifiers()
        except ServiceError as error:
            print(f"verifier-cli: {args.address}: {error}", file=sys.stderr)
            return UNREACHABLE
    else:
        infos = configured_registry(configuration(args)).infos()
    for info in infos:
        print(json.dumps(structs.asdict(info)) if args.json else _line(info))
    return ALL_SCORED


def _line(info: VerifierInfo) -> str:
    members = f" [{', '.join(info.members)}]" if info.members else ""
    members += f" [models: {', '.join(info.models)}]" if info.models else ""
    isolation = f" (isolation: {info.isolation})" if info.isolation else ""
    name = f"{info.name}/{info.version}"
    line = f"{name:<16} {info.kind:<7} {info.description}{members}{isolation}"
    width = shutil.get_terminal_size((1000, 24)).columns if sys.stdout.isatty() else len(line)
    return line if len(line) <= width else line[: width - 1] + "…"
