"""The program in a completion."""

from __future__ import annotations

import re
from typing import Final

from verifier.answers.thinking import hide_thinking
from verifier.programs.fences import Block, fenced_blocks, left_open

_OPEN: Final = "<answer>"
_CLOSE: Final = "</answer>"


def find_program(
    completion: str, language: str, prompt: str = "", entry_point: str = ""
) -> str | None:
    """Finds the program that a completion hands in.

    | Completion, its thinking part left out       | Program                                       |
    |----------------------------------------------|-----------------------------------------------|
    | has fenced blocks, some of the language      | the last one of the language                  |
    | has fenced blocks, some without a label      | the last one without a label                  |
    | has fenced blocks of other languages only    | none                                          |
    | has no fenced block                          | all of it                                     |
    | nothing is left, or the program is blank     | none                                          |

    An unclosed last block runs to the end. Where the prompt leaves a block of a language
    open, the completion goes on in it, unless it begins with a fence. A completion in
    ``<answer>…</answer>`` is what they hold.

    In Python, where the task names an entry point that the prompt defines, what is found goes on
    where the prompt ends if it cannot stand alone: because it begins with an indented line, or
    because there is no fence and it does not define the entry point itself. Otherwise indentation
    of the first line is a slip, and is taken off.

    Args:
        completion: the model's text; any text, read in linear time.
        language: as tasks spell it: ``python``, ``cpp``.
        prompt: what was asked.
        entry_point: the name that the tests call; empty if they call none.

    Returns:
        The program as written, without blank lines before it; None if there is none.
    """
    text = _inside_tag(hide_thinking(completion))
    blocks, text = fenced_blocks(_prefilled(prompt, text))
    found = _chosen(blocks, language) if blocks else text
    if found is None or not found.strip():
        return None
    program = _without_blank_lines(found)
    if language != "python":
        return program
    begun = entry_point and _defines(prompt, entry_point)
    if begun and (_is_indented(program) or not (blocks or _defines(program, entry_point))):
        return _continued(prompt, program)
    return _dedented(program)


def _inside_tag(text: str) -> str:
    """What the answer tags hold that a completion begins or ends with; a program may mention them.

    What ends with a tag may begin with words, and what begins with one may never close it.
    """
    begun, ended = text.lstrip(), text.rstrip()
    if ended.endswith(_CLOSE) and _OPEN in ended:
        return ended.removesuffix(_CLOSE).rpartition(_OPEN)[2]
    if not begun.startswith(_OPEN):
        return text
    inside = begun.removeprefix(_OPEN)
    held, tag, _ = inside.rpartition(_CLOSE)
    return held if tag else inside


def _prefilled(prompt: str, text: str) -> str:
    """The text with what it goes on from, where the prompt left a block open."""
    begun = left_open(prompt)
    if begun is None or text.lstrip().startswith(("```", "~~~")):
        return text
    return _continued(begun if "\n" in begun else f"{begun}\n", text)


def _chosen(blocks: list[Block], language: str) -> str | None:
    for wanted in (language, ""):
        for block in reversed(blocks):
            if block.language == wanted:
                return block.text
    return None


def _without_blank_lines(text: str) -> str:
    start = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, start) + 1 :]


def _defines(text: str, name: str) -> bool:
    """Tells whether a line defines the name, as a function or class of any depth or by ``=``."""
    escaped = re.escape(name)
    definition = rf"^(?:[ \t]*+(?:async[ \t]++)?(?:def|class)[ \t]++{escaped}\b|{escaped}[ \t]*+=)"
    return re.search(definition, text, re.MULTILINE) is not None


def _is_indented(program: str) -> bool:
    """Tells whether it begins inside of a block; a single blank is what a tokenizer left."""
    return program.startswith(("  ", "\t"))


def _continued(prompt: str, program: str) -> str:
    last_line = prompt.rpartition("\n")[2]
    is_cut = bool(last_line.strip()) and _is_indented(program)
    return f"{prompt}\n{program}" if is_cut else prompt + program


def _dedented(program: str) -> str:
    margin = program[: len(program) - len(program.lstrip(" \t"))]
    if not margin:
        return program
    lines = program.split("\n")
    if all(line.startswith(margin) or not line.strip() for line in lines):
        return "\n".join(line.removeprefix(margin) for line in lines)
    return program.removeprefix(margin)
