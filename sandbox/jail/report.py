"""What the zygote tells about a program's end."""

from __future__ import annotations

import struct
from typing import Final

REPORT: Final = struct.Struct("=idq")
"""Wait status; CPU seconds and largest resident set in bytes, of the program and of those of its
children that it waited for."""
