"""The counting engine in plain NumPy: the reference for :mod:`priorauth.glucose.kernel`, and what runs without it."""

from priorauth.glucose.twin.days import day_rows, totals
from priorauth.glucose.twin.events import event_rows, intervals
from priorauth.glucose.twin.mage import mage

__all__ = ["day_rows", "event_rows", "intervals", "mage", "totals"]
