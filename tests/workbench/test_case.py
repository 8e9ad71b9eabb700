"""The case page: what it shows to whom, and what is sent from it."""

from __future__ import annotations

from tests.ledger import house
from tests.workbench.house import Desk, both


@both
def test_a_nurse_sees_the_criteria_and_takes_the_case(desk: Desk) -> None:
    number = desk.receive("ask")
    page = desk.get(f"/c/{number}", house.NURSE)
    assert page.status_code == 200, page.text
    assert "II.A.T.7" in page.text
    assert desk.send(f"/c/{number}", f"/c/{number}/take", house.NURSE).status_code == 303
    assert "Nina Nurse" in desk.get("/queue/mine", house.NURSE).text


@both
def test_another_clinic_finds_no_case_of_that_number(desk: Desk) -> None:
    number = desk.receive("ask")
    assert desk.get(f"/c/{number}", house.COORDINATOR).status_code == 200
    assert desk.get(f"/c/{number}", house.OTHER_CLINIC).status_code == 404


def test_who_is_not_signed_in_is_led_to_the_sign_in(desk: Desk) -> None:
    answer = desk.running.client.get("/queue", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
