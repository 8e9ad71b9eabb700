"""What managers and analysts look into, in a browser."""

from __future__ import annotations

import re

import pytest

from tests.ledger import house
from tests.ledger.standing import adverse, sent
from tests.workbench.director import with_director
from tests.workbench.scenarios.conftest import ANALYST, MANAGER, Room, Rooms

pytestmark = pytest.mark.slow


def test_an_analyst_sees_how_many_past_cases_a_shorter_hba1c_window_changes_and_no_names(room: Room) -> None:
    for name in ("approve", "ask", "conflict"):
        room.desk.receive(name)
    with room.seat(ANALYST) as seat:
        seat.go("/p/masshealth/insulin-pumps/whatif")
        page = seat.page
        reading = page.locator('select[name="reading"]')
        names = reading.locator("option").all_inner_texts()
        chosen = next(one for one in names if "hba1c" in one.lower() or "a1c" in one.lower())
        reading.select_option(label=chosen)
        page.locator('input[name="value"]').fill("3 months")
        seat.press("Try this value")
        text = page.inner_text("main")
        assert re.search(r"3 of 3\s+cases read", text), text
        assert "would come out otherwise" in text
        for name in ("Rivera", "Chen", "MEM", "1991"):
            assert name not in text


def test_each_public_metric_opens_the_list_of_cases_it_counts(rooms: Rooms) -> None:
    with rooms(approve_by_rule=True) as room:
        room.desk.receive("approve")
        against = with_director(room.store)
        house.done(room.store, adverse(against), house.DIRECTOR, room.desk.now)
        with room.seat(MANAGER) as seat:
            seat.go("/metrics?year=2026")
            links = seat.page.locator('a[href^="/metrics/cases"]').all()
            counted = {one.get_attribute("href") or "": one.text_content() or "" for one in links}
            whole = {at: int(said) for at, said in counted.items() if said.strip().isdigit()}
            assert len(whole) > 9
            for address, said in whole.items():
                seat.go(address)
                shown = seat.page.locator('main a[href^="/c/"]').all_inner_texts()
                assert len(set(shown)) == said, address


def test_the_audit_replays_a_decision_of_last_year_bit_for_bit(room: Room) -> None:
    year = room.desk.now.replace(year=room.desk.now.year - 1)
    number = sent(room.store, house.example("review"), year)
    with room.seat(MANAGER) as seat:
        seat.go(f"/c/{number}/audit")
        seat.page.locator('form[action$="/audit/replay"] button').click()
        assert seat.sees("bit for bit")
        assert not seat.sees("differs")
