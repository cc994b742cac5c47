"""``verifier-cli serve``: runs the service until SIGTERM, then drains."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from verifier import logs
from verifier.cli.configuration import add_configuration, configuration
from verifier.cli.exits import ALL_SCORED
from verifier.config.overrides import Override
from verifier.server.lifecycle import serve

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = (
        "Runs the gRPC service with its HTTP side port (/metrics, /healthz, /readyz).\n"
        "SIGTERM drains: health says no, calls in flight finish, exit code 0."
    )
    parser.epilog = "example:\n  verifier-cli serve --listen 0.0.0.0:50051 --config service.toml"
    parser.add_argument("--listen", metavar="HOST:PORT", help="gRPC address (127.0.0.1:50051)")
    parser.add_argument(
        "--metrics-listen",
        metavar="HOST:PORT",
        help="HTTP side port (127.0.0.1:9464); empty switches it off",
    )
    add_configuration(parser)


def run(args: Namespace) -> int:
    """Serves; returns when drained."""
    chosen = {"listen": args.listen, "metrics_listen": args.metrics_listen}
    config = configuration(
        args,
        *(
            Override(f"--{key.replace('_', '-')}", ("server", key), address)
            for key, address in chosen.items()
            if address is not None
        ),
    )
    logs.configure(config.logs)
    asyncio.run(serve(config))
    return ALL_SCORED
