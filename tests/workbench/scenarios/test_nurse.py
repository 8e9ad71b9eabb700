"""The nurse's day, in a browser."""

from __future__ import annotations

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.director import reason
from tests.workbench.house import hidden
from tests.workbench.scenarios.conftest import Room

pytestmark = pytest.mark.slow
MANY = 10
POLL = 20_000


def test_a_nurse_goes_through_ten_cases_with_the_keyboard_alone(room: Room) -> None:
    numbers = [room.desk.receive("approve") for _ in range(MANY)]
    with room.seat(house.NURSE) as seat:
        seat.go("/queue")
        keys = seat.page.keyboard
        for turn in range(MANY):
            keys.press("j")
            keys.press("Enter")
            seat.page.wait_for_url("**/c/**")
            for _ in range(60):
                if seat.page.evaluate("document.activeElement.textContent.trim()") == "Approve":
                    break
                keys.press("Tab")
            else:
                pytest.fail("Tab does not lead to Approve")
            with seat.page.expect_navigation():
                keys.press("Enter")
            assert sum(case(room.store, one)["state"] == "approved" for one in numbers) == turn + 1
            if "/queue" not in seat.page.url:
                with seat.page.expect_navigation():
                    keys.press("u")
    assert {case(room.store, one)["state"] for one in numbers} == {"approved"}


def test_letters_typed_in_a_reason_never_trigger_keys(room: Room) -> None:
    number = room.desk.receive("conflict")
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        address = seat.page.url
        said = "jknpedqugatrmc/[]? the letter says five"
        seat.page.locator("#f-said").click()
        seat.page.keyboard.type(said)
        assert seat.page.url == address
        assert seat.page.locator("#f-said").input_value() == said


def test_a_nurse_sees_both_sides_of_a_conflict_with_document_and_day_without_leaving_the_case(room: Room) -> None:
    number = room.desk.receive("conflict")
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        address = seat.page.url
        sides = seat.page.locator("[data-open]").first
        text = sides.inner_text()
        assert "two sides" in text.lower()
        assert "not shown, 2 a day" in text
        assert "60 times self-test of glucose 22 Oct to 20 Nov 2026" in text
        assert "5.00 a day since 15 Jan 2026" in text
        assert sides.locator("a").count() > 0
        assert seat.page.url == address


def test_a_document_that_arrives_while_the_case_is_open_shows_a_banner_and_moves_nothing(room: Room) -> None:
    number = room.desk.receive("ask")
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        before = seat.page.locator("h2").all_inner_texts()
        seat.page.locator("#f-said").fill("half a note")
        answers = File(
            title="answers.json",
            media="application/fhir+json",
            kind="resources",
            content=b'{"resourceType": "Bundle", "type": "collection", "entry": []}',
        )
        house.done(room.store, FileDocument(case=number, file=answers), house.COORDINATOR, room.desk.now)
        banner = seat.page.get_by_role("status").filter(has_text="nothing on it has moved")
        banner.wait_for(timeout=POLL)
        assert seat.page.locator("h2").all_inner_texts() == before
        assert seat.page.locator("#f-said").input_value() == "half a note"


def test_approving_on_an_older_run_is_refused_with_the_difference_and_keeps_the_text(room: Room) -> None:
    number = room.desk.receive("approve")
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        paper = File(title="late.pdf", media="application/pdf", content=b"%PDF-1.4 late")
        house.done(room.store, FileDocument(case=number, file=paper), house.COORDINATOR, room.desk.now)
        seat.press("Approve")
        assert seat.sees("The case has changed since you opened it")
        assert seat.sees("Nothing was done")
        assert seat.sees("late.pdf") or seat.sees("document")
    assert case(room.store, number)["state"] == "with-nurse"
    assert rows(room.store, t.decision, case_no=number) == []


def test_a_nurse_finds_no_way_to_an_adverse_decision_by_page_form_or_address(room: Room) -> None:
    number = room.desk.receive("review")
    with room.seat(house.NURSE) as seat:
        for path in ("/queue", "/queue/director", f"/c/{number}", f"/c/{number}/close", f"/c/{number}/clock"):
            seat.go(path)
            actions = [one.get_attribute("action") or "" for one in seat.page.locator("form").all()]
            links = [one.get_attribute("href") or "" for one in seat.page.locator("a").all()]
            assert not [one for one in (*actions, *links) if "/decide" in one], path
            assert "deny" not in seat.page.inner_text("body").lower(), path
        assert seat.go(f"/c/{number}/decide?as=adverse&step=2") == 403
        assert seat.sees("medical director")
    headers = room.desk.sign_in(house.NURSE)
    marks = hidden(room.desk.running.client.get(f"/c/{number}", headers=headers).text, "/sign-out")
    typed = {**marks, **reason("1"), "as": "adverse", "licence": house.LICENCE, "version": "3"}
    for form in ("sign", "letter"):
        assert room.desk.post(f"/c/{number}/decide/{form}", headers, typed).status_code == 403
    assert rows(room.store, t.decision, case_no=number) == []
