"""A call between clinicians: times are offered, one is booked, and what it added is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from starlette.responses import Response

from priorauth.ledger.acts.calls import RecordCall
from priorauth.ledger.acts.peer import MOST_MINUTES, MOST_TIMES, BookCall, OfferCall, arranged
from priorauth.ledger.allowed import defaults
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import letters
from priorauth.workbench.visit import Visit, form, page

_ROWS: Final = 4
"""How many times the form offers at first."""


@page("peer")
def peer(visit: Visit) -> Response:
    """Show what is arranged, and the calls that were held."""
    return _shown(visit, render.NO_FORM)


@form("peer-offer")
def offer(visit: Visit, form: Form) -> Response:
    """Offer the clinic times."""
    number = visit.path("case")
    times = tuple(_times(visit, form))
    if not times and not form.wrong:
        form.wrong["time-1"] = "Write at least one time, as in 2026-11-27 14:30."
    minutes = form.whole("minutes", f"Write for how many minutes, from 1 to {MOST_MINUTES}.")
    if "minutes" not in form.wrong and not 0 < minutes <= MOST_MINUTES:
        form.wrong["minutes"] = f"Write for how many minutes, from 1 to {MOST_MINUTES}."
    if form.wrong:
        return _shown(visit, form, 422)
    visit.do(OfferCall(case=number, version=visit.version(form), key=visit.key(form), times=times, minutes=minutes))
    return visit.see(f"/c/{number}/peer", "call-offered")


def _times(visit: Visit, form: Form) -> Iterator[datetime]:
    """Yield the times that were typed."""
    for place in range(1, MOST_TIMES + 1):
        found = form.moment(f"time-{place}", visit.zone, None)
        if found is not None and found <= visit.now:
            form.wrong[f"time-{place}"] = "Write a time that is still to come."
        elif found is not None:
            yield found


@form("peer-book")
def book(visit: Visit, form: Form) -> Response:
    """Book a call."""
    number = visit.path("case")
    chosen = form.said("chosen")
    at = _chosen(chosen) or form.moment("at", visit.zone, "Choose a time, or write one as in 2026-11-27 14:30.")
    if at is not None and at <= visit.now:
        form.wrong["chosen" if chosen else "at"] = "That time is over: choose one that is still to come."
    with_whom = form.text("with_whom", "Write who speaks for the clinic.", most=200)
    phone = form.text("phone", most=200)
    if form.wrong or at is None:
        return _shown(visit, form, 422)
    act = BookCall(
        case=number, version=visit.version(form), key=visit.key(form), at=at, with_whom=with_whom, phone=phone
    )
    visit.do(act)
    return visit.see(f"/c/{number}/peer", "call-booked")


def _chosen(said: str) -> datetime | None:
    """Return the offered time that was chosen; None where none was."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


@form("peer-record")
def record(visit: Visit, form: Form) -> Response:
    """Write down a call that was held."""
    number = visit.path("case")
    held_at = form.moment("held_at", visit.zone, "Write when it was held, as in 2026-11-27 14:30.")
    if held_at is not None and held_at > visit.now:
        form.wrong["held_at"] = "Write a call that was held: this time is still to come."
    with_whom = form.text("spoke_with", "Write with whom you spoke.", most=200)
    said = form.text("said", "Write what the call added.")
    if form.wrong or held_at is None:
        return _shown(visit, form, 422)
    act = RecordCall(
        case=number, version=visit.version(form), key=visit.key(form), held_at=held_at, with_whom=with_whom, said=said
    )
    visit.do(act)
    return visit.see(f"/c/{number}/peer", "call-recorded")


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "calls")
    call = arranged(case.whole.head.about)
    offered = [datetime.fromisoformat(one) for one in call.get("offered", ())]
    booked = datetime.fromisoformat(call["at"]) if "at" in call else None
    office = letters.office(visit, case.whole.head.payer)
    owes = letters.owes(office)
    return render.page(
        visit,
        "peer.html",
        status,
        case=case,
        offered=[one for one in offered if one > visit.now],
        call=call,
        booked=booked,
        rows=_ROWS,
        minutes=int(visit.plan["settings"].get("call_minutes", defaults()["call_minutes"])),
        window=letters.window(office),
        owes=owes,
        form=form,
    )
