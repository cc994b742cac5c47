"""``verifier-cli serve``: runs the service until SIGTERM, then drains."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from verifier import logs
from verifier.cli.exits import ALL_SCORED
from verifier.config import load_config, problems
from verifier.errors import ConfigError
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
    parser.add_argument("--config", metavar="FILE.toml", help="configuration file")


def run(args: Namespace) -> int:
    """Serves; returns when drained."""
    config = load_config(args.config)
    chosen = {"listen": args.listen, "metrics_listen": args.metrics_listen}
    server = msgspec.structs.replace(
        config.server, **{key: value for key, value in chosen.items() if value is not None}
    )
    config = msgspec.structs.replace(config, server=server)
    for problem in problems(config):
        raise ConfigError(problem)
    logs.configure(config.logs)
    asyncio.run(serve(config))
    return ALL_SCORED
