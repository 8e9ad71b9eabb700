"""What a clinic does after it has sent: take back, appeal with what is new, ask for more time of what was approved."""

from __future__ import annotations

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, hidden, plain
from tests.workbench.test_leaves import PDF


def test_a_request_is_taken_back_with_why(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/withdraw"
    bare = day.send(at, at, house.COORDINATOR)
    assert bare.status_code == 422
    assert "Write why." in bare.text
    day.send(at, at, house.COORDINATOR, why="The member moved.")
    assert case(day.store, number)["state"] == "withdrawn"
    assert "It cannot be taken back any more." in plain(day.get(at, house.COORDINATOR).text)
    assert day.get(at, house.OTHER_CLINIC).status_code == 404


def decided(day: Desk) -> str:
    number = day.receive("review")
    if case(day.store, number)["state"] != "with-director":
        house.done(day.store, RouteToDirector(case=number), house.NURSE, day.now)
    act = DecideAdversely(case=number, reasons=(house.REASON,), licence=house.LICENCE)
    house.done(day.store, act, house.DIRECTOR, day.now)
    return number


def test_an_appeal_takes_the_record_and_what_is_new_to_another_reviewer(day: Desk) -> None:
    number = decided(day)
    at = f"/c/{number}/appeal"
    headers = day.sign_in(house.COORDINATOR)
    page = day.running.client.get(at, headers=headers)
    assert " checked" not in page.text.split("<main")[1]
    bare = day.post(at, headers, hidden(page.text, at))
    assert bare.status_code == 422
    for said in ("Choose who appeals.", "Choose how urgent it is.", "Write why the decision"):
        assert said in bare.text
    fields = {"by": "representative", "fast": "yes", "why": "A newer result is there."}
    files = {"files": ("letter.pdf", PDF, "application/pdf")}
    sent = day.post(at, headers, {**hidden(bare.text, at), **fields}, files=files)
    appeal = sent.headers["location"].split("/")[2].partition("?")[0]
    found = case(day.store, appeal)
    assert (found["kind"], found["base"], found["priority"]) == ("appeal", number, "expedited")
    assert found["about"]["filed_by"] == "representative"
    assert [row["name"] for row in rows(day.store, t.document, case_no=appeal)] == ["letter.pdf"]


def test_there_is_no_appeal_before_a_decision(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('ask')}/appeal", house.COORDINATOR)
    assert "There is no decision to appeal: the request is not decided yet." in plain(page.text)
    assert "<textarea" not in page.text


def test_a_trial_near_its_end_brings_the_clinic_a_filled_continued_use_request(day: Desk) -> None:
    number = day.receive("approve")
    day.send(f"/c/{number}", f"/c/{number}/approve", house.NURSE)
    (approval,) = rows(day.store, t.approval, case_no=number)
    at = f"/clinic/again/{approval['number']}"
    said = plain(day.get(at, house.COORDINATOR).text)
    assert "continued" in said
    assert "What must still be shown" in said
    assert day.get(at, house.OTHER_CLINIC).status_code == 404
    begun = day.send(at, at, house.COORDINATOR).headers["location"]
    assert day.send(at, at, house.COORDINATOR).headers["location"] == begun
    assert "A request for more time after case" in plain(day.get(begun, house.COORDINATOR).text)
    sent = day.send(f"{begun}/send", f"{begun}/send", house.COORDINATOR, do="send")
    asked = sent.headers["location"].split("/")[2].partition("?")[0]
    found = case(day.store, asked)
    assert (found["kind"], found["base"]) == ("reauthorization", number)
