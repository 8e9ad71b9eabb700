"""Runs: each determination of a case as it was made, and what one says differently from another."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from priorauth.ledger import difference
from priorauth.ledger.acts.calls import Read
from priorauth.server import reads
from priorauth.server.api import acts, shapes
from priorauth.server.api.shapes import CaseNumber, Number
from priorauth.server.service import reading
from priorauth.server.who import Asking

made = APIRouter()


@made.get(
    "/cases/{case}/runs",
    operation_id="runs",
    summary="List the runs of a case: when, why, with which outcome.",
    tags=["runs"],
    responses=shapes.answers("the runs", 403, 404),
)
def runs(request: Request, caller: Asking, case: CaseNumber) -> Response:
    """Return the runs of a case without what they found."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what="runs"), caller.who)
    with reading():
        return shapes.as_json({"runs": reads.case(caller.store, caller.who, case).runs})


@made.get(
    "/cases/{case}/runs/{number}",
    operation_id="run",
    summary="Return a run with its determinations, as `determine` gives them.",
    tags=["runs"],
    responses=shapes.answers("the run", 403, 404),
)
def run(request: Request, caller: Asking, case: CaseNumber, number: Number) -> Response:
    """Return a run; that it was opened is recorded."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what=f"run {number}"), caller.who)
    with reading():
        row, found = reads.run(caller.store, caller.who, case, number)
    return shapes.as_json({**row, "determinations": [one.as_json() for one in found]})


@made.get(
    "/cases/{case}/runs/{before}/difference/{after}",
    operation_id="difference",
    summary="Say what one run of a case says differently from another.",
    tags=["runs"],
    responses=shapes.answers("the difference, as data and in words", 403, 404),
)
def differ(request: Request, caller: Asking, case: CaseNumber, before: Number, after: Number) -> Response:
    """Return the difference of two runs; that they were opened is recorded."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what=f"runs {before} and {after}"), caller.who)
    with reading():
        _, old = reads.run(caller.store, caller.who, case, before)
        _, new = reads.run(caller.store, caller.who, case, after)
    found = difference.differences(old, new)
    said = list(difference.sentences(found))
    return shapes.as_json({"before": before, "after": after, "items": found, "says": said})
