"""More time for what was approved: filled from the request before, resting on the approval, of one's own practice."""

from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.server.problem import Problem
from priorauth.workbench.drafts import again, check
from priorauth.workbench.drafts.draft import Draft
from priorauth.workbench.signin import sessions
from priorauth.workbench.visit import Visit
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench.drafts.hand import AT
from tests.workbench.house import Desk


def visit(day: Desk, who: Who = house.COORDINATOR) -> Visit:
    begun = sessions.begin(day.store, who.tenant, str(who.person), day.now, strong=False, role=who.role, how="a test")
    return Visit(Request({"type": "http"}), day.running.service, begun.session, "clinic-again")


def approved(day: Desk) -> str:
    number = day.receive("approve")
    if not rows(day.store, t.approval, case_no=number):
        day.send(f"/c/{number}", f"/c/{number}/approve", house.NURSE)
    return str(rows(day.store, t.approval, case_no=number)[0]["number"])


def test_the_draft_is_filled_from_the_request_before_and_rests_on_its_approval(desk: Desk) -> None:
    number = approved(desk)
    found, whole = again.approval(visit(desk), number)
    made = again.begun(visit(desk), found, whole)
    assert (made.kind, made.case, made.approval) == ("again", whole.head.case_no, number)
    assert made.request is not None
    assert made.request.content == house.example("approve")
    (response,) = (json.loads(one) for one in again.approvals(visit(desk), made))
    assert response["preAuthRef"] == number
    checked = check.checked(made, AT, again.approvals(visit(desk), made))
    assert [one.kind for one in checked.shown] == ["continued"]


def test_an_approval_of_another_practice_is_not_there(desk: Desk) -> None:
    number = approved(desk)
    with pytest.raises(Problem, match="no approval"):
        again.approval(visit(desk, house.OTHER_CLINIC), number)


def test_a_first_request_rests_on_no_approval(desk: Desk) -> None:
    assert again.approvals(visit(desk), Draft()) == ()
