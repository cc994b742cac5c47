"""How every verb that can ask a running service is told which, by what right and by what line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from verifier.errors import InputError

if TYPE_CHECKING:
    from argparse import Namespace, _ActionsContainer
    from collections.abc import Iterator

    from verifier.client import AsyncClient, Client, Tls

_TOKEN_VARIABLE: Final = "VERIFIER_TOKEN"  # noqa: S105 - the name of a variable
_TLS_FILES: Final = ("authorities", "certificate", "key")


def add_address(parser: _ActionsContainer, text: str) -> None:
    """Adds ``--address`` and what belongs to it.

    Args:
        parser: of the verb, or a group of it.
        text: what the verb does at that address.
    """
    parser.add_argument("--address", metavar="TARGET", help=text)
    parser.add_argument(
        "--token-env",
        metavar="NAME",
        help=f"environment variable that holds the token for it ({_TOKEN_VARIABLE})",
    )
    parser.add_argument("--tls", action="store_true", help="TLS, by the authorities gRPC ships")
    parser.add_argument(
        "--tls-authorities", metavar="FILE.pem", help="TLS, by the authorities in this file"
    )
    parser.add_argument(
        "--tls-certificate", metavar="FILE.pem", help="our own certificate, for mutual TLS"
    )
    parser.add_argument("--tls-key", metavar="FILE.pem", help="its private key")
    parser.add_argument(
        "--insecure-token",
        action="store_true",
        help="send the token without TLS to another machine, where something else encrypts",
    )


def async_client(args: Namespace, *, batch_items: int) -> AsyncClient:
    """A client for the service that the options name.

    Raises:
        InputError: they do not fit together, or name what is not there.
    """
    from verifier.client import AsyncClient  # noqa: PLC0415 - gRPC is slow to load

    with _as_input_errors():
        return AsyncClient(
            args.address, batch_items=batch_items, token=_token(args), tls=_tls(args)
        )


def client(args: Namespace, *, timeout_seconds: float) -> Client:
    """The same for verbs without an event loop.

    Raises:
        InputError: see `async_client`.
    """
    from verifier.client import Client  # noqa: PLC0415 - gRPC is slow to load

    with _as_input_errors():
        return Client(
            args.address, timeout_seconds=timeout_seconds, token=_token(args), tls=_tls(args)
        )


@contextmanager
def _as_input_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{error} (--tls, --tls-authorities, --insecure-token)") from error


def _tls(args: Namespace) -> Tls | bool | None:
    from verifier.client import Tls  # noqa: PLC0415 - gRPC is slow to load

    files = {name: getattr(args, f"tls_{name}") or "" for name in _TLS_FILES}
    if not args.tls and not any(files.values()):
        return False if args.insecure_token else None
    if args.insecure_token:
        raise InputError("--insecure-token is for lines without TLS: leave it out, or --tls")
    tls = Tls(**files)
    tls.credentials()  # what cannot be read is found out here, and not at the first call
    return tls


def _token(args: Namespace) -> str | None:
    token = os.environ.get(args.token_env or _TOKEN_VARIABLE, "").strip()
    if args.token_env and not token:
        raise InputError(f"--token-env: the environment has no {args.token_env}")
    return token or None
