"""Putting expressions in the place of variables, and renaming variables."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from verifier.mathematics.syntax import Apply, BigOperator, Node, Number, SetBuilder, Symbol
from verifier.mathematics.traversal import free_symbols, map_children

if TYPE_CHECKING:
    from collections.abc import Mapping

_INDEX_TERM: Final = re.compile(r"(?P<sign>[+-]?)(?P<factor>[0-9]{0,6})(?P<name>[A-Za-z]?)")
_INDEX: Final = re.compile(
    r"[+-]?(?:[0-9]{0,6}[A-Za-z]|[0-9]{1,6})(?:[+-](?:[0-9]{0,6}[A-Za-z]|[0-9]{1,6})){0,7}"
)


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Replaces free variables by expressions; variables that are bound inside stay.

    An index that is a sum of letters and integers counts as a use of its variables where the value
    is such a sum, too: for k = j + 1, ``a_k`` becomes ``a_{j+1}`` and ``a_{k+1}`` ``a_{j+2}``.

    Args:
        node: where to replace; nothing is evaluated.
        values: by name. A variable that a value contains is not captured by an inner sum: the
            sum's own variable is renamed.
    """
    if not values:
        return node
    if isinstance(node, Symbol):
        return values.get(node.name) or Symbol(_reindexed(node.name, values))
    if isinstance(node, BigOperator):
        return _inside_operator(node, values)
    if isinstance(node, SetBuilder):
        bound = free_symbols(node.element)
        values = {name: value for name, value in values.items() if name not in bound}
    return map_children(node, lambda part: substitute(part, values))


def rename(node: Node, names: Mapping[str, str]) -> Node:
    """Renames free variables, all at once."""
    return substitute(node, {old: Symbol(new) for old, new in names.items()})


def _inside_operator(node: BigOperator, values: Mapping[str, Node]) -> BigOperator:
    """Substitutes in bounds and body, where the operator's own variable is another one."""
    lower = None if node.lower is None else substitute(node.lower, values)
    upper = None if node.upper is None else substitute(node.upper, values)
    inner = {name: value for name, value in values.items() if name != node.variable}
    entering: frozenset[str] = frozenset().union(*map(free_symbols, inner.values()))
    variable, body = node.variable, node.body
    if node.head == "int" and node.lower is None:
        renamed = values.get(variable)  # an indefinite integral is a function of its variable
        if isinstance(renamed, Symbol):
            return replace(node, variable=renamed.name, body=substitute(body, values))
    elif variable in entering:
        variable = _fresh(variable, entering | free_symbols(body))
        body = rename(body, {node.variable: variable})
    return replace(node, variable=variable, lower=lower, upper=upper, body=substitute(body, inner))


def _fresh(name: str, taken: frozenset[str]) -> str:
    while name in taken:
        name += "'"
    return name


def _reindexed(name: str, values: Mapping[str, Node]) -> str:
    """Replaces variables in an index: the k of ``a_k``, ``a_k+1``, ``F_n-k-1``."""
    stem, underscore, index = name.partition("_")
    terms = _index_terms(index) if underscore else None
    if terms is None or values.keys().isdisjoint(terms):
        return name
    result: dict[str, int] = {}
    for variable, factor in terms.items():
        replaced = _index_value(values[variable]) if variable in values else {variable: 1}
        if replaced is None:
            return name
        for inner, inner_factor in replaced.items():
            result[inner] = result.get(inner, 0) + factor * inner_factor
    return f"{stem}_{_written_index(result)}"


def _index_terms(index: str) -> dict[str, int] | None:
    """Reads a sum of letters and integers, the latter under the name ``""``; else None."""
    text = index.strip("{}").replace(" ", "")
    if not _INDEX.fullmatch(text):
        return None
    terms: dict[str, int] = {}
    for found in _INDEX_TERM.finditer(text):
        if not found[0]:
            continue  # the end
        sign = -1 if found["sign"] == "-" else 1
        name = found["name"] or ""
        terms[name] = terms.get(name, 0) + sign * int(found["factor"] or 1)
    return terms


def _index_value(node: Node) -> dict[str, int] | None:
    """Reads ``j``, ``2`` or ``j + 2`` as the value of an index; None if it is anything else."""
    if isinstance(node, Symbol):
        return {node.name: 1}
    if isinstance(node, Number) and isinstance(node.value, int):
        return {"": node.value}
    if not isinstance(node, Apply) or node.head not in {"+", "neg"}:
        return None
    sign = -1 if node.head == "neg" else 1
    result: dict[str, int] = {}
    for part in node.args:
        terms = _index_value(part)
        if terms is None:
            return None
        for name, factor in terms.items():
            result[name] = result.get(name, 0) + sign * factor
    return result


def _written_index(terms: Mapping[str, int]) -> str:
    written = ""
    for name, factor in sorted(terms.items(), key=lambda term: not term[0]):
        if factor:
            size = str(abs(factor)) if abs(factor) != 1 or not name else ""
            written += ("-" if factor < 0 else "+") + size + name
    return written.removeprefix("+") or "0"
