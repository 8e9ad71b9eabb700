"""Clocks as people see them, in a browser."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Answer
from priorauth.ledger.acts.notices import AskClinic
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.server.demo.requests import made
from tests.ledger import house
from tests.ledger.standing import ANSWERS, HOUR, LATE, bundle, case, rows, sent
from tests.workbench.scenarios.conftest import Room, Rooms

pytestmark = pytest.mark.slow
SELF_INSURED = {"anthem": {"line_of_business": "commercial", "funding": "self-insured"}}


def test_the_queue_puts_the_case_with_the_nearest_binding_clock_first(room: Room) -> None:
    later = room.desk.receive("conflict")
    nearest = sent(room.store, bundle("review", state="IN"))
    for number in (later, nearest):
        assert case(room.store, number)["due_at"] is not None
    with room.seat(house.NURSE) as seat:
        seat.go("/queue")
        listed = [one.inner_text() for one in seat.page.locator("a.row-link").all()]
        assert listed == [nearest, later]
        assert "48 h (no weekends, no holidays)" in seat.page.locator("tbody tr").first.inner_text()


def test_indiana_hours_skip_the_weekend_and_thanksgiving(room: Room) -> None:
    room.desk.now = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # a Wednesday; Thanksgiving is the day after
    number = sent(room.store, LATE, room.desk.now)
    due = next(row["due_at"] for row in rows(room.store, t.clock, case_no=number) if row["rule"] == "cs-in-std")
    assert due - room.desk.now > timedelta(hours=48 + 24 * 3 - 1)
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}/clock")
        text = seat.page.inner_text("main")
        assert "Indiana" in text
        assert "1 Dec 2026" in text


def test_asking_a_massachusetts_clinic_does_not_move_the_due_date_and_the_page_says_so(room: Room) -> None:
    number = room.desk.receive("ask")
    before = case(room.store, number)["due_at"]
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}/ask")
        assert "does not stop" in seat.page.inner_text("main").lower()
        seat.press("Ask the clinic")
        seat.go(f"/c/{number}")
        assert seat.sees("1 Dec")
    assert case(room.store, number)["due_at"] == before


def test_asking_under_erisa_stops_the_clock_from_the_notice_until_the_answer(rooms: Rooms) -> None:
    with rooms(plans=SELF_INSURED) as room:
        number = next(found for found in _anthem(room) if case(room.store, found)["state"] == "with-clinic")
        house.done(room.store, AskClinic(case=number), house.NURSE, room.desk.now)
        stopped = rows(room.store, t.clock, case_no=number)
        assert "stopped" in {row["status"] for row in stopped}
        with room.seat(house.NURSE) as seat:
            seat.go(f"/c/{number}/clock")
            assert seat.sees("stands still since Tue 24 Nov 2026 09:00, until the answer")
        room.desk.now += timedelta(days=5)
        house.done(room.store, Answer(case=number, response=ANSWERS), house.COORDINATOR, room.desk.now)
        day = case(room.store, number)["due_at"].astimezone(ZoneInfo("America/New_York")).date()
        assert day == date(2026, 12, 14)  # fifteen days from 24 November, and the five in which it stood still
        assert "stopped" not in {row["status"] for row in rows(room.store, t.clock, case_no=number)}


def _anthem(room: Room) -> list[str]:
    listed = [one for one in made(30, "2026-11-23") if one.payer == "anthem"]
    return [sent(room.store, one.bundle) for one in listed]


def test_an_overdue_georgia_case_offers_authorization_by_law_and_records_who_did_it(room: Room) -> None:
    number = sent(room.store, bundle("review", state="GA"))
    if case(room.store, number)["state"] != "with-director":
        house.done(room.store, RouteToDirector(case=number), house.NURSE)
    due = next(row["due_at"] for row in rows(room.store, t.clock, case_no=number) if row["rule"] == "cs-ga-std")
    room.desk.now = due + HOUR
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}/clock")
        assert seat.sees("authorized by law")
        seat.page.get_by_label("What the record shows", exact=False).or_(
            seat.page.locator('[name="because"]')
        ).first.fill("Nothing stopped the clock.")
        seat.page.locator('form[action$="/clock/law"] button').click()
        seat.go(f"/c/{number}")
        assert seat.sees("Nina Nurse")
    (found,) = rows(room.store, t.decision, case_no=number)
    assert (found["kind"], found["signer"], found["licence"]) == ("by-law", "nina", None)
