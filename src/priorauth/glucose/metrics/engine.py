"""The counting engines: one in NumPy, one compiled by numba (the extra ``fast``); the numbers are the same.

Compiled code counts twenty times as fast, but loading it takes half a second, and compiling it for the first time on
a machine a quarter of a minute: that is worth it for a cohort, seldom for one person.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics.series import Series

EngineName = Literal["auto", "numpy", "numba"]

ENGINES: Final[tuple[EngineName, ...]] = ("auto", "numpy", "numba")
"""What an engine may be called; ``auto`` is numba where it is installed and there are enough readings for it."""

ENOUGH: Final = 1_000_000
"""So many readings take NumPy longer than loading the compiled code takes."""


class EngineMissing(ValueError):
    """The engine that was asked for is not installed."""


class Engine(Protocol):
    """What both engines offer; the arrays have been checked (see :mod:`series`)."""

    def intervals(self, series: Series, rules: Rules) -> NDArray[np.int64]:
        """Return each sensor's interval in minutes, 0 where unknown."""
        ...

    def day_rows(self, series: Series, rules: Rules) -> NDArray[np.int64]:
        """Return the day rows of :mod:`columns`."""
        ...

    def totals(self, series: Series, rules: Rules) -> NDArray[np.int64]:
        """Return a row per stream of the day columns up to the counts beyond the thresholds."""
        ...

    def event_rows(
        self, series: Series, steps: NDArray[np.int64], rules: Rules
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the event rows of :mod:`columns`, and each stream's longest uncut stretch in minutes."""
        ...

    def mage(self, series: Series, rules: Rules) -> NDArray[np.float64]:
        """Return each sensor's MAGE in mg/dL, NaN where there is none."""
        ...


def fastest() -> Literal["numpy", "numba"]:
    """Return the faster engine of those that are installed: the one for many batches."""
    return "numba" if find_spec("numba") is not None else "numpy"


def chosen(name: EngineName, readings: int) -> Literal["numpy", "numba"]:
    """Return which engine counts so many readings under a name; raises EngineMissing for numba that is not there."""
    there = fastest() == "numba"
    if name == "numba" and not there:
        raise EngineMissing("the engine numba is not installed: pip install 'priorauth[fast]'")
    if name == "auto":
        return "numba" if there and readings >= ENOUGH else "numpy"
    return name


def load(name: EngineName, readings: int) -> Engine:
    """Return the engine that counts so many readings under a name; raises EngineMissing."""
    return _loaded(chosen(name, readings))


def _loaded(name: Literal["numpy", "numba"]) -> Engine:
    if name == "numba":
        from priorauth.glucose.metrics import numba

        return numba
    from priorauth.glucose.metrics import numpy

    return numpy
