"""Metrics: every number of ``definitions.yaml`` from the counts, for one stream or a million at once.

A column holds one metric of all streams: its value (NaN: unknown, never a zero in its place) and n, how much it rests
on: readings for most, days, mornings or nights where the definition says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Definitions, definitions
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics import daily
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.daily import Column
from priorauth.glucose.metrics.series import Series

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The local days over which each stream is judged, both included, counted from 1970-01-01.

    A stream without readings and without given days has the empty window 0 to -1.
    """

    first: Integers
    last: Integers

    @property
    def days(self) -> Integers:
        """Count the calendar days."""
        return self.last - self.first + 1


def own_days(counted: Counts) -> Window:
    """Give each stream the window from its first day with a reading to its last."""
    streams = np.arange(counted.series.streams)
    rows = counted.days[:, c.STREAM]
    low, high = np.searchsorted(rows, streams), np.searchsorted(rows, streams, side="right")
    if not len(rows):
        return Window(np.zeros(len(streams), np.int64), np.full(len(streams), -1))
    day, some = counted.days[:, c.DAY], high > low
    first = np.where(some, day[np.minimum(low, len(day) - 1)], 0)
    return Window(first, np.where(some, day[high - 1], -1))


def measure(counted: Counts, window: Window | None = None, given: Definitions | None = None) -> Mapping[str, Column]:
    """Take every metric, by name, in the order of the definitions."""
    table, days = given or definitions(), window or own_days(counted)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            **_level(counted, table),
            **_events(counted, table),
            **_active(counted, days),
            **_tests(counted, days, table),
            **daily.measure(counted, table),
        }
        if counted.mages is not None:
            found["mage_mg_dl"] = Column(counted.mages, counted.summed(c.READINGS))
    meters = counted.series.meters
    own = {None: np.ones(len(meters), bool), "meter": meters, "cgm": ~meters}
    whole = {device: bool(mask.all()) for device, mask in own.items()}
    return {
        name: found[name] if whole[metric.device] else _only(own[metric.device], found[name])
        for name, metric in table.metrics.items()
        if name in found
    }


def consensus(counted: Counts, given: Definitions | None = None) -> Mapping[str, Column]:
    """Take the consensus metrics alone, those of level and range and activity by the stamps.

    The counts of :func:`counts.count_totals` are enough.
    """
    table = given or definitions()
    with np.errstate(divide="ignore", invalid="ignore"):
        return {**_level(counted, table), "active_percent": _active_by_stamps(counted)}


def sufficient(columns: Mapping[str, Column], counted: Counts, window: Window, given: Definitions) -> NDArray[np.bool_]:
    """Return whether each stream has the days, and in them the share of readings, that the consensus asks for."""
    days, share = given.sufficiency["days"], given.sufficiency["share"]
    worn = np.bincount(counted.days[:, c.STREAM], minlength=counted.series.streams)
    active = np.nan_to_num(columns["active_window_percent"].value)
    return (window.days >= days) & (worn >= days) & (active >= share)


def _only(own: NDArray[np.bool_], column: Column) -> Column:
    """Leave unknown what a stream's device cannot tell."""
    return Column(np.where(own, column.value, np.nan), np.where(own, column.n, 0), column.by)


def _level(counted: Counts, given: Definitions) -> dict[str, Column]:
    n = counted.summed(c.READINGS)
    total = counted.summed(c.SUM).astype(np.float64)
    mean = np.where(n > 0, total / n, np.nan)
    variance = (counted.summed(c.SQUARES) - total * mean) / (n - 1)
    sd = np.where(n > 1, np.sqrt(np.maximum(variance, 0)), np.nan)
    counts = {column: counted.summed(column) for column in (c.VERY_LOW, c.LOW, c.HIGH, c.VERY_HIGH)}
    share = {column: _share(count, n) for column, count in counts.items()}
    gri, gmi = given.gri, given.gmi
    risk = (
        gri["very_low"] * share[c.VERY_LOW]
        + gri["low"] * _share(counts[c.LOW] - counts[c.VERY_LOW], n)
        + gri["very_high"] * share[c.VERY_HIGH]
        + gri["high"] * _share(counts[c.HIGH] - counts[c.VERY_HIGH], n)
    )
    values = {
        "mean_mg_dl": mean,
        "sd_mg_dl": sd,
        "cv_percent": np.where(mean > 0, 100 * sd / mean, np.nan),
        "gmi_percent": gmi["constant"] + gmi["slope"] * mean,
        "time_70_180_percent": _share(n - counts[c.LOW] - counts[c.HIGH], n),
        "time_below_70_percent": share[c.LOW],
        "time_below_54_percent": share[c.VERY_LOW],
        "time_above_180_percent": share[c.HIGH],
        "time_above_250_percent": share[c.VERY_HIGH],
        "gri": np.minimum(risk, gri["highest"]),
    }
    return {name: Column(value, n) for name, value in values.items()}


def _share(part: Integers, whole: Integers) -> Floats:
    return np.where(whole > 0, 100 * part / whole, np.nan)


def _events(counted: Counts, given: Definitions) -> dict[str, Column]:
    """Count events; unknown where the trace holds no stretch in which one could have been seen."""
    n = counted.summed(c.READINGS)
    meter = counted.series.meters & (n > 0)
    seen = counted.stretches >= given.events.minimum
    long = counted.stretches > given.events.extended_low_over
    within = counted.stretches >= given.events.extended_high_minimum
    kinds = {
        "hypo_level_1_events": (c.HYPO_1, seen | meter),
        "hypo_level_2_events": (c.HYPO_2, seen | meter),
        "hypo_extended_events": (c.HYPO_EXTENDED, long),
        "hyper_level_1_events": (c.HYPER_1, seen),
        "hyper_level_2_events": (c.HYPER_2, seen),
        "hyper_extended_events": (c.HYPER_EXTENDED, within),
    }
    found = {name: np.where(known, counted.events_of(kind), np.nan) for name, (kind, known) in kinds.items()}
    at_night = nocturnal(counted, given)
    found["nocturnal_hypo_events"] = np.where(
        seen | meter, np.bincount(counted.events[at_night, c.EVENT_STREAM], minlength=len(n)), np.nan
    )
    return {name: Column(value.astype(np.float64), n) for name, value in found.items()}


def share_between(series: Series, lowest: int, highest: int) -> Column:
    """Return the share of each stream's readings from `lowest` to `highest` mg/dL, both included, in percent."""
    inside = np.concatenate([[0], np.cumsum((series.glucose >= lowest) & (series.glucose <= highest))])
    n = np.diff(series.starts)
    with np.errstate(invalid="ignore"):
        return Column(_share(inside[series.starts[1:]] - inside[series.starts[:-1]], n), n)


def nocturnal(counted: Counts, given: Definitions) -> NDArray[np.bool_]:
    """Mark the level 1 events that begin at night, by the wall clock of their first reading."""
    series, first = counted.series, counted.events[:, c.FIRST]
    clock = (series.minutes[first].astype(np.int64) + series.offsets[first]) % MINUTES_A_DAY
    begins: NDArray[np.bool_] = (given.night["from"] <= clock) & (clock < given.night["until"])
    level_1: NDArray[np.bool_] = counted.events[:, c.KIND] == c.HYPO_1
    return begins & level_1


def _active(counted: Counts, window: Window) -> dict[str, Column]:
    n, known = counted.summed(c.READINGS), counted.intervals > 0
    expected = window.days * MINUTES_A_DAY / np.where(known, counted.intervals, 1)
    by_window = np.where(known & (n > 0), np.minimum(100 * n / expected, 100), np.nan)
    return {"active_percent": _active_by_stamps(counted), "active_window_percent": Column(by_window, n)}


def _active_by_stamps(counted: Counts) -> Column:
    n, series = counted.summed(c.READINGS), counted.series
    known = (n > 0) & (counted.intervals > 0)
    span = np.zeros(len(n))
    if known.any():
        first, last = series.starts[:-1][known], series.starts[1:][known] - 1
        span[known] = series.minutes[last].astype(np.int64) - series.minutes[first]
    expected = span / np.where(known, counted.intervals, 1) + 1
    return Column(np.where(known, np.minimum(100 * n / expected, 100), np.nan), n)


def _tests(counted: Counts, window: Window, given: Definitions) -> dict[str, Column]:
    """Count tests over the calendar days of the window: a day without one counts too."""
    days = window.days
    known = (counted.summed(c.READINGS) > 0) & (days > 0)
    tests, spaced = counted.summed(c.TESTS), counted.summed(c.TESTS_SPACED)
    often = counted.days[counted.days[:, c.TESTS] >= given.tests["often"], c.STREAM]
    values = {
        "tests_per_day": (tests / days, tests),
        "tests_per_day_retests_once": (spaced / days, spaced),
        "days_with_4_tests": (np.bincount(often, minlength=len(days)).astype(np.float64), days),
    }
    return {name: Column(np.where(known, value, np.nan), n) for name, (value, n) in values.items()}
