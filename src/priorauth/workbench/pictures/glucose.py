"""What a case shows of its glucose readings: of each kind of device the latest days, and from which files they are.

What is drawn of them is the glucose room's; here is what is shown, and :func:`pictures` alone calls what draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from priorauth.glucose.definitions import definitions
from priorauth.glucose.logbook import Logbook, read
from priorauth.glucose.metrics import series
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.series import Device, Series
from priorauth.glucose.metrics.summary import EPOCH, Evidence, Summary, summary, within
from priorauth.glucose.page import agp, bar, daily
from priorauth.glucose.page import period as periods
from priorauth.glucose.stream import LogRefused, Stream, read_log_bytes
from priorauth.values.dates import spoken
from priorauth.workbench.pictures.svg import Picture, Table

MOST_DAYS: Final = 30
"""More days than these are never laid over one another."""
HEADS: Final = ("What", "Value", "Unit", "Readings", "Enough")


class Shown(Struct, frozen=True):
    """The latest days of one kind of device, up to the day of the request.

    ``worn`` is the share in percent of the readings that a sensor gives in these days, None of a meter and where it is
    not known; ``later`` counts the readings after the day of the request, which are not shown.
    """

    device: Device
    files: tuple[str, ...]
    first: date
    last: date
    readings: int
    later: int
    worn: float | None
    summary: Summary
    series: Series

    @property
    def days(self) -> int:
        """How many calendar days are shown."""
        return (self.last - self.first).days + 1

    @property
    def says(self) -> str:
        """What is shown, in a sentence."""
        kind = "sensor" if self.device == "cgm" else "meter"
        span = spoken(f"{self.first} to {self.last}")
        worn = "" if self.device != "cgm" else f", worn {_percent(self.worn)}"
        more = f"; {self.later:,} readings after the request are not shown" if self.later else ""
        return f"{kind}, {self.days} days, {span}: {self.readings:,} readings{worn}; from {', '.join(self.files)}{more}"


def _percent(worn: float | None) -> str:
    return "for a time that cannot be told" if worn is None else f"{worn:.0f} % of the time"


def logbook(named: Iterable[tuple[str, bytes]], zone: str | None = None) -> Logbook | None:
    """Return the readings of a case: its logs and its FHIR, each with its name; None where nothing holds a reading.

    Files that hold none, as most requests do, are left out. ``zone`` is that of logs whose times bear none.
    """
    found = []
    for name, content in named:
        with suppress(LogRefused):
            read_log_bytes(content, name, zone=zone)
            found.append((name, content))
    return read(found, zone=zone) if found else None


def shown(book: Logbook, on: date, *, days: int | None = None) -> tuple[Shown, ...]:
    """Return what is shown of the logs of a case, the sensor first; nothing of a device that read nothing by then.

    The days end with the last reading up to ``on``, the day of the request; there are ``days`` of them, at least as
    many as the definitions ask for, no more than 30, and no more than the log has.
    """
    least = definitions().sufficiency["days"]
    length = min(max(least if days is None else days, least), MOST_DAYS)
    found = [one for stream in book.streams if (one := _shown(stream, on, length)) is not None]
    return tuple(sorted(found, key=lambda one: one.device != "cgm"))


def _shown(stream: Stream, on: date, length: int) -> Shown | None:
    every = series.of([stream])
    known = within(every, None, on)
    if not len(known.minutes):
        return None
    first, last = (_day(known, place) for place in (0, -1))
    first = max(first, last - timedelta(days=length - 1))
    own = within(known, first, last)
    found = summary(stream.device, *own[:4], from_day=first, until_day=last)
    worn = found.value("active_window_percent") if stream.device == "cgm" else None
    return Shown(
        device=stream.device,
        files=_files(stream, first, last),
        first=first,
        last=last,
        readings=len(own.minutes),
        later=len(every.minutes) - len(known.minutes),
        worn=worn,
        summary=found,
        series=own,
    )


def _day(given: Series, place: int) -> date:
    return EPOCH + timedelta(days=(int(given.minutes[place]) + int(given.offsets[place])) // MINUTES_A_DAY)


def _files(stream: Stream, first: date, last: date) -> tuple[str, ...]:
    """Return the names of the files whose readings are of some days."""
    if stream.origins is None:
        return (stream.source,)
    begins, ends = ((one - EPOCH).days for one in (first, last))
    local = (stream.minutes.astype("int64") + stream.offsets) // MINUTES_A_DAY
    used = set(stream.origins[(local >= begins) & (local <= ends)].tolist())
    return tuple(name for place, name in enumerate(stream.sources) if place in used)


def pictures(one: Shown) -> Iterator[Picture]:
    """Yield what the glucose room draws of some days: the ranges, the profile, the days, each with its table.

    There is one paper for wide and narrow pages; ``narrow`` is empty.
    """
    period = periods.latest(one.series, days=one.days, until=one.last)
    for draw, name in ((bar.bar, "ranges"), (agp.agp, "agp"), (daily.daily, "daily")):
        made = draw(period, name=f"{name}-{one.device}")
        listed = Table(made.table.caption, made.table.head, made.table.rows)
        yield Picture(Markup(made.svg), Markup(), listed)  # noqa: S704 - escaped where it is made


def table(one: Shown) -> Table:
    """Return the metrics of some days that are known, with how many readings each rests on."""
    names = definitions().printed
    known = [each for name in names if (each := one.summary.evidence[name]).value is not None]
    return Table(one.says, HEADS, tuple(map(_row, known)))


def _row(each: Evidence) -> tuple[str, ...]:
    value = f"{each.value}" if isinstance(each.value, int) else f"{each.value:.1f}"
    return _name(each.name), value, each.unit, f"{each.n:,}", "yes" if each.sufficient else f"no: {each.why}"


def _name(name: str) -> str:
    return name.removesuffix("_mg_dl").removesuffix("_percent").replace("_", " ")
