"""Reading the reference answers of a file: rows as for ``score``, or one answer a line."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from verifier.cli.source import MAX_ROW_BYTES, Source
from verifier.convert.row_reader import RowReader
from verifier.convert.words import TASKS
from verifier.errors import InputError
from verifier.types import Item, MathPolicy, MathTask

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANSWER_FIELDS: Final = (
    *("reference_answers", "reference_answer", "references", "reference"),
    *("answers", "answer", "ground_truth", "solution_answer"),
)
"""Names under which files that are no rows of ours keep the answer; the first that is there."""

_PROMPT_FIELDS: Final = ("prompt", "question", "problem")
_BOM: Final = b"\xef\xbb\xbf"


class ReferenceRow(Struct):
    """The reference answers of one line.

    Attributes:
        line: its line number, from 1.
        id: the row's name; the line number if it has none.
        answers: all of them; None if the row has a task of another kind.
        policy: by which they will be compared.
        prompt: what was asked, if the row says.
        problem: why the line cannot be read; empty if it can.
        read_bytes: bytes of the source consumed so far, for progress.
    """

    line: int
    id: str
    answers: tuple[str, ...] | None = ()
    policy: MathPolicy = MathPolicy()
    prompt: str = ""
    problem: str = ""
    read_bytes: int = 0


class ReferenceFile(Source):
    """A file of reference answers, plain or gzipped; never more than one line in memory.

    If its first line is a JSON object, every line must be one; else every line is an answer.
    """

    def references(self) -> Iterator[ReferenceRow]:
        """Every line that is not blank.

        Raises:
            InputError: the file cannot be read to its end, or is no text.
        """
        read_row = RowReader().read
        is_json: bool | None = None
        for number, text, read_bytes in self._texts():
            if is_json is None:
                is_json = isinstance(_parsed(text), dict)
            if not is_json:
                row = ReferenceRow(number, str(number), (self._decoded(text, number),))
            else:
                item = read_row(text, str(number))
                row = _of_item(item, number) if item is not None else _of_object(text, number)
            row.read_bytes = read_bytes
            yield row

    def _texts(self) -> Iterator[tuple[int, bytes, int]]:
        number, read_bytes = 0, 0
        while True:
            try:
                text = self._lines.readline(MAX_ROW_BYTES + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise InputError(f"{self.name}: line {number + 1}: {error}") from error
            if not text:
                return
            number += 1
            read_bytes += len(text)
            if len(text) > MAX_ROW_BYTES:
                raise InputError(f"{self.name}: line {number} is over {MAX_ROW_BYTES} bytes")
            text = text.removeprefix(_BOM) if number == 1 else text
            if text.strip():
                yield number, text, read_bytes

    def _decoded(self, text: bytes, number: int) -> str:
        try:
            answer = text.decode().strip("\r\n")
        except UnicodeDecodeError as error:
            raise InputError(f"{self.name}: line {number} is not UTF-8: {error.reason}") from None
        value = _parsed(text)
        return value if isinstance(value, str) else answer


def _of_item(item: Item, number: int) -> ReferenceRow:
    task = item.task
    if not isinstance(task, MathTask):
        return ReferenceRow(number, item.id, None)
    return ReferenceRow(number, item.id, task.reference_answers, task.policy, item.prompt)


def _of_object(text: bytes, number: int) -> ReferenceRow:
    """A row that is none of ours: an answer under one of the usual names, or one to complain of."""
    row = _parsed(text)
    if not isinstance(row, dict):
        return ReferenceRow(number, str(number), problem="is no JSON object")
    name = row.get("id")
    row_id = str(name) if isinstance(name, str | int) else str(number)
    task = row.get("math")
    holder: dict[str, Any] = task if isinstance(task, dict) else row
    for field in ("referenceAnswers", *_ANSWER_FIELDS):
        if field in holder:
            answers = _answers(holder[field])
            if answers is None:
                problem = f"{field} must be a text, a number or a list of them"
                return ReferenceRow(number, row_id, problem=problem)
            return ReferenceRow(number, row_id, answers, prompt=_prompt(row))
    if not isinstance(task, dict) and not TASKS.keys().isdisjoint(row):
        return ReferenceRow(number, row_id, None)
    problem = "has no math.reference_answers and none of " + ", ".join(_ANSWER_FIELDS)
    return ReferenceRow(number, row_id, problem=problem)


def _answers(value: Any) -> tuple[str, ...] | None:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int | float) for one in values):
        return None
    return tuple(map(str, values))


def _prompt(row: dict[str, Any]) -> str:
    texts = (row.get(field) for field in _PROMPT_FIELDS)
    return next((text for text in texts if isinstance(text, str)), "")


def _parsed(text: bytes) -> Any:
    """What a line is in JSON; None if it is no JSON. Numbers stay as they are written."""
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
