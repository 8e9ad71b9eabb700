"""What a nurse does with a case: take it, hand it over, put it off, send it on, approve it, close it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from starlette.responses import Response

from priorauth.ledger.acts.decisions import Approve, SendElsewhere
from priorauth.ledger.acts.intake import Close, CloseInError, CloseNotOurs
from priorauth.ledger.acts.queues import HandOver, RouteToDirector, RouteToNurse, Snooze, Take
from priorauth.ledger.work import Act
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form
from priorauth.workbench.pages import case as page_of
from priorauth.workbench.pages.queue import TITLES
from priorauth.workbench.view import case as cases
from priorauth.workbench.view.opened import LATER
from priorauth.workbench.visit import Visit, form, page

_HOURS: Final = tuple(str(hours) for hours, _ in LATER)


def _after(visit: Visit, form: Form, said: str) -> Response:
    """Lead back to where the form stood: a row of a worklist, or the case."""
    queue = form.said("in")
    return visit.see(f"/queue/{queue}" if queue in TITLES else f"/c/{visit.path('case')}", said)


@form("case-take")
def take(visit: Visit, form: Form) -> Response:
    """Take the case."""
    visit.do(Take(case=visit.path("case"), version=visit.version(form), key=visit.key(form)))
    return _after(visit, form, "taken")


@form("case-hand-over")
def hand_over(visit: Visit, form: Form) -> Response:
    """Hand the case to a colleague."""
    person, why = form.text("person", "Choose a colleague."), form.text("why") or None
    if form.wrong:
        return page_of.shown(visit, form, 422)
    number = visit.path("case")
    visit.do(HandOver(case=number, version=visit.version(form), key=visit.key(form), person=person, why=why))
    return _after(visit, form, "handed")


@form("case-snooze")
def snooze(visit: Visit, form: Form) -> Response:
    """Put the case off by some hours."""
    hours = form.one_of("hours", _HOURS, "Choose for how long.")
    if form.wrong:
        return page_of.shown(visit, form, 422)
    until = visit.now + timedelta(hours=int(hours))
    visit.do(Snooze(case=visit.path("case"), version=visit.version(form), key=visit.key(form), until=until))
    return _after(visit, form, "snoozed")


@form("case-to-nurse")
def to_nurse(visit: Visit, form: Form) -> Response:
    """Send the case to the nurses."""
    why = form.text("why") or None
    visit.do(RouteToNurse(case=visit.path("case"), version=visit.version(form), key=visit.key(form), why=why))
    return _after(visit, form, "to-nurse")


@form("case-to-director")
def to_director(visit: Visit, form: Form) -> Response:
    """Send the case to the medical directors."""
    why = form.text("why") or None
    visit.do(RouteToDirector(case=visit.path("case"), version=visit.version(form), key=visit.key(form), why=why))
    return _after(visit, form, "to-director")


@form("case-approve")
def approve(visit: Visit, form: Form) -> Response:
    """Approve what the criteria show; the ledger refuses what they do not show."""
    why = form.text("why") or None
    visit.do(Approve(case=visit.path("case"), version=visit.version(form), key=visit.key(form), why=why))
    queue = form.said("list")
    kept = f"?in={queue}" if queue in TITLES else ""
    return visit.see(f"/c/{visit.path('case')}{kept}", "approved")


@page("case-close")
def close_page(visit: Visit) -> Response:
    """Show by which ways a case ends without a decision."""
    return _close(visit, render.NO_FORM)


@form("case-close-send")
def close(visit: Visit, form: Form) -> Response:
    """End a case for a reason that decides nothing of what is asked."""
    way = form.one_of("way", tuple(way for way, _ in words.CLOSE), "Choose why it ends here.")
    why = form.text("why", "Write why, and where the request belongs." if way != "duplicate" else None)
    of = form.text("of", "Write the number of the other case." if way == "duplicate" else None, most=32)
    if form.wrong:
        return _close(visit, form, 422)
    visit.do(_closing(visit, form, way, (why or None, of)))
    return visit.see(f"/c/{visit.path('case')}", way)


def _closing(visit: Visit, form: Form, way: str, said: tuple[str | None, str]) -> Act:
    number, version, key = visit.path("case"), visit.version(form), visit.key(form)
    why, of = said
    if way == "elsewhere":
        return SendElsewhere(case=number, version=version, key=key, why=why)
    if way == "duplicate":
        return Close(case=number, version=version, key=key, why=why, of=of)
    act = CloseNotOurs if way == "not-ours" else CloseInError
    return act(case=number, version=version, key=key, why=why)


def _close(visit: Visit, form: Form, status: int = 200) -> Response:
    found = cases.opened(visit, visit.path("case"))
    return render.page(visit, "close.html", status, case=found, form=form, ways=words.CLOSE)
