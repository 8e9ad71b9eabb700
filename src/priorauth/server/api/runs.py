"""Runs: each determination of a case as it was made, and what one says differently from another."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from priorauth.ledger import difference
from priorauth.ledger.acts.calls import Read
from priorauth.server import reads, seen
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
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        return shapes.as_json({"runs": reads.runs(connection, caller.who, case)})


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
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        row, found = reads.run(connection, caller.who, case, number)
        staff = reads.staff(connection, caller.who)
    whole = {**row, "determinations": [one.as_json() for one in found]}
    return shapes.as_json(seen.made(caller.who, whole, staff))


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
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        _, old = reads.run(connection, caller.who, case, before)
        _, new = reads.run(connection, caller.who, case, after)
        staff = reads.staff(connection, caller.who)
    found = difference.differences(old, new)
    whole = {"before": before, "after": after, "items": found, "says": list(difference.sentences(found))}
    return shapes.as_json(seen.made(caller.who, whole, staff))
