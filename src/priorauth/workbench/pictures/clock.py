"""The clocks of a case as bars: from when each began to when it is due, where now is, where half of it is gone.

Words come first: each bar has its sentence above it, and the clock that binds stands first and says so. A bar is
filled up to now; a hatched stretch is one in which the clock stood, or stands, still.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from priorauth.ledger.clocks import binding as b
from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import words
from priorauth.ledger.clocks.calendar import Calendar, utc
from priorauth.ledger.clocks.happened import Decided, Happened
from priorauth.ledger.clocks.rules import Clock
from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.svg import LINE, NARROW, WIDE, Picture, Table

HEADS: Final = ("Clock", "Begun", "Half", "Due", "Stands still", "Binds")
_EDGE: Final = 10
_TALL: Final = 10
Stretch = tuple[dt.datetime, dt.datetime]


class Bar(Struct, frozen=True):
    """A clock as it is drawn: its name, its sentence, when it began, half of it, when it ends, where it stands still.

    ``begun``, ``half`` and ``ends`` are None of a clock that has not begun.
    """

    name: str
    says: str
    begun: dt.datetime | None
    half: dt.datetime | None
    ends: dt.datetime | None
    stops: tuple[Stretch, ...]
    binds: bool


def bars(clocks: Sequence[Clock], happened: Happened, calendar: Calendar, now: dt.datetime) -> tuple[Bar, ...]:
    """Return the clocks of a case, the one that binds first, then by their ends, those that have not begun last."""
    bound = b.binding(tuple(clocks), happened, calendar, now) if clocks else None
    first = None if bound is None or isinstance(bound, d.NotBegun) else bound.clock.id
    closed = any(isinstance(one, Decided) for one in happened)
    found = [_bar(one, happened, calendar, now, binds=one.id == first and not closed) for one in clocks]
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    return tuple(sorted(found, key=lambda one: (not one.binds, one.ends or last, one.name)))


def _bar(clock: Clock, happened: Happened, calendar: Calendar, now: dt.datetime, *, binds: bool) -> Bar:
    way = d.course(clock, happened, calendar, now)
    says = words.stand(clock, d.due(clock, happened, calendar, now), calendar)
    if isinstance(way, d.NotBegun):
        return Bar(words.named(clock), says, None, None, None, (), binds=False)
    missed = b.missed(clock, happened, calendar, now)
    if missed is not None:
        says = words.overdue(missed, calendar)
    half = d.half(clock, happened, calendar, now)
    between = [(way.runs[place][1], way.runs[place + 1][0]) for place in range(len(way.runs) - 1)]
    stops = tuple((since, until) for since, until in between if until > since)
    middle = None if isinstance(half, d.NotBegun) else half
    return Bar(words.named(clock), says, way.begins, middle, way.ends, stops, binds=binds)


# ---- the picture


def clock(found: Sequence[Bar], calendar: Calendar, now: dt.datetime, *, name: str = "clock") -> Picture | None:
    """Draw clocks under one another over one stretch of time; None where there is none."""
    if not found:
        return None
    wide, narrow = (_drawn(found, calendar, now, width, f"{name}-{width}") for width in (WIDE, NARROW))
    return Picture(wide, narrow, table(found, calendar))


def table(found: Sequence[Bar], calendar: Calendar) -> Table:
    """Return each clock with its moments."""

    def said(at: dt.datetime | None) -> str:
        return "not begun" if at is None else words.moment(at, calendar, zone=True)

    rows = []
    for one in found:
        still = "; ".join(f"{said(since)} to {said(until)}" for since, until in one.stops)
        binds = "yes" if one.binds else "no"
        rows.append((one.name, said(one.begun), said(one.half), said(one.ends), still or "no", binds))
    return Table("Clocks of this case", HEADS, tuple(rows))


class _Time(Struct, frozen=True):
    """Moments from left to right."""

    first: dt.datetime
    last: dt.datetime
    width: int

    def at(self, moment: dt.datetime) -> float:
        """Place a moment, at the edge where it lies beyond."""
        whole = (self.last - self.first) / dt.timedelta(seconds=1) or 1.0
        part = (utc(moment) - self.first) / dt.timedelta(seconds=1) / whole
        return _EDGE + min(max(part, 0.0), 1.0) * (self.width - 2 * _EDGE)


def _drawn(found: Sequence[Bar], calendar: Calendar, now: dt.datetime, width: int, name: str) -> Markup:
    moments = [utc(at) for one in found for at in (one.begun, one.ends) if at is not None]
    time = _Time(min([*moments, utc(now)]), max([*moments, utc(now)]), width)
    y = 4.0
    drawn = []
    for one in found:
        made, y = _one(one, time, now, (y, width, name))
        drawn.append(made)
    x = time.at(now)
    said = f"now {words.moment(now, calendar)}"
    spoken = svg.text(svg.begin(x - svg.wide(said) / 2, said, width - 2, 2), y + LINE, said)
    says = "Clocks of this case", "; ".join(one.says for one in found)
    hatch = svg.hatching(f"{name}-hatch")
    return svg.root(name, (width, y + LINE + 6), says, hatch, *drawn, spoken)


def _one(one: Bar, time: _Time, now: dt.datetime, place: tuple[float, int, str]) -> tuple[Markup, float]:
    """Draw a clock from a height on; with it comes the height at which it ends."""
    y, width, name = place
    drawn = []
    says = f"binds: {one.says}" if one.binds else one.says
    for line in svg.lines(says, width - 8, svg.SMALL * (svg.BOLD if one.binds else 1)):
        y += LINE
        drawn.append(svg.text(4, y - 3, line, font_weight="bold" if one.binds else None))
    if one.begun is None or one.ends is None:
        return svg.group("clock", *drawn), y + 6
    low, high = time.at(one.begun), time.at(one.ends)
    high = max(high, low + 1)
    gone = min(max(time.at(now), low), high)
    drawn.append(svg.box(low, y, gone - low, _TALL, fill_opacity=0.45, class_="gone"))
    for since, until in one.stops:
        left, right = time.at(since), time.at(until)
        still = svg.box(left, y, right - left, _TALL, fill=f"url(#{name}-hatch)", stroke=svg.INK, stroke_width=0.7)
        drawn.append(svg.group("still", still, title="the clock stands still"))
    stroke = 2 if one.binds else 1
    drawn.append(svg.box(low, y, high - low, _TALL, fill="none", stroke=svg.INK, stroke_width=stroke, class_="whole"))
    x = time.at(now)
    drawn.append(svg.line(x, y - 2, x, y + _TALL + 4, stroke_width=3, class_="now"))
    if one.half is not None:
        x = time.at(one.half)
        drawn.append(svg.line(x, y, x, y + _TALL + 4, stroke_width=1))
        drawn.append(svg.text(svg.begin(x - svg.wide("half") / 2, "half", width - 2, 2), y + _TALL + 14, "half"))
        return svg.group("clock binds" if one.binds else "clock", *drawn), y + _TALL + 22
    return svg.group("clock binds" if one.binds else "clock", *drawn), y + _TALL + 8
