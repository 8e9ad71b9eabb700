"""The counting engine, compiled by numba (an extra): same names, same numbers as :mod:`priorauth.glucose.twin`."""

from priorauth.glucose.kernel.days import day_rows, totals
from priorauth.glucose.kernel.events import event_rows, intervals
from priorauth.glucose.kernel.mage import mage

__all__ = ["day_rows", "event_rows", "intervals", "mage", "totals"]
