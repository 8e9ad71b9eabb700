"""The runs of a case: what each found, what the next found differently, and whether it is found again bit for bit."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import Response

from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.care import replay
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import ran, veil
from priorauth.workbench.visit import Visit, form, page

_PAIR: Final = re.compile(r"([1-9]\d{0,5})\.\.([1-9]\d{0,5})")


@page("runs")
def runs(visit: Visit) -> Response:
    """List the runs."""
    return _listed(visit)


@form("case-replay")
def replayed(visit: Visit, form: Form) -> Response:
    """Do every run of the case again, and say of each whether it is the same bit for bit."""
    del form
    number = visit.path("case")
    cases.opened(visit, number, "replay of its runs")
    found = {one.number: one for one in replay.replay_case(visit.store, visit.session.tenant, number)}
    return _listed(visit, found)


@form("case-repeat")
def repeat(visit: Visit, form: Form) -> Response:
    """Run the case again as it stands: a policy was corrected, a coverage changed."""
    number = visit.path("case")
    visit.do(Repeat(case=number, version=visit.version(form), key=visit.key(form), why=form.text("why") or None))
    return visit.see(f"/c/{number}/runs", "repeated")


def _listed(visit: Visit, found: dict[int, replay.Replayed] | None = None) -> Response:
    case = cases.opened(visit, visit.path("case"), "runs")
    return render.page(visit, "runs.html", case=case, runs=ran.listed(case.whole), replayed=found or {})


@page("runs-difference")
def difference(visit: Visit) -> Response:
    """Show what a run found differently from an earlier one."""
    number, pair = visit.path("case"), _PAIR.fullmatch(visit.path("pair"))
    if pair is None:
        raise Problem("not-found", "expected two runs, as 1..2")
    before, after = int(pair[1]), int(pair[2])
    case = cases.opened(visit, number, f"runs {before} and {after}")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{number}/decide", "read-first")
    said = ran.differences(visit, number, before, after)
    shown = {one.number: one for one in ran.listed(case.whole)}
    return render.page(visit, "difference.html", case=case, before=shown[before], after=shown[after], said=said)
