"""The case page: what is open first, each criterion with its evidence, the clock, and what may be done."""

from __future__ import annotations

from typing import Final

from starlette.responses import RedirectResponse, Response

from priorauth.ledger import worklist
from priorauth.ledger.acts.calls import Note
from priorauth.ledger.worklist import Place
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form, whole_of
from priorauth.workbench.pages import queue
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import opened, ran, veil
from priorauth.workbench.visit import Visit, form, page

POLL: Final = 15
"""How often an open page asks whether there is a newer run, in seconds."""
_NOTHING: Final = 204


@page("case")
def case(visit: Visit) -> Response:
    """Show a case."""
    return shown(visit)


def shown(visit: Visit, form: Form = render.NO_FORM, status: int = 200) -> Response:
    """Return the page of a case; ``form``: what was typed on it, where it is shown again for that."""
    case = cases.opened(visit, visit.path("case"))
    found = opened.opened(visit, case)
    hidden = veil.veiled(visit, case)
    return render.page(
        visit,
        "case.html",
        status,
        case=found,
        form=form,
        poll=POLL,
        decided=words.DECIDED,
        veiled=hidden,
        stated=found.stated,
        quotes=found.quotes,
    )


@page("case-newer")
def newer(visit: Visit) -> Response:
    """Say whether there is a newer run than the one on an open page; nothing where there is none."""
    number = visit.path("case")
    whole = reads.case(visit.store, visit.who, number)
    seen = visit.asked("run")
    if not seen.isdecimal() or not 0 < int(seen) < whole.head.runs:
        return Response(status_code=_NOTHING)
    said = ran.arrived(whole, int(seen), visit.zone)
    return render.page(visit, "newer.html", number=number, seen=int(seen), says=said, last=whole.head.runs)


@form("case-note")
def note(visit: Visit, form: Form) -> Response:
    """Keep a note for colleagues."""
    said = form.text("said", "Write the note first.")
    if form.wrong:
        return shown(visit, form, 422)
    number = visit.path("case")
    visit.do(Note(case=number, key=visit.key(form), said=said))
    return visit.see(f"/c/{number}", "noted")


@page("case-next")
def following(visit: Visit) -> Response:
    """Open the case that is due after this one in a worklist; at its end, the worklist."""
    return _beside(visit, forward=True)


@page("case-previous")
def previous(visit: Visit) -> Response:
    """Open the case that is due before this one in a worklist; at its beginning, the worklist."""
    return _beside(visit, forward=False)


def _beside(visit: Visit, *, forward: bool) -> Response:
    number, name = visit.path("case"), visit.asked("in")
    name = name if name in queue.TITLES else queue.own(visit.role)
    wanted = queue.of(visit, name)
    head = reads.case(visit.store, visit.who, number).head
    place = Place(head.due_at, number)
    if forward:
        # a case that is decided has no place any more: from there one goes to the first
        after = place if head.closed_at is None else None
        lines = worklist.queue(visit.store, visit.who, wanted, visit.now, after=after, most=1).lines
        found = lines[0].case if lines else None
    else:
        found = worklist.before(visit.store, visit.who, wanted, visit.now, place)
    if found is None:
        return visit.see(f"/queue/{name}", "last" if forward else "first")
    return RedirectResponse(f"/c/{found}?in={name}", 303)


def number_of(visit: Visit, name: str) -> int:
    """Return a number that stands in the address; raises Problem where it is none."""
    said = visit.path(name)
    number = whole_of(said, 9)
    if number is None:
        raise Problem("not-found", f"case {visit.path('case')} has no {name} {said[:20]}")
    return number
