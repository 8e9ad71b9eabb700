"""Pictures of a stream as places on paper: the ambulatory glucose profile with its bands, and the strip of days.

Each picture is complete in itself (no script, no font, no link), has a title and a description for those who do not see
it, tells nothing by colour alone, and prints in black and white: bands differ in lightness, thresholds are labelled
lines, events are marks with a shape of their own. What is drawn is decided here, in units of the paper (x to the right,
y down); colours and strokes are the templates'. The same stream gives the same picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.definitions import Definitions, definitions
from priorauth.glucose.metrics import columns as c
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.profile import Profile
from priorauth.glucose.metrics.summary import EPOCH

_WIDTH: Final = 720
_LEFT, _RIGHT = 40, 692
_TOP, _BOTTOM, _HEIGHT = 12, 212, 236
_ROW, _ROW_GAP = 22, 3
_LINE = 9  # the height of a line of small print


@dataclass(frozen=True, slots=True)
class Text:
    """Words and where they stand."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The paper of a picture: its size, its words, and the hours that run down it from top to bottom."""

    name: str
    height: float
    title: str
    says: str
    top: float
    bottom: float
    hours: tuple[Text, ...]
    width: int = _WIDTH
    left: int = _LEFT
    right: int = _RIGHT


@dataclass(frozen=True, slots=True)
class Band:
    """The area between two percentiles: a closed path."""

    outline: str
    inner: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line across the picture, with its figure."""

    y: float
    label: Text
    dashed: bool


@dataclass(frozen=True, slots=True)
class ProfilePicture:
    """The ambulatory glucose profile: bands, the middle line in pieces, thresholds, the scale, names of the lines."""

    frame: Frame
    bands: tuple[Band, ...]
    medians: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    scale: tuple[Text, ...]
    labels: tuple[Text, ...]
    empty: Text | None


@dataclass(frozen=True, slots=True)
class Piece:
    """An uncut piece of a day's trace: a line, or dots for a meter's readings and for one alone."""

    line: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A triangle where an event begins: low ones point down, filled ones go further."""

    outline: str
    low: bool
    filled: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day: its date, the edges of the range, its readings and its events."""

    date: Text
    high: float
    low: float
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class DaysPicture:
    """The last days of a stream, one row each."""

    frame: Frame
    rows: tuple[DayRow, ...]


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
    """Return the stretches of true values as half-open pairs."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _frame(name: str, height: float, words: tuple[str, str], top: float, bottom: float) -> Frame:
    hours = tuple(Text(_x(hour * 60), bottom + 12, f"{hour:02d}:00") for hour in range(0, 25, 3))
    return Frame(name, height, *words, top, bottom, hours)


def profile_picture(profile: Profile, *, title: str = "Ambulatory glucose profile") -> ProfilePicture:
    """Lay percentile bands over the day: the outermost pair, the inner pair, the middle one as a line."""
    table, scale = definitions(), _Scale(_TOP, _BOTTOM)
    middles = profile.begins + profile.width / 2
    levels = profile.percentiles
    known = ~np.isnan(profile.values[:, 0])

    def line(level: int, begin: int, end: int) -> list[tuple[float, float]]:
        return [(_x(middles[i]), scale.at(profile.line(level)[i])) for i in range(begin, end)]

    runs = _runs(known)
    pairs = zip(levels, levels[::-1], range(len(levels) // 2), strict=False)
    return ProfilePicture(
        frame=_frame("agp", _HEIGHT, (title, _profile_says(profile, table)), _TOP, _BOTTOM),
        bands=tuple(
            Band(_path(line(high, *run) + line(low, *run)[::-1], closed=True), inner=place > 0)
            for low, high, place in pairs
            for run in runs
        ),
        medians=tuple(_path(line(levels[len(levels) // 2], *run)) for run in runs),
        thresholds=tuple(_thresholds(scale, table)),
        scale=_scale_words(scale, table),
        labels=tuple(_band_labels(profile, known, scale)),
        empty=None if known.any() else Text((_LEFT + _RIGHT) / 2, _BOTTOM / 2, "too few readings"),
    )


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


def _thresholds(scale: _Scale, table: Definitions) -> Iterator[Threshold]:
    ranges = table.ranges
    for value, dashed in ((ranges.very_low, True), (ranges.low, False), (ranges.high, False), (ranges.very_high, True)):
        y = scale.at(value)
        yield Threshold(y, Text(_LEFT - 4, y + 3, f"{value}"), dashed)


def _scale_words(scale: _Scale, table: Definitions) -> tuple[Text, ...]:
    ceiling = table.picture["ceiling"]
    y = scale.at(ceiling) + 3
    return Text(_LEFT - 4, y, f"{ceiling}"), Text(_LEFT - 4, y + 12, "mg/dL")


def _band_labels(profile: Profile, known: NDArray[np.bool_], scale: _Scale) -> Iterator[Text]:
    """Yield the names of each percentile beside the right end of its line, where they do not run into one another."""
    places = np.flatnonzero(known)
    before = float("inf")
    for level in profile.percentiles if len(places) else ():
        y = scale.at(float(profile.line(level)[int(places[-1])]))
        if before - y > _LINE:
            yield Text(_RIGHT + 2, y + 3, f"{level} %")
            before = y


def days_picture(
    counted: Counts, stream: int = 0, *, most: int = 14, title: str = "Day by day, with events"
) -> DaysPicture:
    """Lay out the last days of a stream, one row each: the trace, and a mark where an event begins.

    A triangle points down where a low event begins (filled below the lower threshold), up where a high one does.
    """
    table = definitions()
    rows = counted.days[counted.days[:, c.STREAM] == stream][-most:]
    height = 22 + len(rows) * (_ROW + _ROW_GAP) + 16
    words = title, _days_says(rows, _counted(counted, stream, rows), table)
    tops = [14 + place * (_ROW + _ROW_GAP) for place in range(len(rows))]
    return DaysPicture(
        _frame("days", height, words, 14, height - 18),
        tuple(
            _day(counted, stream, int(row[c.DAY]), _Scale(top, top + _ROW), table)
            for top, row in zip(tops, rows, strict=True)
        ),
    )


def _counted(counted: Counts, stream: int, rows: NDArray[np.int64]) -> dict[int, int]:
    events = counted.events[counted.events[:, c.EVENT_STREAM] == stream]
    own = np.isin(_local(counted)[events[:, c.FIRST]] // MINUTES_A_DAY, rows[:, c.DAY])
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


def _local(counted: Counts) -> NDArray[np.int64]:
    return counted.series.minutes.astype(np.int64) + counted.series.offsets


def _day(counted: Counts, stream: int, day: int, scale: _Scale, table: Definitions) -> DayRow:
    date = (EPOCH + timedelta(days=day)).isoformat()[5:]
    return DayRow(
        date=Text(_LEFT - 4, scale.bottom - 9, date),
        high=scale.at(table.ranges.high),
        low=scale.at(table.ranges.low),
        pieces=tuple(_pieces(counted, stream, day, scale, table)),
        marks=tuple(_marks(counted, stream, day, scale)),
    )


def _pieces(counted: Counts, stream: int, day: int, scale: _Scale, table: Definitions) -> Iterator[Piece]:
    series = counted.series
    own = slice(int(series.starts[stream]), int(series.starts[stream + 1]))
    clock = series.minutes[own].astype(np.int64) + series.offsets[own] - day * MINUTES_A_DAY
    here = np.flatnonzero((clock >= 0) & (clock < MINUTES_A_DAY))
    cuts = np.flatnonzero(np.diff(series.minutes[own][here].astype(np.int64)) > table.steps["longest"]) + 1
    for piece in np.split(here, cuts):
        points = tuple((_x(float(clock[i])), scale.at(float(series.glucose[own][i]))) for i in piece.tolist())
        if series.meters[stream] or len(points) == 1:
            yield Piece("", points)
        elif points:
            yield Piece(_path(points), ())


def _marks(counted: Counts, stream: int, day: int, scale: _Scale) -> Iterator[Mark]:
    """Mark where events begin; the deeper kind of two that begin together is drawn over the other."""
    events = counted.events[counted.events[:, c.EVENT_STREAM] == stream]
    moment = _local(counted)
    for kind, low, filled in (
        (c.HYPO_1, True, False),
        (c.HYPO_2, True, True),
        (c.HYPER_2, False, False),
        (c.HYPER_EXTENDED, False, True),
    ):
        for first in events[events[:, c.KIND] == kind, c.FIRST].tolist():
            minute = int(moment[first]) - day * MINUTES_A_DAY
            if 0 <= minute < MINUTES_A_DAY:
                x, y = _x(minute), scale.bottom - 1 if low else scale.top + 1
                tip = 7 if low else -7
                yield Mark(_path([(x - 4, y - tip), (x + 4, y - tip), (x, y)], closed=True), low, filled)
