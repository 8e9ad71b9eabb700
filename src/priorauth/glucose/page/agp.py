"""The ambulatory glucose profile: all days laid over one another. A meter's few readings stay dots, never bands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.page.curve import Curve, between, crossed, curves
from priorauth.glucose.page.period import Period
from priorauth.glucose.page.picture import (
    DARK,
    INNER,
    LINE,
    OUTER,
    QUIET,
    TINT,
    Picture,
    Scale,
    Table,
    apart,
    dot,
    grid,
    limits,
    words,
    zone_of,
)
from priorauth.glucose.page.svg import drawing, element, path
from priorauth.glucose.page.zones import Name

PROFILE: Final = "Ambulatory glucose profile"
DOTS: Final = "Glucose by time of day, each reading a dot"
_SIZE: Final = (720, 230)
_LEFT, _RIGHT = 48, 684
_SCALE: Final = Scale(10, 210)
_LINE = 10  # the height of a line of words


def agp(period: Period, *, name: str = "agp") -> Picture:
    """Return the profile of a period; ``name`` begins the ids in it, for pages that hold several."""
    pieces = [] if period.meter else list(curves(period.profile))
    title = PROFILE if pieces else DOTS
    says = _says(period) if pieces else _dotted(period)
    shapes = [*_paper(period), *(_bands(period, pieces) if pieces else ()), *_limits(period)]
    shapes += _lines(period, pieces) if pieces else _dots(period)
    table = _percentiles(period) if pieces else _hours(period)
    return Picture(name, _SIZE, title, says, drawing(name, _SIZE, (title, says), shapes), table)


def _x(minute: float) -> float:
    return _LEFT + minute / MINUTES_A_DAY * (_RIGHT - _LEFT)


# ---- the paper


def _paper(period: Period) -> Iterator[str]:
    """Yield the target and the hours."""
    own, scale = period.choice.goals.ranges, _SCALE
    top, bottom = scale.at(own.high), scale.at(own.low)
    yield element("rect", x=_LEFT, y=top, width=_RIGHT - _LEFT, height=bottom - top, class_="target", fill=TINT)
    for hour in range(0, 25, 3):
        x = _x(hour * 60)
        yield element("path", d=path([(x, scale.top), (x, scale.bottom)]), stroke=LINE, fill="none")
        yield words(x, scale.bottom + 13, f"{hour:02d}:00", "middle")


def _limits(period: Period) -> Iterator[str]:
    """Yield the limits of the zones with their figures."""
    own, scale = period.choice.goals.ranges, _SCALE
    top, bottom = scale.at(own.high), scale.at(own.low)
    yield from grid(scale, _LEFT, _RIGHT, period.choice)
    yield words(4, (top + bottom) / 2 - 2, "Target", font_size=9, font_weight="bold")
    yield words(4, (top + bottom) / 2 + 8, "range", font_size=9, font_weight="bold")
    yield words(4, scale.top + 16, period.choice.unit, font_size=9, fill=QUIET)


# ---- bands


def _bands(period: Period, pieces: list[Curve]) -> Iterator[str]:
    """Yield the outer band and the inner one over it, each zone in its colour."""
    count = len(period.profile.percentiles)
    for level in range(count // 2):
        shade = OUTER if level == 0 else INNER
        for piece in pieces:
            yield from _band(period, piece, (level, count - 1 - level), shade)


def _lines(period: Period, pieces: list[Curve]) -> Iterator[str]:
    """Yield the median, and the names of all percentiles."""
    for piece in pieces:
        yield from _median(period, piece, len(period.profile.percentiles) // 2)
    yield from _names(period, pieces[-1])


def _band(period: Period, piece: Curve, pair: tuple[int, int], shade: dict[Name, str]) -> Iterator[str]:
    x, columns = crossed(piece.minutes, piece.values[:, list(pair)], _edges(period))
    for zone in period.zones:
        bottom = _SCALE.floor if zone.bottom is None else zone.bottom
        top = _SCALE.ceiling if zone.top is None else zone.top
        for outline in between(x, columns[:, 0], columns[:, 1], bottom, top):
            points = [(_x(minute), _SCALE.at(glucose)) for minute, glucose in outline]
            yield element("path", d=path(points, closed=True), class_=f"band {zone.name}", fill=shade[zone.name])


def _edges(period: Period) -> list[float]:
    return [*map(float, limits(period.choice)), float(_SCALE.ceiling), float(_SCALE.floor)]


def _median(period: Period, piece: Curve, level: int) -> Iterator[str]:
    x, columns = crossed(piece.minutes, piece.values[:, [level]], _edges(period))
    middle = columns[:, 0]
    names = [zone_of(round(float(value), 6), period.zones) for value in (middle[:-1] + middle[1:]) / 2]
    begin = 0
    for place in range(1, len(names) + 1):
        if place == len(names) or names[place] != names[begin]:
            points = [(_x(x[at]), _SCALE.at(middle[at])) for at in range(begin, place + 1)]
            zone = names[begin]
            line = {"class_": f"median {zone}", "fill": "none", "stroke": DARK[zone], "stroke_linejoin": "round"}
            yield element("path", d=path(points), stroke_width=2.5, **line)
            begin = place


def _names(period: Period, piece: Curve) -> Iterator[str]:
    """Yield the name of each percentile beside the end of its line."""
    end = piece.values[-1][::-1]
    at = apart([_SCALE.at(value) + 3.5 for value in end], _LINE, _SCALE.top + 3.5, _SCALE.bottom + 3.5)
    x = _x(piece.minutes[-1]) + 4
    for level, y in zip(period.profile.percentiles[::-1], at, strict=True):
        median = level == period.profile.percentiles[len(period.profile.percentiles) // 2]
        yield words(x, y, f"{level} %", font_size=9, font_weight="bold" if median else None)


def _says(period: Period) -> str:
    found, choice = period.profile, period.choice
    level = found.percentiles[len(found.percentiles) // 2]
    middle = found.smoothed[:, found.percentiles.index(level)]
    low, high = int(np.nanargmin(middle)), int(np.nanargmax(middle))
    clock = [f"{begin // 60:02d}:{begin % 60:02d}" for begin in found.begins.tolist()]
    named = ", ".join(f"{one}th" for one in found.percentiles)
    return (
        f"Glucose by time of day over {found.days} days: {named} percentile, smoothed. The median is lowest in the "
        f"hour from {clock[low]} ({choice.said(middle[low])}) and highest in the hour from {clock[high]} "
        f"({choice.said(middle[high])})."
    )


def _percentiles(period: Period) -> Table:
    found = period.profile
    rows = []
    for begin, count, values in zip(found.begins.tolist(), found.readings.tolist(), found.smoothed, strict=True):
        known = not np.isnan(values[0])
        cells = (period.choice.amount(value) if known else "too few readings" for value in values.tolist())
        rows.append((_clock(begin, found.width), f"{count:,}", *cells))
    levels = (f"{level} %, {period.choice.unit}" for level in found.percentiles)
    return Table("Percentiles by hour, as drawn (smoothed)", ("hour", "readings", *levels), tuple(rows))


def _clock(begin: int, width: int) -> str:
    end = begin + width
    return f"{begin // 60:02d}:{begin % 60:02d} to {end // 60:02d}:{end % 60:02d}"


# ---- dots


def _dots(period: Period) -> Iterator[str]:
    series = period.counted.series
    clock = (series.minutes.astype(np.int64) + series.offsets) % MINUTES_A_DAY
    size = 2.5 if period.meter else 1.2
    for minute, glucose in zip(clock.tolist(), series.glucose.tolist(), strict=True):
        zone = zone_of(glucose, period.zones)
        yield dot((_x(minute), _SCALE.at(glucose)), size, zone)
    if not period.meter:
        yield words((_LEFT + _RIGHT) / 2, _SCALE.top + 12, "too few readings for percentiles", "middle")


def _dotted(period: Period) -> str:
    if period.span is None or not period.span.readings:
        return "No readings."
    why = "a meter's are too few for percentiles" if period.meter else "too few at any time of day for percentiles"
    glucose = period.counted.series.glucose
    low, high = period.choice.amount(int(glucose.min())), period.choice.said(int(glucose.max()))
    return f"{period.span.readings:,} readings by time of day on {period.span.worn} days, {low} to {high}; {why}."


def _hours(period: Period) -> Table:
    series, amount, rows = period.counted.series, period.choice.amount, []
    hour = (series.minutes.astype(np.int64) + series.offsets) % MINUTES_A_DAY // 60
    for begin in range(24):
        own = series.glucose[hour == begin]
        cells = (amount(own.min()), amount(float(np.median(own))), amount(own.max())) if len(own) else ("none",) * 3
        rows.append((_clock(begin * 60, 60), f"{len(own):,}", *cells))
    head = (f"{word}, {period.choice.unit}" for word in ("lowest", "median", "highest"))
    return Table("Readings by hour", ("hour", "readings", *head), tuple(rows))
