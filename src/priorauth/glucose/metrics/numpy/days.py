"""Day rows in plain NumPy: readings are grouped by stream and local day, and every column is one grouped operation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.columns import MINUTES_A_DAY, NONE
from priorauth.glucose.metrics.series import Series

_BIG = 1 << 40


class _Days:
    """Readings grouped by stream and local day, in order of time within a group."""

    def __init__(self, streams: NDArray[np.int64], days: NDArray[np.int64]) -> None:
        """Group; `row` gives the row of each reading."""
        keys, self.row = np.unique(streams * (1 << 32) + days, return_inverse=True)
        self.table = np.zeros((len(keys), c.DAY_COLUMNS), np.int64)
        self.table[:, c.STREAM], self.table[:, c.DAY] = np.divmod(keys + (1 << 31), 1 << 32)
        self.table[:, c.DAY] -= 1 << 31
        for column in (c.NIGHT_LOWEST, c.FASTING, c.PREMEAL_LOWEST, c.PREMEAL_HIGHEST, c.MEAL_1, c.MEAL_2, c.MEAL_3):
            self.table[:, column] = NONE

    def count(self, column: int, mask: NDArray[np.bool_]) -> None:
        np.add.at(self.table[:, column], self.row[mask], 1)

    def add(self, column: int, mask: NDArray[np.bool_], values: NDArray[np.int64]) -> None:
        np.add.at(self.table[:, column], self.row[mask], values[mask])

    def lowest(self, column: int, mask: NDArray[np.bool_], values: NDArray[np.int64]) -> None:
        found = np.full(len(self.table), _BIG)
        np.minimum.at(found, self.row[mask], values[mask])
        self.table[:, column] = np.where(found == _BIG, NONE, found)

    def highest(self, column: int, mask: NDArray[np.bool_], values: NDArray[np.int64]) -> None:
        np.maximum.at(self.table[:, column], self.row[mask], values[mask])

    def place(self, mask: NDArray[np.bool_], *, last: bool = False) -> NDArray[np.int64]:
        """Return the place of each row's first (or last) reading in the mask, NONE where there is none."""
        found = np.full(len(self.table), NONE, np.int64)
        places = np.flatnonzero(mask)
        if not last:
            places = places[::-1]
        found[self.row[places]] = places  # of several, the one written last stays
        return found


def _fasting(
    days: _Days,
    values: NDArray[np.int64],
    flags: NDArray[np.uint8],
    meter: NDArray[np.bool_],
    window: NDArray[np.bool_],
) -> None:
    """Take the value before breakfast: tagged, else a meter's first of the window or a sensor's last before a meal."""
    after = flags & c.FLAG_AFTER_MEAL != 0
    tagged = days.place(flags & c.FLAG_FASTING != 0)
    first = days.place(window & meter)
    meal = days.place(window & ~meter & (flags & (c.FLAG_BEFORE_MEAL | c.FLAG_AFTER_MEAL) != 0))
    places = np.arange(len(values))
    reach = np.where(meal == NONE, _BIG, meal)[days.row]
    sensor = days.place(window & ~meter & (places <= reach) & ~after, last=True)
    table = days.table
    table[:, c.FASTING_BY] = np.select(
        [tagged != NONE, (first != NONE) | (meal != NONE), sensor != NONE],
        [c.BY_TAG, c.BY_CLOSED_WINDOW, c.BY_OPEN_WINDOW],
        c.BY_NOTHING,
    )
    first[(first != NONE) & after[first]] = NONE
    place = np.select([tagged != NONE, first != NONE], [tagged, first], sensor)
    table[:, c.FASTING] = np.where(place == NONE, NONE, values[place])


def _tests(days: _Days, series: Series, streams: NDArray[np.int64], retest: int) -> None:
    """Count each meter's tests without exact copies, and once more without retests."""
    minutes = series.minutes.astype(np.int64)
    places = np.flatnonzero(series.meters[streams])
    told_apart = np.stack([streams[places], minutes[places], series.glucose[places].astype(np.int64)])
    _, first = np.unique(told_apart, axis=1, return_index=True)
    kept = np.zeros(len(minutes), bool)
    kept[places[first]] = True
    days.count(c.TESTS, kept)
    spaced = np.zeros(len(minutes), bool)
    counted: dict[int, int] = {}
    for place in places.tolist():
        stream, minute = int(streams[place]), int(minutes[place])
        if minute - counted.get(stream, -_BIG) > retest:
            counted[stream] = minute
            spaced[place] = True
    days.count(c.TESTS_SPACED, spaced)


def day_rows(series: Series, rules: Rules) -> NDArray[np.int64]:
    """Make the day rows of checked series, by stream and day."""
    minutes, offsets, glucose, flags, starts, meters = series
    if not len(minutes):
        return np.zeros((0, c.DAY_COLUMNS), np.int64)
    values = glucose.astype(np.int64)
    streams = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    local = minutes.astype(np.int64) + offsets
    day = local // MINUTES_A_DAY
    clock = local - day * MINUTES_A_DAY
    meter = meters[streams]
    days = _Days(streams, day)
    everything = np.ones(len(values), bool)
    days.count(c.READINGS, everything)
    days.add(c.SUM, everything, values)
    days.add(c.SQUARES, everything, values * values)
    days.count(c.VERY_LOW, values < rules.very_low)
    days.count(c.LOW, values < rules.low)
    days.count(c.HIGH, values > rules.high)
    days.count(c.VERY_HIGH, values > rules.very_high)
    days.count(c.CLIPPED, flags & (c.FLAG_LOW | c.FLAG_HIGH) != 0)
    days.count(c.TYPED, flags & c.FLAG_TYPED != 0)
    night = (rules.night_from <= clock) & (clock < rules.night_until)
    days.count(c.NIGHT_READINGS, night)
    days.lowest(c.NIGHT_LOWEST, night, values)
    premeal = flags & (c.FLAG_BEFORE_MEAL | c.FLAG_FASTING) != 0
    days.count(c.PREMEAL_READINGS, premeal)
    days.add(c.PREMEAL_SUM, premeal, values)
    days.add(c.PREMEAL_SQUARES, premeal, values * values)
    days.lowest(c.PREMEAL_LOWEST, premeal, values)
    days.highest(c.PREMEAL_HIGHEST, premeal, values)
    begin = np.where(meter, rules.meter_fasting_from, rules.sensor_fasting_from)
    close = np.where(meter, rules.meter_fasting_until, rules.sensor_fasting_until)
    _fasting(days, values, flags, meter, (begin <= clock) & (clock < close))
    for meal, opens, closes in (
        (c.MEAL_1, rules.meal_1_from, rules.meal_1_until),
        (c.MEAL_2, rules.meal_2_from, rules.meal_2_until),
        (c.MEAL_3, rules.meal_3_from, rules.meal_3_until),
    ):
        place = days.place((opens <= clock) & (clock < closes) & (flags & c.FLAG_AFTER_MEAL == 0))
        days.table[:, meal] = np.where(place == NONE, NONE, values[place])
    _tests(days, series, streams, rules.retest)
    return days.table


def totals(series: Series, rules: Rules) -> NDArray[np.int64]:
    """Sum up each stream without a look at its days: readings, sums, and counts beyond the thresholds."""
    values = series.glucose.astype(np.int64)
    columns = {
        c.READINGS: np.ones(len(values), np.int64),
        c.SUM: values,
        c.SQUARES: values * values,
        c.VERY_LOW: values < rules.very_low,
        c.LOW: values < rules.low,
        c.HIGH: values > rules.high,
        c.VERY_HIGH: values > rules.very_high,
    }
    out = np.zeros((series.streams, c.DAY_COLUMNS), np.int64)
    for column, each in columns.items():
        running = np.concatenate([[0], np.cumsum(each)])
        out[:, column] = np.diff(running[series.starts])
    return out
