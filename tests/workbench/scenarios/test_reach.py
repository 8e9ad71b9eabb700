"""What every page keeps to: nothing from another host; the screen reader hears what matters first."""

from __future__ import annotations

import re

import pytest

from tests.ledger import house
from tests.workbench.director import with_director
from tests.workbench.scenarios.conftest import ANALYST, MANAGER, Room

pytestmark = pytest.mark.slow


def test_no_page_asks_anything_from_another_host(room: Room) -> None:
    number = with_director(room.store)
    paths = {
        house.NURSE: ("/queue", f"/c/{number}", f"/c/{number}/timeline", f"/c/{number}/glucose"),
        house.DIRECTOR: (f"/c/{number}/decide?as=adverse&step=2",),
        house.COORDINATOR: ("/clinic", "/clinic/check", f"/c/{number}/answer"),
        MANAGER: ("/metrics", "/audit"),
        ANALYST: ("/policies", "/p/masshealth/insulin-pumps"),
        house.ADMIN: ("/", "/me"),
    }
    for who, listed in paths.items():
        with room.seat(who) as seat:
            for path in listed:
                assert seat.go(path) == 200, path
                hosts = seat.page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
                assert not [one for one in hosts if not one.startswith(seat.address)], path
            assert seat.asked == []


def test_a_screen_reader_hears_outcome_due_date_and_open_criteria_first(room: Room) -> None:
    number = room.desk.receive("ask")
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        heard = seat.page.locator("main").aria_snapshot()
        order = [
            re.search(pattern, heard)
            for pattern in (r'heading "[^"]*26-0001[^"]*" \[level=1\]', r"1 Dec|decide by", r"Open \(\d", r"Shown")
        ]
        assert all(order), heard[:2000]
        places = [one.start() for one in order if one]
        assert places == sorted(places), heard[:2000]
        assert heard.index("level=1") < heard.index("table") if "table" in heard else True
