"""``verifier-cli token``: draws tokens, and shows whom a token file knows."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from verifier.access.tokens import digest_of, new_token, read_book
from verifier.caller import Role
from verifier.cli.exits import ALL_SCORED
from verifier.errors import ConfigError, InputError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction

    from verifier.access.tokens import Grant

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what TOML takes without quotes
_NEW_FILE_MODE: Final = 0o600
_PERMISSIONS: Final = 0o7777


def configure(parser: ArgumentParser) -> None:
    """Adds this verb's options."""
    parser.description = "Makes and shows the tokens by which callers are known."
    parser.epilog = (
        "examples:\n"
        "  verifier-cli token new trainer --role score --file tokens.toml > trainer.token\n"
        "  verifier-cli token list --file tokens.toml"
    )
    verbs = parser.add_subparsers(dest="action", required=True, metavar="VERB")
    _configure_new(verbs)
    shown = verbs.add_parser("list", help="show the callers that a file knows")
    shown.add_argument("--file", metavar="TOKENS.toml", required=True, help="the token file")


def _configure_new(verbs: _SubParsersAction[ArgumentParser]) -> None:
    new = verbs.add_parser(
        "new",
        help="draw a token; it is shown once, on standard output",
        description=(
            "Draws a token and prints it, once and alone, on standard output. Its table, which\n"
            "holds only its SHA-256, is appended to the file, or printed to standard error."
        ),
    )
    new.add_argument("name", metavar="NAME", help="of the caller, for logs and quotas")
    new.add_argument(
        "--role",
        action="append",
        required=True,
        choices=[role.value.lower() for role in Role],
        help="what it may do; may be given several times",
    )
    new.add_argument("--weight", type=float, metavar="W", help="share of what is scarce (1)")
    new.add_argument("--max-items", type=int, metavar="N", help="inside at once")
    new.add_argument("--items-per-second", type=float, metavar="R", help="in the long run")
    new.add_argument("--expires", metavar="TIME", help="such as 2027-06-30T00:00:00Z")
    new.add_argument("--file", metavar="TOKENS.toml", help="append the table to this file")


def run(args: Namespace) -> int:
    """Draws, or shows."""
    if args.action == "list":
        for grant in read_book(args.file).grants:
            print(_line(grant))
        return ALL_SCORED
    token = new_token()
    table = _table(args, token)
    if args.file:
        _append(Path(args.file), args.name, table)
    else:
        print(table, end="", file=sys.stderr)
    print(token)
    return ALL_SCORED


def _table(args: Namespace, token: str) -> str:
    """The lines that a token file needs to know a token."""
    if not _NAME.fullmatch(args.name):
        raise InputError("a name has 1 to 64 letters, digits, - and _", field="NAME")
    roles = ", ".join(f'"{role}"' for role in dict.fromkeys(args.role))
    lines = [f"[tokens.{args.name}]", f'sha256 = "{digest_of(token)}"', f"roles = [{roles}]"]
    given = {key: getattr(args, key) for key in ("weight", "max_items", "items_per_second")}
    lines += [f"{key} = {value}" for key, value in given.items() if value is not None]
    if args.expires:
        lines.append(f"expires = {_moment(args.expires).isoformat()}")
    return "\n".join(lines) + "\n"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(
            f"must be a time with its zone, such as 2027-06-30T00:00:00Z, is {text!r}",
            field="--expires",
        )
    return moment


def _append(path: Path, name: str, table: str) -> None:
    """Adds a table, so that whoever reads the file meanwhile sees the old or the new one whole.

    Raises:
        InputError: the name is taken, or the table says what no table may.
        ConfigError: the file cannot be read as it is.
    """
    path = path.resolve()  # a link stays one
    before, mode = "", _NEW_FILE_MODE
    if path.exists():
        if any(grant.caller.name == name for grant in read_book(str(path)).grants):
            raise InputError(f"{path} knows {name!r} already: choose another name")
        before = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode & _PERMISSIONS
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(before + gap + table)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        try:
            read_book(scratch)
        except ConfigError as error:
            raise InputError(str(error).partition(": ")[2]) from error
        Path(scratch).replace(path)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise


def _line(grant: Grant) -> str:
    caller = grant.caller
    roles = ",".join(sorted(role.value.lower() for role in caller.roles))
    parts = [f"{caller.name:<24} {roles:<18} weight {caller.weight:g}"]
    if caller.max_items:
        parts.append(f"at most {caller.max_items} items inside")
    if caller.items_per_second:
        parts.append(f"{caller.items_per_second:g} items/s")
    if grant.expires is not None:
        moment = datetime.fromtimestamp(grant.expires, UTC)
        word = "expires" if moment > datetime.now(UTC) else "EXPIRED"
        parts.append(f"{word} {moment.isoformat()}")
    return "  ".join(parts)
