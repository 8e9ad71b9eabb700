"""The appeal as its reviewer works on it: the first decision beside the run on the enlarged record."""

from __future__ import annotations

from starlette.responses import Response

from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.view import appeal as view
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import veil
from priorauth.workbench.view.signing import signer
from priorauth.workbench.visit import Visit, page


@page("appeal-review")
def appeal(visit: Visit) -> Response:
    """Show an appeal beside what is appealed."""
    number = visit.path("case")
    case = cases.opened(visit, number, "appeal")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{case.number}/decide", "read-first")
    if case.whole.head.kind != "appeal":
        raise Problem("not-found", f"case {number} is no appeal")
    who = signer(visit, case.whole)
    return render.page(
        visit, "appeal-review.html", case=case, review=view.review(visit, case.whole, who.reviewer or who.nurse)
    )
