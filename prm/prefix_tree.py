"""The tree of prefixes: what was computed of a text, kept for the texts that begin with it.

A node is a piece of text (a header, a step, or a part of a long one) behind its parent's text.
Children are found by their exact token ids. Nothing is copied when a text branches: siblings share
their ancestors' keys and values. What is kept is bounded by bytes; the least recently used leaf
goes first, so that a node never outlives its parent.

One thread owns a tree; nothing in here locks.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

    from prm.encoding import Ids


class KeysValues(NamedTuple):
    """One layer's keys and values of a node's tokens, each [1, heads, tokens, width]."""

    keys: Tensor
    values: Tensor


class Node:
    """A piece of text behind its parent's.

    Attributes:
        ids: its tokens.
        parent: what stands before it; None for a root.
        start: the position of its first token in the whole text.
        reads: whether a score is read at its end.
        caches: per network, per layer; empty until computed, or if it was not to be kept.
        last_hidden: per network, the last token's hidden state, [hidden]; for implicit rewards.
        outputs: per network, what the head said at its end; empty unless `reads`.
        computed: whether `caches` or `outputs` are what they will be.
        users: jobs that need it now; such a node is not evicted.
        kept: whether it may stay when no job needs it.
    """

    __slots__ = (
        "caches",
        "children",
        "computed",
        "ids",
        "kept",
        "last_hidden",
        "outputs",
        "parent",
        "reads",
        "start",
        "users",
    )

    def __init__(self, ids: Ids, parent: Node | None, *, reads: bool) -> None:
        self.ids = ids
        self.parent = parent
        self.reads = reads
        self.start: int = 0 if parent is None else parent.start + len(parent.ids)
        self.children: dict[tuple[Ids, bool], Node] = {}
        self.caches: list[list[KeysValues]] = []
        self.last_hidden: list[Tensor] = []
        self.outputs: list[tuple[float, ...]] = []
        self.computed = False
        self.users = 0
        self.kept = False

    def path(self) -> list[Node]:
        """The ancestors from the root down, itself last; the tree's own root left out."""
        nodes: list[Node] = []
        node: Node | None = self
        while node is not None and node.ids:
            nodes.append(node)
            node = node.parent
        return nodes[::-1]

    @property
    def cached(self) -> bool:
        """Whether its keys and values are here."""
        return self.computed and all(self.caches)

    @property
    def bytes(self) -> int:
        """What its tensors take."""
        layers = (tensor for cache in self.caches for layer in cache for tensor in layer)
        return sum(
            tensor.numel() * tensor.element_size() for tensor in (*layers, *self.last_hidden)
        )


class PrefixTree:
    """Everything that is computed or being computed.

    Args:
        max_bytes: of all keys and values kept; 0 keeps none beyond the jobs that need them.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._root = Node((), None, reads=False)
        self._by_use: OrderedDict[Node, int] = OrderedDict()  # to bytes, least recently used first
        self.bytes = 0
        self.evictions = 0

    def __len__(self) -> int:
        return len(self._by_use)

    def grow(self, pieces: Iterable[tuple[Ids, bool]], kept: int) -> list[Node]:
        """The nodes of a text, known ones found and the rest made; all are in use from here on.

        Args:
            pieces: ids and whether a score is read at their end, from the text's beginning.
            kept: how many of them may stay when no job needs them.
        """
        nodes: list[Node] = []
        node = self._root
        for index, (ids, reads) in enumerate(pieces):
            child = node.children.get((ids, reads))
            if child is None:
                child = node.children[ids, reads] = Node(ids, node, reads=reads)
            child.users += 1
            child.kept = child.kept or index < kept
            nodes.append(child)
            node = child
        return nodes

    def release(self, nodes: list[Node]) -> None:
        """A job needs these no more: what may stay stays as long as there is room."""
        # From the end, so that of one text the end is less recently used than the beginning.
        for node in reversed(nodes):
            node.users -= 1
            if node.kept and node.cached and self._max_bytes:
                self._keep(node)
            elif not node.users and not node.children:
                self._drop(node)
        self._shrink()

    def clear(self) -> None:
        """Forgets everything, also what jobs still use: they must be ended and release nothing."""
        self._root = Node((), None, reads=False)
        self._by_use.clear()
        self.bytes = 0

    def _keep(self, node: Node) -> None:
        known = self._by_use.pop(node, None)
        size = node.bytes if known is None else known
        if known is None:
            self.bytes += size
        self._by_use[node] = size

    def _shrink(self) -> None:
        while self.bytes > self._max_bytes:
            leaf = next((n for n in self._by_use if not n.users and not n.children), None)
            if leaf is None:
                return
            self.evictions += 1
            self._drop(leaf)

    def _drop(self, node: Node) -> None:
        """Cuts a leaf off, and what above it stood only for its sake."""
        while node.parent is not None and not node.users and not node.children:
            self.bytes -= self._by_use.pop(node, 0)
            parent = node.parent
            del parent.children[node.ids, node.reads]
            node = parent
            if node.kept and node in self._by_use:
                return
