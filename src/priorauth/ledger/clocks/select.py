"""Which clocks run for a request: by its payer and plan, its state, how urgent it is, and what it asks for.

Nothing is guessed. Of a plan whose line of business is not known, of a state whose clocks were not entered and of
figures that were not read it is said so, in one value.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import Calendar, utc
from priorauth.ledger.clocks.happened import Happened
from priorauth.ledger.clocks.rules import AUTHORITIES, Appeals, Book, Clock, Duty, Figure, Kind, Profile, Urgency


class Request(msgspec.Struct, frozen=True):
    """What is known of a request that its clocks depend on; the facts are those of the vocabulary, None is unknown."""

    payer: str
    urgency: Urgency = "standard"
    kind: Kind = "pre-service"
    coverage_state: str | None = None
    plan: str | None = None
    plan_type: str | None = None
    coverage_program: str | None = None
    line_of_business: str | None = None
    funding: str | None = None
    """``insured`` or ``self-insured``, of a commercial plan."""
    contracted: str | None = None
    """Whether the provider has a contract with the plan: ``yes`` or ``no``."""
    asked_ahead: str | None = None
    """Whether a course was asked to go on 24 hours before its end: ``yes`` or ``no``."""


class Rules(msgspec.Struct, frozen=True):
    """The clocks that run, the narrowest authority last; there is at least one."""

    line: str
    state: str | None
    clocks: tuple[Clock, ...]


class NoClock(msgspec.Struct, frozen=True):
    """It is known that no clock runs."""

    id: str
    says: str


class Unknown(msgspec.Struct, frozen=True):
    """Which clocks run is not known: why, the facts that would tell, and the clocks that run in any case."""

    says: str
    facts: tuple[str, ...] = ()
    beside: tuple[Clock, ...] = ()


def rules_for(book: Book, request: Request) -> Rules | NoClock | Unknown:
    """Return the clocks that run for a request, that none runs, or that it is not known."""
    profile = profile_of(book, request)
    if isinstance(profile, Unknown):
        return profile
    line, state = book.lines[profile.line], profile.state or request.coverage_state
    clocks = tuple(sorted(_fitting(book, request, line.id, state), key=_order))
    if line.states is not None and state is None:
        return Unknown(f"{line.name}: the state of the plan is not known", ("coverage_state",), clocks)
    if line.states is not None and state not in line.states:
        return Unknown(f"{line.name}, {state}: {line.missing}", (), clocks)
    for entry in book.unclocked.values():
        if line.id in entry.lines and _within(state, entry.states) and request.kind in entry.kinds:
            return NoClock(entry.id, entry.says)
    if not clocks:
        said = line.missing or "no clock is entered; ask the plan"
        return Unknown(f"{line.name}, {request.kind}, {request.urgency}: {said}")
    return Rules(line.id, state, clocks)


def profile_of(book: Book, request: Request) -> Profile | Unknown:
    """Return the profile of a request's plan, or the facts that are missing to find it."""
    missing: dict[str, None] = {}
    for profile in book.profiles:
        if profile.payer != request.payer:
            continue
        open_facts = [fact for fact in profile.conditions if getattr(request, fact) is None]
        if all(getattr(request, fact) in (None, *allowed) for fact, allowed in profile.conditions.items()):
            if not open_facts:
                return profile
            missing |= dict.fromkeys(open_facts)
    if missing:
        return Unknown(f"the line of business of this plan of {request.payer} is not known", tuple(missing))
    return Unknown(f"no clocks are entered for this plan of {request.payer}; ask the plan")


def urgencies(asked: Urgency, happened: Happened) -> tuple[Urgency, ...]:
    """Return which urgencies bind after what happened: a request made fast keeps its first clock beside the other."""
    last: h.ExpediteGranted | h.ExpediteRefused | None = None
    for event in happened:
        if isinstance(event, h.ExpediteGranted | h.ExpediteRefused) and (last is None or utc(event.at) >= utc(last.at)):
            last = event
    if last is None:
        return (asked,)
    if isinstance(last, h.ExpediteRefused):
        return ("standard",)
    return ("expedited",) if asked == "expedited" else ("expedited", "standard")


def calendar_for(book: Book, request: Request) -> Calendar:
    """Return the calendar of a request's plan."""
    profile = profile_of(book, request)
    state = request.coverage_state if isinstance(profile, Unknown) else profile.state or request.coverage_state
    zone = None if isinstance(profile, Unknown) else profile.zone
    return Calendar(zone or book.zones.get(state or "other", book.zones["other"]), state, book.closed, book.counted)


def duties_for(book: Book, line: str, state: str | None, section: str) -> tuple[Duty, ...]:
    """Return the duties of a section for a line of business; one that names no line is for all."""
    return tuple(
        duty
        for duty in book.duties.values()
        if duty.section == section and _within(line, duty.lines) and _within(state, duty.states)
    )


def appeals_of(book: Book, clocks: tuple[Clock, ...]) -> tuple[Appeals, ...]:
    """Return the ways of appeal of the clocks that run, each once."""
    return tuple(book.appeals[name] for name in dict.fromkeys(clock.appeals for clock in clocks) if name is not None)


def longer(shipped: Book, own: Book) -> Iterator[tuple[Clock, Figure]]:
    """Yield which clocks of a tenant give more time than the shipped ones of the same name, or count it otherwise."""
    for name, clock in own.clocks.items():
        before = shipped.clocks.get(name)
        if before is None:
            continue
        amount, standard = clock.within.amount, before.within.amount
        if amount.unit != standard.unit or amount.count > standard.count:
            yield clock, before.within


def _fitting(book: Book, request: Request, line: str, state: str | None) -> Iterator[Clock]:
    for clock in book.clocks.values():
        if (
            line in clock.lines
            and _within(state, clock.states)
            and request.kind in clock.kinds
            and request.urgency == clock.urgency
            and all(getattr(request, fact) in (None, value) for fact, value in clock.conditions.items())
        ):
            yield clock


def _within(found: str | None, allowed: tuple[str, ...]) -> bool:
    """Whether something is one of a list, of which an empty one stands for everything."""
    return not allowed or found in allowed


def _order(clock: Clock) -> tuple[int, str]:
    return AUTHORITIES.index(clock.authority), clock.id
