"""Windows on the calendar: which days a form looks at once the days of its anchors are known.

Written from the meaning of the windows, apart from the evaluator: the two are held against each other on every witness.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import Duration

BEGIN = 0
"""The day before the first day of the calendar: a window without a start."""


class Span(NamedTuple):
    """The days after ``start`` up to and including ``end``."""

    start: int
    end: int

    def holds(self, first: int, last: int) -> bool:
        """Whether all of ``first``..``last`` lie in it."""
        return first > self.start and last <= self.end


def anchor_names(form: f.Form) -> tuple[str, ...]:
    """Return the names of the anchors whose days a form needs, without the request, whose day is always known."""
    return tuple(name for name in contents.anchors_of(form) if name != "request")


def spans_of(form: f.Form, anchors: Mapping[str, int], as_of: int) -> tuple[Span, ...]:
    """Return the spans of days that a form looks at: one, or for `no worse than before` the earlier and the later."""
    days = {**anchors, "request": as_of}
    match form:
        case f.NoWorse():
            day = days[form.anchor]
            own = windows(form.measure.windows, days, as_of)
            back = BEGIN if isinstance(form.measure, f.Latest) else day - (as_of - day)
            return (_meet(own, Span(back, day)), _meet(own, Span(day, as_of)))
        case f.Throughout() | f.Recent():
            return (Span(dates.minus(days[form.anchor], form.length.duration), days[form.anchor]),)
        case f.Offset():
            day = dates.plus(days[form.anchor], form.length.duration)
            return (Span(day - 1, day),)
        case f.Earlier():
            return (Span(BEGIN, days[form.anchor] - 1),)
        case f.Later():
            return (Span(days[form.anchor], as_of),)
        case f.On():
            return (Span(days[form.anchor] - 1, days[form.anchor]),)
        case _:
            return (windows(contents.windows_of(form), days, as_of),)


def windows(listed: tuple[f.Window, ...], days: Mapping[str, int], as_of: int) -> Span:
    """Return the days that lie in all of some windows; without an anchor of its own a window ends at the request."""
    span = Span(BEGIN, as_of)
    if any(isinstance(window, f.Within | f.Before) for window in listed):
        span = Span(BEGIN, dates.LAST_DAY)
    for window in listed:
        match window:
            case f.Within(length=length, anchor=anchor):
                span = _meet(span, Span(dates.minus(days[anchor], length.duration), days[anchor]))
            case f.Since(anchor=anchor):
                span = _meet(span, Span(days[anchor], as_of))
            case f.Before(anchor=anchor):
                span = _meet(span, Span(BEGIN, days[anchor]))
            case f.While():
                pass
    return span


def close(one: int, two: int, length: Duration, *, strict: bool) -> bool:
    """Whether two days lie at most (strictly: less than) a calendar length apart, counted back from the later."""
    back = dates.minus(two, length)
    return one > back if strict else one >= back


def _meet(one: Span, two: Span) -> Span:
    return Span(max(one.start, two.start), min(one.end, two.end))
