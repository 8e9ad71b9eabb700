"""Settling a criterion: its two sides beside each other, a choice, a reason. Else a nurse proposes."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from priorauth.ledger.acts.words import Propose, Settle, TakeBack
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import criteria, drawn, papers, stated, veil
from priorauth.workbench.visit import Visit, form, page

_VALUES: Final = ("shown", "not-shown")
_JUDGED: Final = "judged "


@page("case-settle")
def settle(visit: Visit) -> Response:
    """Show a criterion that is open, with its two sides."""
    return _shown(visit, render.NO_FORM)


@form("case-settle-send")
def send(visit: Visit, form: Form) -> Response:
    """Settle a criterion, or propose how to."""
    number, wanted = visit.path("case"), visit.path("criterion")
    value = form.one_of("value", _VALUES, "Choose a side.") == "shown"
    why = form.text("why", "Write why.")
    if form.wrong:
        return _shown(visit, form, 422)
    found = _found(cases.seen(visit, number), wanted)
    settles = _settles(visit.role, found)
    act = Settle if settles else Propose
    visit.do(act(case=number, version=visit.version(form), key=visit.key(form), criterion=wanted, value=value, why=why))
    return visit.see(f"/c/{number}", "settled" if settles else "proposed")


@form("case-take-back")
def take_back(visit: Visit, form: Form) -> Response:
    """Take one's own word back."""
    number, subject = visit.path("case"), form.said("subject")
    why = form.text("why", "Write why.")
    if form.wrong:
        raise Problem("invalid", form.wrong["why"])
    visit.do(TakeBack(case=number, version=visit.version(form), key=visit.key(form), subject=subject, why=why))
    return visit.see(f"/c/{number}", "taken-back")


def _found(case: cases.Case, wanted: str) -> tuple[criteria.Criterion, ...]:
    """Return a criterion of each open item that has it; raises Problem where none has."""
    still = {one.item for one in case.waiting}
    made = (one for one in case.whole.determinations if one.item in still)
    found = [criteria.find(one, wanted, whole=False) for one in made]
    if not any(found):
        raise Problem("not-found", f"case {case.number} has no open criterion {wanted[:60]}")
    return tuple(one for one in found if one is not None)


def _settles(role: str, found: tuple[criteria.Criterion, ...]) -> bool:
    """Whether she settles it herself: a nurse a conflict that is not judged, a clinician anything."""
    return role != "nurse" or all(one.status == "conflict" and not one.test.startswith(_JUDGED) for one in found)


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    number, wanted = visit.path("case"), visit.path("criterion")
    case = cases.opened(visit, number, f"criterion {wanted[:60]}")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{number}/decide", "read-first")
    found = _found(case, wanted)
    drawer = drawn.drawer(visit, case.whole)
    listed = stated.whole_of(visit, case.whole)
    return render.page(
        visit,
        "settle.html",
        status,
        case=case,
        id=wanted,
        found=found,
        settles=_settles(visit.role, found),
        drawn=drawer.timeline(case.waiting[0].item, only=wanted) if case.waiting else None,
        sources=papers.sources(visit, case.whole),
        documented=stated.of_criteria(case.whole.determinations, listed).get(wanted, ()),
        quotes={one.reference: one for one in listed},
        choices=_choices(found[0]),
        form=form,
    )


def _choices(one: criteria.Criterion) -> list[tuple[str, str]]:
    """Return the two ways to settle it, each with the side that speaks for it."""
    said = {side.verdict: f"{side.says}{f' ({side.value})' if side.value else ''}" for side in one.sides}
    return [
        ("shown", f"It is shown: {said['shown']}" if "shown" in said else "It is shown"),
        ("not-shown", f"It is not shown: {said['not shown']}" if "not shown" in said else "It is not shown"),
    ]
