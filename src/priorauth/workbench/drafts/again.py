"""More time for what was approved: the draft that is filled from the request before, and the approvals it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from priorauth.ledger import compose
from priorauth.ledger import tables as t
from priorauth.ledger.whole import Approval, Whole
from priorauth.ledger.work import CLINIC
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench.drafts import bundle
from priorauth.workbench.drafts.draft import Draft, Paper
from priorauth.workbench.visit import Visit


def approval(visit: Visit, number: str) -> tuple[Approval, Whole]:
    """Return an approval of one's practice with its case; raises Problem where there is none of that number."""
    one, of = t.approval.c, t.cases
    query = (
        select(one.case_no)
        .join(of, (of.c.tenant == one.tenant) & (of.c.case_no == one.case_no))
        .where(one.tenant == visit.session.tenant, one.number == number)
    )
    if visit.role in CLINIC:
        query = query.where(of.c.organisation == (visit.who.organisation or ""))
    with visit.store.reading(visit.session.tenant) as connection:
        case = connection.execute(query).scalar()
    if case is None:
        raise Problem("not-found", f"your practice has no approval {number[:40]}")
    whole = reads.case(visit.store, visit.who, case)
    return next(one for one in whole.approvals if one.number == number), whole


def begun(visit: Visit, found: Approval, whole: Whole) -> Draft:
    """Return the draft of a request for more time, filled from the request that was approved."""
    last = [one for one in whole.submissions if one.kind == "request"][-1]
    content = reads.content(visit.store, visit.who, last.sha256)
    request = Paper(number=1, name="the request before", media="application/fhir+json", kind="request", content=content)
    answers = [one for one in whole.submissions if one.kind == "answers"]
    more = [
        Paper(
            number=place,
            name=f"answers of {one.received_at:%Y-%m-%d}",
            media="application/fhir+json",
            kind="resources",
            content=reads.content(visit.store, visit.who, one.sha256),
        )
        for place, one in enumerate(answers, 2)
    ]
    return Draft(kind="again", case=whole.head.case_no, approval=found.number, files=(request, *more))


def approvals(visit: Visit, one: Draft) -> tuple[bytes, ...]:
    """Return the approvals of the case that a draft asks more time for, as the payer's answers that a check reads."""
    if one.kind != "again" or one.request is None:
        return ()
    whole = reads.case(visit.store, visit.who, one.case)
    claim = bundle.claim_of(compose.read(one.request.content, one.request.name))
    made: dict[int, date] = {each.number: each.on_day for each in whole.decisions}
    return tuple(_response(claim, each, made) for each in whole.approvals if each.end_why != "filed-in-error")


def _response(claim: dict[str, Any], one: Approval, made: dict[int, date]) -> bytes:
    last = min((day for day in (one.valid_until, one.ends) if day), default=None)
    day = made.get(one.decision, one.valid_from)
    return compose.approval_of(claim, one.number, one.product, day, one.valid_from, last)
