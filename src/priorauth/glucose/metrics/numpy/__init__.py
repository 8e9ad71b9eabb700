"""The counting engine in NumPy: the reference for the compiled one, and what runs where numba is not installed."""

from priorauth.glucose.metrics.numpy.days import day_rows, totals
from priorauth.glucose.metrics.numpy.events import event_rows, intervals
from priorauth.glucose.metrics.numpy.mage import mage

__all__ = ["day_rows", "event_rows", "intervals", "mage", "totals"]
