"""What glucose readings show: low episodes, readings before meals and fasting, days on which a sensor was worn.

Every number and time of day is a named derivation of the vocabulary. Nothing is interpolated. A reading without a time
of day counts for its day only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import Final, NamedTuple

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.record.chart import Chart
from priorauth.record.observations import METER, SENSOR, Reading, after_meal, before_meal, fasting
from priorauth.record.tables import LATER_MEALS
from priorauth.values.dates import EPOCH, MINUTES_A_DAY

_PREMEAL: Final = "premeal_glucose"
_FASTING: Final = "fasting_glucose"
_UNKNOWN_STEP: Final = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """The derivations that are used here, in mg/dL, minutes, and minutes of the day."""

    low: int
    one_event: int
    least: int
    recovery: int
    gap: int
    night: tuple[int, int]
    fasting_meter: tuple[int, int]
    fasting_sensor: int
    range_least: int
    log_days: int


class Timed(NamedTuple):
    """A reading with the minute that it is sorted by."""

    at: int
    reading: Reading


class Low(NamedTuple):
    """A low episode: from when to when, its lowest value, and what shows it."""

    start: int
    end: int
    reading: Reading
    low: int | None
    high: int | None


_RULES: dict[str, Rules] = {}
_KEPT: Final = 8


def rules(vocabulary: Vocabulary) -> Rules:
    """Read the derivations; of the same vocabulary, once."""
    found = _RULES.get(vocabulary.sha256)
    if found is None:
        if len(_RULES) >= _KEPT:
            _RULES.clear()
        found = _RULES[vocabulary.sha256] = _rules(vocabulary)
    return found


def _rules(vocabulary: Vocabulary) -> Rules:
    amount = vocabulary.amount

    def clock(name: str) -> int:
        hour, _, minute = vocabulary.derivations[name].partition(":")
        return int(hour) * 60 + int(minute)

    return Rules(
        low=int(amount("hypoglycemia_below")),
        one_event=int(amount("hypoglycemia_readings_one_event")),
        least=int(amount("hypoglycemia_sensor_least")),
        recovery=int(amount("hypoglycemia_sensor_recovery")),
        gap=int(amount("sensor_gap_above")),
        night=(clock("night_from"), clock("night_until")),
        fasting_meter=(clock("fasting_meter_from"), clock("fasting_meter_until")),
        fasting_sensor=clock("fasting_sensor_latest"),
        range_least=int(amount("premeal_range_readings_least")),
        log_days=int(amount("glucose_log_least")),
    )


def rows(chart: Chart, readings: list[Reading]) -> Iterator[Row]:
    """Give everything that the readings show."""
    if not readings:
        return
    rule = rules(chart.vocabulary)
    meter = [reading for reading in readings if reading.row.fact == METER]
    sensor = [reading for reading in readings if reading.row.fact == SENSOR]
    yield from _lows(rule, meter, sensor)
    yield from _before_meals(rule, readings)
    yield from _fasting_meter(rule, meter)
    yield from _fasting_sensor(rule, sensor)
    yield from _worn(sensor)
    yield from _on_file(chart, rule, readings)


def timed(readings: list[Reading]) -> list[Timed]:
    """Give the readings with a time, in its order: the instant, else the local minute as written."""
    found = [
        Timed(_minute(reading.row, reading.minute_of_day), reading)
        for reading in readings
        if reading.minute_of_day is not None
    ]
    found.sort(key=lambda one: (one.at, one.reading.row.ref))
    return found


def _minute(row: Event | Measurement, of_day: int) -> int:
    return row.minute if row.minute is not None else (row.first - EPOCH) * MINUTES_A_DAY + of_day


def meter_lows(rule: Rules, readings: list[Reading]) -> list[Low]:
    """Give the low episodes of a meter: low readings that lie close together are one."""
    found: list[Low] = []
    for at, reading in timed([one for one in readings if _is_low(rule, one)]):
        if found and at - found[-1].end <= rule.one_event:
            found[-1] = _deeper(found[-1], at, reading)
        else:
            found.append(Low(at, at, reading, reading.row.low, reading.row.high))
    return found


def sensor_lows(rule: Rules, readings: list[Reading]) -> list[Low]:
    """Give the low episodes of a sensor.

    Each reading stands for one step of the sensor, so three readings five minutes apart are fifteen minutes. An episode
    begins with enough of them below, and ends with enough of them at or above, or where readings are missing.
    """
    stream = timed(readings)
    steps = [two.at - one.at for one, two in pairwise(stream) if 0 < two.at - one.at <= rule.gap]
    step = median_low(steps) if steps else _UNKNOWN_STEP
    found: list[Low] = []
    low: Low | None = None
    begun, risen, last = False, None, None
    for at, reading in stream:
        if last is not None and at - last > rule.gap:
            low, begun, risen = None, False, None
        last = at
        if _is_low(rule, reading):
            risen = None
            low = Low(at, at, reading, reading.row.low, reading.row.high) if low is None else _deeper(low, at, reading)
            if begun:
                found[-1] = low
            elif at - low.start + step >= rule.least:
                begun = True
                found.append(low)
        elif begun:
            risen = at if risen is None else risen
            if at - risen + step >= rule.recovery:
                low, begun, risen = None, False, None
        else:
            low = None
    return found


def _is_low(rule: Rules, reading: Reading) -> bool:
    high = reading.row.high
    return high is not None and high < rule.low


def _deeper(low: Low, at: int, reading: Reading) -> Low:
    row = reading.row
    lowest = None if low.low is None or row.low is None else min(low.low, row.low)
    highest = min(high for high in (low.high, row.high) if high is not None)
    return Low(low.start, at, low.reading, lowest, highest)


def _lows(rule: Rules, meter: list[Reading], sensor: list[Reading]) -> Iterator[Event]:
    """Give the low episodes; what a meter shows during an episode of the sensor is the same episode."""
    worn = sensor_lows(rule, sensor)
    tested = [
        low
        for low in meter_lows(rule, meter)
        if not any(one.start - rule.one_event <= low.start <= one.end + rule.one_event for one in worn)
    ]
    for low in (*worn, *tested):
        row = low.reading.row
        yield Event("hypoglycemia", Source.RECORD, row.ref, row.first, row.last, row.minute, low.low, low.high)
        of_day = low.reading.minute_of_day
        if of_day is not None and rule.night[0] <= of_day < rule.night[1]:
            yield Event(
                "nocturnal_hypoglycemia", Source.RECORD, row.ref, row.first, row.last, row.minute, low.low, low.high
            )
    days = {low.reading.row.first for low in (*worn, *tested)}
    for reading in sorted(meter, key=lambda one: (one.row.first, one.row.ref)):
        row = reading.row
        if reading.minute_of_day is None and _is_low(rule, reading) and row.first not in days:
            days.add(row.first)
            yield Event("hypoglycemia", Source.RECORD, row.ref, row.first, row.last, None, row.low, row.high)


def _before_meals(rule: Rules, readings: list[Reading]) -> Iterator[Measurement]:
    by_day: dict[int, list[Event | Measurement]] = {}
    for reading in readings:
        row = reading.row
        if not before_meal(reading) or (row.low is None and row.high is None):
            continue
        yield _measured(_PREMEAL, row)
        if row.first == row.last:
            by_day.setdefault(row.first, []).append(row)
    for day, found in by_day.items():
        if len(found) >= rule.range_least:
            yield _range(day, found)


def _range(day: int, found: list[Event | Measurement]) -> Measurement:
    """Give the highest less the lowest reading of a day; a reading beyond the device's range leaves one end open."""
    lows = [row.low for row in found if row.low is not None]
    highs = [row.high for row in found if row.high is not None]
    least = max(0, max(lows) - min(highs)) if lows and highs else 0
    most = max(highs) - min(lows) if len(lows) == len(highs) == len(found) else None
    ordered = sorted(found, key=lambda row: (row.low if row.low is not None else row.high or 0, row.ref))
    ref = ", ".join(dict.fromkeys((ordered[0].ref, ordered[-1].ref)))
    return Measurement("premeal_daily_range", Source.RECORD, ref, day, day, None, least, most)


def _fasting_meter(rule: Rules, meter: list[Reading]) -> Iterator[Measurement]:
    """Give the fasting readings of a meter: those so tagged, else the first of the morning before any meal."""
    tagged = [reading for reading in meter if fasting(reading)]
    for reading in tagged:
        if reading.row.low is not None or reading.row.high is not None:
            yield _measured(_FASTING, reading.row)
    days = {reading.row.first for reading in tagged}
    first: dict[int, Reading] = {}
    for _, reading in timed(meter):
        of_day, day = reading.minute_of_day, reading.row.first
        if of_day is not None and rule.fasting_meter[0] <= of_day < rule.fasting_meter[1] and day not in days:
            first.setdefault(day, reading)
    for reading in first.values():
        if not after_meal(reading) and not _later_meal(reading) and reading.row.low is not None:
            yield _measured(_FASTING, reading.row)


def _fasting_sensor(rule: Rules, sensor: list[Reading]) -> Iterator[Measurement]:
    """Give the last reading of a sensor in the morning before the first meal of the day."""
    latest: dict[int, Reading] = {}
    closed: set[int] = set()
    for _, reading in timed(sensor):
        of_day, day = reading.minute_of_day, reading.row.first
        if of_day is None or not rule.fasting_meter[0] <= of_day <= rule.fasting_sensor or day in closed:
            continue
        if after_meal(reading) or _later_meal(reading):
            closed.add(day)
        else:
            latest[day] = reading
            if before_meal(reading) and not fasting(reading):
                closed.add(day)
    for reading in latest.values():
        if reading.row.low is not None or reading.row.high is not None:
            yield _measured(_FASTING, reading.row)


def _later_meal(reading: Reading) -> bool:
    return not reading.tags.isdisjoint(LATER_MEALS)


def _worn(sensor: list[Reading]) -> Iterator[Period]:
    """Give the unbroken spans of days with readings of a sensor."""
    days = {reading.row.first: reading.row.ref for reading in reversed(sensor) if reading.row.first == reading.row.last}
    start: int | None = None
    for day in sorted(days):
        if start is None:
            start = day
        if day + 1 not in days:
            yield Period("cgm_use", Source.RECORD, days[start], start, start, day, day)
            start = None


def _on_file(chart: Chart, rule: Rules, readings: list[Reading]) -> Iterator[Answer]:
    days = {reading.row.first for reading in readings if reading.row.first == reading.row.last}
    if len(days) >= rule.log_days:
        last = max(readings, key=lambda one: (one.row.first, one.row.ref)).row.ref
        yield Answer("glucose_log_on_file", Source.RECORD, last, "yes", chart.day, chart.day)


def _measured(fact: str, row: Event | Measurement) -> Measurement:
    opened = (row.low_open, row.high_open) if isinstance(row, Measurement) else (False, False)
    return Measurement(fact, Source.RECORD, row.ref, row.first, row.last, row.minute, row.low, row.high, *opened)
