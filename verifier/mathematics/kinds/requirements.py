"""What a policy asks of a candidate before, or whatever, its value: names, constants, case."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import Apply, BigOperator, Equation, Logic, Node, Sequence, Symbol
from verifier.mathematics.traversal import CONSTANTS, children, free_symbols, map_children
from verifier.types import AssignmentPolicy, ConstantPolicy

if TYPE_CHECKING:
    from verifier.types import MathPolicy

_CALL: Final = "call "
# Latin letters only: of Greek ones the capital is another letter to every reader.
_LETTER: Final = re.compile(r"[A-Za-z](?=$|[_'])")


def lacks_required(candidate: Node, reference: Node, policy: MathPolicy) -> bool:
    """Tells whether a candidate lacks what the policy requires, whatever it is worth.

    Args:
        candidate: the tree that a completion answered.
        reference: the tree of the reference answer.
        policy: an effective one.
    """
    if policy.assignments is AssignmentPolicy.REQUIRE:
        wanted = _assigned(reference)
        if wanted and not wanted <= _names(candidate):
            return True
    if policy.integration_constant is ConstantPolicy.REQUIRE:
        constants = _constants(reference)
        return bool(constants) and not free_symbols(candidate) - (
            free_symbols(reference) - constants
        )
    return False


def fold_case(candidate: Node, reference: Node) -> tuple[Node, Node]:
    """Writes both answers' variables and function names in small letters.

    A letter that one of them uses in both cases stays as it is in both: ``X - x`` is not 0. So does
    one whose small letter is a number: E is not e, and I not i.
    """
    names = _names(candidate), _names(reference)
    both = {_small(name) for side in names for name in side if name != _small(name) in side}
    return _folded(candidate, both), _folded(reference, both)


def _folded(node: Node, kept: set[str]) -> Node:
    def small(name: str) -> str:
        return name if _small(name) in kept else _small(name)

    if isinstance(node, Symbol):
        return Symbol(small(node.name))
    node = map_children(node, lambda part: _folded(part, kept))
    if isinstance(node, Apply) and node.head.startswith(_CALL):
        return Apply(_CALL + small(node.head.removeprefix(_CALL)), node.args)
    if isinstance(node, BigOperator):
        return replace(node, variable=small(node.variable))
    return node


def _small(name: str) -> str:
    if not _LETTER.match(name) or name in CONSTANTS:
        return name
    small = name[0].lower() + name[1:]
    return name if small in CONSTANTS else small


def _names(node: Node) -> frozenset[str]:
    """Collects the names of all symbols and functions, bound or free."""
    found: frozenset[str] = frozenset().union(*map(_names, children(node)))
    if isinstance(node, Symbol) and node.name not in CONSTANTS:
        return found | {node.name}
    if isinstance(node, Apply) and node.head.startswith(_CALL):
        return found | {node.head.removeprefix(_CALL)}
    if isinstance(node, BigOperator):
        return found | {node.variable}
    return found


def _assigned(node: Node) -> frozenset[str]:
    """Collects the names that an answer assigns to: x in ``x = 5``, f in ``f(x) = x + 1``."""
    if isinstance(node, Sequence) or (isinstance(node, Logic) and node.head in {"and", "or"}):
        return frozenset().union(*map(_assigned, children(node)))
    if not isinstance(node, Equation):
        return frozenset()
    left = node.left
    if isinstance(left, Sequence):
        return frozenset(item.name for item in left.items if isinstance(item, Symbol))
    if isinstance(left, Symbol):
        return frozenset((left.name,)) - CONSTANTS
    if isinstance(left, Apply) and left.head.startswith(_CALL):
        return frozenset((left.head.removeprefix(_CALL),))
    return frozenset()


def _constants(node: Node) -> frozenset[str]:
    """Collects the letters that stand alone as one term of a sum and nowhere else: C."""
    if isinstance(node, Equation):
        return _constants(node.right) - free_symbols(node.left)
    if not isinstance(node, Apply) or node.head != "+":
        return frozenset()
    terms = [term.name for term in node.args if isinstance(term, Symbol)]
    others = [term for term in node.args if not isinstance(term, Symbol)]
    elsewhere: frozenset[str] = frozenset().union(*map(free_symbols, others))
    if not elsewhere:
        return frozenset()
    return frozenset(name for name in terms if terms.count(name) == 1) - elsewhere - CONSTANTS
