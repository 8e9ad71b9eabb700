"""The case page: what is open first, each criterion with its evidence, the clock, and what may be done."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.responses import HTMLResponse, Response

from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.queues import HandOver, RouteToDirector, RouteToNurse, Snooze, Take
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit, form, page

_HOURS: Final = ("2", "4", "24")


@page("case")
def case(visit: Visit) -> Response:
    """Show a case."""
    found = cases.opened(visit, visit.path("case"))
    return render.page(visit, "case.html", case=found)


@page("case-newer")
def newer(visit: Visit) -> Response:
    """Say whether there is a newer run than the one on an open page; empty where there is none."""
    number = visit.path("case")
    whole = reads.case(visit.store, visit.who, number)
    seen = visit.asked("run")
    if not seen.isdecimal() or int(seen) >= whole.head.runs:
        return HTMLResponse("")
    return render.page(visit, "newer.html", number=number, seen=int(seen), last=whole.runs[-1] if whole.runs else None)


@form("case-take")
def take(visit: Visit, form: Form) -> Response:
    """Take the case."""
    number = visit.path("case")
    visit.do(Take(case=number, version=visit.version(form), key=visit.key(form)))
    return visit.see(f"/c/{number}", "taken")


@form("case-hand-over")
def hand_over(visit: Visit, form: Form) -> Response:
    """Hand the case to a colleague."""
    number = visit.path("case")
    person, why = form.said("person"), form.text("why") or None
    visit.do(HandOver(case=number, version=visit.version(form), key=visit.key(form), person=person, why=why))
    return visit.see(f"/c/{number}", "handed")


@form("case-snooze")
def snooze(visit: Visit, form: Form) -> Response:
    """Put the case off by some hours."""
    number = visit.path("case")
    hours = form.one_of("hours", _HOURS, "Choose for how long.")
    if form.wrong:
        raise Problem("invalid", form.wrong["hours"])
    until = visit.now + timedelta(hours=int(hours))
    visit.do(Snooze(case=number, version=visit.version(form), key=visit.key(form), until=until))
    return visit.see(f"/c/{number}", "snoozed")


@form("case-to-nurse")
def to_nurse(visit: Visit, form: Form) -> Response:
    """Send the case to the nurses."""
    number = visit.path("case")
    why = form.text("why") or None
    visit.do(RouteToNurse(case=number, version=visit.version(form), key=visit.key(form), why=why))
    return visit.see(f"/c/{number}", "to-nurse")


@form("case-to-director")
def to_director(visit: Visit, form: Form) -> Response:
    """Send the case to the medical directors."""
    number = visit.path("case")
    why = form.text("why") or None
    visit.do(RouteToDirector(case=number, version=visit.version(form), key=visit.key(form), why=why))
    return visit.see(f"/c/{number}", "to-director")


@form("case-approve")
def approve(visit: Visit, form: Form) -> Response:
    """Approve what the criteria show; the ledger refuses what they do not show."""
    number = visit.path("case")
    why = form.text("why") or None
    visit.do(Approve(case=number, version=visit.version(form), key=visit.key(form), why=why))
    return visit.see(f"/c/{number}", "approved")
