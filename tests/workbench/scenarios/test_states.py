"""Pages that are empty, wrong, stale or refused: no barrier, no overflow, and they say what to do."""

from __future__ import annotations

import pytest

from priorauth.ledger.acts.files import File, FileDocument
from tests.ledger import house
from tests.workbench import browser as b
from tests.workbench.director import with_director
from tests.workbench.scenarios.conftest import MANAGER, Room

pytestmark = pytest.mark.slow


def keeps(seat: b.Seat, says: str) -> None:
    """See that a page says something, has no barrier, and fits both widths."""
    assert seat.sees(says), seat.page.inner_text("body")[:1500]
    assert seat.barriers() == "", seat.page.url
    for width in (b.WIDE, b.NARROW):
        seat.page.set_viewport_size({"width": width, "height": 900})
        assert seat.overflows() == 0, (seat.page.url, width)


def test_an_empty_page_says_what_would_be_there(room: Room) -> None:
    for who, path, says in (
        (house.NURSE, "/queue/nurse", "0 cases"),
        (house.COORDINATOR, "/clinic", "No question is open. You need to do nothing."),
        (MANAGER, "/metrics?year=2020", "2020"),
    ):
        with room.seat(who) as seat:
            assert seat.go(path) == 200
            keeps(seat, says)


def test_a_form_with_a_fault_leads_to_its_field_and_keeps_what_was_typed(room: Room) -> None:
    number = room.desk.receive("conflict")
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        seat.page.get_by_role("link", name="Settle", exact=True).first.click()
        seat.page.locator('form[action*="/settle/"] [name=why]').fill("The log is whole.")
        seat.page.locator('form[action*="/settle/"] button').first.click()
        keeps(seat, "There is a problem")
        assert seat.page.locator('form[action*="/settle/"] [name=why]').input_value() == "The log is whole."
        assert seat.page.evaluate("document.activeElement.id") == "wrong"


def test_what_is_stale_not_there_or_not_hers_is_said_on_a_page_that_can_be_read(room: Room) -> None:
    number = room.desk.receive("approve")
    other = with_director(room.store)
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        paper = File(title="late.pdf", media="application/pdf", content=b"%PDF-1.4 late")
        house.done(room.store, FileDocument(case=number, file=paper), house.COORDINATOR, room.desk.now)
        seat.press("Approve")
        keeps(seat, "The case has changed since you opened it")
        assert seat.go(f"/c/{other}/decide") == 403
        keeps(seat, "medical director")
        assert seat.go("/c/26-9999") == 404
        keeps(seat, "26-9999")
