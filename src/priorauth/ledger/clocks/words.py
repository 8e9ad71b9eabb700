"""Clocks in words, for pages, lists and letters: the same in every locale; what is not verified says so."""

from __future__ import annotations

import datetime as dt
from typing import Final

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks.binding import Binding, Overdue
from priorauth.ledger.clocks.calendar import MOMENT, Calendar, utc
from priorauth.ledger.clocks.rules import Amount, Clock, Effect, Figure, Meaning
from priorauth.values.dates import MONTHS

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNVERIFIED: Final = "not verified"
_SHORT: Final = {"hours": "h", "counted hours": "h", "calendar days": "days", "business days": "business days"}
_ASKING: Final[dict[Effect, str]] = {
    "runs-on": "asking does not stop the clock",
    "stops": "the clock stands still from the question's notice until the answer or its day",
    "not-begun": "the clock has not begun until what is asked for is here; once it has, asking does not stop it",
}
_WHILE_ASKED: Final[dict[Effect, str]] = {
    "runs-on": "runs on while asked",
    "stops": "stops while asked",
    "not-begun": "begins when complete",
}
_MEANS: Final[dict[Meaning, str]] = {
    "adverse-by-lapse": "it counts as an adverse decision and may be appealed",
    "authorized-by-law": "the service is authorized by law",
    "hearing-right": "the member may ask for a hearing",
    "deemed-exhausted": "the internal appeal counts as exhausted",
    "none": "what the law makes of it was not read",
}


def amount(found: Amount) -> str:
    """Return a length of time as a list shows it: 7 days, 48 h, 5 business days, 1 business day."""
    said = _SHORT.get(found.unit, found.unit)
    return f"{found.count} {said.removesuffix('s') if found.count == 1 else said}"


def limit(clock: Clock) -> str:
    """Return how long a clock runs: ``7 days``, ``48 h (no weekends, no holidays)``."""
    more = " (no weekends, no holidays)" if clock.within.amount.unit == "counted hours" else ""
    return f"{amount(clock.within.amount)}{more}"


def named(clock: Clock) -> str:
    """Return a clock by its name and length: ``Indiana 48 h``, ``federal 7 days``."""
    return f"{clock.name} {amount(clock.within.amount)}"


def brief(clock: Clock) -> str:
    """Return a clock as a list shows it: ``7 days, runs on while asked``."""
    said = f"{limit(clock)}, {_WHILE_ASKED[clock.question.effect]}"
    return said if clock.within.source.verified else f"{said} ({UNVERIFIED})"


def asking(clock: Clock) -> str:
    """Return what asking the clinic does to a clock."""
    return said_of(_ASKING[clock.question.effect], verified=clock.question.source.verified)


def said_of(text: str, *, verified: bool) -> str:
    """Return a text, with a mark where it rests on what was not verified."""
    return text if verified else f"{text} ({UNVERIFIED})"


def figure(found: Figure) -> str:
    """Return a figure with its citation: ``7 calendar days (42 CFR 440.230(e)(1)(i))``."""
    more = "" if found.source.verified else f"; {UNVERIFIED}"
    return f"{counted(found.amount)} ({found.source.cite}{more})"


def counted(found: Amount) -> str:
    """Return a length of time in full: ``1 business day``, ``48 counted hours``."""
    return f"{found.count} {found.unit.removesuffix('s') if found.count == 1 else found.unit}"


# ---- moments


def day(on: dt.date) -> str:
    """Return a day: ``Fri 27 Nov 2026``."""
    return f"{WEEKDAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"


def moment(at: dt.datetime, calendar: Calendar, *, zone: bool = False) -> str:
    """Return a moment: ``Fri 27 Nov 2026 16:10``, with ``zone`` ``... 16:10 EST``; of the end of a day the day alone.

    Seconds are left out, so that what is said is never later than what is meant.
    """
    local = calendar.local(at)
    end = calendar.day(at) if calendar.end_of(calendar.day(at)) == utc(at) else None
    if calendar.start_of(local.date()) == utc(at):
        end = calendar.day(at - MOMENT)
    if end is not None:
        return day(end)
    return f"{day(local.date())} {local:%H:%M}{f' {local.tzname()}' if zone else ''}"


def decide_by(found: Binding, calendar: Calendar, *, zone: bool = False) -> str:
    """Return until when to decide and why: ``decide by Fri 27 Nov 2026 16:10 (Indiana 48 h)``.

    Other clocks that have begun follow: ``(Indiana 48 h; federal 8 Dec 2026)``.
    """
    why = [named(found.clock)]
    if not found.verified:
        why[0] += f", {UNVERIFIED}"
    why += [said for clock, stand in found.beside if (said := _beside(clock, stand, calendar))]
    if isinstance(found.stand, d.Stopped):
        since, until = (moment(one, calendar, zone=zone) for one in (found.stand.since, found.stand.resumes_by))
        then = f"then decide by {moment(found.at, calendar, zone=zone)} at the latest"
        return f"stands still since {since}, until the answer or {until}; {then} ({'; '.join(why)})"
    return f"decide by {moment(found.at, calendar, zone=zone)} ({'; '.join(why)})"


def cited(found: Binding, calendar: Calendar) -> str:
    """Return until when to decide, with the paragraph: ``decide by Fri 27 Nov 2026 (7 days, 42 CFR 440.230(e))``."""
    clock = found.clock
    more = "" if found.verified else f", {UNVERIFIED}"
    return f"decide by {moment(found.at, calendar)} ({amount(clock.within.amount)}, {clock.within.source.cite}{more})"


def stand(clock: Clock, found: d.Stand, calendar: Calendar) -> str:
    """Return how one clock stands, in a sentence without its stop."""
    match found:
        case d.Due(at):
            return f"{named(clock)}: until {moment(at, calendar)}"
        case d.Stopped():
            since, by = moment(found.since, calendar), moment(found.resumes_by, calendar)
            return f"{named(clock)}: stands still since {since}, until the answer or {by}"
        case d.NotBegun():
            return f"{named(clock)}: not begun, it needs {found.needs}"


def overdue(found: Overdue, calendar: Calendar) -> str:
    """Return that a clock was missed and what that means."""
    rule = found.clock.missed
    means = said_of(_MEANS[rule.means], verified=rule.source.verified)
    use = "" if found.use_by is None else f", until {moment(found.use_by, calendar)}"
    return f"overdue since {moment(found.at, calendar)} ({named(found.clock)}): {means}{use}"


def _beside(clock: Clock, found: d.Stand, calendar: Calendar) -> str:
    match found:
        case d.Due(at):
            return f"{clock.name} {moment(at, calendar)}"
        case d.Stopped():
            return f"{clock.name} stands still"
        case d.NotBegun():
            return f"{clock.name} not begun"
