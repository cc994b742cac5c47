"""The rule ``json_schema``: the completion, or its last fenced JSON block, obeys a JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from verifier.errors import InputError, WorkLimitError
from verifier.format_rules import JsonSchemaRule, RuleOutcome
from verifier.formats.bounds import WHOLE, Bounds
from verifier.formats.json_text import find_json

if TYPE_CHECKING:
    from verifier.types import Item

NAME: Final = "json_schema"


def json_schema(rule: JsonSchemaRule, item: Item, bounds: Bounds = WHOLE) -> RuleOutcome:
    """Is the completion JSON, as the rule ``json`` finds it, and does it obey the schema?

    | Point                  | What holds                                                          |
    |------------------------|---------------------------------------------------------------------|
    | dialect                | ``$schema`` of the whole schema: drafts 4, 6, 7, 2019-09, 2020-12;  |
    |                        | 2020-12 without it                                                  |
    | ``$ref``               | within the schema; nothing is ever fetched                          |
    | ``pattern``            | RE2's (see `verifier.formats.patterns`), not ECMAScript's           |
    | ``format``, ``content``| notes only, as 2020-12 has them                                     |
    | ``multipleOf``         | in decimals as written: 0.3 is a multiple of 0.1                    |
    | numbers                | beyond a float's range, or of more than 4,000 digits, are infinite  |

    Args:
        rule: the schema, at most 100,000 characters.
        item: its completion; the work on it is bounded.
        bounds: of the work.

    Returns:
        The message says where the value first breaks the schema and how, or why it is no JSON.

    Raises:
        InputError: the schema is none, or cannot be used; whatever the completion.
        WorkLimitError: the schema is too long, or took too many steps on this completion.
    """
    from verifier.formats.schemas import (  # noqa: PLC0415 - loaded when first needed
        MAX_SCHEMA,
        SchemaError,
        check_schema,
        violation,
    )

    if bounds.schema_characters < len(rule.schema) <= MAX_SCHEMA:
        raise WorkLimitError(f"the schema has more than {bounds.schema_characters:,} characters")
    try:
        check_schema(rule.schema)  # a broken one is told of whatever the completion is
        found = find_json(item.completion)
        message = found.problem or violation(rule.schema, found.value, bounds.schema_steps)
    except SchemaError as error:
        raise InputError(str(error), field=f"{NAME}.schema") from None
    return RuleOutcome(NAME, passed=not message, message=message)
