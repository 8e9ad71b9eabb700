"""Asking the clinic for what is missing: which of it, until when, and what the letter will say."""

from __future__ import annotations

from starlette.responses import Response

from priorauth.ledger.acts.notices import AskClinic
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import asking, veil
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit, form, page


@page("case-ask")
def ask(visit: Visit) -> Response:
    """Show what may be asked; all of it is chosen, for that is what the last run asks."""
    return _shown(visit, render.NO_FORM)


@form("case-ask-send")
def send(visit: Visit, form: Form) -> Response:
    """Ask the clinic for what was chosen, and nothing beside it."""
    number = visit.path("case")
    case = cases.seen(visit, number)
    listed = asking.things(case.whole)
    chosen = [one for one in listed if one.key in form.every("thing")]
    if not chosen:
        form.wrong["thing"] = "Choose at least one thing to ask."
    until = form.moment("until", visit.zone, None)
    if form.said("until") and until is None:
        form.wrong["until"] = "Write day and hour as in 2026-11-27 14:30."
    proposed = asking.until(case.whole, visit.plan["settings"], visit.now)
    if until is not None and until <= visit.now:
        form.wrong["until"] = "Choose a day and hour to come."
    elif until is not None and proposed.least is not None and until < proposed.least:
        form.wrong["until"] = f"The law gives the clinic at least until {render.moment(proposed.least, visit.zone)}."
    if form.wrong:
        return _shown(visit, form, 422)
    facts = tuple(dict.fromkeys(fact for one in chosen for fact in one.facts))
    visit.do(AskClinic(case=number, version=visit.version(form), key=visit.key(form), facts=facts, until=until))
    return visit.see(f"/c/{number}", "asked")


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "questions")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{case.number}/decide", "read-first")
    listed = asking.things(case.whole)
    return render.page(
        visit,
        "ask.html",
        status,
        case=case,
        things=listed,
        chosen=form.every("thing") if status != 200 else tuple(one.key for one in listed),  # noqa: PLR2004 - a page
        until=asking.until(case.whole, visit.plan["settings"], visit.now),
        form=form,
    )
