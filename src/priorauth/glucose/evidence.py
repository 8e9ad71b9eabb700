"""What glucose readings show, as rows of the vocabulary's facts, each with the place at which it can be looked up.

One derivation for readings of FHIR Observations and of log files: low episodes, readings before meals and their range
in a day, fasting readings, days on which a sensor was worn. Every number and time of day is a named derivation of the
vocabulary. Nothing is interpolated; a reading without a time of day counts for its day only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.glucose.derivations import Derivations, derivations
from priorauth.glucose.readings import METER, SENSOR, Reading, below, timed, zoned
from priorauth.values.dates import LAST_DAY

if TYPE_CHECKING:
    from priorauth.glucose.episodes import Low

HYPOGLYCEMIA: Final = "hypoglycemia"
NOCTURNAL: Final = "nocturnal_hypoglycemia"
PREMEAL: Final = "premeal_glucose"
PREMEAL_RANGE: Final = "premeal_daily_range"
FASTING: Final = "fasting_glucose"
WORN: Final = "cgm_use"
ON_FILE: Final = "glucose_log_on_file"


def rows(vocabulary: Vocabulary, readings: Sequence[Reading], day: int) -> Iterator[Row]:
    """Yield everything that the readings show beside themselves; ``day`` is the one on which they were handed in."""
    if not readings:
        return
    given = derivations(vocabulary)
    meter = [reading for reading in readings if reading.row.fact == METER]
    sensor = [reading for reading in readings if reading.row.fact == SENSOR]
    tagged = [reading for reading in readings if reading.flags]
    yield from _lows(given, meter, sensor)
    yield from _before_meals(given, tagged)
    yield from _fasting_meter(given, meter)
    yield from _fasting_sensor(given, sensor)
    yield from _worn(sensor)
    yield from _on_file(given, readings, day)


def _lows(given: Derivations, meter: Sequence[Reading], sensor: Sequence[Reading]) -> Iterator[Event]:
    """Yield the low episodes; what a meter shows during an episode of the sensor is the same episode."""
    low_of_meter = below(meter, given.low)
    if not low_of_meter and not below(sensor, given.low):
        return
    from priorauth.glucose.episodes import episodes  # loads numpy, for which most charts have no use

    instants = zoned(meter) and zoned(sensor)
    worn = episodes("cgm", given, sensor, instants=instants)
    found = episodes("meter", given, low_of_meter, instants=instants)  # what is not low does not part its episodes
    tested = [low for low in found if not _within(given, low, worn)]
    for low in (*worn, *tested):
        yield _event(HYPOGLYCEMIA, low, valued=True)
        of_day = low.first.minute_of_day
        if of_day is not None and given.night[0] <= of_day < given.night[1]:
            yield _event(NOCTURNAL, low, valued=False)
    days = {low.first.row.first for low in (*worn, *tested)}
    for reading in sorted(low_of_meter, key=lambda one: (one.row.first, one.row.ref)):
        row = reading.row
        if reading.minute_of_day is None and row.first not in days:
            days.add(row.first)
            yield Event(HYPOGLYCEMIA, Source.RECORD, row.ref, row.first, row.last, None, row.low, row.high)


def _within(given: Derivations, low: Low, worn: Sequence[Low]) -> bool:
    return any(one.start - given.one_event <= low.start <= one.end + given.one_event for one in worn)


def _event(fact: str, low: Low, *, valued: bool) -> Event:
    """Return an episode as an event: dated by its first reading, with its lowest value where the fact has one."""
    row = low.first.row
    ref = _span(row.ref, low.readings[-1].row.ref)
    least, most = low.lowest if valued else (None, None)
    return Event(fact, Source.RECORD, ref, row.first, row.last, row.minute, least, most)


def _span(first: str, last: str) -> str:
    """Return a name for the lines of a log, first reading to last; a resource is named by the first alone."""
    name, line, start = first.rpartition(" line ")
    other, _, end = last.rpartition(" line ")
    if not line or other != name or start == end:
        return first
    return f"{name} lines {start} to {end}"


def _before_meals(given: Derivations, tagged: Sequence[Reading]) -> Iterator[Measurement]:
    by_day: dict[int, list[Event | Measurement]] = {}
    for reading in tagged:
        row = reading.row
        if not reading.before_meal or not reading.known:
            continue
        yield _measured(PREMEAL, row)
        if row.first == row.last:
            by_day.setdefault(row.first, []).append(row)
    for day, found in by_day.items():
        if len(found) >= given.range_least:
            yield _range(day, found)


def _range(day: int, found: Sequence[Event | Measurement]) -> Measurement:
    """Return the highest less the lowest reading of a day; a reading beyond the device's range leaves one end open."""
    lows = [row.low for row in found if row.low is not None]
    highs = [row.high for row in found if row.high is not None]
    least = max(0, max(lows) - min(highs)) if lows and highs else 0
    most = max(highs) - min(lows) if len(lows) == len(highs) == len(found) else None
    ordered = sorted(found, key=lambda row: (row.low if row.low is not None else row.high or 0, row.ref))
    ref = ", ".join(dict.fromkeys((ordered[0].ref, ordered[-1].ref)))
    return Measurement(PREMEAL_RANGE, Source.RECORD, ref, day, day, None, least, most)


def _fasting_meter(given: Derivations, meter: Sequence[Reading]) -> Iterator[Measurement]:
    """Yield the fasting readings of a meter: those so tagged, else the first of the morning before any meal."""
    tagged = [reading for reading in meter if reading.flags and reading.fasting]
    for reading in tagged:
        if reading.known:
            yield _measured(FASTING, reading.row)
    days = {reading.row.first for reading in tagged}
    begin, end = given.fasting_meter
    morning = [
        reading
        for reading in meter
        if reading.minute_of_day is not None and begin <= reading.minute_of_day < end and reading.row.first not in days
    ]
    first: dict[int, Reading] = {}
    for _, reading in timed(morning, instants=zoned(meter)):
        first.setdefault(reading.row.first, reading)
    for reading in first.values():
        if not reading.after_first_meal and reading.known:
            yield _measured(FASTING, reading.row)


def _fasting_sensor(given: Derivations, sensor: Sequence[Reading]) -> Iterator[Measurement]:
    """Yield the last reading of a sensor in the morning before the first meal of the day."""
    morning = [
        reading
        for reading in sensor
        if reading.minute_of_day is not None and given.fasting_meter[0] <= reading.minute_of_day <= given.fasting_sensor
    ]
    latest: dict[int, Reading] = {}
    closed: set[int] = set()
    for _, reading in timed(morning, instants=zoned(morning)):
        day = reading.row.first
        if day in closed:
            continue
        if reading.after_first_meal:
            closed.add(day)
        else:
            latest[day] = reading
            if reading.before_meal and not reading.fasting:
                closed.add(day)
    for reading in latest.values():
        if reading.known:
            yield _measured(FASTING, reading.row)


def _worn(sensor: Sequence[Reading]) -> Iterator[Period]:
    """Yield the unbroken spans of days with readings of a sensor; that it was laid aside after one, no reading says."""
    first: dict[int, Reading] = {}
    for reading in sensor:
        day = reading.row.first
        if day == reading.row.last and (day not in first or _earlier(reading, first[day])):
            first[day] = reading
    start: int | None = None
    for day in sorted(first):
        if start is None:
            start = day
        if day + 1 not in first:
            yield Period(WORN, Source.RECORD, first[start].row.ref, start, start, day, LAST_DAY)
            start = None


def _earlier(one: Reading, two: Reading) -> bool:
    return (one.wall, one.row.ref) < (two.wall, two.row.ref)


def _on_file(given: Derivations, readings: Sequence[Reading], day: int) -> Iterator[Answer]:
    days = {row.first for row, _, _ in readings if row.first == row.last}
    if len(days) >= given.log_days:
        latest = max([row.first for row, _, _ in readings])
        of_latest = (reading for reading in readings if reading.row.first == latest)
        last = max(of_latest, key=lambda one: (one.wall, one.row.ref)).row.ref
        yield Answer(ON_FILE, Source.RECORD, last, "yes", day, day)


def _measured(fact: str, row: Event | Measurement) -> Measurement:
    opened = (row.low_open, row.high_open) if isinstance(row, Measurement) else (False, False)
    return Measurement(fact, Source.RECORD, row.ref, row.first, row.last, row.minute, row.low, row.high, *opened)
