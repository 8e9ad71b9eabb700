"""Where a plan wants a clinician to read first, no page shows her what the rules found before she has noted hers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from priorauth.ledger.acts.findings import NoteFinding
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import connect
from priorauth.workbench.view import reading
from tests.ledger import house
from tests.workbench.house import Desk, plain, working

SUBJECT = re.compile(r'/decide/note".*?name="subject" value="([^"]+)"', re.DOTALL)
TOLD = "Three or more injections a day"


@pytest.fixture
def desk(migrated: Path, tmp_path: Path) -> Iterator[Desk]:
    """A plan in which clinicians read first."""
    file = tmp_path / "ledger.db"
    file.write_bytes(migrated.read_bytes())
    store = connect(f"sqlite:///{file}")
    house.furnish(store, approve_by_rule=False, **{reading.READ_FIRST: True})
    with working(store, open_to_all=False) as found:
        yield found
    store.close()


def test_no_page_tells_her_what_the_rules_found_before_she_has_noted_hers(desk: Desk) -> None:
    number = desk.receive("review")
    house.done(desk.store, RouteToDirector(case=number), house.NURSE)
    page = desk.get(f"/c/{number}", house.DIRECTOR).text
    assert "not shown" not in plain(page)
    assert "two sides" not in plain(page)
    assert "<svg" not in page
    assert TOLD in page
    assert f'href="/c/{number}/decide">Read and note your finding</a>' in page
    for path in ("criterion/D.I.F", "timeline", "settle/D.I.F", "runs/1..1"):
        answer = desk.get(f"/c/{number}/{path}", house.DIRECTOR)
        assert answer.headers["location"] == f"/c/{number}/decide?said=read-first", path
    assert "not shown" not in plain(desk.get("/queue/director", house.DIRECTOR).text)


def test_the_nurse_sees_it_and_so_does_she_once_she_has_noted_what_she_finds(desk: Desk) -> None:
    number = desk.receive("review")
    house.done(desk.store, RouteToDirector(case=number), house.NURSE)
    assert "not shown" in plain(desk.get(f"/c/{number}", house.NURSE).text)
    noted: set[str] = set()
    while left := set(SUBJECT.findall(desk.get(f"/c/{number}/decide", house.DIRECTOR).text)) - noted:
        told = "Read and note your finding" not in desk.get(f"/c/{number}", house.DIRECTOR).text
        assert not told or "D.I.F" in noted
        noted.add(subject := min(left))
        act = NoteFinding(case=number, subject=subject, finding="not-shown", why="Nothing on file.")
        house.done(desk.store, act, house.DIRECTOR)
    assert "D.I.F" in noted
    page = desk.get(f"/c/{number}", house.DIRECTOR).text
    assert "not shown" in plain(page)
    assert "Read and note your finding" not in page
