"""The one way in which this package compiles: at the first call, kept on disk, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

_ROOM = Path(__file__).parents[2]
_SOURCES = [
    *sorted(_ROOM.glob("metrics/numba/*.py")),
    *(_ROOM / f"{name}.py" for name in ("metrics/columns", "definitions", "metrics/series")),
]
_EDITION = sha256(b"".join(source.read_bytes() for source in _SOURCES)).hexdigest()[:12]


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call, and keep the result beside its source if that can be written.

    numba renews what it kept when the function's own file changes, but not when a file does whose constants went in. So
    the kept result bears a digest of all of them in its name: after an upgrade nothing old can be picked up.
    """
    function.__qualname__ += f"_{_EDITION}"
    try:
        return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no place to keep it: a read-only machine
        return cast("Callable[P, R]", numba.njit(nogil=True)(function))
