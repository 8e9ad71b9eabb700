"""The clocks of a case: how each stands, how one is extended, and what the law makes of one that was missed."""

from __future__ import annotations

from starlette.responses import Response

from priorauth.ledger.acts.decisions import AuthorizeByLaw
from priorauth.ledger.acts.queues import Extend
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view.timing import longer
from priorauth.workbench.visit import Visit, form, page


@page("case-clock")
def clock(visit: Visit) -> Response:
    """Show the clocks."""
    return _shown(visit, render.NO_FORM)


@form("clock-extend")
def extend(visit: Visit, form: Form) -> Response:
    """Extend a clock on a ground of its own list; the letter that tells it comes next."""
    number = visit.path("case")
    case = cases.seen(visit, number)
    rules = {
        f"{one.rule} {ground}": (one.rule, ground) for one in longer(visit, case.whole) for ground, _ in one.grounds
    }
    chosen = form.one_of("ground", tuple(rules), "Choose the clock and the ground.")
    days = form.whole("days", "Write by how many days, as in 14.")
    why = form.text("why", "Write why, in a sentence.")
    if form.wrong:
        return _shown(visit, form, 422)
    rule, ground = rules[chosen]
    act = Extend(
        case=number, version=visit.version(form), key=visit.key(form), rule=rule, ground=ground, days=days, why=why
    )
    visit.do(act)
    return visit.see(f"/c/{number}/notice/new?kind=extension", "extended")


@form("clock-law")
def by_law(visit: Visit, form: Form) -> Response:
    """Record that the law authorizes the request, for its clock was missed; it is told by a letter."""
    number = visit.path("case")
    why = form.text("because", "Write what you have checked, in a sentence.")
    if form.wrong:
        return _shown(visit, form, 422)
    act = AuthorizeByLaw(case=number, version=visit.version(form), key=visit.key(form), rule=form.said("rule"), why=why)
    visit.do(act)
    return visit.see(f"/c/{number}/notice/new?kind=missed-clock", "by-law")


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "clocks")
    return render.page(visit, "clock.html", status, case=case, longer=longer(visit, case.whole), form=form)
