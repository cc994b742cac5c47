"""Replies kept: a question that was answered once is not asked again.

What decides a reply is hashed into its key, so that nothing ever has to be taken out because it is
no longer true: another template, another model, another text is another key.
"""

from __future__ import annotations

import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from cachetools import LRUCache

from verifier.judge.asking import EachOf, OneOf

if TYPE_CHECKING:
    from verifier.judge.asking import Form, Question, Reply
    from verifier.judge.observing import JudgeObserver

# Of everything that is hashed and of how a reply is written down. Whoever changes either raises it,
# and what older versions kept is no longer found.
_VERSION: Final = "judge1"
# A reply is a few kilobytes, but nothing keeps a server from writing a megabyte each time.
_MAX_BYTES: Final = 128 * 1024 * 1024
_OVERHEAD_BYTES: Final = 600  # of an entry with an empty text


def reply_key(backend_model: str, template: str, question: Question) -> str:
    """The name under which the reply to a question is kept.

    Args:
        backend_model: which model answers, and how it is set up: two that could answer differently
            must have different ones.
        template: its id and version, ``yes_no/1``.
        question: all of it counts, a difference in a space as much as one in the seed.

    Returns:
        A version and the SHA-256 of all of it, 71 characters of plain ASCII.
    """
    subject = question.subject
    parts = (
        _VERSION,
        _bytes(backend_model),
        _bytes(template),
        [(_bytes(one.role), _bytes(one.content)) for one in question.messages],
        _form(question.form),
        question.read_from.value,
        _bytes(question.schema),
        question.max_tokens,
        float(question.temperature),
        question.seed,
        _bytes(subject.template),
        _bytes(subject.prompt),
        [_bytes(completion) for completion in subject.completions],
        _bytes(subject.reference_answer),
    )
    # Every text carries its length there, so no two questions are written alike.
    return f"{_VERSION}:{sha256(msgspec.msgpack.encode(parts)).hexdigest()}"


def cacheable(question: Question, *, sampled: bool) -> bool:
    """Whether asking again would give the same reply.

    Args:
        question: what is asked.
        sampled: whether seeds are trusted: a server may heed them or not, and the tokens that it
            computes beside this question may still change the reply.
    """
    return question.temperature == 0 or (sampled and question.seed is not None)


class ReplyCache(Protocol):
    """Where replies are kept. Belongs to one event loop.

    Whether a reply is worth keeping is for the caller to say: one that is cut, or that no verdict
    could be read from, is not.
    """

    async def get(self, key: str) -> Reply | None:
        """The reply kept under `key`, whole; None if there is none. Never raises."""
        ...

    async def put(self, key: str, reply: Reply) -> None:
        """Keeps a reply. Never raises; that it could be kept is not promised."""
        ...

    def watch(self, observer: JudgeObserver) -> None:
        """Tells `observer` from now on when the cache, which should have helped, did not."""
        ...

    async def close(self) -> None:
        """Ends every connection. May be called again."""
        ...


class MemoryCache:
    """Replies in this process, the least recently used of them dropped first.

    Args:
        max_entries: replies kept; 0 keeps none.
        max_bytes: that they may take together.
    """

    def __init__(self, max_entries: int, max_bytes: int = _MAX_BYTES) -> None:
        self._max_entries = max_entries
        self._entries: LRUCache[str, Reply] = LRUCache(max_bytes, getsizeof=_size)

    async def get(self, key: str) -> Reply | None:
        """See `ReplyCache`."""
        return self._entries.get(key)

    async def put(self, key: str, reply: Reply) -> None:
        """See `ReplyCache`."""
        if self._max_entries <= 0 or _size(reply) > self._entries.maxsize:
            return
        self._entries[key] = reply
        if len(self._entries) > self._max_entries:
            self._entries.popitem()

    def watch(self, observer: JudgeObserver) -> None:
        """See `ReplyCache`. Memory never fails."""

    async def close(self) -> None:
        """See `ReplyCache`."""

    def __len__(self) -> int:
        return len(self._entries)


class TieredCache:
    """A near cache before a far one: what the far one knew is kept near.

    Args:
        near: asked first.
        far: asked for what is not there.
    """

    def __init__(self, near: ReplyCache, far: ReplyCache) -> None:
        self._near = near
        self._far = far

    async def get(self, key: str) -> Reply | None:
        """See `ReplyCache`."""
        reply = await self._near.get(key)
        if reply is None and (reply := await self._far.get(key)) is not None:
            await self._near.put(key, reply)
        return reply

    async def put(self, key: str, reply: Reply) -> None:
        """See `ReplyCache`."""
        await self._near.put(key, reply)
        await self._far.put(key, reply)

    def watch(self, observer: JudgeObserver) -> None:
        """See `ReplyCache`."""
        self._near.watch(observer)
        self._far.watch(observer)

    async def close(self) -> None:
        """See `ReplyCache`."""
        await self._near.close()
        await self._far.close()


def _bytes(text: str) -> bytes:
    """As bytes: a text may hold lone surrogates, which no packing takes for text."""
    return text.encode("utf-8", "surrogatepass")


def _form(form: Form) -> tuple[object, ...]:
    if isinstance(form, OneOf):
        return ("one", _scores(form.scores))
    if isinstance(form, EachOf):
        return ("each", form.count, _scores(form.scores))
    return ("ranking", [_bytes(name) for name in form.names])


def _scores(scores: tuple[tuple[str, float], ...]) -> list[tuple[bytes, float]]:
    return [(_bytes(label), float(score)) for label, score in scores]


def _size(reply: Reply) -> int:
    """Roughly what an entry takes, in bytes."""
    labels = sum(sys.getsizeof(label) for label, _ in reply.labels) + 100 * len(reply.labels)
    return _OVERHEAD_BYTES + sys.getsizeof(reply.text) + sys.getsizeof(reply.note) + labels
