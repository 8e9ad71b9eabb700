"""A window is a span of days with an open start and a closed end; a row is in it for certain, possibly, or not.

Anchors may be partial dates and rows may be, so both ends and both days of a row are spans. Windows joined by a leaf
are met together. ``while`` holds the days on which a regimen stands in a relation to a number, both its ends
included.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from priorauth.engines.python.timeline import Stretch, regimen
from priorauth.engines.python.view import Dated, View
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from priorauth.values.interval import ANYTHING, compare
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth, all_of

_ANCHORED: Final[set[type]] = {f.Within, f.Before}


class Span(Struct, frozen=True, gc=False):
    """(start, end], each end known to lie between two days."""

    start_first: int
    start_last: int
    end_first: int
    end_last: int

    @property
    def exact(self) -> bool:
        """Whether both ends are known."""
        return self.start_first == self.start_last and self.end_first == self.end_last

    @property
    def days(self) -> int:
        """How many days it holds, where its ends are known."""
        return self.end_first - self.start_first

    def member(self, first: int, last: int) -> Truth:
        """Whether something that was on a day of ``first``..``last`` lies in the window."""
        if last <= self.start_first or first > self.end_last:
            return NOT_MET
        return MET if first > self.start_last and last <= self.end_first else UNKNOWN


class Frame(Struct, frozen=True, gc=False):
    """The windows of a leaf over one case: a span, and the days on which regimens hold.

    ``missing`` names the anchor that is unknown, if one is: then nothing can be said.
    """

    span: Span
    regimens: tuple[tuple[tuple[int, int, Truth], ...], ...] = ()
    missing: str | None = None

    def member(self, row: Dated) -> Truth:
        """Whether a row lies in every window."""
        inside = self.span.member(row.first, row.last)
        if not self.regimens or not inside.can_hold:
            return inside
        return all_of([inside, *(_during(days, row) for days in self.regimens)])


def frame(windows: tuple[f.Window, ...], view: View) -> Frame:
    """Read the windows of a leaf against a case; without an anchor of its own a window ends at the request."""
    found: Frame | None = view.frames.get(windows)
    if found is None:
        found = view.frames[windows] = _frame(windows, view)
    return found


def _frame(windows: tuple[f.Window, ...], view: View) -> Frame:
    anchored = not _ANCHORED.isdisjoint(map(type, windows))
    last = LAST_DAY if anchored else view.as_of
    span = Span(FIRST_DAY - 1, FIRST_DAY - 1, last, last)
    regimens = []
    for window in windows:
        if isinstance(window, f.While):
            regimens.append(_holding(window, view))
            continue
        anchor = view.anchor(window.anchor)
        if anchor is None:
            return Frame(span, missing=window.anchor)
        match window:
            case f.Within(length=length):
                low = dates.minus(anchor.first, length.duration), dates.minus(anchor.last, length.duration)
                span = _meet(span, Span(*low, anchor.first, anchor.last))
            case f.Since():
                span = _meet(span, Span(anchor.first, anchor.last, view.as_of, view.as_of))
            case f.Before():
                span = _meet(span, Span(FIRST_DAY - 1, FIRST_DAY - 1, anchor.first, anchor.last))
    return Frame(span, tuple(regimens))


class Days(Struct, frozen=True, gc=False):
    """Days ``first``..``last`` on which something is judged.

    Those from ``sure_first`` to ``sure_last`` are judged on whichever of its days the anchor lies: all where that day
    is known, none where its days lie further apart than the window is long.
    """

    first: int
    last: int
    sure_first: int
    sure_last: int

    @property
    def exact(self) -> bool:
        """Whether every day is judged for certain."""
        return (self.first, self.last) == (self.sure_first, self.sure_last)

    def surely(self, first: int, last: int) -> bool:
        """Whether one of these days is judged for certain."""
        return max(first, self.sure_first) <= min(last, self.sure_last)


def stretch(form: f.Throughout | f.On, view: View) -> Days | None:
    """Return the days that a condition or regimen is judged on; None where they cannot be placed."""
    anchor = view.anchor(form.anchor)
    if anchor is None:
        return None
    if isinstance(form, f.On):
        return Days(anchor.first, anchor.last, anchor.last, anchor.first)
    first, sure = (dates.minus(day, form.length.duration) + 1 for day in (anchor.first, anchor.last))
    return Days(first, anchor.last, sure, anchor.first)


def regimen_line(fact: str, view: View, first: int, last: int) -> tuple[Stretch, ...]:
    """Lay out a regimen over some days from both sources together."""
    return regimen(view.periods(fact, "record"), view.periods(fact, "answers"), first, last)


def _meet(one: Span, two: Span) -> Span:
    return Span(
        max(one.start_first, two.start_first),
        max(one.start_last, two.start_last),
        min(one.end_first, two.end_first),
        min(one.end_last, two.end_last),
    )


def _holding(window: f.While, view: View) -> tuple[tuple[int, int, Truth], ...]:
    """Return for each stretch of days whether the regimen certainly, possibly, or certainly not holds."""
    limit = window.compare.amount.number
    line = regimen_line(window.fact, view, FIRST_DAY, view.as_of)
    return tuple((part.first, part.last, compare(part.value or ANYTHING, window.compare.op, limit)) for part in line)


def _during(days: tuple[tuple[int, int, Truth], ...], row: Dated) -> Truth:
    seen = [truth for first, last, truth in days if first <= row.last and last >= row.first]
    if not seen:
        return UNKNOWN
    return Truth(can_hold=any(part.can_hold for part in seen), can_fail=any(part.can_fail for part in seen))
