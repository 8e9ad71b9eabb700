"""Several clocks run at once; the earliest binds: which, since when, what asking does to it, whether it was missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import Calendar, utc
from priorauth.ledger.clocks.happened import Happened
from priorauth.ledger.clocks.rules import AUTHORITIES, Clock, Effect


class Binding(msgspec.Struct, frozen=True):
    """The clock that binds: no other that has begun ends earlier, whatever is answered when.

    ``at`` is when it ends, of one that stands still when it ends at the latest. ``asking`` is what a question does to
    it. ``verified`` is whether every figure that ``at`` rests on was held against its text.
    """

    clock: Clock
    stand: d.Due | d.Stopped
    at: dt.datetime
    since: dt.datetime
    asking: Effect
    verified: bool
    beside: tuple[tuple[Clock, d.Stand], ...]


class Overdue(msgspec.Struct, frozen=True):
    """A clock that ran out: when, by how much, and until when the right that this gives can be used, if a law says."""

    clock: Clock
    at: dt.datetime
    late_by: dt.timedelta
    use_by: dt.datetime | None


def binding(
    clocks: tuple[Clock, ...], happened: Happened, calendar: Calendar, now: dt.datetime | None = None
) -> Binding | d.NotBegun:
    """Return the clock that binds, or what is needed for any of them to begin."""
    stands = [(clock, d.due(clock, happened, calendar, now)) for clock in clocks]
    if not stands:
        raise ValueError("expected at least one clock")
    begun = [(end_of(stand), AUTHORITIES.index(clock.authority), clock.id, clock, stand) for clock, stand in stands]
    ends = sorted((one for one in begun if one[0] is not None), key=lambda one: one[:3])
    if not ends:
        return next(stand for _, stand in stands if isinstance(stand, d.NotBegun))
    at, _, _, clock, stand = ends[0]
    way = d.course(clock, happened, calendar, now)
    if isinstance(way, d.NotBegun) or isinstance(stand, d.NotBegun) or at is None:
        raise AssertionError  # pragma: no cover - it has an end
    beside = tuple(one for one in stands if one[0].id != clock.id)
    return Binding(clock, stand, at, way.begins, clock.question.effect, rests_on_verified(clock, way), beside)


def end_of(stand: d.Stand) -> dt.datetime | None:
    """Return when a clock ends, of one that stands still when it ends at the latest; None where it has not begun."""
    match stand:
        case d.Due(at):
            return at
        case d.Stopped():
            return stand.at_latest
        case d.NotBegun():
            return None


def rests_on_verified(clock: Clock, way: d.Course) -> bool:
    """Whether every figure that the end of a clock rests on was held against its text."""
    figures = [clock.starts_source, clock.within.source]
    if way.asked:
        figures.append(clock.question.source)
        figures += [clock.question.then.source] if clock.question.then is not None else []
    if way.extended and clock.extension is not None:
        figures.append(clock.extension.by.source)
    return all(source.verified for source in figures)


def missed(clock: Clock, happened: Happened, calendar: Calendar, now: dt.datetime) -> Overdue | None:
    """Return what a clock that ran out before the decision means; None where it has not run out or was kept."""
    way = d.course(clock, happened, calendar, now)
    if isinstance(way, d.NotBegun):
        return None
    decided = min((utc(one.at) for one in happened if isinstance(one, h.Decided)), default=None)
    end = utc(now) if decided is None else decided
    if end <= way.ends:
        return None
    within = clock.missed.within
    received = min(utc(one.at) for one in happened if isinstance(one, h.Received))
    use_by = None if within is None else d.after(calendar, received, within.amount)
    return Overdue(clock, way.ends, end - way.ends, use_by)


# ---- asking the clinic


def asking_holds(clock: Clock, happened: Happened, calendar: Calendar, at: dt.datetime) -> bool:
    """Whether a question whose notice goes out now would hold a clock, or finds it not begun."""
    begun = d.begins(clock, happened)
    if isinstance(begun, d.NotBegun):
        return True
    if clock.question.effect != "stops":
        return False
    by = utc(at) + dt.timedelta.resolution
    asked = h.Asked(at, by)
    before, then = d.course(clock, happened, calendar), d.course(clock, (*happened, asked), calendar)
    return before != then


def least_answer(clock: Clock, calendar: Calendar, at: dt.datetime) -> dt.datetime | None:
    """Return the earliest last moment to answer that a law admits; None where it gives no least time."""
    least = clock.question.least
    return None if least is None else d.after(calendar, at, least.amount)


def answer_by(clocks: Iterable[Clock], happened: Happened, calendar: Calendar, at: dt.datetime) -> dt.datetime | None:
    """Return until when to ask for an answer: the longest least time of a law, else half of what is left.

    Never after a clock that runs on. None where such a clock is over, or where nothing says until when.
    """
    listed = tuple(clocks)
    least = max((one for clock in listed if (one := least_answer(clock, calendar, at)) is not None), default=None)
    running = [clock for clock in listed if not asking_holds(clock, happened, calendar, at)]
    last = min(
        (end for clock in running if (end := end_of(d.due(clock, happened, calendar, at))) is not None), default=None
    )
    if last is None:
        return least
    if last <= utc(at):
        return None
    return min(least, last) if least is not None else utc(at) + (last - utc(at)) / 2
