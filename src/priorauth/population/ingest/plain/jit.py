"""Compiling of the scanner: as the glucose room does it, and anew whenever a file of this room changes."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from priorauth.glucose.metrics.numba import jit

P = ParamSpec("P")
R = TypeVar("R")

EDITION: Final = sha256(
    b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in ("objects", "scan", "syntax"))
).hexdigest()[:12]
"""What is kept on disk bears it in its name: compiled code holds that of other files."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call."""
    function.__qualname__ += f"_{EDITION}"
    return jit.compiled(function)
