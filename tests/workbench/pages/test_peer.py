"""A call between clinicians: offered by the payer, booked by the clinic, written down by whoever was there."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.ledger.standing import LATE, rows
from tests.workbench.director import office, with_director


def test_times_are_offered_one_is_booked_and_the_call_is_written_down(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        at = f"/c/{number}/peer"
        assert "No time is offered yet" in desk.get(at, house.COORDINATOR).text
        offer = {"time-1": "2026-11-25 10:00", "time-2": "2026-11-25 15:30", "minutes": "15"}
        assert desk.send(at, f"{at}/offer", house.DIRECTOR, **offer).status_code == 303
        page = desk.get(at, house.COORDINATOR).text
        assert "Wed 25 Nov 2026 10:00 EST" in page
        assert "Dora" not in page
        booked = desk.send(
            at,
            f"{at}/book",
            house.COORDINATOR,
            chosen="2026-11-25T20:30:00+00:00",
            with_whom="Dr Chen",
            phone="555-0100",
        )
        assert booked.status_code == 303, booked.text
        assert "Booked: <strong>Wed 25 Nov 2026 15:30 EST" in desk.get(at, house.DIRECTOR).text
        desk.now += timedelta(days=2)
        held = {"held_at": "2026-11-25 15:30", "spoke_with": "Dr Chen", "said": "Two severe lows in October."}
        assert desk.send(at, f"{at}/record", house.DIRECTOR, **held).status_code == 303
        assert [row["said"] for row in rows(store, t.call, case_no=number)] == ["Two severe lows in October."]
        page = desk.get(at, house.DIRECTOR).text
        assert "Two severe lows in October." in page
        assert "Booked:" not in page
        assert "Two severe lows" not in desk.get(at, house.COORDINATOR).text


def test_what_is_wrong_with_a_time_stands_beside_it(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        at = f"/c/{number}/peer"
        for form, typed, says in (
            ("offer", {"minutes": "15"}, "Write at least one time"),
            ("offer", {"time-1": "2026-11-20 10:00", "minutes": "15"}, "still to come"),
            ("offer", {"time-1": "soon", "minutes": "15"}, "Write day and hour as in"),
            ("offer", {"time-1": "2026-11-25 10:00", "minutes": "0"}, "from 1 to 240"),
            ("book", {"at": "2026-11-20 10:00", "with_whom": "Dr Chen"}, "That time is over"),
            ("book", {"chosen": "soon", "with_whom": "Dr Chen"}, "Choose a time, or write one"),
            ("book", {"at": "2026-11-25 10:00", "with_whom": " "}, "Write who speaks for the clinic"),
            ("record", {"held_at": "2026-11-25 10:00", "spoke_with": "x", "said": "x"}, "still to come"),
            ("record", {"held_at": "2026-11-23 10:00", "spoke_with": "", "said": ""}, "Write what the call added"),
        ):
            answer = desk.send(at, f"{at}/{form}", house.DIRECTOR, **typed)
            assert (answer.status_code, says in answer.text) == (422, True), (form, typed)
        assert rows(store, t.call, case_no=number) == []


def test_a_clinic_offers_nothing_and_another_clinic_sees_no_call(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store)
        assert "peer/offer" not in desk.get(f"/c/{number}/peer", house.COORDINATOR).text
        assert desk.get(f"/c/{number}/peer", house.OTHER_CLINIC).status_code == 404


def test_what_a_state_asks_of_the_call_is_said(store: Store) -> None:
    with office(store) as desk:
        number = with_director(store, LATE)
        assert (
            "The law asks for the offer of a call within 48 hours" in desk.get(f"/c/{number}/peer", house.DIRECTOR).text
        )
