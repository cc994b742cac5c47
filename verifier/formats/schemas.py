"""JSON Schemas: checked once, then applied within a budget of work."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from verifier.errors import WorkLimitError
from verifier.formats.json_values import short
from verifier.formats.patterns import PatternError, pattern_size
from verifier.formats.schema_evaluated import unevaluated_items, unevaluated_properties
from verifier.formats.schema_keywords import KEYWORDS, counted
from verifier.formats.work_budget import budget

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_SCHEMA: Final = 100_000
"""Code points in a schema."""

MAX_STEPS: Final = 100_000
"""Of work on one value: uses of keywords, and parts that a keyword looks at by itself.

A step is some 10 µs, so that the bound is about 1 s; an object of three checked properties is some
15 steps.
"""

_MAX_SCHEMA_STEPS: Final = 2_000_000  # of work on a schema, once
_MAX_SCHEMAS: Final = 128  # that are remembered
_MAX_MESSAGE: Final = 300

_DIALECTS: Final = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema": "Draft7Validator",
    "http://json-schema.org/draft-06/schema": "Draft6Validator",
    "http://json-schema.org/draft-04/schema": "Draft4Validator",
}
_DEFAULT: Final = next(iter(_DIALECTS))


class SchemaError(ValueError):
    """A schema that cannot be used; the message says where and why."""


def violation(schema: str, value: object, max_steps: int = MAX_STEPS) -> str:
    """Says what of a value does not obey a schema.

    Args:
        schema: one JSON object, at most `MAX_SCHEMA` code points.
        value: JSON as Python has it.
        max_steps: of work on the value.

    Returns:
        The place and what is wrong there; empty if the value obeys.

    Raises:
        SchemaError: the schema cannot be used.
        WorkLimitError: the bound of work was reached, or the interpreter's stack.
    """
    from referencing.exceptions import Unresolvable  # noqa: PLC0415 - takes a while to load

    validator = check_schema(schema)
    with budget(max_steps):
        try:
            error = next(validator.iter_errors(short(value)), None)
        except Unresolvable as unknown:
            raise SchemaError(_unknown_reference(unknown.ref)) from None
    return _message(error) if error else ""


def check_schema(schema: str) -> Any:
    """Finds the mistakes in a schema.

    Args:
        schema: as for `violation`.

    Returns:
        The validator of it.

    Raises:
        SchemaError: the schema cannot be used.
    """
    found = _compiled(schema)
    if isinstance(found, SchemaError):
        raise SchemaError(*found.args)
    return found


@lru_cache(maxsize=_MAX_SCHEMAS)
def _compiled(text: str) -> Any:
    """The validator of a schema, or the error that it is; an error is remembered, too."""
    try:
        return _validator(_read(text))
    except SchemaError as error:
        return SchemaError(*error.args)
    except WorkLimitError:
        return SchemaError("takes too much work to be checked: give a smaller one")


def _read(text: str) -> dict[str, Any]:
    if len(text) > MAX_SCHEMA:
        raise SchemaError(f"is {len(text)} characters long: at most {MAX_SCHEMA:,} are allowed")
    try:
        schema = short(json.loads(text))
    except ValueError as error:
        raise SchemaError(f"is not JSON: {error}") from None
    except RecursionError:
        raise SchemaError("is nested too deep") from None
    if not isinstance(schema, dict):
        raise SchemaError("is not a JSON object")
    return schema


def _validator(schema: dict[str, Any]) -> Any:
    from referencing import Registry  # noqa: PLC0415 - takes a while to load

    dialect = schema.pop("$schema", _DEFAULT)
    if not isinstance(dialect, str) or dialect.rstrip("#") not in _DIALECTS:
        raise SchemaError(f"$schema is {short(dialect)!r}: known are {', '.join(_DIALECTS)}")
    validator_class = _validator_class(_DIALECTS[dialect.rstrip("#")])
    with budget(_MAX_SCHEMA_STEPS):
        _check_form(validator_class, schema)
        _check_references(validator_class, schema)
    return validator_class(schema, registry=Registry())


def _check_form(validator_class: Any, schema: Any) -> None:
    mistake = next(_of_schemas(validator_class).iter_errors(schema), None)
    if mistake:
        raise SchemaError(_message(mistake))


@cache
def _validator_class(name: str) -> Any:
    """The library's class of a dialect with our keywords, each of them counted."""
    from jsonschema import validators  # noqa: PLC0415 - takes a while to load

    base = getattr(validators, name)
    ours = {
        **KEYWORDS,
        "unevaluatedProperties": unevaluated_properties,
        "unevaluatedItems": unevaluated_items,
    }
    keywords = {
        each: counted(each, ours.get(each, keyword)) for each, keyword in base.VALIDATORS.items()
    }
    return validators.extend(base, keywords)


@cache
def _of_schemas(validator_class: Any) -> Any:
    """The validator of a dialect's schemas.

    The library goes back to its own class, uncounted, wherever a schema has ``$schema``.
    """
    from jsonschema_specifications import REGISTRY  # noqa: PLC0415 - takes a while to load
    from referencing import Registry  # noqa: PLC0415

    specification = _specification(validator_class)
    meta = validator_class.META_SCHEMA
    known = ((uri, REGISTRY.contents(uri)) for uri in REGISTRY)
    resources = [
        (uri, specification.create_resource(_bare(contents)))
        for uri, contents in known
        if contents.get("$schema") == meta["$schema"]
    ]
    # Crawled, so that the library's own resources do not answer for anchors in them.
    registry = Registry().with_resources(resources).crawl()
    return validator_class(_bare(meta), registry=registry)


def _bare(schema: Any) -> Any:
    return {name: part for name, part in schema.items() if name != "$schema"}


def _specification(validator_class: Any) -> Any:
    from referencing.jsonschema import specification_with  # noqa: PLC0415 - takes a while to load

    return specification_with(validator_class.ID_OF(validator_class.META_SCHEMA))


def _check_references(validator_class: Any, schema: Any) -> None:
    """Follows every reference, and compiles every pattern.

    Raises:
        SchemaError: one leads out of the schema, nowhere, or to what is no schema; RE2 does not
            take the pattern; a subschema asks for a dialect of its own.
    """
    from referencing import Registry  # noqa: PLC0415 - takes a while to load
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    specification = _specification(validator_class)
    root = specification.create_resource(schema)
    waiting = [(root, Registry().resolver_with_root(root))]
    seen: set[int] = set()
    while waiting:
        resource, resolver = waiting.pop()
        if id(resource.contents) in seen or not isinstance(resource.contents, dict):
            continue
        seen.add(id(resource.contents))
        _check_patterns(resource.contents)
        for name in ("$ref", "$dynamicRef"):
            if name in resource.contents and name in validator_class.VALIDATORS:
                ref = _text(name, resource.contents[name])
                try:
                    found = resolver.lookup(ref)
                except (Unresolvable, LookupError, TypeError, ValueError):
                    # The library lets a pointer through what is no container fail as it fails.
                    raise SchemaError(_unknown_reference(ref)) from None
                if id(found.contents) not in seen:
                    _check_form(validator_class, found.contents)
                waiting.append((specification.create_resource(found.contents), found.resolver))
        waiting += [(inner, resolver.in_subresource(inner)) for inner in resource.subresources()]


def _text(name: str, value: Any) -> str:
    # The forms of the older drafts do not speak of $ref.
    if not isinstance(value, str):
        raise SchemaError(f"{name} is {value!r}: must be a string")
    return value


def _check_patterns(schema: dict[str, Any]) -> None:
    if "$schema" in schema:
        raise SchemaError("$schema stands inside: only the whole schema may have one")
    for pattern in _patterns(schema):
        try:
            pattern_size(pattern)
        except PatternError as error:
            raise SchemaError(f"pattern {short(pattern)!r}: {error}") from None


def _patterns(schema: dict[str, Any]) -> Iterator[str]:
    if isinstance(pattern := schema.get("pattern"), str):
        yield pattern
    if isinstance(patterns := schema.get("patternProperties"), dict):
        yield from patterns


def _unknown_reference(ref: str) -> str:
    return f"the reference {short(ref)!r} leads nowhere in the schema: nothing is fetched"


def _message(error: Any) -> str:
    place = error.json_path.removeprefix("$").removeprefix(".")
    message = f"{place}: {error.message}" if place else error.message
    return message if len(message) <= _MAX_MESSAGE else f"{message[: _MAX_MESSAGE - 1]}…"
