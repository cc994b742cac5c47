"""Checks that take long, in a worker process: task and item in, outcome out.

msgpack of our own words both ways, so that nothing in it could be executed. Completions go as
bytes: they may hold what is no Unicode text.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from verifier.format_rules import RULES as WORDS
from verifier.format_rules import RuleOutcome
from verifier.formats.checking import Checker
from verifier.formats.lengths import Tokenizers
from verifier.formats.tokenizer_files import TokenizerFile
from verifier.types import FormatDetail, FormatTask, Item, Outcome, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TARGET: Final = f"{__name__}:serve"
_NAMES: Final = {word: name for name, word in WORDS.items()}


class _Call(msgspec.Struct, array_like=True):
    completion: bytes
    prompt: bytes
    completion_tokens: int | None
    truncated: bool
    rules: list[tuple[str, msgspec.Raw]]


class _Answer(msgspec.Struct, array_like=True):
    verdict: Verdict
    reason: Reason
    reward: float | None
    message: str
    rules: tuple[RuleOutcome, ...] | None


_read_call: Final = msgspec.msgpack.Decoder(_Call).decode
_read_answer: Final = msgspec.msgpack.Decoder(_Answer).decode
_encode: Final = msgspec.msgpack.Encoder().encode


def worker_argument(tokenizer_paths: Mapping[str, str]) -> str:
    """What `serve` is to be called with.

    Args:
        tokenizer_paths: from the names of tokenizers to their files.
    """
    return json.dumps(dict(tokenizer_paths))


def serve(argument: str) -> Callable[[bytes], bytes]:
    """The handler of a worker process; see `verifier.workers.child`."""
    paths: dict[str, str] = json.loads(argument)
    checker = Checker(
        Tokenizers({name: TokenizerFile(Path(path)).count for name, path in paths.items()})
    )

    def handle(call: bytes) -> bytes:
        outcome = checker.settle(*_decode_call(call))
        detail = outcome.detail
        rules = detail.rules if isinstance(detail, FormatDetail) else None
        said = _Answer(outcome.verdict, outcome.reason, outcome.reward, outcome.message, rules)
        return _encode(said)

    return handle


def encode_call(task: FormatTask, item: Item) -> bytes | None:
    """What `serve` handles; None if a rule's parameters hold what is no Unicode text."""
    try:
        rules = [(_NAMES[type(rule)], msgspec.Raw(_encode(rule))) for rule in task.rules]
    except UnicodeEncodeError:
        return None
    completion, prompt = _bytes(item.completion), _bytes(item.prompt)
    return _encode(_Call(completion, prompt, item.completion_tokens, item.truncated, rules))


def decode_answer(answer: bytes) -> Outcome:
    """The outcome that `serve` found."""
    said = _read_answer(answer)
    detail = None if said.rules is None else FormatDetail(said.rules)
    return Outcome(said.verdict, said.reason, said.reward, said.message, detail)


def _decode_call(encoded: bytes) -> tuple[FormatTask, Item]:
    call = _read_call(encoded)
    rules: list[Any] = [msgspec.msgpack.decode(raw, type=WORDS[name]) for name, raw in call.rules]
    task = FormatTask(tuple(rules))
    return task, Item(
        "",
        _text(call.completion),
        task,
        prompt=_text(call.prompt),
        completion_tokens=call.completion_tokens,
        truncated=call.truncated,
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "surrogatepass")
