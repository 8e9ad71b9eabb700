"""The pages as others meet them: on paper, in forced colours, without a script, heard instead of seen."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from priorauth.ledger.events import Who
from tests.ledger import house
from tests.workbench import browser as b
from tests.workbench.director import with_director
from tests.workbench.scenarios.conftest import MANAGER, Room

pytestmark = pytest.mark.slow
NAMED = re.compile(r"- (button|link|textbox|combobox|checkbox|radio|searchbox|spinbutton)(?=$|:| \[)", re.MULTILINE)
"""A control in the tree of accessibility that has no name."""
LEVEL = re.compile(r"\[level=(\d)\]")


def pages(room: Room) -> dict[Who, tuple[str, ...]]:
    """Return the pages that are looked at, by who opens them."""
    asked, two_sided, decided = room.desk.receive("ask"), room.desk.receive("conflict"), with_director(room.store)
    return {
        house.NURSE: ("/queue/nurse", f"/c/{two_sided}", f"/c/{asked}/ask", f"/c/{two_sided}/timeline"),
        house.DIRECTOR: (f"/c/{decided}/decide?as=adverse&step=2",),
        house.COORDINATOR: ("/clinic", f"/c/{asked}/answer", "/clinic/check"),
        MANAGER: ("/metrics?year=2026",),
    }


def test_a_page_without_a_script_says_the_same_and_has_the_same_forms(room: Room) -> None:
    for who, paths in pages(room).items():
        found = []
        for scripts in (True, False):
            with room.seat(who, java_script_enabled=scripts) as seat:
                for path in paths:
                    assert seat.go(path) == 200, path
                    forms = [one.get_attribute("action") for one in seat.page.locator("main form").all()]
                    found.append((path, seat.page.inner_text("h1"), forms))
        half = len(found) // 2
        assert found[:half] == found[half:]


def test_a_printed_page_holds_the_case_and_leaves_out_what_is_pressed(room: Room) -> None:
    for who, paths in pages(room).items():
        with room.seat(who) as seat:
            for path in paths:
                seat.go(path)
                seat.page.emulate_media(media="print")
                assert seat.page.locator("h1").is_visible(), path
                assert not seat.page.locator("header nav").first.is_visible(), path
                assert not seat.page.locator(".acts button").first.is_visible(), path
                assert seat.overflows() == 0, path
                assert seat.page.pdf(format="Letter").startswith(b"%PDF-"), path
                seat.page.emulate_media(media="screen")


def test_in_forced_colours_every_mark_still_says_its_word_and_focus_is_seen(room: Room) -> None:
    for who, paths in pages(room).items():
        with room.seat(who, forced_colors="active") as seat:
            for path in paths:
                seat.go(path)
                assert all(one.strip() for one in seat.page.locator(".mark").all_text_contents()), path
                seat.page.keyboard.press("Tab")
                style = seat.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert style != "none", path
                assert seat.barriers() == "", path


def test_the_tree_of_accessibility_has_one_head_levels_in_order_and_a_name_for_every_control(room: Room) -> None:
    for who, paths in pages(room).items():
        with room.seat(who) as seat:
            for path in paths:
                seat.go(path)
                heard = seat.page.locator("body").aria_snapshot()
                assert not NAMED.search(heard), (path, NAMED.findall(heard))
                assert heard.count("[level=1]") == 1, path
                for landmark in ("- banner", "- main"):
                    assert landmark in heard, (path, landmark)
                levels = [int(one) for one in LEVEL.findall(_main(seat))]
                wrong = [pair for pair in pairwise(levels) if pair[1] - pair[0] > 1]
                assert not wrong, (path, levels)


def _main(seat: b.Seat) -> str:
    return seat.page.locator("main").aria_snapshot()
