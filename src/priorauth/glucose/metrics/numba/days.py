"""Day rows, compiled: one row per stream and local day, in one pass over the readings.

A piece is a run of readings of one local day and one offset; almost every day is one piece. Within a piece the wall
clock is the UTC clock moved, so windows of the day are found by bisection and most loops are plain sums. They run over
places, not over values: only so are they compiled to vector instructions, many readings at a time.
"""
# ruff: noqa: PLR0913, PLR0917  (compiled loops pass plain arrays and integers: objects would cost more than the work)

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Rules
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.columns import MINUTES_A_DAY, NONE
from priorauth.glucose.metrics.numba.jit import compiled
from priorauth.glucose.metrics.series import Series

_TAGS = c.FLAG_BEFORE_MEAL | c.FLAG_FASTING | c.FLAG_AFTER_MEAL
_NOTED = _TAGS | c.FLAG_LOW | c.FLAG_HIGH | c.FLAG_TYPED
_FAR = -(1 << 40)


@compiled
def _first_at(minutes: NDArray[np.int32], low: int, high: int, minute: int) -> int:
    """Bisect [low, high) for the first reading at or after a minute."""
    while low < high:
        middle = (low + high) >> 1
        if minutes[middle] < minute:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _piece_end(minutes: NDArray[np.int32], offsets: NDArray[np.int16], first: int, end: int, midnight: int) -> int:
    """Find where the piece that begins at `first` ends: at local midnight, or where the offset changes."""
    step, high = 64, first + 1
    while high < end and minutes[high] < midnight:
        step *= 2
        high = min(end, first + step)
    stop = _first_at(minutes, first, high, midnight)
    offset = offsets[first]
    piece, changes = offsets[first:stop], np.int16(0)
    for place in range(len(piece)):
        changes |= piece[place] ^ offset
    if changes:
        stop = first + 1
        while offsets[stop] == offset:
            stop += 1
    return stop


@compiled
def _new_row(out: NDArray[np.int64], row: int, stream: int, day: int) -> None:
    for column in range(c.DAY_COLUMNS):
        out[row, column] = 0
    out[row, c.STREAM], out[row, c.DAY] = stream, day
    for column in (c.NIGHT_LOWEST, c.FASTING, c.PREMEAL_LOWEST, c.PREMEAL_HIGHEST, c.MEAL_1, c.MEAL_2, c.MEAL_3):
        out[row, column] = NONE


@compiled
def _add_sums(out: NDArray[np.int64], row: int, glucose: NDArray[np.int16], rules: Rules) -> None:
    total = squares = np.int64(0)
    very_low = low = high = very_high = np.int64(0)
    under, below = np.int16(rules.very_low), np.int16(rules.low)
    above, over = np.int16(rules.high), np.int16(rules.very_high)
    for place in range(len(glucose)):
        value = glucose[place]
        wide = np.int64(value)
        total += wide
        squares += wide * wide
        very_low += value < under
        low += value < below
        high += value > above
        very_high += value > over
    out[row, c.READINGS] += len(glucose)
    out[row, c.SUM] += total
    out[row, c.SQUARES] += squares
    out[row, c.VERY_LOW] += very_low
    out[row, c.LOW] += low
    out[row, c.HIGH] += high
    out[row, c.VERY_HIGH] += very_high


@compiled
def _add_night(out: NDArray[np.int64], row: int, glucose: NDArray[np.int16]) -> None:
    if not len(glucose):
        return
    lowest = np.int16(32767)
    for place in range(len(glucose)):
        lowest = min(lowest, glucose[place])
    before = out[row, c.NIGHT_LOWEST]
    out[row, c.NIGHT_LOWEST] = lowest if before == NONE else min(before, np.int64(lowest))
    out[row, c.NIGHT_READINGS] += len(glucose)


@compiled
def _united(flags: NDArray[np.uint8]) -> int:
    """Return all flags that any of the readings has."""
    noted = np.uint8(0)
    for place in range(len(flags)):
        noted |= flags[place]
    return int(noted)


@compiled
def _add_notes(
    out: NDArray[np.int64], row: int, glucose: NDArray[np.int16], flags: NDArray[np.uint8], low: int, high: int
) -> None:
    """Count what the flags say: readings before meals, fasting ones, clipped and typed ones."""
    for place in range(low, high):
        flag, value = flags[place], int(glucose[place])
        out[row, c.CLIPPED] += flag & (c.FLAG_LOW | c.FLAG_HIGH) != 0
        out[row, c.TYPED] += flag & c.FLAG_TYPED != 0
        if flag & c.FLAG_FASTING and out[row, c.FASTING_BY] != c.BY_TAG:
            out[row, c.FASTING], out[row, c.FASTING_BY] = value, c.BY_TAG
        if flag & (c.FLAG_BEFORE_MEAL | c.FLAG_FASTING):
            out[row, c.PREMEAL_READINGS] += 1
            out[row, c.PREMEAL_SUM] += value
            out[row, c.PREMEAL_SQUARES] += value * value
            if out[row, c.PREMEAL_LOWEST] == NONE or value < out[row, c.PREMEAL_LOWEST]:
                out[row, c.PREMEAL_LOWEST] = value
            out[row, c.PREMEAL_HIGHEST] = max(value, out[row, c.PREMEAL_HIGHEST])


@compiled
def _add_meal(
    out: NDArray[np.int64],
    row: int,
    meal: int,
    glucose: NDArray[np.int16],
    flags: NDArray[np.uint8],
    low: int,
    high: int,
) -> None:
    """Take the first reading of a window that is not tagged as after a meal."""
    if out[row, meal] == NONE:
        for place in range(low, high):
            if not flags[place] & c.FLAG_AFTER_MEAL:
                out[row, meal] = glucose[place]
                return


@compiled
def _add_fasting(
    out: NDArray[np.int64],
    row: int,
    glucose: NDArray[np.int16],
    flags: NDArray[np.uint8],
    low: int,
    high: int,
    meter: bool,  # noqa: FBT001
) -> None:
    """Take the untagged value before breakfast: a meter's first of the window, a sensor's last before a meal."""
    for place in range(low, high):
        if out[row, c.FASTING_BY] in (c.BY_TAG, c.BY_CLOSED_WINDOW):
            return
        if not flags[place] & c.FLAG_AFTER_MEAL:
            out[row, c.FASTING] = glucose[place]
        closes = meter or flags[place] & (c.FLAG_BEFORE_MEAL | c.FLAG_AFTER_MEAL) != 0
        out[row, c.FASTING_BY] = c.BY_CLOSED_WINDOW if closes else c.BY_OPEN_WINDOW


@compiled
def _add_tests(
    out: NDArray[np.int64],
    row: int,
    minutes: NDArray[np.int32],
    glucose: NDArray[np.int16],
    low: int,
    high: int,
    seen: NDArray[np.int64],
    counted: int,
    retest: int,
) -> int:
    """Count tests without exact copies, and once more without retests; give the minute of the last one counted."""
    for place in range(low, high):
        minute, value = int(minutes[place]), int(glucose[place])
        if seen[value] != minute:
            seen[value] = minute
            out[row, c.TESTS] += 1
        if minute - counted > retest:
            counted = minute
            out[row, c.TESTS_SPACED] += 1
    return counted


@compiled
def _row_of(out: NDArray[np.int64], found: int, stream: int, day: int) -> int:
    """Find the stream's row of a day, looking back from the newest: a traveller may enter a day twice.

    Offsets are within a day of UTC, so no row before one of more than three days earlier can be the one.
    """
    for place in range(found - 1, -1, -1):
        if out[place, c.STREAM] != stream or out[place, c.DAY] < day - 3:
            break
        if out[place, c.DAY] == day:
            return place
    return found


@compiled
def _pieces(minutes: NDArray[np.int32], offsets: NDArray[np.int16], starts: NDArray[np.int64]) -> int:
    """Count the pieces: at least as many as rows."""
    found = 0
    for stream in range(len(starts) - 1):
        place, end = starts[stream], starts[stream + 1]
        while place < end:
            day = (minutes[place] + offsets[place]) // MINUTES_A_DAY
            place = _piece_end(minutes, offsets, place, end, (day + 1) * MINUTES_A_DAY - offsets[place])
            found += 1
    return found


@compiled
def _fill(series: Series, rules: Rules, out: NDArray[np.int64]) -> int:
    minutes, offsets, glucose = series.minutes, series.offsets, series.glucose
    flags, starts, meters = series.flags, series.starts, series.meters
    found = 0
    seen = np.empty(1024, np.int64)
    windows = (
        (c.MEAL_1, rules.meal_1_from, rules.meal_1_until),
        (c.MEAL_2, rules.meal_2_from, rules.meal_2_until),
        (c.MEAL_3, rules.meal_3_from, rules.meal_3_until),
    )
    for stream in range(len(starts) - 1):
        first, end = starts[stream], starts[stream + 1]
        meter = meters[stream]
        counted = _FAR
        if meter:
            seen[:] = _FAR
        while first < end:
            offset = int(offsets[first])
            day = (minutes[first] + offset) // MINUTES_A_DAY
            midnight = day * MINUTES_A_DAY - offset
            stop = _piece_end(minutes, offsets, first, end, midnight + MINUTES_A_DAY)
            row = _row_of(out, found, stream, day)
            if row == found:
                _new_row(out, row, stream, day)
                found += 1
            _add_sums(out, row, glucose[first:stop], rules)
            noted = _united(flags[first:stop])
            if noted & _NOTED:
                _add_notes(out, row, glucose, flags, first, stop)
            low = _first_at(minutes, first, stop, midnight + rules.night_from)
            high = _first_at(minutes, low, stop, midnight + rules.night_until)
            _add_night(out, row, glucose[low:high])
            begin = rules.meter_fasting_from if meter else rules.sensor_fasting_from
            close = rules.meter_fasting_until if meter else rules.sensor_fasting_until
            low = _first_at(minutes, first, stop, midnight + begin)
            high = _first_at(minutes, low, stop, midnight + close)
            if low < high and not meter and not noted & _TAGS:
                low = high - 1  # without tags only the last one counts
            _add_fasting(out, row, glucose, flags, low, high, meter)
            for meal, opens, closes in windows:
                low = _first_at(minutes, first, stop, midnight + opens)
                if low < stop and minutes[low] < midnight + closes:
                    high = low + 1 if not noted & _TAGS else _first_at(minutes, low, stop, midnight + closes)
                    _add_meal(out, row, meal, glucose, flags, low, high)
            if meter:
                counted = _add_tests(out, row, minutes, glucose, first, stop, seen, counted, rules.retest)
            first = stop
    return found


def day_rows(series: Series, rules: Rules) -> NDArray[np.int64]:
    """Make the day rows of checked series, by stream and day."""
    out = np.empty((_pieces(series.minutes, series.offsets, series.starts), c.DAY_COLUMNS), np.int64)
    rows = out[: _fill(series, rules, out)]
    order = rows[:, c.STREAM] * (1 << 32) + rows[:, c.DAY]
    if np.any(order[1:] < order[:-1]):
        rows = rows[np.argsort(order, kind="stable")]
    return rows


@compiled
def _add_totals(series: Series, rules: Rules, out: NDArray[np.int64]) -> None:
    for stream in range(len(out)):
        _add_sums(out, stream, series.glucose[series.starts[stream] : series.starts[stream + 1]], rules)


def totals(series: Series, rules: Rules) -> NDArray[np.int64]:
    """Sum up each stream without a look at its days: readings, sums, and counts beyond the thresholds."""
    out = np.zeros((series.streams, c.DAY_COLUMNS), np.int64)
    _add_totals(series, rules, out)
    return out
