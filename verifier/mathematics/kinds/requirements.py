"""What a policy asks of a candidate before, or whatever, its value: names, constants, case."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import (
    Apply,
    BigOperator,
    Equation,
    Logic,
    Node,
    Sequence,
    Symbol,
)
from verifier.mathematics.traversal import CONSTANTS, children, free_symbols, map_children
from verifier.types import AssignmentPolicy, ConstantPolicy

if TYPE_CHECKING:
    from verifier.types import MathPolicy

_CALL: Final = "call "
# What an arbitrary constant is called: not every letter that stands alone is one.
_CONSTANT: Final = re.compile(r"[CcKkAD](?:_.{1,8})?")
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
    """Writes the candidate's variables and function names in the reference's case; gives both.

    Nothing is merged: a letter that the candidate uses in both cases stays as it is, ``X - x`` is
    not 0. Nor do variables become numbers: E is not e, and I not i.
    """
    ours, theirs = _names(candidate), _names(reference)
    names = {name: _other_case(name) for name in ours - theirs}
    fitting = {name: new for name, new in names.items() if new in theirs and new not in ours}
    return _renamed(candidate, fitting), reference


def _renamed(node: Node, names: dict[str, str]) -> Node:
    if not names:
        return node
    if isinstance(node, Symbol):
        return Symbol(names.get(node.name, node.name))
    node = map_children(node, lambda part: _renamed(part, names))
    if isinstance(node, Apply) and node.head.startswith(_CALL):
        name = node.head.removeprefix(_CALL)
        return Apply(_CALL + names.get(name, name), node.args)
    if isinstance(node, BigOperator):
        return replace(node, variable=names.get(node.variable, node.variable))
    return node


def _other_case(name: str) -> str:
    return name[0].swapcase() + name[1:] if _LETTER.match(name) else name


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
    found: frozenset[str] = frozenset()
    for place, term in enumerate(node.args):
        if isinstance(term, Symbol) and _CONSTANT.fullmatch(term.name):
            others = (*node.args[:place], *node.args[place + 1 :])
            found |= {term.name} - frozenset().union(*map(free_symbols, others))
    return found
