"""The languages by name, in the order in which they are listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sandbox.languages.bash import BASH
from sandbox.languages.c import C
from sandbox.languages.cpp import CPP
from sandbox.languages.go import GO
from sandbox.languages.java import JAVA
from sandbox.languages.javascript import JAVASCRIPT
from sandbox.languages.python import PYTHON
from sandbox.languages.rust import RUST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.languages.language import Language

LANGUAGES: Final[dict[str, Language]] = {
    language.name: language for language in (PYTHON, CPP, C, JAVASCRIPT, BASH, JAVA, RUST, GO)
}

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        alias: language.name
        for language in LANGUAGES.values()
        for alias in (language.name, *language.aliases)
    }
)
"""From everything that a language is called, in lower case, to its name here."""

_VERSION: Final = " .-_0123456789"
_NOT_OURS: Final = frozenset({"python2", "py2", "pypy2", "python 2"})


def canonical(name: str) -> str:
    """The name here of a language that may be spelt otherwise: ``C++17``, ``Python3``, ``golang``.

    Versions say nothing, except that Python 2 is another language. A name that is nobody's comes
    back as it is.
    """
    wanted = name.strip().lower()
    if wanted in ALIASES:
        return ALIASES[wanted]
    if wanted.partition(".")[0] in _NOT_OURS:
        return name
    return ALIASES.get(wanted.rstrip(_VERSION), name)


def with_tools(tools: Mapping[str, str]) -> dict[str, Language]:
    """The languages, with tools at other places than usual.

    Args:
        tools: absolute path by the usual name of the tool: ``{"rustc": "/usr/local/bin/rustc"}``.

    Raises:
        ValueError: a name that is no tool of any language.
    """
    names = {tool.name for language in LANGUAGES.values() for tool in language.tools}
    unknown = sorted(set(tools) - names)
    if unknown:
        raise ValueError(
            f"no language uses {', '.join(unknown)}; known: {', '.join(sorted(names))}"
        )
    return {name: _with(language, tools) for name, language in LANGUAGES.items()}


def _with(language: Language, tools: Mapping[str, str]) -> Language:
    build, run_tool = language.build, language.run_tool
    if build is not None and build.tool.name in tools:
        build = replace(build, tool=Path(tools[build.tool.name]))
    if run_tool is not None and run_tool.name in tools:
        run_tool = Path(tools[run_tool.name])
    return replace(language, build=build, run_tool=run_tool)
