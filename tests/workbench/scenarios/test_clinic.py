"""The clinic's day, in a browser."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import Approve
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench import browser as b
from tests.workbench.scenarios.conftest import COLLEAGUE, Room

pytestmark = pytest.mark.slow
ASK = house.EXAMPLES / "ask.json"
TITLE = "At least four glucose tests a day"


def checked(seat: b.Seat) -> None:
    """Check a request before it is sent."""
    seat.go("/clinic/check")
    seat.page.get_by_label("Files", exact=True).set_input_files(ASK)
    seat.press("Check it")


def missing(seat: b.Seat) -> str:
    """Return what the page says is missing, as far as it goes."""
    text = seat.page.inner_text("main")
    return text[text.index("Missing (") : text.index("Shown (")] if "Missing (" in text else ""


def test_a_coordinator_learns_before_sending_that_the_hba1c_is_too_old(room: Room) -> None:
    with room.seat(house.COORDINATOR) as seat:
        checked(seat)
        assert seat.sees("Nothing was sent")
        assert "8.7" in missing(seat)
        assert "15 Jul 2025" in missing(seat)
        assert "too old" in missing(seat)
        assert rows(room.store, t.cases) == []


def test_a_meter_file_dropped_on_the_pre_check_turns_four_tests_a_day_to_shown(room: Room) -> None:
    lines = ["timestamp,glucose (mg/dL),device"]
    for back in range(70, -1, -1):
        on = date(2026, 11, 20) - timedelta(days=back)
        lines += [f"{on} {at},{140 + back},meter" for at in ("07:05", "12:10", "15:20", "18:30", "22:00")]
    with room.seat(house.COORDINATOR) as seat:
        checked(seat)
        assert TITLE in missing(seat)
        dropped(seat, "meter.csv", "\n".join((*lines, "")))
        seat.press("Check again")
        assert TITLE not in missing(seat)
        seat.page.get_by_text("Shown (").first.click()
        assert TITLE in seat.page.inner_text("main")
        assert rows(room.store, t.cases) == []


def dropped(seat: b.Seat, name: str, text: str) -> None:
    """Drop a file on the field of files."""
    seat.page.evaluate(
        """([name, text]) => {
          const data = new DataTransfer();
          data.items.add(new File([text], name, {type: "text/csv"}));
          const zone = document.querySelector("input[type=file]").closest(".field");
          zone.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        [name, text],
    )


def test_a_colleague_of_the_practice_finishes_a_draft_another_began(room: Room) -> None:
    with room.seat(house.COORDINATOR) as seat:
        checked(seat)
        seat.press("Save for the practice")
    with room.seat(COLLEAGUE) as seat:
        seat.go("/clinic")
        seat.page.locator('a.row-link[href^="/clinic/d/"]').click()
        seat.page.get_by_role("link", name="Check and send").click()
        seat.page.get_by_role("button", name="Send").last.click()
        assert seat.page.url.rpartition("/c/")[2].startswith("26-0001"), seat.page.inner_text("body")
    (found,) = rows(room.store, t.cases)
    assert found["organisation"] == "clinic"


def test_a_request_sent_without_javascript_arrives_and_starts_its_clocks(room: Room) -> None:
    with room.seat(house.COORDINATOR, java_script_enabled=False) as seat:
        checked(seat)
        seat.press("Send it anyway")
        assert seat.sees("1 Dec")
    (found,) = rows(room.store, t.cases)
    assert found["due_rule"] == "mh-std"
    assert {row["rule"]: row["status"] for row in rows(room.store, t.clock)}["mh-std"] == "running"


def test_a_clinic_cannot_find_another_clinics_case_by_its_number(room: Room) -> None:
    number = room.desk.receive("ask")
    with room.seat(house.OTHER_CLINIC) as seat:
        for path in (f"/c/{number}", f"/c/{number}/answer", f"/c/{number}/documents", f"/c/{number}/notice"):
            assert seat.go(path) == 404, path
            assert not seat.sees("MassHealth"), path
        seat.go("/clinic")
        seat.page.locator("#f-find").fill(number)
        seat.press("Find it")
        assert seat.sees("no such request")


def test_a_trial_near_its_end_brings_the_clinic_a_filled_continued_use_request(room: Room) -> None:
    number = room.desk.receive("approve")
    house.done(room.store, Approve(case=number), house.NURSE, room.desk.now)
    (approval,) = rows(room.store, t.approval)
    until: date = approval["valid_until"]
    room.desk.now += timedelta(days=(until - room.desk.now.date()).days - 40)
    with room.seat(house.COORDINATOR) as seat:
        seat.go("/clinic")
        seat.page.get_by_role("link", name=f"Ask for more time of {approval['number']}").click()
        seat.page.locator("main button").last.click()
        assert "/clinic/d/" in seat.page.url, seat.page.inner_text("body")
        (draft,) = rows(room.store, t.draft)
        assert draft["data"]["kind"] == "again"
        assert draft["data"]["approval"] == approval["number"]
        assert "nobody" not in seat.page.inner_text("h1").lower()
