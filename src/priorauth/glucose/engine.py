"""The counting engine: the compiled kernel where numba is installed, else its plain twin; the numbers are the same."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.traces import Traces

EngineName = Literal["kernel", "twin"]


class Engine(Protocol):
    """What both engines offer; traces have been checked (see :mod:`traces`)."""

    def intervals(self, traces: Traces, rules: Rules) -> NDArray[np.int64]:
        """Give each sensor's interval in minutes, 0 where unknown."""
        ...

    def day_rows(self, traces: Traces, rules: Rules) -> NDArray[np.int64]:
        """Make the day rows of :mod:`columns`."""
        ...

    def totals(self, traces: Traces, rules: Rules) -> NDArray[np.int64]:
        """Make a row per stream of the day columns up to the counts beyond the thresholds."""
        ...

    def event_rows(
        self, traces: Traces, steps: NDArray[np.int64], rules: Rules
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Make the event rows of :mod:`columns`, and each stream's longest uncut stretch in minutes."""
        ...

    def mage(self, traces: Traces, rules: Rules) -> NDArray[np.float64]:
        """Give each sensor's MAGE, NaN where there is none."""
        ...


@cache
def engine(name: EngineName | None = None) -> Engine:
    """Give the engine of a name, or the fastest that is installed."""
    if name is None:
        name = "kernel" if find_spec("numba") else "twin"
    if name == "kernel":
        from priorauth.glucose import kernel

        return kernel
    from priorauth.glucose import twin

    return twin
