"""A reading is one row of the vocabulary, a self-test or a sensor's value, with its clock and what is said of the meal.

Readings come out of FHIR Observations and out of log files; from here on nothing asks which. The same reading in a
Bundle and in a log is one reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from priorauth.facts.rows import Event, Measurement, Source
from priorauth.glucose.flags import Flag
from priorauth.values.dates import EPOCH, MINUTES_A_DAY

if TYPE_CHECKING:
    from priorauth.glucose.stream import Stream  # reading files takes numpy; readings of a Bundle do without

METER: Final = "glucose_self_test"
SENSOR: Final = "cgm_glucose"
LATER_MEAL: Final = 128  # before lunch or supper: never the first meal of the day
_BEFORE: Final = int(Flag.BEFORE_MEAL | Flag.FASTING)
_FASTING, _AFTER = int(Flag.FASTING), int(Flag.AFTER_MEAL)
_LOW, _HIGH, _ZONELESS = int(Flag.LOW), int(Flag.HIGH), int(Flag.ZONELESS)
_TAGS: Final = _BEFORE | _AFTER


class Reading(NamedTuple):
    """A row, its minute of the local day (None: only the day is known), and its flags (Flag, LATER_MEAL)."""

    row: Event | Measurement
    minute_of_day: int | None
    flags: int = 0

    @property
    def wall(self) -> int:
        """Its minute on the wall clock since 1970; of a reading without a time, the midnight of its day."""
        return (self.row.first - EPOCH) * MINUTES_A_DAY + (self.minute_of_day or 0)

    @property
    def known(self) -> bool:
        """Whether anything is known of the value."""
        return self.row.low is not None or self.row.high is not None

    @property
    def fasting(self) -> bool:
        """Whether it is tagged as fasting."""
        return bool(self.flags & _FASTING)

    @property
    def before_meal(self) -> bool:
        """Whether it is tagged as before a meal; a fasting one is before breakfast."""
        return bool(self.flags & _BEFORE)

    @property
    def after_first_meal(self) -> bool:
        """Whether its tag says that the first meal of the day is over."""
        return bool(self.flags & (_AFTER | LATER_MEAL))


class Timed(NamedTuple):
    """A reading with the minute that it is sorted by."""

    at: int
    reading: Reading


def below(readings: Iterable[Reading], limit: int) -> list[Reading]:
    """Return the readings whose value is below a limit for certain."""
    return [one for one in readings if (high := one.row.high) is not None and high < limit]


def zoned(readings: Iterable[Reading]) -> bool:
    """Whether all readings with a time of day are instants, so that they can be held against each other."""
    return not [None for row, of_day, _ in readings if of_day is not None and row.minute is None]


def timed(readings: Iterable[Reading], *, instants: bool) -> list[Timed]:
    """Return the readings with a time of day in the order of their instants, or of the wall clock, the lower first."""
    found = [
        Timed(reading.row.minute if instants and reading.row.minute is not None else reading.wall, reading)
        for reading in readings
        if reading.minute_of_day is not None
    ]
    found.sort(key=_order)
    return found


def _order(one: Timed) -> tuple[int, int, str]:
    row = one.reading.row
    return one.at, row.low or row.high or 0, row.ref


def of_stream(stream: Stream, refer: Callable[[str, int], str]) -> list[Reading]:
    """Return the readings of a stream; ``refer`` names the place of one by its source and its row.

    What a device reports as below or above its range is known on one side only.
    """
    fact = METER if stream.device == "meter" else SENSOR
    names = stream.sources or (stream.source,)
    origins = [0] * len(stream) if stream.origins is None else stream.origins.tolist()
    shape = Event if stream.device == "meter" else Measurement
    found = []
    for minute, offset, glucose, flags, row, origin in zip(
        stream.minutes.tolist(),
        stream.offsets.tolist(),
        stream.glucose.tolist(),
        stream.flags.tolist(),
        stream.rows.tolist(),
        origins,
        strict=True,
    ):
        day, of_day = divmod(minute + offset, MINUTES_A_DAY)
        day += EPOCH
        made = shape(
            fact,
            Source.RECORD,
            refer(names[origin], row),
            day,
            day,
            None if flags & _ZONELESS else minute,
            None if flags & _LOW else glucose,
            None if flags & _HIGH else glucose,
        )
        found.append(Reading(made, of_day, flags & _TAGS))
    return found


def joined(own: Sequence[Reading], logged: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Put readings of a record and of logs together: all of ``own``, and of ``logged`` what is no copy of one of them.

    A copy is of the same kind and has the same value within a minute, or on the same day where the record gives no time
    of day. Each reading has one copy at most, and takes over its tags. Gives all readings, and those of ``logged`` that
    stand for themselves.
    """
    if not own or not logged:
        return [*own, *logged], list(logged)
    instants = zoned(own) and zoned(logged)
    places: dict[tuple[object, ...], list[int]] = {}
    for place, reading in enumerate(own):
        places.setdefault(_key(reading, instants=instants), []).append(place)
    kept, fresh = list(own), []
    for reading in logged:
        found = next((listed for key in _keys(reading, instants=instants) if (listed := places.get(key))), None)
        if found is None:
            fresh.append(reading)
        else:
            place = found.pop(0)
            kept[place] = own[place]._replace(flags=own[place].flags | reading.flags)
    return [*kept, *fresh], fresh


def _key(reading: Reading, *, instants: bool) -> tuple[object, ...]:
    row = reading.row
    if reading.minute_of_day is None:
        return row.fact, row.low, row.high, "day", row.first
    return row.fact, row.low, row.high, "minute", row.minute if instants else reading.wall


def _keys(reading: Reading, *, instants: bool) -> Iterator[tuple[object, ...]]:
    """Yield the keys under which a reading's copy may stand, the likeliest first."""
    row = reading.row
    at = reading.wall if not instants or row.minute is None else row.minute
    for minute in (at, at - 1, at + 1):
        yield row.fact, row.low, row.high, "minute", minute
    yield row.fact, row.low, row.high, "day", row.first
