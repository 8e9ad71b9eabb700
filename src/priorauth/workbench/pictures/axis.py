"""Days laid out from left to right: where a day stands, and the days that are named below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from priorauth.values.dates import FIRST_DAY, LAST_DAY, MONTHS
from priorauth.workbench.pictures import svg

_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_APART, _DAYS_APART = 70, 50
"""How far the names of months, and those of days, stand apart at least, in units of the paper."""
_SHORT: Final = 100
"""An axis of no more days than these is divided by days."""


class Axis(Struct, frozen=True):
    """The days ``first``..``last`` between two places of the paper."""

    first: int
    last: int
    left: float
    right: float

    def at(self, day: int) -> float:
        """Place the noon of a day, at the edge where it lies beyond."""
        inside = min(max(day, self.first), self.last)
        return self.left + (inside - self.first + 0.5) * self._day

    def span(self, first: int | None, last: int | None) -> tuple[float, float] | None:
        """Place the days from the morning of one to the evening of another; None where no day of them is here."""
        low = self.first if first is None else max(first, self.first)
        high = self.last if last is None else min(last, self.last)
        if low > high:
            return None
        return self.left + (low - self.first) * self._day, self.left + (high + 1 - self.first) * self._day

    @property
    def _day(self) -> float:
        return (self.right - self.left) / (self.last + 1 - self.first)

    def ticks(self) -> Iterator[tuple[float, str]]:
        """Yield the places that are named and their names, so many of them that they do not touch."""
        if self.last - self.first > _SHORT:
            yield from self._months()
            return
        step = next((one for one in (1, 2, 7, 14, 28) if one * self._day >= _DAYS_APART), 56)
        for number in range(self.first + (-self.first) % step, self.last + 1, step):
            on = dt.date.fromordinal(number)
            yield self.left + (number - self.first) * self._day, f"{on.day} {MONTHS[on.month - 1]}"

    def _months(self) -> Iterator[tuple[float, str]]:
        apart = self._day * 30
        step = next((one for one in _STEPS if one * apart >= _APART), _STEPS[-1])
        start = dt.date.fromordinal(self.first)
        number = start.year * 12 + start.month - 1
        number += -number % step
        while number // 12 <= dt.MAXYEAR:
            day = dt.date(max(number // 12, 1), number % 12 + 1, 1).toordinal()
            if day > self.last:
                return
            if day >= self.first:
                name = f"{number // 12}" if step % 12 == 0 else f"{MONTHS[number % 12]} {number // 12}"
                yield self.left + (day - self.first) * self._day, name
            number += step


def around(days: list[int], pad: float = 0.03) -> tuple[int, int]:
    """Return the first and the last day of an axis that holds some days, with room on both sides."""
    low, high = min(days), max(days)
    room = max(int((high - low) * pad), 2)
    return max(low - room, FIRST_DAY), min(high + room, LAST_DAY)


def foot(axis: Axis, y: float) -> Markup:
    """Draw an axis at its height, with the names of days or months below it; it takes two lines of small print."""
    drawn = [svg.line(axis.left, y, axis.right, y, stroke_width=1)]
    taken = axis.left - 1
    for x, name in axis.ticks():
        drawn.append(svg.line(x, y, x, y + 4, stroke_width=1))
        begins = svg.begin(x - svg.wide(name) / 2, name, axis.right, axis.left)
        if begins > taken:
            drawn.append(svg.text(begins, y + svg.LINE, name))
            taken = begins + svg.wide(name) + 4
    return svg.group("axis", *drawn)
