"""Items: off the wire into our words, with every limit checked, and back."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from verifier.convert.enums import EnumTable
from verifier.convert.texts import clean_text
from verifier.errors import InputError
from verifier.types import (
    BoxedRule,
    Extraction,
    FormatRule,
    FormatTask,
    InvalidTask,
    Item,
    MathPolicy,
    MathTask,
    OrderPolicy,
    PercentPolicy,
    PluginTask,
    Task,
    TextMode,
    TextTask,
    ThinkAnswerRule,
    UnitPolicy,
    UnsupportedRule,
    UnsupportedTask,
)
from verifier.v1 import format_pb2, item_pb2, math_pb2, plugin_pb2, text_pb2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from google.protobuf import struct_pb2

EXTRACTIONS = EnumTable(Extraction, math_pb2.Extraction)
_PERCENTS = EnumTable(PercentPolicy, math_pb2.PercentPolicy, PercentPolicy.BY_REFERENCE)
_UNITS = EnumTable(UnitPolicy, math_pb2.UnitPolicy, UnitPolicy.BY_REFERENCE)
_ORDERS = EnumTable(OrderPolicy, math_pb2.OrderPolicy, OrderPolicy.BY_REFERENCE)
_TEXT_MODES = EnumTable(TextMode, text_pb2.TextMode, TextMode.EXACT)

_DEFAULT_POLICY = MathPolicy()
# Protobuf decodes 100 levels at most, of which one level of options takes up to three, and it gives
# up on the whole call beyond that. A row that is refused before costs only itself.
_MAX_OPTION_LEVELS = 30
TASK_FIELDS = tuple(
    field.name for field in item_pb2.ScoreItem.DESCRIPTOR.oneofs_by_name["task"].fields
)


def item_from_proto(message: item_pb2.ScoreItem, default_id: str) -> Item:
    """One item off the wire.

    Args:
        message: as received.
        default_id: its id if it brings none.

    Returns:
        The item; if it cannot be scored as it stands, one whose task is an `InvalidTask`, so that
        it comes back UNSCORED with the reason INVALID_INPUT among its neighbours' results.
    """
    name = message.WhichOneof("task")
    task: Task
    if name is None:
        task = InvalidTask(f"no task: a row has exactly one of {', '.join(TASK_FIELDS)}")
    elif name in _READERS:
        try:
            task = _READERS[name](getattr(message, name))
        except InputError as error:
            task = InvalidTask(str(error))
        except Exception as error:  # noqa: BLE001 - one row must never cost its neighbours theirs
            task = InvalidTask(f"{name}: cannot be read: {error!r}")
    else:
        task = UnsupportedTask(name)
    return Item(
        message.id or default_id, message.completion, task, message.prompt, message.group_id
    )


class IdGuard:
    """Refuses an id that is already in use, naming both places.

    Args:
        place: what a place is called, ``item`` or ``line``.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._seen: dict[str, int] = {}
        self._refused: Counter[str] = Counter()

    def check(self, item: Item, number: int) -> Item:
        """`item`, or a refusal in its place if its id was seen before.

        What is refused already keeps its own problem: that one has to be mended first.
        """
        first = self._seen.setdefault(item.id, number)
        if first == number:
            return item
        self._refused[item.id] += 1
        if isinstance(item.task, InvalidTask):
            return item
        problem = (
            f"id: {item.id!r} occurs twice, at {self._place} {first} and {self._place} {number}; "
            "rollouts of one prompt share group_id, not id"
        )
        return Item(item.id, "", InvalidTask(problem))

    def forget(self, ids: Iterable[str]) -> None:
        """Makes ids usable again, once their results are out; a refusal's result frees nothing."""
        for name in ids:
            if self._refused[name] > 0:
                self._refused[name] -= 1
            else:
                self._seen.pop(name, None)
                self._refused.pop(name, None)


# ----------------------------------------------------------------------------------- off the wire


def _read_math(message: math_pb2.MathTask) -> MathTask:
    references = _references(message.reference_answers, "math.reference_answers")
    if not message.HasField("policy"):
        return MathTask(references, _DEFAULT_POLICY)
    policy = message.policy
    return MathTask(
        references,
        MathPolicy(
            extraction=tuple(
                EXTRACTIONS.from_wire(rule, "math.policy.extraction") for rule in policy.extraction
            ),
            relative_tolerance=_tolerance(policy, "relative_tolerance", below=1.0),
            absolute_tolerance=_tolerance(policy, "absolute_tolerance", below=math.inf),
            percent=_PERCENTS.from_wire(policy.percent, "math.policy.percent"),
            units=_UNITS.from_wire(policy.units, "math.policy.units"),
            order=_ORDERS.from_wire(policy.order, "math.policy.order"),
        ),
    )


def _tolerance(policy: math_pb2.MathPolicy, name: str, *, below: float) -> float | None:
    if not policy.HasField(name):
        return None
    value: float = getattr(policy, name)
    if not 0 <= value < below:
        raise InputError(f"must be in [0, {below}), is {value}", field=f"math.policy.{name}")
    return value


def _read_text(message: text_pb2.TextTask) -> TextTask:
    references = _references(message.reference_answers, "text.reference_answers")
    mode = _TEXT_MODES.from_wire(message.mode, "text.mode")
    if not message.HasField("threshold"):
        return TextTask(references, mode)
    if mode is not TextMode.F1:
        raise InputError("only mode f1 has a threshold", field="text.threshold")
    if not 0 < message.threshold <= 1:
        raise InputError(f"must be in (0, 1], is {message.threshold}", field="text.threshold")
    return TextTask(references, mode, message.threshold)


def _references(answers: Iterable[str], field: str) -> tuple[str, ...]:
    references = tuple(answers)
    if not references:
        raise InputError("must hold at least one reference answer", field=field)
    return references


_RULES: dict[str, FormatRule] = {"think_answer": ThinkAnswerRule(), "boxed": BoxedRule()}


def _read_format(message: format_pb2.FormatTask) -> FormatTask:
    if not message.rules:
        raise InputError("must hold at least one rule", field="format.rules")
    return FormatTask(tuple(_read_rule(rule, index) for index, rule in enumerate(message.rules)))


def _read_rule(message: format_pb2.FormatRule, index: int) -> FormatRule:
    name = message.WhichOneof("rule")
    if name is None:
        raise InputError("names no rule", field=f"format.rules[{index}]")
    return _RULES.get(name) or UnsupportedRule(name)


def _read_plugin(message: plugin_pb2.PluginTask) -> PluginTask:
    if not message.name:
        raise InputError("must name an installed plugin", field="plugin.name")
    options = read_options(message.options)
    return PluginTask(message.name, json.dumps(options, sort_keys=True))


def read_options(options: struct_pb2.Struct, level: int = 1) -> dict[str, Any]:
    """A plugin's options as plain JSON.

    Raises:
        InputError: they are nested too deep, or hold a number that JSON cannot spell.
    """
    _check_level(level)
    return {key: _read_value(value, level) for key, value in options.fields.items()}


def _read_value(value: struct_pb2.Value, level: int) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return read_options(value.struct_value, level + 1)
    if kind == "list_value":
        _check_level(level + 1)
        return [_read_value(inner, level + 1) for inner in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        if not math.isfinite(number):
            raise InputError(f"holds {number}, which is no JSON number", field="plugin.options")
        # A Struct knows floats only, and a plugin may want to count.
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def check_levels(options: object, level: int = 1) -> None:
    """Refuses options, still as plain JSON, that no message could carry.

    Raises:
        InputError: they are nested too deep.
    """
    if isinstance(options, (dict, list)):
        _check_level(level)
        for inner in options.values() if isinstance(options, dict) else options:
            check_levels(inner, level + 1)


def _check_level(level: int) -> None:
    if level > _MAX_OPTION_LEVELS:
        raise InputError(
            f"nested deeper than {_MAX_OPTION_LEVELS} levels; give what is below as a JSON text",
            field="plugin.options",
        )


# One line per task that works.
_READERS: dict[str, Callable[..., Task]] = {
    "math": _read_math,
    "text": _read_text,
    "format": _read_format,
    "plugin": _read_plugin,
}


# ---------------------------------------------------------------------------------- onto the wire


def item_to_proto(item: Item) -> item_pb2.ScoreItem:
    """One item, ready to be sent.

    Raises:
        InputError: its task has no form on the wire.
    """
    message = item_pb2.ScoreItem()
    message.id = clean_text(item.id)
    message.completion = clean_text(item.completion)
    message.prompt = clean_text(item.prompt)
    message.group_id = clean_text(item.group_id)
    task = item.task
    if isinstance(task, MathTask):
        _write_math(task, message.math)
    elif isinstance(task, TextTask):
        message.text.reference_answers.extend(map(clean_text, task.reference_answers))
        message.text.mode = _TEXT_MODES.to_wire[task.mode]  # type: ignore[assignment]
        if task.threshold is not None:
            message.text.threshold = task.threshold
    elif isinstance(task, FormatTask):
        message.format.SetInParent()
        for rule in task.rules:
            _write_rule(rule, message.format.rules.add())
    elif isinstance(task, PluginTask):
        options = json.loads(task.options_json)
        check_levels(options)
        message.plugin.name = clean_text(task.name)
        message.plugin.options.update(options)
    else:
        raise InputError(f"a {type(task).__name__} cannot be sent", field="task")
    return message


def _write_math(task: MathTask, message: math_pb2.MathTask) -> None:
    message.SetInParent()
    message.reference_answers.extend(map(clean_text, task.reference_answers))
    policy = task.policy
    if policy == _DEFAULT_POLICY:
        return
    wire = message.policy
    wire.extraction.extend(EXTRACTIONS.to_wire[rule] for rule in policy.extraction)  # type: ignore[misc]
    if policy.relative_tolerance is not None:
        wire.relative_tolerance = policy.relative_tolerance
    if policy.absolute_tolerance is not None:
        wire.absolute_tolerance = policy.absolute_tolerance
    wire.percent = _PERCENTS.to_wire[policy.percent]  # type: ignore[assignment]
    wire.units = _UNITS.to_wire[policy.units]  # type: ignore[assignment]
    wire.order = _ORDERS.to_wire[policy.order]  # type: ignore[assignment]


def _write_rule(rule: FormatRule, message: format_pb2.FormatRule) -> None:
    for name, ours in _RULES.items():
        if rule == ours:
            getattr(message, name).SetInParent()
            return
    raise InputError(f"{rule!r} cannot be sent", field="format.rules")
