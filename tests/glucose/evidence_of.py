"""What the tests of evidence share: readings by hand, logs as text, and rows without the places they stand in."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from priorauth.facts import vocabulary
from priorauth.facts.rows import Event, Measurement, Row, Source
from priorauth.glucose import evidence
from priorauth.glucose.logbook import Logbook, open_logs, together
from priorauth.glucose.readings import METER, SENSOR, Reading
from priorauth.values.dates import EPOCH, MINUTES_A_DAY

VOCABULARY = vocabulary.load()
HANDED_IN = dt.date(2026, 6, 15).toordinal()
NEW_YORK = "America/New_York"
HEADER = "time,glucose (mg/dL),device,meal"


def minute(text: str) -> int:
    """Minutes since 1970 on the wall clock."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()) // 60


def reading(at: str, value: int, *, sensor: bool = False, flags: int = 0, zoned: bool = True) -> Reading:
    """A reading in UTC (or on a wall clock); `2026-06-01` alone is a day without a time."""
    wall = minute(at)
    day, of_day = divmod(wall, MINUTES_A_DAY)
    timed = "T" in at
    shape = Measurement if sensor else Event
    fact, made = (SENSOR if sensor else METER), wall if timed and zoned else None
    row = shape(fact, Source.RECORD, f"reading {at} {value}", day + EPOCH, day + EPOCH, made, value, value)
    return Reading(row, of_day if timed else None, flags)


def trace(start: str, values: Sequence[int], step: int = 5) -> list[Reading]:
    """A sensor's readings, one every few minutes."""
    begin = dt.datetime.fromisoformat(start)
    times = (begin + dt.timedelta(minutes=step * place) for place in range(len(values)))
    return [reading(f"{time:%Y-%m-%dT%H:%M}", value, sensor=True) for time, value in zip(times, values, strict=True)]


def shown(readings: Sequence[Reading], fact: str) -> list[Row]:
    return [row for row in evidence.rows(VOCABULARY, readings, HANDED_IN) if row.fact == fact]


def table(rows: Iterable[tuple[str, int, str, str]]) -> str:
    """A plain table of times, values, devices and meal tags."""
    return "\n".join([HEADER, *(",".join(map(str, row)) for row in rows), ""])


def book(folder: Path, *texts: str, zone: str | None = None) -> Logbook:
    """A logbook of log files with these texts: log1, log2, ..."""
    paths = []
    for number, text in enumerate(texts, 1):
        paths.append(folder / f"log{number}.csv")
        paths[-1].write_text(text, "utf-8")
    return open_logs(paths, zone=zone)


def rows_of(found: Logbook, own: Sequence[Reading] = ()) -> list[Row]:
    """All rows of a logbook and of readings beside it."""
    every, added = together(found, own)
    return [*added, *evidence.rows(VOCABULARY, every, HANDED_IN)]


def placeless(rows: Iterable[Row]) -> list[Row]:
    """The rows without the places at which they can be looked up, in one order."""
    return sorted((msgspec.structs.replace(row, ref="") for row in rows), key=repr)
