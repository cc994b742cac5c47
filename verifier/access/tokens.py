"""The token file: who may call, by token or by certificate, and what each may do.

A token is 256 random bits that we draw ourselves. The file holds its SHA-256 alone, so whoever
reads the file cannot call. One fast hash is enough for that: salts and slow hashes protect what a
person chose, because such words can be guessed one after the other; among 2**256 there is nothing
to guess.

    [tokens.trainer]
    sha256 = "9f86d0..."              # 64 hexadecimal digits
    roles = ["score", "judge"]
    items_per_second = 2000.0
    expires = 2027-06-30T00:00:00Z

    [certificates."trainer.example"]  # the common name of a client certificate
    roles = ["score"]
"""

from __future__ import annotations

import hashlib
import math
import secrets
import stat
import tomllib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from verifier.access.names import MAX_NAME_CHARACTERS, clean_name
from verifier.caller import Caller, Role
from verifier.errors import ConfigError, ForbiddenError, UnknownCallerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOKEN_PREFIX: Final = "vt_"  # noqa: S105 - so that scanners of repositories can find a lost one
_TOKEN_BYTES: Final = 32
_MAX_TOKEN_CHARACTERS: Final = 256  # nothing longer is hashed
_TABLES: Final = ("tokens", "certificates")
_ROLES: Final = {role.value.lower(): role for role in Role}


class Rights(Struct, frozen=True, forbid_unknown_fields=True):
    """What a table of the file may hold.

    Attributes:
        roles: of ``score``, ``judge`` and ``admin``, at least one.
        weight: share of what is scarce, relative to others who wait for the same, > 0.
        max_items: of the caller inside at once; 0: the configuration's bound.
        items_per_second: that it may send in the long run; 0: no bound.
        expires: from when on it is refused; None: never.
    """

    roles: Annotated[tuple[str, ...], Meta(min_length=1)]
    weight: Annotated[float, Meta(gt=0)] = 1.0
    max_items: Annotated[int, Meta(ge=0)] = 0
    items_per_second: Annotated[float, Meta(ge=0)] = 0.0
    expires: Annotated[datetime, Meta(tz=True)] | None = None


class TokenRights(Rights, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A token's table.

    Attributes:
        sha256: of the token, 64 hexadecimal digits.
    """

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


_RightsT = TypeVar("_RightsT", bound=Rights)


class Grant(Struct, frozen=True):
    """A caller and until when it is one.

    Attributes:
        caller: its name and what it may do.
        expires: seconds since 1970; None: never.
    """

    caller: Caller
    expires: float | None = None

    def at(self, now: float) -> Caller:
        """The caller.

        Raises:
            UnknownCallerError: it is one no more.
        """
        if self.expires is not None and now >= self.expires:
            raise UnknownCallerError(f"the rights of {self.caller.name} have expired")
        return self.caller


class TokenBook:
    """What a token file says.

    Args:
        tokens: grants by the SHA-256 of their token.
        certificates: grants by the common name of a client certificate.
    """

    def __init__(self, tokens: Mapping[bytes, Grant], certificates: Mapping[str, Grant]) -> None:
        self._tokens = dict(tokens)
        self._certificates = dict(certificates)

    @property
    def grants(self) -> list[Grant]:
        """All of them, those by token first."""
        return [*self._tokens.values(), *self._certificates.values()]

    def by_token(self, token: str, now: float) -> Caller:
        """Whose token this is.

        It is found by its digest, which nobody can choose byte by byte, so how long that takes
        tells nothing of the tokens that exist.

        Args:
            token: as shown, whatever it is.
            now: seconds since 1970.

        Raises:
            UnknownCallerError: nobody's, or expired.
        """
        if len(token) <= _MAX_TOKEN_CHARACTERS:
            digest = hashlib.sha256(token.encode(errors="replace")).digest()
            grant = self._tokens.get(digest)
            if grant is not None:
                return grant.at(now)
        raise UnknownCallerError("the token is not known here")

    def by_certificate(self, names: Iterable[str], now: float) -> Caller:
        """Whose certificate this is.

        Args:
            names: the common name of the certificate, which was checked by its signature.
            now: seconds since 1970.

        Raises:
            ForbiddenError: the file has no table for any of the names.
            UnknownCallerError: expired.
        """
        shown = list(names)
        for name in shown:
            if name in self._certificates:
                return self._certificates[name].at(now)
        name = clean_name(shown[0]) if shown else "without a common name"
        raise ForbiddenError(f"the certificate {name!r} has no roles here")


def new_token() -> str:
    """A token, never seen before; it is shown once and kept by nobody here."""
    return TOKEN_PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """What the file keeps of a token: its SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def read_book(path: str) -> TokenBook:
    """Reads a token file.

    Raises:
        ConfigError: it cannot be read, anybody on the machine may change it, or a table means
            nothing; names the file, the table and the cure.
    """
    values = _read_tables(path)
    tokens: dict[bytes, Grant] = {}
    for name, table in values["tokens"].items():
        place = f"{path}: tokens.{name}"
        rights = _convert(table, TokenRights, place)
        digest = bytes.fromhex(rights.sha256)
        if digest in tokens:
            other = tokens[digest].caller.name
            raise ConfigError(f"{place}: is the same token as {other!r}; draw another one")
        tokens[digest] = _grant(name, rights, place)
    certificates = {}
    for name, table in values["certificates"].items():
        place = f"{path}: certificates.{name}"
        certificates[name] = _grant(name, _convert(table, Rights, place), place)
    return TokenBook(tokens, certificates)


def _read_tables(path: str) -> dict[str, dict[str, Any]]:
    try:
        if Path(path).stat().st_mode & stat.S_IWOTH:
            raise ConfigError(f"{path}: anybody may write to it: chmod o-w {path}")
        values = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    for key, value in values.items():
        if key not in _TABLES:
            raise ConfigError(f"{path}: unknown table {key!r}; known: {', '.join(_TABLES)}")
        if not isinstance(value, dict):
            raise ConfigError(f"{path}: {key} must hold tables, [{key}.NAME]")
    return {key: values.get(key, {}) for key in _TABLES}


def _convert(table: object, kind: type[_RightsT], place: str) -> _RightsT:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        hint = f"; known here: {known}" if "unknown field" in str(error) else ""
        if "sha256" in str(error):
            hint = "; `verifier-cli token new` writes it"
        raise ConfigError(f"{place}: {error}{hint}") from error


def _grant(name: str, rights: Rights, place: str) -> Grant:
    if not name or clean_name(name) != name:
        raise ConfigError(f"{place}: a name has 1 to {MAX_NAME_CHARACTERS} printable characters")
    for role in rights.roles:
        if role not in _ROLES:
            raise ConfigError(f"{place}: no role {role!r}; there are: {', '.join(_ROLES)}")
    for key in ("weight", "items_per_second"):
        if not math.isfinite(getattr(rights, key)):
            raise ConfigError(f"{place}: {key} must be a finite number")
    caller = Caller(
        name,
        frozenset(_ROLES[role] for role in rights.roles),
        rights.weight,
        rights.max_items,
        rights.items_per_second,
    )
    return Grant(caller, rights.expires.timestamp() if rights.expires else None)
