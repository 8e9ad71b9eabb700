"""The director's and the reviewer's day, in a browser."""

from __future__ import annotations

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.notices import CheckNotice, MakeNotice, RecordMailing
from priorauth.ledger.acts.queues import Take
from tests.ledger import house
from tests.ledger.standing import adverse, rows
from tests.workbench import browser as b
from tests.workbench.director import CRITERION, appealed, decisions, letters, place_of, reason, with_director
from tests.workbench.scenarios.conftest import Room, Rooms

pytestmark = pytest.mark.slow


def filled(seat: b.Seat, typed: dict[str, str]) -> None:
    """Type what a form takes, field by field."""
    for name, text in typed.items():
        field = seat.page.locator(f'form[action$="/decide/sign"] [name="{name}"]').first
        if field.count() == 0:
            continue
        kind = field.get_attribute("type")
        if kind == "checkbox":
            field.check()
        elif kind == "radio":
            seat.page.locator(f'form[action$="/decide/sign"] [name="{name}"][value="{text}"]').check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.evaluate("one => one.closest('details')?.setAttribute('open', '')")
            field.fill(text)


def test_a_director_who_prepared_the_case_cannot_sign_it(room: Room) -> None:
    number = with_director(room.store)
    house.done(room.store, setup.GrantRole(person="dora", role="nurse", valid_from=house.FIRST))
    house.done(room.store, Take(case=number), house.DIRECTOR._replace(role="nurse"))
    with room.seat(house.DIRECTOR) as seat:
        seat.go(f"/c/{number}/decide")
        assert seat.sees("you prepared this case as its nurse")
        assert seat.page.get_by_label("Decide adversely").count() == 0
    assert decisions(room.store, number) == []


def test_signing_adversely_needs_four_parts_for_every_criterion_and_the_credential_again(room: Room) -> None:
    number = with_director(room.store)
    address = f"/c/{number}/decide?as=adverse&step=2"
    with room.seat(house.DIRECTOR) as seat:
        seat.go(address)
        place = place_of(seat.page.content(), CRITERION)
        filled(seat, reason(place, would=""))
        seat.press("Sign and make the letter")
        assert seat.sees("Write what would show it.")
        filled(seat, {f"would-{place}": "A newer result above 7.0 %."})
        seat.press("Sign and make the letter")
        assert seat.sees("Type your password again")
    assert decisions(room.store, number) == []
    with room.seat(house.DIRECTOR, strong=True) as seat:
        seat.go(address)
        filled(seat, reason(place))
        seat.press("Sign and make the letter")
        assert "said=signed" in seat.page.url, seat.page.inner_text("main")
    assert (decisions(room.store, number), letters(room.store, number)) == (["adverse"], ["adverse"])


def test_with_read_first_the_director_sees_no_marks_before_her_own_finding(rooms: Rooms) -> None:
    with rooms(read_first=True) as room:
        number = with_director(room.store)
        with room.seat(house.DIRECTOR) as seat:
            for path in (f"/c/{number}", f"/c/{number}/decide"):
                seat.go(path)
                text = seat.page.inner_text("main")
                assert "too old" not in text, path
                for mark in ("not shown", "two sides", "missing"):
                    assert seat.page.locator(".mark", has_text=mark).count() == 0, (path, mark)


def test_the_letter_names_the_appeal_date_counted_from_its_mailing(room: Room) -> None:
    number = with_director(room.store)
    house.done(room.store, adverse(number), house.DIRECTOR, room.desk.now)
    more = {"call_by": "2026-12-08T17:00:00-05:00", "relies": ["130 CMR 450.204"]}
    made = MakeNotice(case=number, kind="adverse", mailed=room.desk.now.date(), copies=("prescriber",), more=more)
    house.done(room.store, made, house.DIRECTOR, room.desk.now)
    house.done(room.store, CheckNotice(case=number, notice=1), house.NURSE, room.desk.now)
    mailed = RecordMailing(case=number, notice=1, channel="post", handed_at=room.desk.now)
    house.done(room.store, mailed, house.NURSE, room.desk.now)
    with room.seat(house.DIRECTOR) as seat:
        seat.go(f"/c/{number}/notice/1/page")
        text = seat.page.inner_text("body")
        assert "You have until Thursday, 28 January 2027." in text
        assert "We count from 24 November 2026, the day we mail this." in text


def test_an_appeal_cannot_be_given_to_the_first_reviewer(room: Room) -> None:
    _, number = appealed(room.store)
    for who in (house.DIRECTOR, house.BELOW):
        with room.seat(who) as seat:
            seat.go(f"/c/{number}/decide")
            assert seat.sees("neither by the first reviewer nor by somebody below her")
    with room.seat(house.APPEALS) as seat:
        seat.go(f"/c/{number}/appeal/review")
        assert seat.sees("You may.")
    assert rows(room.store, t.decision, case_no=number) == []
