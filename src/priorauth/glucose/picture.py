"""Pictures of a stream as SVG text: the ambulatory glucose profile with its bands, and the strip of days with events.

Each picture is complete in itself (no script, no font, no link), has a title and a description for those who do not see
it, tells nothing by colour alone, and prints in black and white: bands differ in lightness, thresholds are labelled
lines, events are marks with a shape of their own. The same stream gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose import columns as c
from priorauth.glucose.census import Census
from priorauth.glucose.columns import MINUTES_A_DAY
from priorauth.glucose.definitions import Definitions, definitions
from priorauth.glucose.profile import Profile
from priorauth.glucose.summary import EPOCH

_WIDTH, _LEFT, _RIGHT = 720, 40, 692
_TOP, _BOTTOM, _HEIGHT = 12, 212, 236
_ROW, _ROW_GAP = 22, 3
_LINE = 9  # the height of a line of small print


@dataclass(frozen=True, slots=True)
class _Scale:
    """A linear scale of mg/dL onto a stretch of the picture, higher glucose nearer the top."""

    top: float
    bottom: float

    def at(self, glucose: float) -> float:
        """Place a value, at the edge where it lies beyond."""
        floor, ceiling = definitions().picture["floor"], definitions().picture["ceiling"]
        inside = min(max(glucose, floor), ceiling)
        return self.bottom - (inside - floor) / (ceiling - floor) * (self.bottom - self.top)


def _x(minute: float) -> float:
    return _LEFT + minute / MINUTES_A_DAY * (_RIGHT - _LEFT)


def _path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    steps = " ".join(f"{'M' if place == 0 else 'L'}{x:.1f} {y:.1f}" for place, (x, y) in enumerate(points))
    return steps + " Z" if closed else steps


def _runs(known: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the stretches of true values as half-open pairs."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _open(name: str, height: float, title: str, says: str) -> list[str]:
    box = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}"'
    told = f'role="img" aria-labelledby="{name}-title {name}-says"'
    return [
        f'<svg {box} {told} font-family="sans-serif" font-size="10" fill="#222">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-says">{escape(says)}</desc>',
    ]


def _hours(top: float, bottom: float) -> list[str]:
    marks = []
    for hour in range(0, 25, 3):
        x = _x(hour * 60)
        marks.append(f'<path d="M{x:.1f} {top:.1f} V{bottom:.1f}" stroke="#ddd"/>')
        marks.append(f'<text x="{x:.1f}" y="{bottom + 12:.1f}" text-anchor="middle">{hour:02d}:00</text>')
    return marks


def profile_picture(profile: Profile, *, title: str = "Ambulatory glucose profile") -> str:
    """Draw percentile bands over the day: outermost pair lightest, inner pair darker, the middle one a line."""
    table, scale = definitions(), _Scale(_TOP, _BOTTOM)
    parts = _open("agp", _HEIGHT, title, _profile_says(profile, table))
    parts += _hours(_TOP, _BOTTOM)
    middles = profile.begins + profile.width / 2
    levels, shades = profile.percentiles, ("#d6e4f0", "#9dbfdc")
    known = ~np.isnan(profile.values[:, 0])
    for low, high, shade in zip(levels, levels[::-1], shades, strict=False):
        for begin, end in _runs(known):
            upper = [(_x(middles[i]), scale.at(profile.line(high)[i])) for i in range(begin, end)]
            lower = [(_x(middles[i]), scale.at(profile.line(low)[i])) for i in range(begin, end)]
            outline = _path(upper + lower[::-1], closed=True)
            parts.append(f'<path d="{outline}" fill="{shade}" stroke="{shade}"/>')
    for begin, end in _runs(known):
        line = [(_x(middles[i]), scale.at(profile.line(levels[len(levels) // 2])[i])) for i in range(begin, end)]
        parts.append(f'<path d="{_path(line)}" fill="none" stroke="#123a5a" stroke-width="2"/>')
    parts += _thresholds(scale, table)
    parts += _band_labels(profile, known, scale)
    return "\n".join([*parts, "</svg>"])


def _profile_says(profile: Profile, table: Definitions) -> str:
    middle = profile.line(profile.percentiles[len(profile.percentiles) // 2])
    if np.isnan(middle).all():
        return "No time of day has enough readings for percentiles."
    low, high = int(np.nanargmin(middle)), int(np.nanargmax(middle))
    clock = [f"{begin // 60:02d}:{begin % 60:02d}" for begin in profile.begins.tolist()]
    named = ", ".join(f"{level}th" for level in profile.percentiles)
    return (
        f"Glucose by time of day over {profile.days} days: {named} percentile in {table.profile.bin}-minute bins. "
        f"The median is lowest at {clock[low]} ({middle[low]:.0f} mg/dL) and highest at {clock[high]} "
        f"({middle[high]:.0f} mg/dL)."
    )


def _thresholds(scale: _Scale, table: Definitions) -> list[str]:
    ranges = table.ranges
    parts = []
    for value, dash in ((ranges.very_low, "2 3"), (ranges.low, ""), (ranges.high, ""), (ranges.very_high, "2 3")):
        y = scale.at(value)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path d="M{_LEFT} {y:.1f} H{_RIGHT}" stroke="#2e7d32"{dashed}/>')
        parts.append(f'<text x="{_LEFT - 4}" y="{y + 3:.1f}" text-anchor="end">{value}</text>')
    y = scale.at(table.picture["ceiling"]) + 3
    parts.append(f'<text x="{_LEFT - 4}" y="{y:.1f}" text-anchor="end">{table.picture["ceiling"]}</text>')
    parts.append(f'<text x="{_LEFT - 4}" y="{y + 12:.1f}" text-anchor="end">mg/dL</text>')
    return parts


def _band_labels(profile: Profile, known: NDArray[np.bool_], scale: _Scale) -> list[str]:
    """Name each percentile beside the right end of its line, where they do not run into one another."""
    places = np.flatnonzero(known)
    if not len(places):
        return [
            f'<text x="{(_LEFT + _RIGHT) / 2:.0f}" y="{_BOTTOM / 2:.0f}" text-anchor="middle">too few readings</text>'
        ]
    last, parts, before = int(places[-1]), [], float("inf")
    for level in profile.percentiles:
        y = scale.at(float(profile.line(level)[last]))
        if before - y > _LINE:
            parts.append(f'<text x="{_RIGHT + 2}" y="{y + 3:.1f}" font-size="8">{level} %</text>')
            before = y
    return parts


def days_picture(census: Census, stream: int = 0, *, most: int = 14, title: str = "Day by day, with events") -> str:
    """Draw the last days of a stream, one row each: the trace, and a mark where an event begins.

    A triangle points down where a low event begins (filled below the lower threshold), up where a high one does.
    """
    table = definitions()
    rows = census.days[census.days[:, c.STREAM] == stream][-most:]
    height = 22 + len(rows) * (_ROW + _ROW_GAP) + 16
    found = _counted(census, stream, rows)
    parts = _open("days", height, title, _days_says(rows, found, table))
    parts += _hours(14, height - 18)
    for place, row in enumerate(rows):
        top = 14 + place * (_ROW + _ROW_GAP)
        parts += _day(census, stream, int(row[c.DAY]), _Scale(top, top + _ROW), table)
    return "\n".join([*parts, "</svg>"])


def _counted(census: Census, stream: int, rows: NDArray[np.int64]) -> dict[int, int]:
    events = census.events[census.events[:, c.EVENT_STREAM] == stream]
    own = np.isin(_local(census)[events[:, c.FIRST]] // MINUTES_A_DAY, rows[:, c.DAY])
    return {kind: int(np.count_nonzero(own & (events[:, c.KIND] == kind))) for kind in range(c.KINDS)}


def _days_says(rows: NDArray[np.int64], found: dict[int, int], table: Definitions) -> str:
    if not len(rows):
        return "No days with readings."
    first, last = (EPOCH + timedelta(days=int(row[c.DAY])) for row in (rows[0], rows[-1]))
    ranges = table.ranges
    return (
        f"{len(rows)} days from {first} to {last}. Events that begin on them: {found[c.HYPO_1]} below {ranges.low} "
        f"mg/dL, {found[c.HYPO_2]} below {ranges.very_low}, {found[c.HYPER_1]} above {ranges.high}, "
        f"{found[c.HYPER_2]} above {ranges.very_high}."
    )


def _local(census: Census) -> NDArray[np.int64]:
    return census.traces.minutes.astype(np.int64) + census.traces.offsets


def _day(census: Census, stream: int, day: int, scale: _Scale, table: Definitions) -> list[str]:
    traces = census.traces
    own = slice(int(traces.starts[stream]), int(traces.starts[stream + 1]))
    clock = traces.minutes[own].astype(np.int64) + traces.offsets[own] - day * MINUTES_A_DAY
    here = np.flatnonzero((clock >= 0) & (clock < MINUTES_A_DAY))
    band = scale.at(table.ranges.high), scale.at(table.ranges.low)
    date, wide, high = (EPOCH + timedelta(days=day)).isoformat()[5:], _RIGHT - _LEFT, band[1] - band[0]
    parts = [
        f'<text x="{_LEFT - 4}" y="{scale.bottom - 9:.1f}" text-anchor="end">{date}</text>',
        f'<rect x="{_LEFT}" y="{band[0]:.1f}" width="{wide}" height="{high:.1f}" fill="#e4f1e4"/>',
    ]
    cuts = np.flatnonzero(np.diff(traces.minutes[own][here].astype(np.int64)) > table.steps["longest"]) + 1
    for piece in np.split(here, cuts):
        points = [(_x(float(clock[i])), scale.at(float(traces.glucose[own][i]))) for i in piece.tolist()]
        if traces.meters[stream] or len(points) == 1:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.6" fill="#123a5a"/>' for x, y in points]
        elif points:
            parts.append(f'<path d="{_path(points)}" fill="none" stroke="#123a5a"/>')
    return parts + _marks(census, stream, day, scale)


def _marks(census: Census, stream: int, day: int, scale: _Scale) -> list[str]:
    """Mark where events begin; the deeper kind of two that begin together is drawn over the other."""
    events = census.events[census.events[:, c.EVENT_STREAM] == stream]
    moment = _local(census)
    parts = []
    for kind, down, fill in (
        (c.HYPO_1, True, "#fff"),
        (c.HYPO_2, True, "#b00020"),
        (c.HYPER_2, False, "#fff"),
        (c.HYPER_EXTENDED, False, "#e65100"),
    ):
        for first in events[events[:, c.KIND] == kind, c.FIRST].tolist():
            minute = int(moment[first]) - day * MINUTES_A_DAY
            if 0 <= minute < MINUTES_A_DAY:
                x, y = _x(minute), scale.bottom - 1 if down else scale.top + 1
                tip = 7 if down else -7
                outline = _path([(x - 4, y - tip), (x + 4, y - tip), (x, y)], closed=True)
                stroke = "#b00020" if down else "#e65100"
                parts.append(f'<path d="{outline}" fill="{fill}" stroke="{stroke}"/>')
    return parts
