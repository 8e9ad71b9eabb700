"""The clocks of a case: which rules run, what has happened, when each is due, which binds, when the case climbs.

The rules are those of :mod:`priorauth.ledger.clocks`, pure functions over data; here they are kept with the case. What
happened stands in ``about["happened"]``, what the rules depend on in ``about["clocks"]``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import structs

from priorauth.decide.determination import Determination
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer
from priorauth.ledger import documented
from priorauth.ledger import tables as t
from priorauth.ledger.clocks import appeals, load, rules, select
from priorauth.ledger.clocks import binding as b
from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.events import Json
from priorauth.ledger.runs import Ran
from priorauth.ledger.work import Refusal, Work, move

FACTS: Final = ("coverage_state", "plan_type", "coverage_program", "line_of_business")
"""Facts of the vocabulary on which clocks depend; others (funding, contracted) are the tenant's to say."""
LEVEL: Final = "level"
"""Where in ``about`` of an appeal stands which level it is, from 1; its clocks are those of that level."""
HELD: Final = ("with-clinic", "waiting")
"""States that hold only while half of the clock that binds is left."""


class Running(msgspec.Struct, frozen=True):
    """The clocks of a case as they stand."""

    request: select.Request
    happened: h.Happened
    clocks: tuple[rules.Clock, ...]
    calendar: Calendar
    unknown: str | None


@cache
def book(own: str | None) -> rules.Book:
    """Return the rules of clocks: the shipped ones, with a tenant's own file laid over them."""
    return load.shipped() if own is None else load.load(Path(own))


def book_of(settings: Mapping[str, Any]) -> rules.Book:
    """Return the rules of clocks of a tenant, with the days of its own that do not count (setting ``closed_days``)."""
    found = book(settings.get("clocks"))
    days = settings.get("closed_days", {})
    return structs.replace(found, closed=found.closed | {date.fromisoformat(one) for one in days}) if days else found


def running(work: Work) -> Running | None:
    """Return the clocks of the case; None where none were begun."""
    return running_of(work.case["about"], book_of(work.settings))


def running_of(about: Json, found: rules.Book) -> Running | None:
    """Return the clocks of a case by what it keeps of itself (``Head.about``); None where none were begun."""
    if "clocks" not in about:
        return None
    request = msgspec.convert(about["clocks"], select.Request)
    happened = msgspec.convert(about["happened"], h.Happened)
    clocks: dict[str, rules.Clock] = {}
    unknown = None
    for urgency in select.urgencies(request.urgency, happened):
        match select.rules_for(found, structs.replace(request, urgency=urgency)):
            case select.Rules(_, _, run):
                clocks |= {one.id: one for one in run}
            case select.Unknown(says, _, beside):
                clocks |= {one.id: one for one in beside}
                unknown = says
            case select.NoClock(_, says):
                unknown = says
    calendar = select.calendar_for(found, request)
    if level := about.get(LEVEL):
        return _of_appeal(found, Running(request, happened, tuple(clocks.values()), calendar, unknown), about, level)
    return Running(request, happened, tuple(clocks.values()), calendar, unknown)


def _of_appeal(found: rules.Book, first: Running, about: Json, level: int) -> Running:
    """Return the clocks of an appeal: those of its level, by the ways of appeal of the clocks that ran for the request.

    Where no figure of the level was read, none runs, and that is said.
    """
    urgency: rules.Urgency = "expedited" if about.get("fast") else first.request.urgency
    ways = [(way, way.levels[level - 1]) for way in select.appeals_of(found, first.clocks) if level <= len(way.levels)]
    made = [appeals.decision_clock(way, one, urgency, first.request.kind) for way, one in ways]
    clocks = tuple(one for one in made if one is not None)
    unknown = None if clocks else "; ".join(one.says for _, one in ways) or first.unknown or "no such appeal was read"
    return structs.replace(
        first, request=structs.replace(first.request, urgency=urgency), clocks=clocks, unknown=unknown
    )


def begin(work: Work, done: Ran) -> None:
    """Start the clocks of a new case."""
    first = done.found[0]
    request = _request(work, first.determination, first.case)
    about = {**work.case["about"], "clocks": msgspec.to_builtins(request)}
    profile = select.profile_of(book_of(work.settings), request)
    line = None if isinstance(profile, select.Unknown) else profile.line
    state = request.coverage_state if isinstance(profile, select.Unknown) else profile.state or request.coverage_state
    work.set_case(about={**about, "happened": []}, line=line, plan_state=state)
    _happened(work, h.Received(work.now))


def _request(work: Work, made: Determination, case: Case) -> select.Request:
    """Return what the clocks depend on, as far as it is known."""
    return request_of(work.settings, work.case["payer"] or "", made, case)


def request_of(settings: Mapping[str, Any], payer: str, made: Determination, case: Case) -> select.Request:
    """Return what the clocks of a request depend on, as far as it is known."""
    said = {fact: found for fact in FACTS if (found := _stated(case, fact)) is not None}
    own = dict(settings.get("plans", {}).get(payer, {}))
    kind: rules.Kind = "pre-service"
    if made.request.service_on < made.request.received_on:
        kind = "retrospective"
    elif made.request.kind == "continued":
        kind = "concurrent"
    urgency: rules.Urgency = "expedited" if made.request.expedited else "standard"
    return msgspec.convert({**own, **said, "payer": payer, "urgency": urgency, "kind": kind}, select.Request)


def _stated(case: Case, fact: str) -> str | None:
    """Return what is said of an attribute, where one thing alone is."""
    found = {row.text for row in case.of(fact) if isinstance(row, Answer) and row.text}
    return found.pop() if len(found) == 1 else None


def _happened(work: Work, *new: h.Event) -> None:
    """Record what happened, and set anew when each clock is due."""
    about = work.case["about"]
    if "clocks" not in about:
        return
    listed = [*about["happened"], *(msgspec.to_builtins(one) for one in new)]
    work.set_case(about={**about, "happened": listed})
    refresh(work)


def refresh(work: Work) -> None:
    """Set anew when each clock is due, which binds, and when the case climbs."""
    found = running(work)
    if found is None:
        return
    for clock in found.clocks:
        stand = d.due(clock, found.happened, found.calendar, work.now)
        work.set(
            t.clock,
            case_no=work.case_no,
            rule=clock.id,
            status=_status(work, stand),
            started_at=None if isinstance(begun := d.begins(clock, found.happened), d.NotBegun) else begun,
            due_at=b.end_of(stand),
            happened=[],
        )
    bound = bind(found, work.now)
    if work.case.get("closed_at") is not None or bound is None:
        work.set_case(due_at=None, due_rule=None, climbs_at=None)
    else:
        work.set_case(due_at=bound.at, due_rule=bound.clock.id, climbs_at=_climbs(work, found, bound))


def _status(work: Work, stand: d.Stand) -> str:
    if work.case.get("closed_at") is not None:
        return "ended"
    match stand:
        case d.Due(at):
            return "running" if at >= work.now else "overdue"
        case d.Stopped():
            return "stopped"
        case d.NotBegun():
            return "not-begun"


def bind(found: Running, now: datetime) -> b.Binding | None:
    """Return the clock that binds; None where none has begun."""
    if not found.clocks:
        return None
    bound = b.binding(found.clocks, found.happened, found.calendar, now)
    return None if isinstance(bound, d.NotBegun) else bound


def _climbs(work: Work, found: Running, bound: b.Binding) -> datetime | None:
    """Return when the case goes up: a silent clinic's at half of the clock, a nurse's at half of what is left then."""
    half = d.half(bound.clock, found.happened, found.calendar, work.now)
    if isinstance(half, d.NotBegun):
        return None
    if work.case["state"] in HELD:
        return half
    return half + (bound.at - half) / 2 if work.case["state"] == "with-nurse" else None


def told(work: Work, done: Ran) -> None:
    """See what a run says of the clocks: whether all that is needed is here; whether the case may still wait."""
    found = running(work)
    if found is None:
        return
    complete = all(outcome != "request-information" for outcome in done.outcomes.values())
    if complete and not any(isinstance(one, h.Completed) for one in found.happened):
        _happened(work, h.Completed(work.now))
    else:
        refresh(work)
    if work.case["state"] in HELD and (climbs := work.case["climbs_at"]) is not None and climbs <= work.now:
        move(work, "with-nurse")
        refresh(work)
    work.event("clocks", **say(work))
    after = max((one.determination.decide_after or "" for one in done.found), default="")
    if work.case["state"] == "waiting" and work.case["due_at"] is not None:
        due = work.case["due_at"].astimezone(work.zone).date().isoformat()
        if after > due:
            work.more["warning"] = f"a clock ends on {due}, before {after}, the first day on which time can settle it"


def say(work: Work) -> Json:
    """Return what is said of the clocks in an event: which binds, until when, or that it is not known."""
    found = running(work)
    unknown = None if found is None else found.unknown
    case = work.case
    return {"due": case["due_at"], "rule": case["due_rule"], "climbs": case["climbs_at"], "unknown": unknown}


def came(work: Work) -> None:
    """Record that something came that may be an answer."""
    answered(work)


def answered(work: Work) -> None:
    """Record an answer to the question that is open, if one is."""
    if _is_asked(work):
        _happened(work, h.Answered(work.now))


def _is_asked(work: Work) -> bool:
    """Whether a question is open: asked, and nothing has come since that may be an answer."""
    found = running(work)
    happened = () if found is None else found.happened
    last = max((one.at for one in happened if isinstance(one, h.Asked)), default=None)
    return last is not None and not any(isinstance(one, h.Answered) and one.at >= last for one in happened)


def asked(work: Work, facts: Sequence[str], until: datetime | None = None, why: str | None = None) -> None:
    """Record that facts are asked, and tell the clinic, with what documents propose of them.

    A last moment to answer that a law does not admit is refused.
    """
    by = _asked_until(work, until)
    work.set_case(about={**work.case["about"], "asked": facts})
    proposed = documented.asked(work, facts)
    inside = {"proposed": proposed} if proposed else {}
    outside = {"proposed": documented.outside(proposed)} if proposed else {}
    work.event("asked", why, facts=facts, until=by, **inside)
    named = f"organisation:{work.case['organisation']}"
    work.send(named, "asked", case=work.case_no, facts=facts, until=by, **outside)


def _asked_until(work: Work, until: datetime | None) -> datetime:
    """Record on the clocks that something is asked; return the last moment to answer."""
    found = running(work)
    by = until or _answer_by(work, found)
    if by <= work.now:
        raise Refusal("invalid", "expected a moment to come")
    if found is not None and until is not None:
        for clock in found.clocks:
            least = b.least_answer(clock, found.calendar, work.now)
            if least is not None and until < least:
                raise Refusal("invalid", f"{clock.id}: the law gives until {least.isoformat()} to answer")
    _happened(work, h.Asked(work.now, by))
    return by


def _answer_by(work: Work, found: Running | None) -> datetime:
    given = work.now + timedelta(days=work.setting("answer_days"))
    if found is None or not found.clocks:
        return given
    return b.answer_by(found.clocks, found.happened, found.calendar, work.now) or given


def asked_by_rule(work: Work, waiting: Sequence[Determination]) -> None:
    """Ask by rule what the last run asks, unless the same is already asked, or more of which an answer is awaited."""
    facts = list(dict.fromkeys(one.fact for made in waiting for one in made.questions))
    before = work.case["about"].get("asked") or []
    if not facts or facts == before or (set(facts) < set(before) and _is_asked(work)):
        return
    work.set_case(waits_for="clinic")
    asked(work, facts)


def ended(work: Work) -> None:
    """Stop every clock: the case is decided."""
    _happened(work, h.Decided(work.now))


def _clock(work: Work, rule: str) -> tuple[Running, rules.Clock]:
    found = running(work)
    clock = next((one for one in (() if found is None else found.clocks) if one.id == rule), None)
    if found is None or clock is None:
        raise Refusal("not-found", f"no clock {rule[:60]} runs for this case")
    return found, clock


def overdue(work: Work, rule: str) -> b.Overdue:
    """Return that a clock was missed; refuses where it was not."""
    found, clock = _clock(work, rule)
    missed_by = b.missed(clock, found.happened, found.calendar, work.now)
    if missed_by is None:
        raise Refusal("invalid", f"the clock {rule} was not missed")
    return missed_by


def authorized(work: Work, rule: str) -> None:
    """Refuse an authorization by law where the clock was not missed, or its law does not say so."""
    means = overdue(work, rule).clock.missed.means
    if means != "authorized-by-law":
        raise Refusal("invalid", f"the law of {rule} does not authorize by a missed clock: {means}")


def extended(work: Work, rule: str, ground: str, days: int) -> None:
    """Extend a clock on a ground of its own list; refused where its law does not admit it."""
    found, clock = _clock(work, rule)
    event = h.Extended(work.now, days, ground)
    if said := d.may_extend(clock, found.happened, event, found.calendar):
        raise Refusal("invalid", f"{rule}: {said}")
    _happened(work, event)


def climbed(work: Work) -> None:
    """Set the next moment at which the case climbs; refused before the moment that was set."""
    if (at := work.case["climbs_at"]) is None or at > work.now:
        raise Refusal("invalid", "the case does not climb yet")
    refresh(work)


def missed(work: Work, rule: str) -> str:
    """Record that a clock ran out; return what its law makes of it."""
    found = overdue(work, rule)
    if any(row["missed_at"] for row in work.rows(t.clock, rule=rule)):
        raise Refusal("invalid", f"that {rule} was missed is on record")
    work.set(t.clock, case_no=work.case_no, rule=rule, missed_at=found.at, status="overdue")
    return found.clock.missed.means
