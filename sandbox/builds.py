"""What compilers make."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from sandbox.memory_files import sealed

_ENTRY_BYTES: Final = 1024  # what keeping anything takes


class Product:
    """A compiled program, or an archive of its files.

    Args:
        content: the bytes.
        single: whether they are the program itself.

    Attributes:
        descriptor: of a file in memory that nobody can change, open for reading only, so that the
            kernel runs it.
    """

    def __init__(self, content: bytes, *, single: bool) -> None:
        self.single = single
        self.size = len(content)
        writable = sealed("program", content)
        self.descriptor = os.open(f"/proc/self/fd/{writable}", os.O_RDONLY | os.O_CLOEXEC)
        os.close(writable)

    def __del__(self) -> None:
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class BuildFailure:
    """What a compiler said against a program.

    Attributes:
        message: its words.
    """

    message: str


def size(made: Product | BuildFailure) -> int:
    """Bytes that keeping it takes."""
    return _ENTRY_BYTES + (made.size if isinstance(made, Product) else len(made.message))
