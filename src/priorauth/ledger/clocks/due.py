"""When a clock ends: a pure function of its rule, of what happened, and of the plan's calendar.

Days: the day on which a clock begins is day 0, and it ends with the last moment of its last day. Hours run minute by
minute, counted hours only on business days. A question that stops a day clock moves its end by the days (of a clock of
business days: the business days) from that of the question's notice to that of the answer. docs/clarifications.md says
the same in a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import DAY, Calendar, utc
from priorauth.ledger.clocks.happened import Happened
from priorauth.ledger.clocks.rules import Amount, Clock, Start, Unit

NEEDS: Final[dict[Start, str]] = {
    "receipt": "the request",
    "complete-receipt": "a complete request",
    "last-needed-item": "the last needed item",
}


class Due(msgspec.Struct, frozen=True):
    """The clock runs, or has run out: the last moment that is in time."""

    at: dt.datetime


class Stopped(msgspec.Struct, frozen=True):
    """The clock stands still: since when, until when at the latest, and when it then ends."""

    since: dt.datetime
    resumes_by: dt.datetime
    at_latest: dt.datetime


class NotBegun(msgspec.Struct, frozen=True):
    """The clock has not begun: what it needs."""

    needs: str


Stand = Due | Stopped | NotBegun


class Course(msgspec.Struct, frozen=True):
    """The whole way of a clock: when it begins, the stretches in which it runs, when it ends.

    ``stop`` is the question that holds it now: since when and until when. ``asked`` and ``extended`` say whether a
    question or an extension moved its end.
    """

    begins: dt.datetime
    runs: tuple[tuple[dt.datetime, dt.datetime], ...]
    ends: dt.datetime
    stop: tuple[dt.datetime, dt.datetime] | None
    asked: bool
    extended: bool


class _Measure(NamedTuple):
    """How a unit is counted: how much of it lies between two moments, and the moment after so much of it."""

    between: Callable[[Calendar, dt.datetime, dt.datetime], dt.timedelta]
    after: Callable[[Calendar, dt.datetime, dt.timedelta], dt.datetime]


class _Stop(NamedTuple):
    since: dt.datetime
    until: dt.datetime
    open: bool


def due(clock: Clock, happened: Happened, calendar: Calendar, now: dt.datetime | None = None) -> Stand:
    """Return when a clock ends, since when it stands still, or what it needs to begin.

    Without ``now`` a question without an answer holds the clock; with it, only until the day to answer is over.
    """
    found = course(clock, happened, calendar, now)
    if isinstance(found, NotBegun):
        return found
    return Due(found.ends) if found.stop is None else Stopped(*found.stop, found.ends)


def half(
    clock: Clock, happened: Happened, calendar: Calendar, now: dt.datetime | None = None
) -> dt.datetime | NotBegun:
    """Return the moment at which half of a clock is gone, what stood still left out, as are days that do not count.

    Of a clock that stands still: as if it stood until the last moment to answer.
    """
    found = course(clock, happened, calendar, now)
    if isinstance(found, NotBegun):
        return found
    runs = list(found.runs)
    if clock.within.amount.unit in ("counted hours", "business days"):
        runs = [part for since, until in runs for part in calendar.counted_stretches(since, until)] or runs
    left = sum((until - since for since, until in runs), dt.timedelta()) / 2
    for since, until in runs:
        if left <= until - since:
            return since + left
        left -= until - since
    return found.ends


def begins(clock: Clock, happened: Happened) -> dt.datetime | NotBegun:
    """Return when a clock begins; nothing takes effect before the request was received."""
    received = _first(happened, h.Received)
    if received is None:
        return NotBegun(NEEDS["receipt"])
    begun = received
    if clock.urgency == "expedited" and (asked := _expedite(happened)):
        begun = max(begun, asked)
    if clock.starts == "receipt":
        return begun
    completed = _first(happened, h.Completed)
    return NotBegun(NEEDS[clock.starts]) if completed is None else max(begun, completed)


def course(clock: Clock, happened: Happened, calendar: Calendar, now: dt.datetime | None = None) -> Course | NotBegun:
    """Return the whole way of a clock, or what it needs to begin."""
    begun = begins(clock, happened)
    if isinstance(begun, NotBegun):
        return begun
    way = _Way(clock, calendar, begun, _stops(clock, happened, calendar, begun, now))
    way.run(measure(clock.within.amount.unit), length(clock.within.amount))
    for event in extensions(happened):
        way.extend(event)
    stop = None if way.stop is None else (way.stop.since, way.stop.until)
    return Course(begun, tuple(way.runs), way.at, stop, asked=way.asked, extended=way.added > dt.timedelta())


def extensions(happened: Happened) -> list[h.Extended]:
    """Return the extensions in the order of their notices."""
    found = [event for event in happened if isinstance(event, h.Extended)]
    return sorted(found, key=lambda event: (utc(event.at), event.days, event.ground))


class _Way:
    """A clock on its way: where it stands, which questions may still stop it, what was added to it."""

    def __init__(self, clock: Clock, calendar: Calendar, begun: dt.datetime, stops: list[_Stop]) -> None:
        self.clock, self.calendar, self.at, self.stops = clock, calendar, begun, stops
        self.runs: list[tuple[dt.datetime, dt.datetime]] = []
        self.stop: _Stop | None = None
        self.asked = False
        self.times = 0
        self.added = dt.timedelta()

    def run(self, how: _Measure, left: dt.timedelta) -> None:
        """Let the clock run for so long, standing still wherever a question stops it."""
        then = self.clock.question.then
        end = how.after(self.calendar, self.at, left)
        while self.stops and self.stops[0].since <= end:
            stop = self.stops.pop(0)
            since = max(stop.since, self.at)
            if stop.until <= since:
                continue
            self.runs.append((self.at, since))
            left = max(left - how.between(self.calendar, self.at, since), dt.timedelta())
            if then is not None:
                how, left = measure(then.amount.unit), length(then.amount)
            self.at, self.asked = stop.until, True
            self.stop = stop._replace(since=since) if stop.open else self.stop
            end = how.after(self.calendar, self.at, left)
        self.runs.append((self.at, end))
        self.at = end

    def extend(self, event: h.Extended) -> None:
        """Add an extension that counts; one that does not adds nothing."""
        rule = self.clock.extension
        if rule is None or self.refused(event) is not None:
            return
        days = min(DAY * event.days, length(rule.by.amount) - self.added)
        self.times += 1
        self.added += days
        whole_days = self.clock.within.amount.unit in ("calendar days", "business days")
        self.run(_CALENDAR_DAYS if whole_days else _WALL, days)

    def refused(self, event: h.Extended) -> str | None:
        """Return why an extension does not count; None where it does."""
        rule = self.clock.extension
        if rule is None:
            return "this clock has no extension"
        if event.ground not in rule.grounds:
            return f"expected a ground of {', '.join(rule.grounds)}"
        if rule.times is not None and self.times >= rule.times:
            return f"it was extended as often as it may be, {rule.times}"
        if event.days < 1 or self.added >= length(rule.by.amount):
            return f"expected at least 1 day and in all at most {rule.by.amount}"
        return "its notice came after the clock had ended" if utc(event.at) > self.at else None


def may_extend(clock: Clock, happened: Happened, event: h.Extended, calendar: Calendar) -> str | None:
    """Return why an extension beside those on file would not count, or would count for less; None where it counts."""
    begun = begins(clock, happened)
    if isinstance(begun, NotBegun):
        return f"the clock has not begun: it needs {begun.needs}"
    way = _Way(clock, calendar, begun, _stops(clock, happened, calendar, begun, None))
    way.run(measure(clock.within.amount.unit), length(clock.within.amount))
    for earlier in extensions(happened):
        way.extend(earlier)
    if (said := way.refused(event)) is not None:
        return said
    if clock.extension is not None and way.added + DAY * event.days > length(clock.extension.by.amount):
        return f"expected in all at most {clock.extension.by.amount}"
    return None


# ---- what stops a clock


def _stops(
    clock: Clock, happened: Happened, calendar: Calendar, begun: dt.datetime, now: dt.datetime | None
) -> list[_Stop]:
    """Return the stretches in which questions hold a clock, in their order."""
    rule = clock.question
    if rule.effect != "stops":
        return []
    asked = sorted((utc(one.at), utc(one.answer_by)) for one in happened if isinstance(one, h.Asked))
    answers = sorted(utc(one.at) for one in happened if isinstance(one, h.Answered))
    if rule.ask_within is not None:
        last = after(calendar, begun, rule.ask_within.amount)
        asked = [one for one in asked if one[0] <= last]
    found = []
    for since, by in asked[: rule.times]:
        answer = next((one for one in answers if one >= since), None)
        waits = answer is None and (now is None or utc(now) <= by)
        found.append(_Stop(since, by if answer is None else min(answer, by), waits))
    return found


def _first(happened: Happened, kind: type[h.Event]) -> dt.datetime | None:
    return min((utc(event.at) for event in happened if isinstance(event, kind)), default=None)


def _expedite(happened: Happened) -> dt.datetime | None:
    """Return when the fast decision was asked for: the first time since it was last refused."""
    refused = max((utc(one.at) for one in happened if isinstance(one, h.ExpediteRefused)), default=None)
    asked = sorted(utc(one.at) for one in happened if isinstance(one, h.ExpediteAsked))
    return next((one for one in asked if refused is None or one > refused), asked[0] if asked else None)


# ---- how units are counted


def length(amount: Amount) -> dt.timedelta:
    """Return hours as they are, and of days so many of 24 hours: a number to count with, no stretch of time."""
    return dt.timedelta(hours=amount.count) if "hours" in amount.unit else DAY * amount.count


def measure(unit: Unit) -> _Measure:
    """Return how a unit of clocks is counted."""
    return _MEASURES[unit]


def after(calendar: Calendar, since: dt.datetime, amount: Amount) -> dt.datetime:
    """Return the moment after so much time, as a clock counts it."""
    return measure(amount.unit).after(calendar, utc(since), length(amount))


def _wall_between(calendar: Calendar, since: dt.datetime, until: dt.datetime) -> dt.timedelta:
    return max(calendar.local(until).replace(tzinfo=None) - calendar.local(since).replace(tzinfo=None), dt.timedelta())


def _wall_after(calendar: Calendar, since: dt.datetime, left: dt.timedelta) -> dt.datetime:
    """Return the moment so much later on the wall; where the hour changes and there is none such, that of the change.

    Of an hour that is there twice the first is meant, but never what lies before ``since``.
    """
    wanted = calendar.local(since).replace(fold=0) + left
    if calendar.local(utc(wanted)).replace(tzinfo=None) == wanted.replace(tzinfo=None):
        return max(utc(wanted), utc(since))
    there = wanted.replace(second=0, microsecond=0)
    while calendar.local(utc(there)).replace(tzinfo=None) != there.replace(tzinfo=None):
        there -= MINUTE
    return max(utc(there) + MINUTE, utc(since))


MINUTE: Final = dt.timedelta(minutes=1)
_WALL: Final = _Measure(_wall_between, _wall_after)
_CALENDAR_DAYS: Final = _Measure(
    lambda calendar, since, until: calendar.day(until) - calendar.day(since),
    lambda calendar, since, left: calendar.end_of(calendar.day(since) + left),
)
_MEASURES: Final[dict[Unit, _Measure]] = {
    "hours": _Measure(lambda _, since, until: until - since, lambda _, since, left: since + left),
    "counted hours": _Measure(Calendar.counted_time, Calendar.after_counted),
    "calendar days": _CALENDAR_DAYS,
    "business days": _Measure(
        lambda calendar, since, until: DAY * calendar.business_days(calendar.day(since), calendar.day(until)),
        lambda calendar, since, left: calendar.end_of(calendar.business_day(calendar.day(since), left.days)),
    ),
}
