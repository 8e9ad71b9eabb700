"""The days one by one, seven a row under the names of their weekdays: the trace, what leaves the target, the events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.summary import EPOCH
from priorauth.glucose.page.curve import between, crossed
from priorauth.glucose.page.period import Period
from priorauth.glucose.page.picture import (
    DARK,
    EDGE,
    INK,
    LINE,
    QUIET,
    SOLID,
    TINT,
    Picture,
    Scale,
    Table,
    dot,
    level,
    words,
    zone_of,
)
from priorauth.glucose.page.svg import drawing, element, path
from priorauth.glucose.page.zones import Name, percent, together, zones

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDTH = 720
_LEFT, _PANEL, _GAP = 34, 96, 1
_HEAD, _HIGH, _ROW = 12, 70, 83
_FOOT = 12
_TRIANGLE = 3.0

# Which events are marked: whether the mark points down, is filled, and its colour.
_MARKS: Final = (
    (c.HYPO_1, True, False, DARK["low"]),
    (c.HYPO_2, True, True, DARK["very-low"]),
    (c.HYPER_2, False, False, DARK["high"]),
    (c.HYPER_EXTENDED, False, True, DARK["very-high"]),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """One day: its readings as minutes after midnight and mg/dL, cut where the trace is, and its events by kind."""

    day: date
    inside: bool
    pieces: tuple[tuple[NDArray[np.float64], NDArray[np.float64]], ...]
    glucose: NDArray[np.int16]
    events: dict[int, tuple[int, ...]]


def daily(period: Period, *, name: str = "daily") -> Picture:
    """Return the latest days of a period, whole weeks of them; ``name`` begins the ids in it."""
    days = _days(period)
    row = definitions().report["row"]
    title = "Daily glucose profiles"
    says = _says(period, days)
    size = (_WIDTH, max(len(days) // row, 1) * _ROW + _FOOT)
    shapes = (
        shape for place, day in enumerate(days) for shape in _panel(period, day, place, last=place >= len(days) - row)
    )
    return Picture(name, size, title, says, drawing(name, size, (title, says), shapes), _table(period, days))


def _days(period: Period) -> list[_Day]:
    """Return as many weeks as the days of the period fill, two at most, to its last day."""
    if period.span is None:
        return []
    report, span = definitions().report, period.span
    count = -(-min(span.days, report["days"]) // report["row"]) * report["row"]
    last = span.last
    return [_day(period, last - timedelta(days=back)) for back in reversed(range(count))]


def _day(period: Period, day: date) -> _Day:
    counted, series = period.counted, period.counted.series
    clock = _local(counted) - (day - EPOCH).days * MINUTES_A_DAY
    here = np.flatnonzero((clock >= 0) & (clock < MINUTES_A_DAY))
    cuts = np.flatnonzero(np.diff(series.minutes[here].astype(np.int64)) > definitions().steps["longest"]) + 1
    pieces = tuple(
        (clock[piece].astype(float), series.glucose[piece].astype(float))
        for piece in np.split(here, cuts)
        if len(piece)
    )
    begins = clock[counted.events[:, c.FIRST]] if len(counted.events) else np.zeros(0, np.int64)
    own = (begins >= 0) & (begins < MINUTES_A_DAY)
    kinds = counted.events[:, c.KIND]
    events = {kind: tuple(begins[own & (kinds == kind)].tolist()) for kind in range(c.KINDS)}
    inside = period.span is not None and day >= period.span.first
    return _Day(day, inside, pieces, series.glucose[here], events)


def _local(counted: Counts) -> NDArray[np.int64]:
    return counted.series.minutes.astype(np.int64) + counted.series.offsets


# ---- one panel


def _panel(period: Period, day: _Day, place: int, *, last: bool) -> Iterator[str]:
    row, column = divmod(place, definitions().report["row"])
    left = _LEFT + column * (_PANEL + _GAP)
    top = row * _ROW + _HEAD
    scale = Scale(top, top + _HIGH)
    own = period.choice.goals.ranges
    high, low = scale.at(own.high), scale.at(own.low)
    name = f"{WEEKDAYS[day.day.weekday()]} {MONTHS[day.day.month - 1]} {day.day.day}"
    yield words(left + _PANEL / 2, top - 3, name, "middle", font_size=8, font_weight="bold", fill=INK)
    yield element("rect", x=left, y=top, width=_PANEL, height=_HIGH, fill="#ffffff", stroke=LINE)
    yield element("rect", x=left, y=high, width=_PANEL, height=low - high, class_="target", fill=TINT)
    yield element(
        "path", d=path([(left + _PANEL / 2, top), (left + _PANEL / 2, top + _HIGH)]), stroke=LINE, fill="none"
    )
    if column == 0:
        for limit, y in ((own.high, high), (own.low, low)):
            yield words(left - 4, y + 3, period.choice.amount(limit), "end", font_size=9)
        yield words(left - 4, top + 7, period.choice.unit, "end", font_size=8, fill=QUIET)
    if last:
        yield words(left + _PANEL / 2, top + _HIGH + 9, "12:00", "middle", font_size=8, fill=QUIET)
    for piece in day.pieces:
        yield from _piece(period, piece, left, scale)
    for y in (high, low):
        yield level(y, left, left + _PANEL, stroke=EDGE, stroke_width=0.8)
    yield from _marks(day, left, scale)
    if not day.pieces:
        said = "no readings" if day.inside else "before the period"
        yield words(left + _PANEL / 2, top + _HIGH / 2 + 3, said, "middle", font_size=9, fill=QUIET)


def _x(left: float, minute: float) -> float:
    return left + minute / MINUTES_A_DAY * _PANEL


def _piece(
    period: Period, piece: tuple[NDArray[np.float64], NDArray[np.float64]], left: float, scale: Scale
) -> Iterator[str]:
    """Yield what lies outside the target filled, and the trace over it; a meter's readings and one alone are dots."""
    minutes, glucose = piece
    own = period.choice.goals.ranges
    if period.meter or len(minutes) == 1:
        for minute, value in zip(minutes.tolist(), glucose.tolist(), strict=True):
            zone = zone_of(value, period.zones)
            yield dot((_x(left, minute), scale.at(value)), 1.8 if period.meter else 0.8, zone)
        return
    x, columns = crossed(minutes, glucose[:, None], [float(own.low), float(own.high)])
    trace = columns[:, 0]
    flat = np.zeros_like(trace)
    outside: tuple[tuple[Name, Iterator[list[tuple[float, float]]]], ...] = (
        ("high", between(x, flat + own.high, trace, own.high, np.inf)),
        ("low", between(x, trace, flat + own.low, -np.inf, own.low)),
    )
    for zone, outlines in outside:
        for outline in outlines:
            points = [(_x(left, minute), scale.at(value)) for minute, value in outline]
            yield element("path", d=path(points, closed=True), class_=f"outside {zone}", fill=SOLID[zone])
    points = [
        (_x(left, minute), scale.at(value)) for minute, value in zip(minutes.tolist(), glucose.tolist(), strict=True)
    ]
    yield element("path", d=path(points), class_="trace", fill="none", stroke=INK, stroke_width=0.8)


def _marks(day: _Day, left: float, scale: Scale) -> Iterator[str]:
    """Mark where events begin, low ones at the foot pointing down, high ones at the top pointing up."""
    for kind, low, filled, colour in _MARKS:
        for minute in day.events[kind]:
            x = min(max(_x(left, minute), left + _TRIANGLE), left + _PANEL - _TRIANGLE)
            tip, base = (scale.bottom - 1, scale.bottom - 6.5) if low else (scale.top + 1, scale.top + 6.5)
            outline = path([(x - _TRIANGLE, base), (x + _TRIANGLE, base), (x, tip)], closed=True)
            side = "low" if low else "high"
            yield element(
                "path", d=outline, class_=f"event {side}", fill=colour if filled else "#ffffff", stroke=colour
            )


# ---- in words


def _says(period: Period, days: list[_Day]) -> str:
    if period.span is None or not any(day.pieces for day in days):
        return "No days with readings."
    worn = sum(bool(day.pieces) for day in days)
    begin = [(sum(len(day.events[kind]) for day in days), words) for kind, words in _kinds(period)]
    return (
        f"{worn} days with readings from {max(days[0].day, period.span.first)} to {days[-1].day}. Events that begin on "
        f"them: {', '.join(f'{count} {words}' for count, words in begin)}."
    )


def _table(period: Period, days: list[_Day]) -> Table:
    choice, kinds = period.choice, list(_kinds(period))
    rows = []
    for day in days:
        if not day.inside:
            continue
        name = f"{day.day} {WEEKDAYS[day.day.weekday()]}"
        if not len(day.glucose):
            rows.append((name, "0", *["none"] * 3, *["unknown"] * (1 + len(kinds))))
            continue
        values = (choice.amount(float(value)) for value in (day.glucose.mean(), day.glucose.min(), day.glucose.max()))
        share = percent(together(zones(day.glucose, choice), "target"))
        counts = (f"{len(day.events[kind])}" for kind, _ in kinds)
        rows.append((name, f"{len(day.glucose):,}", *values, share, *counts))
    unit = choice.unit
    head = ("day", "readings", f"mean, {unit}", f"lowest, {unit}", f"highest, {unit}", "in the target")
    return Table("Day by day", (*head, *(f"events {words}" for _, words in kinds)), tuple(rows))


def _kinds(period: Period) -> Iterator[tuple[int, str]]:
    """Yield the kinds of events that a device can show, each in words."""
    ranges, said = definitions().ranges, period.choice.said
    yield c.HYPO_1, f"below {said(ranges.low)}"
    yield c.HYPO_2, f"below {said(ranges.very_low)}"
    if not period.meter:
        yield c.HYPER_1, f"above {said(ranges.high)}"
        yield c.HYPER_2, f"above {said(ranges.very_high)}"
