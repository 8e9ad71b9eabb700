"""The clinic's list: what to answer first, drafts of all colleagues, what ends soon; nothing of another practice."""

from __future__ import annotations

from tests.ledger import house
from tests.workbench.house import Desk, plain


def test_what_waits_for_the_clinic_stands_first_with_its_next_step(day: Desk) -> None:
    number = day.receive("ask")
    page = day.get("/clinic", house.COORDINATOR)
    assert page.status_code == 200, page.text
    said = plain(page.text)
    assert said.index("To answer") < said.index(number) < said.index("With the payer")
    assert f'href="/c/{number}/answer"' in page.text
    assert "Ask Synthetic" in said


def test_another_practice_sees_nothing_of_it_and_what_would_be_here(day: Desk) -> None:
    number = day.receive("ask")
    said = plain(day.get("/clinic", house.OTHER_CLINIC).text)
    assert number not in said
    for empty in (
        "No question is open.",
        "No draft was kept.",
        "No approval ends",
        "The payer has none",
        "Nothing was decided",
    ):
        assert empty in said


def test_a_case_is_found_by_its_number_and_a_patient_by_name_without_the_name_in_the_address(day: Desk) -> None:
    number = day.receive("ask")
    found = day.send("/clinic", "/clinic", house.COORDINATOR, find=number)
    assert found.headers["location"] == f"/c/{number}"
    listed = day.send("/clinic", "/clinic", house.COORDINATOR, find="synthetic ASK")
    assert listed.status_code == 200
    assert number in plain(listed.text).split("All requests")[0]
    none = day.send("/clinic", "/clinic", house.OTHER_CLINIC, find=number)
    assert "Your practice has no such request." in plain(none.text)


def test_a_nurse_has_no_practice(day: Desk) -> None:
    assert day.get("/clinic", house.NURSE).status_code == 403
