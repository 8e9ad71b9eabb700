"""The counting engine compiled by numba (the extra ``fast``): the names and numbers of the one in NumPy."""

from priorauth.glucose.metrics.numba.days import day_rows, totals
from priorauth.glucose.metrics.numba.events import event_rows, intervals
from priorauth.glucose.metrics.numba.mage import mage

__all__ = ["day_rows", "event_rows", "intervals", "mage", "totals"]
