"""Items: off the wire into our words, with every limit checked, and back."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from verifier.convert.checks import check_task
from verifier.convert.code import CODE_TASKS
from verifier.convert.composite import read_composite, write_composite
from verifier.convert.enums import EnumTable
from verifier.convert.format import read_format, write_format
from verifier.convert.free_form import read_object, write_object
from verifier.convert.judges import JUDGE_TASKS
from verifier.convert.models import PROCESS_TASKS, REWARD_MODEL_TASKS
from verifier.convert.policies import read_policy, write_policy
from verifier.convert.puzzles import PUZZLE_TASKS
from verifier.convert.texts import clean_text
from verifier.errors import InputError
from verifier.types import (
    CodeTask,
    CompositeTask,
    FormatTask,
    InvalidTask,
    Item,
    JudgeTask,
    MathPolicy,
    MathTask,
    PluginTask,
    ProcessTask,
    PuzzleTask,
    RewardModelTask,
    Task,
    TextMode,
    TextTask,
)
from verifier.v1 import (
    code_pb2,
    composite_pb2,
    item_pb2,
    judge_pb2,
    math_pb2,
    plugin_pb2,
    process_pb2,
    puzzle_pb2,
    text_pb2,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TEXT_MODES = EnumTable(TextMode, text_pb2.TextMode, TextMode.EXACT)

_DEFAULT_POLICY = MathPolicy()
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
    else:
        try:
            task = _read_task(name, getattr(message, name))
            check_task(task)
        except InputError as error:
            task = InvalidTask(str(error))
        except Exception as error:  # noqa: BLE001 - one row must never cost its neighbours theirs
            task = InvalidTask(f"{name}: cannot be read: {error!r}")
    return Item(
        message.id or default_id,
        message.completion,
        task,
        message.prompt,
        message.group_id,
        message.completion_tokens if message.HasField("completion_tokens") else None,
        message.truncated,
    )


def kinds_of(messages: Iterable[item_pb2.ScoreItem]) -> Counter[type[Task] | str]:
    """How many items of each kind of task a message holds, by a look at it that reads none.

    Plugins' tasks are kinds by their names; items without a task are of no kind.
    """
    return Counter(
        message.plugin.name if name == "plugin" else _TYPES[name]
        for message in messages
        if (name := message.WhichOneof("task")) is not None
    )


# ----------------------------------------------------------------------------------- off the wire


def _read_math(message: math_pb2.MathTask) -> MathTask:
    policy = read_policy(message.policy) if message.HasField("policy") else _DEFAULT_POLICY
    return MathTask(tuple(message.reference_answers), policy)


def _read_text(message: text_pb2.TextTask) -> TextTask:
    mode = _TEXT_MODES.from_wire(message.mode, "text.mode")
    threshold = message.threshold if message.HasField("threshold") else None
    return TextTask(tuple(message.reference_answers), mode, threshold)


def _read_code(message: code_pb2.CodeTask) -> CodeTask:
    return CODE_TASKS.read(message, "code")


def _read_process(message: process_pb2.ProcessTask) -> ProcessTask:
    return PROCESS_TASKS.read(message, "process")


def _read_reward_model(message: process_pb2.RewardModelTask) -> RewardModelTask:
    return REWARD_MODEL_TASKS.read(message, "reward_model")


def _read_judge(message: judge_pb2.JudgeTask) -> JudgeTask:
    return JUDGE_TASKS.read(message, "judge")


def _read_puzzle(message: puzzle_pb2.PuzzleTask) -> PuzzleTask:
    return PUZZLE_TASKS.read(message, "puzzle")


def _read_plugin(message: plugin_pb2.PluginTask) -> PluginTask:
    if not message.name:
        raise InputError("must name an installed plugin", field="plugin.name")
    options = read_object(message.options, "plugin.options")
    return PluginTask(message.name, json.dumps(options, sort_keys=True))


def _read_composite(message: composite_pb2.CompositeTask) -> CompositeTask:
    return read_composite(message, _read_task)


def _read_task(name: str, message: Any) -> Task:
    return _READERS[name](message)


# One line per task.
_READERS: dict[str, Callable[..., Task]] = {
    "math": _read_math,
    "text": _read_text,
    "format": read_format,
    "code": _read_code,
    "process": _read_process,
    "reward_model": _read_reward_model,
    "judge": _read_judge,
    "puzzle": _read_puzzle,
    "plugin": _read_plugin,
    "composite": _read_composite,
}


# ---------------------------------------------------------------------------------- onto the wire


def item_to_proto(item: Item) -> item_pb2.ScoreItem:
    """One item, ready to be sent.

    Raises:
        InputError: its task has no form on the wire.
        TypeError, ValueError: a value that the wire cannot carry.
    """
    message = item_pb2.ScoreItem()
    message.id = clean_text(item.id)
    message.completion = clean_text(item.completion)
    message.prompt = clean_text(item.prompt)
    message.group_id = clean_text(item.group_id)
    if item.completion_tokens is not None:
        message.completion_tokens = item.completion_tokens
    message.truncated = item.truncated
    _write_task(item.task, message)
    return message


def _write_task(task: Any, message: Any) -> None:
    """Writes a task into a message that has a field for it."""
    writer = _WRITERS.get(type(task))
    if writer is None:
        raise InputError(f"a {type(task).__name__} cannot be sent", field="task")
    name, write = writer
    write(task, getattr(message, name))


def _write_math(task: MathTask, message: math_pb2.MathTask) -> None:
    message.SetInParent()
    message.reference_answers.extend(map(clean_text, task.reference_answers))
    if task.policy != _DEFAULT_POLICY:
        write_policy(task.policy, message.policy)


def _write_text(task: TextTask, message: text_pb2.TextTask) -> None:
    message.SetInParent()
    message.reference_answers.extend(map(clean_text, task.reference_answers))
    message.mode = _TEXT_MODES.to_wire[task.mode]  # type: ignore[assignment]
    if task.threshold is not None:
        message.threshold = task.threshold


def _write_code(task: CodeTask, message: code_pb2.CodeTask) -> None:
    check_task(task)  # the wire would drop all but one of the fields that exclude each other
    CODE_TASKS.write(task, message)


def _write_plugin(task: PluginTask, message: plugin_pb2.PluginTask) -> None:
    message.name = clean_text(task.name)
    write_object(task.options_json, message.options, "plugin.options")


def _write_composite(task: CompositeTask, message: composite_pb2.CompositeTask) -> None:
    write_composite(task, message, _write_task)


# One line per task that can be sent.
_WRITERS: dict[type, tuple[str, Callable[[Any, Any], None]]] = {
    MathTask: ("math", _write_math),
    TextTask: ("text", _write_text),
    FormatTask: ("format", write_format),
    CodeTask: ("code", _write_code),
    ProcessTask: ("process", PROCESS_TASKS.write),
    RewardModelTask: ("reward_model", REWARD_MODEL_TASKS.write),
    JudgeTask: ("judge", JUDGE_TASKS.write),
    PuzzleTask: ("puzzle", PUZZLE_TASKS.write),
    PluginTask: ("plugin", _write_plugin),
    CompositeTask: ("composite", _write_composite),
}
_TYPES: dict[str, type[Task]] = {name: kind for kind, (name, _) in _WRITERS.items()}
