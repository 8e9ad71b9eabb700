"""The one way in which this package compiles: ahead of the first call, kept on disk, without the interpreter's lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function at its first call and keep the result beside its source.

    A compiled function may only call compiled functions of its own module: the kept result is renewed when that file
    changes, not when another one does.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True)(function))
