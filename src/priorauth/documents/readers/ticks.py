"""Boxes of a form in a picture of a page, empty or ticked, found by their sides: squares, and pairs of brackets.

What is recognised of letters cannot be trusted with them: it makes letters of them, or nothing. A pair of brackets is
less sure than a square, for a 0 has such sides too: it counts where no letter was recognised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.bool_]

_LOW, _HIGH = 0.095, 0.26
"""How many inches high a square is."""
_NARROW, _WIDE = 0.75, 1.35
"""How wide it is, of its height."""
_FULL: Final = 0.1
"""A square of whose middle a greater part is dark is ticked."""
_WHOLE: Final = 0.85
"""So much of a side is dark at least."""
_THICK: Final = 0.3
_OFF, _TOUCHED = 4, 0.2
"""So many points beside a square, so little of the picture is dark."""
_MOST_LINES: Final = 40_000


_EMPTY: Final = 0.03
"""Brackets with a smaller part dark between them are empty."""
_LOWEST: Final = 0.065
_CLOSE, _FAR = 0.2, 2.4
"""How far apart brackets stand, of their height: those of a typewriter are wide."""


class Line(NamedTuple):
    """An upright line: its columns and rows, the last ones too."""

    left: int
    right: int
    top: int
    bottom: int


class Tick(NamedTuple):
    """A box, in points of the picture."""

    left: int
    top: int
    right: int
    bottom: int
    ticked: bool


def ticks(dark: Points, dpi: float) -> list[Tick]:
    """Return the squares of a page that is straight and clean; ``dpi``: its points an inch."""
    closed = _closed(dark)
    lines = sorted(_lines(closed, int(_LOW * dpi), int(_HIGH * dpi)))
    found: list[Tick] = []
    for number, one in enumerate(lines):
        high = one.bottom - one.top
        for other in lines[number + 1 :]:
            wide = other.right - one.left
            if wide > _WIDE * high:
                break
            level = max(abs(one.top - other.top), abs(one.bottom - other.bottom)) <= max(2, 0.15 * high)
            if wide >= _NARROW * high and level and _joined(closed, one, other) and _alone(dark, one, other):
                found.append(_tick(dark, one, other))
                break
    return [one for one in found if not any(_cell(one, other) for other in found)]


def pairs(dark: Points, dpi: float) -> list[Tick]:
    """Return the pairs of brackets of a page with nothing between them, or a cross."""
    closed = _closed(dark)
    lines = sorted(_lines(closed, int(_LOWEST * dpi), int(_HIGH * dpi)))
    closing = [one for one in lines if _bracket(closed, one, -1)]
    found: list[Tick] = []
    for one in lines:
        if not _bracket(closed, one, 1):
            continue
        high = one.bottom - one.top
        for other in closing:
            gap = other.left - one.right
            if gap > _FAR * high:
                break
            level = max(abs(one.top - other.top), abs(one.bottom - other.bottom)) <= max(2, 0.17 * high)
            if gap >= _CLOSE * high and level:
                found += _between(dark, one, other)
                break
    return found


def _between(dark: Points, one: Line, other: Line) -> list[Tick]:
    top, bottom = min(one.top, other.top), max(one.bottom, other.bottom)
    off = max(2, round(0.16 * (bottom - top)))
    inner = dark[top + off : bottom - off + 1, one.right + 2 : other.left - 1]
    empty = not inner.size or inner.mean() <= _EMPTY
    return [Tick(one.left, top, other.right, bottom, not empty)] if empty or _crossed(inner) else []


def _crossed(inner: Points) -> bool:
    """Whether what stands between brackets is a cross: dark in its corners and its middle, light between them."""
    rows, columns = np.flatnonzero(inner.any(1)), np.flatnonzero(inner.any(0))
    mark = inner[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if min(mark.shape) < 5:  # noqa: PLR2004 - points: less is no cross that can be told
        return False
    parts = [[part.mean() for part in np.array_split(row, 3, axis=1)] for row in np.array_split(mark, 3, axis=0)]
    corners = min(parts[0][0] + parts[2][2], parts[0][2] + parts[2][0]) / 2
    edges = (parts[0][1] + parts[1][0] + parts[1][2] + parts[2][1]) / 4
    return bool(parts[1][1] > 0.3 and min(corners, parts[1][1]) - edges > 0.1)  # noqa: PLR2004 - of a part


def _bracket(closed: Points, one: Line, way: int) -> bool:
    """Whether an upright line has short lines at its ends, to the right (``way`` 1) or the left (-1) alone."""
    high = one.bottom - one.top
    long, end = max(2, round(0.1 * high)), max(3, round(0.16 * high))
    inside, outside = _beside(closed, one, way, long + 1), _beside(closed, one, -way, 3)
    if inside.shape[1] <= long or outside.shape[1] < 3:  # noqa: PLR2004 - at the edge of the page
        return False
    upper, lower, middle = _reach(inside[:end]), _reach(inside[-end:]), inside[2 * end : -2 * end]
    clear = outside[:, 1:]
    return (
        min(upper, lower) >= 1
        and upper + lower > long
        and (not middle.size or float(middle.mean()) <= _TOUCHED)
        and float(clear.mean()) <= _TOUCHED
        and max(float(clear[:end].mean()), float(clear[-end:].mean())) <= 2 * _TOUCHED
    )


def _beside(closed: Points, one: Line, way: int, wide: int) -> Points:
    """Return the columns beside a line, the nearest first."""
    rows = closed[one.top : one.bottom + 1]
    if way > 0:
        return rows[:, one.right + 1 : one.right + 1 + wide]
    return rows[:, max(one.left - wide, 0) : one.left][:, ::-1]


def _reach(ends: Points) -> int:
    """Return how far the short line at an end of a side goes."""
    return int(np.minimum.accumulate(ends, axis=1).sum(1).max())


def without(grey: NDArray[np.uint8], found: list[Tick], around: int = 2) -> NDArray[np.uint8]:
    """Return a picture without the squares that were found."""
    made = grey.copy()
    for one in found:
        made[max(one.top - around, 0) : one.bottom + around + 1, max(one.left - around, 0) : one.right + around + 1] = (
            255
        )
    return made


def _tick(dark: Points, one: Line, other: Line) -> Tick:
    top, bottom = min(one.top, other.top), max(one.bottom, other.bottom)
    down, across = round(0.28 * (bottom - top)), round(0.28 * (other.right - one.left))
    inner = dark[top + down : bottom - down + 1, one.left + across : other.right - across + 1]
    return Tick(one.left, top, other.right, bottom, bool(inner.size and inner.mean() > _FULL))


def _joined(closed: Points, one: Line, other: Line) -> bool:
    """Whether lines join two upright ones at their ends, corners and all."""
    for row in ((one.top + other.top) // 2, (one.bottom + other.bottom) // 2):
        band: Points = np.any(closed[max(row - 2, 0) : row + 3, one.left : other.right + 1], axis=0)
        if band.mean() < _WHOLE or min(band[:4].sum(), band[-5:].sum()) < 3:  # noqa: PLR2004 - points of a corner
            return False
    return True


def _alone(dark: Points, one: Line, other: Line) -> bool:
    """Whether nothing goes on beyond the four lines, as letters do that are round or have more strokes."""
    top, bottom, left, right = min(one.top, other.top), max(one.bottom, other.bottom), one.left, other.right
    if min(top, left) < _OFF or bottom + _OFF >= dark.shape[0] or right + _OFF >= dark.shape[1]:
        return False
    rows = np.concatenate((dark[top - _OFF : top - 1, left:right], dark[bottom + 2 : bottom + _OFF + 1, left:right]))
    beside = np.concatenate(
        (dark[top:bottom, left - _OFF : left - 1], dark[top:bottom, right + 2 : right + _OFF + 1]), 1
    )
    for columns in (slice(left - _OFF - 1, left - 1), slice(right + 2, right + _OFF + 2)):
        ends = (dark[max(row - 2, 0) : row + 3, columns].any(0).mean() for row in (top + 1, bottom - 1))
        if min(ends) > 0.5:  # noqa: PLR2004 - two lines go on: a cell of a table
            return False
    in_a_word = all(dark[top:bottom, max(x, 0) : x + _OFF + 2].any() for x in (left - 2 * _OFF - 1, right + _OFF))
    return max(float(rows.mean(1).max()), float(beside.mean(0).max())) <= _TOUCHED and not in_a_word


def _cell(one: Tick, other: Tick) -> bool:
    """Whether a square shares a side with one beside it: a row of cells, a letter in each."""
    beside = min(abs(one.left - other.right), abs(one.right - other.left))
    return other is not one and max(abs(one.top - other.top), beside) < _OFF


def _closed(dark: Points) -> Points:
    """Return a page with gaps of one or two points in upright lines filled."""
    made = dark.copy()
    made[1:-1] |= dark[:-2] & dark[2:]
    made[1:-2] |= dark[:-3] & dark[3:]
    made[2:-1] |= dark[:-3] & dark[3:]
    return made


def _lines(closed: Points, low: int, high: int) -> list[Line]:
    """Return upright lines so long, the runs of neighbouring columns together."""
    wide = closed.copy()
    wide[:, 1:] |= closed[:, :-1]
    padded = np.zeros((wide.shape[1], wide.shape[0] + 2), dtype=np.int8)
    padded[:, 1:-1] = wide.T
    change = np.diff(padded, axis=1)
    columns, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    long = (ends - starts >= low) & (ends - starts <= high)
    runs = zip(columns[long].tolist(), starts[long].tolist(), (ends[long] - 1).tolist(), strict=True)
    found: list[Line] = []
    growing: list[Line] = []
    for number, (x, top, bottom) in enumerate(runs):
        if number > _MOST_LINES:
            break
        found += [one for one in growing if one.right < x - 1]
        growing = [one for one in growing if one.right >= x - 1]
        for place, one in enumerate(growing):
            if one.right == x - 1 and max(abs(one.top - top), abs(one.bottom - bottom)) <= 3:  # noqa: PLR2004 - points
                growing[place] = Line(one.left, x, min(one.top, top), max(one.bottom, bottom))
                break
        else:
            growing.append(Line(x, x, top, bottom))
    found = [Line(one.left, max(one.right - 1, one.left), one.top, one.bottom) for one in found + growing]
    return [one for one in found if one.right - one.left <= max(_THICK * (one.bottom - one.top), 4)]
