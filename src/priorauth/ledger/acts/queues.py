"""Acts that move work and time: assign, take, hand over, snooze, route, extend; and what time itself brings."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from priorauth.ledger import clocking
from priorauth.ledger import tables as t
from priorauth.ledger.work import CaseAct, Refusal, Work, go, handles


class Assign(CaseAct, frozen=True, kw_only=True):
    """Give the case to a person of the staff."""

    name: ClassVar[str] = "assign"
    person: str


class Take(CaseAct, frozen=True, kw_only=True):
    """Take the case."""

    name: ClassVar[str] = "take"


class HandOver(CaseAct, frozen=True, kw_only=True):
    """Hand the case to a colleague, with a word on why."""

    name: ClassVar[str] = "hand-over"
    person: str


class Snooze(CaseAct, frozen=True, kw_only=True):
    """Put the case off until a moment, never past half of what is left of the clock that binds."""

    name: ClassVar[str] = "snooze"
    until: datetime


class RouteToNurse(CaseAct, frozen=True, kw_only=True):
    """Send the case to the nurses."""

    name: ClassVar[str] = "route-to-nurse"


class RouteToDirector(CaseAct, frozen=True, kw_only=True):
    """Send the case to the medical directors."""

    name: ClassVar[str] = "route-to-director"


class Extend(CaseAct, frozen=True, kw_only=True):
    """Extend a clock, on a ground of its own closed list, by so many of its days."""

    name: ClassVar[str] = "extend"
    rule: str
    ground: str
    days: int


class Climb(CaseAct, frozen=True, kw_only=True):
    """The clinic is silent and half of the clock is gone, or the nurse's limit is reached: the case goes up."""

    name: ClassVar[str] = "climb"


class MissClock(CaseAct, frozen=True, kw_only=True):
    """A clock ran out: it is recorded, and a person is told what the law makes of it."""

    name: ClassVar[str] = "miss-clock"
    rule: str


@handles(Assign)
def _assign(act: Assign, work: Work) -> None:
    _staff(work, act.person)
    work.set_case(owner=act.person)
    work.event("assigned", act.why, to=act.person)


@handles(Take)
def _take(act: Take, work: Work) -> None:
    work.set_case(owner=work.who.person)
    work.event("taken", act.why)


@handles(HandOver)
def _hand_over(act: HandOver, work: Work) -> None:
    if work.case["owner"] != work.who.person:
        raise Refusal("no-right", "expected her who has the case")
    _staff(work, act.person)
    work.set_case(owner=act.person)
    work.event("handed over", act.why, to=act.person)


def _staff(work: Work, person: str) -> None:
    day = work.today()
    held = {
        row["role"]
        for row in work.rows(t.role, person=person)
        if row["valid_from"] <= day and (row["valid_until"] is None or day <= row["valid_until"])
    }
    if work.case["queue"] not in held and not held & {"nurse", "director", "appeals"}:
        raise Refusal("invalid", f"{person[:64]} works in no queue")


@handles(Snooze)
def _snooze(act: Snooze, work: Work) -> None:
    due = work.case["due_at"]
    if act.until <= work.now:
        raise Refusal("invalid", "expected a moment to come")
    if due is not None and act.until > work.now + (due - work.now) / 2:
        raise Refusal("invalid", "that is past half of what is left of the clock")
    work.set_case(snoozed_until=act.until)
    work.event("put off", act.why, until=act.until)


@handles(RouteToNurse)
def _route_to_nurse(act: RouteToNurse, work: Work) -> None:
    go(work)
    work.event("routed", act.why, queue="nurse")


@handles(RouteToDirector)
def _route_to_director(act: RouteToDirector, work: Work) -> None:
    go(work)
    work.event("routed", act.why, queue=work.case["queue"])


@handles(Extend)
def _extend(act: Extend, work: Work) -> None:
    clocking.extended(work, act.rule, act.ground, act.days)
    work.event("extended", act.why, rule=act.rule, ground=act.ground, days=act.days)


@handles(Climb)
def _climb(act: Climb, work: Work) -> None:
    go(work)
    clocking.climbed(work)
    work.event("climbed", act.why, queue=work.case["queue"])


@handles(MissClock)
def _miss_clock(act: MissClock, work: Work) -> None:
    said = clocking.missed(work, act.rule)
    work.event("clock missed", act.why, rule=act.rule, means=said)
    work.send("staff", "clock-missed", case=work.case_no, rule=act.rule, means=said)
