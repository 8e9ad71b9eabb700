"""The worklist: open cases by the clock that binds, with why each is here."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from priorauth.ledger import worklist
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import queue as view
from priorauth.workbench.visit import Visit, page

_OWN: Final = {"nurse": "nurse", "director": "director", "appeals": "appeals", "manager": "nurse"}
TITLES: Final = {
    "mine": "Mine",
    "nurse": "Nurses",
    "director": "Medical directors",
    "appeals": "Appeals",
    "clinic": "With the clinics",
}
MOST: Final = 50


@page("queue")
def queue(visit: Visit) -> Response:
    """Show the queue of her role."""
    return _shown(visit, _OWN[visit.role])


@page("queue-named")
def named(visit: Visit) -> Response:
    """Show a queue by its name."""
    name = visit.path("name")
    if name not in TITLES:
        raise Problem("not-found", f"expected one of {', '.join(TITLES)}")
    return _shown(visit, name)


def _shown(visit: Visit, name: str) -> Response:
    wanted = _wanted(visit, name)
    found = worklist.queue(
        visit.store, visit.who, wanted, visit.now, after=reads.place(visit.asked("after") or None), most=MOST
    )
    names = cases.names(visit, (one.owner for one in found.lines if one.owner))
    settings = visit.plan["settings"]
    rows = [view.row(one, settings, names, visit.now, visit.zone) for one in found.lines]
    further = None if found.next is None else reads.cursor(found.next.due_at, found.next.case)
    counts = worklist.counts(visit.store, visit.who, wanted, visit.now)
    return render.page(
        visit,
        "queue.html",
        name=name,
        titles=TITLES,
        rows=rows,
        next=further,
        counts=counts,
        number=visit.asked("number"),
    )


def _wanted(visit: Visit, name: str) -> worklist.Wanted:
    number = visit.asked("number")[:12] or None
    mine = name == "mine"
    return worklist.Wanted(
        queue=None if mine else name,
        owner=(visit.who.person or "") if mine else None,
        number=number,
        payer=visit.asked("payer")[:60] or None,
        kind=visit.asked("kind")[:60] or None,
    )
