"""Answers that a nurse enters for the clinic: what it said by phone, sent by fax or post; marked so."""

from __future__ import annotations

from typing import Final, cast

from starlette.responses import Response

from priorauth.ledger import runs
from priorauth.ledger.acts.intake import Answer, Channel
from priorauth.ledger.columns import canonical
from priorauth.ledger.events import Who
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.drafts import answers, asks, bundle
from priorauth.workbench.drafts.answers import Typed
from priorauth.workbench.drafts.asks import Thing
from priorauth.workbench.forms import Form
from priorauth.workbench.pages.enter import BY
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit, form, page

SAID_BY: Final = (("coordinator", "The prescriber's practice"), ("supplier", "The supplier"))
"""Who told it: a supplier's word does not settle what a prescriber has to say."""


@page("case-answers")
def ask(visit: Visit) -> Response:
    """Show what is asked, with its fields."""
    return _shown(visit, cases.opened(visit, visit.path("case"), "questions"), render.NO_FORM, {})


@form("case-answers-send")
def send(visit: Visit, form: Form) -> Response:
    """Send what the clinic told, for it."""
    case = cases.seen(visit, visit.path("case"))
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    by = form.one_of("by", tuple(by for by, _ in BY), "Choose how it was told.")
    told = form.one_of("told", tuple(role for role, _ in SAID_BY), "Choose who told it.")
    typed = answers.typed(form, vocabulary, {})
    if not form.wrong and not answers.answered(typed):
        form.wrong["answers"] = "Answer at least one question."
    if form.wrong:
        return _shown(visit, case, form, typed, 422)
    behalf = case.whole.head.organisation
    if behalf is None:
        raise Problem("invalid", f"case {case.number} came from no clinic that we know")
    _, claim = cases.bundle(visit, case.whole)
    author = bundle.author(Who(visit.session.tenant, None, told, behalf), claim)
    response = answers.response(typed, vocabulary, claim, author, visit.now.replace(microsecond=0))
    act = Answer(
        case=case.number,
        version=visit.version(form),
        key=visit.key(form),
        response=canonical(response),
        channel=cast("Channel", by),
        why=f"told by {by}",
    )
    visit.do(act, behalf)
    return visit.see(f"/c/{case.number}", "entered")


def _things(visit: Visit, case: cases.Case) -> tuple[Thing, ...]:
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    still = {one.item for one in case.waiting}
    listed = (one for one in case.whole.determinations if one.item in still)
    return tuple(thing for one in listed for thing in asks.things(one, vocabulary, "coordinator"))


def _shown(visit: Visit, case: cases.Case, form: Form, typed: Typed, status: int = 200) -> Response:
    listed = {"things": _things(visit, case), "typed": typed, "ways": BY, "told": SAID_BY}
    return render.page(visit, "enter-answers.html", status, case=case, form=form, **listed)
