"""The audit: the story of a case, what was known at its decision, replay, export; events searched and handed out."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from priorauth.ledger import trail
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from tests.ledger import house
from tests.workbench.house import Desk, plain, working

MANAGER = Who(house.TENANT, "mara", "manager")


@pytest.fixture(scope="module")
def told(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A case with two papers before its decision, of which the director opened one, and one after it."""
    import shutil

    store = connect(f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('audit') / 'ledger.db')}")
    house.furnish(store, approve_by_rule=False)
    house.done(store, setup.AddPerson(person="mara", title="=Mara"))
    house.done(store, setup.GrantRole(person="mara", role="manager", valid_from=house.FIRST))
    with working(store, open_to_all=False) as desk:
        number = desk.receive("ask")
        for name in ("first.txt", "second.txt"):
            paper = File(title=name, media="text/plain", content=name.encode())
            house.done(store, FileDocument(case=number, file=paper), house.COORDINATOR, desk.now)
        house.done(store, RouteToDirector(case=number, why="not settled"), house.NURSE, desk.now)
        house.done(store, Read(case=number, what="document 1"), house.DIRECTOR, desk.now)
        act = DecideAdversely(case=number, licence=house.LICENCE, reasons=(house.REASON,), why="Not shown.")
        house.done(store, act, house.DIRECTOR, desk.now)
        late = File(title="late.txt", media="text/plain", content=b"late")
        house.done(store, FileDocument(case=number, file=late), house.COORDINATOR, desk.now.replace(hour=20))
        yield desk, number
    store.close()


def test_the_story_is_told_in_sentences_by_day(told: tuple[Desk, str]) -> None:
    desk, number = told
    text = plain(desk.get(f"/c/{number}/audit", MANAGER).text)
    assert "24 Nov 2026" in text
    assert "The case went to the queue of the medical directors. Why: not settled" in text
    assert "the chain holds" in text
    assert text.index("The request came") < text.index("Decided adversely: items 1")


def test_it_is_said_what_was_known_at_the_decision_and_what_was_not_opened(told: tuple[Desk, str]) -> None:
    desk, number = told
    text = plain(desk.get(f"/c/{number}/audit", MANAGER).text)
    known = text[text.index("What was known") : text.index("Day by day")]
    assert "licence MA-12345" in known
    assert "Documents that were here (2)" in known
    first, second = known.index("first.txt"), known.index("second.txt")
    assert "not opened" not in known[first:second]
    assert "not opened" in known[second:]
    assert "Came later: late.txt" in known


def test_the_decision_is_replayed_bit_for_bit(told: tuple[Desk, str]) -> None:
    desk, number = told
    page = f"/c/{number}/audit"
    assert "The same bit for bit: yes" in plain(desk.send(page, f"{page}/replay", MANAGER).text)


def test_the_case_is_handed_out_with_checksums_and_that_it_was_is_kept(told: tuple[Desk, str]) -> None:
    desk, number = told
    page = f"/c/{number}/audit"
    answer = desk.send(page, f"{page}/export", MANAGER)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        manifest = json.loads(file.read("manifest.json"))
        assert manifest["chain"] == "holds"
        assert file.read("case-file.pdf").startswith(b"%PDF-")
        lines = [json.loads(line) for line in file.read("event.ndjson").splitlines()]
    assert lines[-1]["data"]["say"]["of"] == "export of the case"
    assert lines[-1]["person"] == "mara"


def test_events_are_searched_by_who_what_case_and_day(told: tuple[Desk, str]) -> None:
    desk, number = told
    found = plain(desk.get(f"/audit?person=dora&case={number}", MANAGER).text)
    assert "Decided adversely" in found
    assert "The request came" not in found[found.index("Events, the newest first") :]
    assert "No event is found" in desk.get("/audit?since=2020-01-01&until=2020-01-02", MANAGER).text
    plan = plain(desk.get("/audit?what=role&chain=plan", MANAGER).text)
    assert "was given the role manager" in plan


def test_pages_of_events_follow_each_other_without_a_gap_or_a_repeat(told: tuple[Desk, str]) -> None:
    desk, _ = told
    seen: list[tuple[str, int]] = []
    after = None
    while True:
        page = trail.found(desk.store, MANAGER, trail.Sought(), after=after, most=7)
        seen += [(one.case, one.number) for one in page.entries]
        if page.next is None:
            break
        after = page.next
    assert len(seen) == len(set(seen)) == trail.counted(desk.store, MANAGER, trail.Sought())


def test_a_day_that_is_none_is_said_and_the_search_is_kept(told: tuple[Desk, str]) -> None:
    desk, _ = told
    answer = desk.get("/audit?since=yesterday&person=dora", MANAGER)
    assert answer.status_code == 422
    assert "Write the day as in 2026-11-27." in answer.text
    assert '<option value="dora" selected>' in answer.text
    assert desk.get("/audit?after=nonsense", MANAGER).status_code == 422


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
def test_events_are_handed_out_and_that_they_were_is_kept(told: tuple[Desk, str], kind: str) -> None:
    desk, number = told
    answer = desk.send("/audit", "/audit/export", MANAGER, form=kind, case=number)
    assert answer.status_code == 200
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert {row["case"] for row in rows} == {number}
        assert {row["person"] for row in rows if row["role"] == "manager"} <= {"'=Mara"}
    else:
        rows = [json.loads(line) for line in answer.text.splitlines()]
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        assert all(two["previous"] == one["hash"] for one, two in pairwise(rows))
    last = trail.found(desk.store, MANAGER, trail.Sought(what="looked into"), most=1).entries[0]
    assert (last.person, last.say["of"], last.say["said"]["form"]) == ("mara", "events handed out", kind)


def test_a_form_without_a_choice_hands_nothing_out(told: tuple[Desk, str]) -> None:
    desk, _ = told
    assert desk.send("/audit", "/audit/export", MANAGER, form="xml").status_code == 422


def test_every_chain_is_checked_and_that_it_was_is_kept(told: tuple[Desk, str]) -> None:
    desk, _ = told
    text = plain(desk.send("/audit", "/audit/check", MANAGER).text)
    assert "The ledger is whole" in text
    last = trail.found(desk.store, MANAGER, trail.Sought(what="looked into"), most=1).entries[0]
    assert last.say["of"] == "a check of every chain"


def test_another_role_is_told_who_may(told: tuple[Desk, str]) -> None:
    desk, number = told
    for who in (house.NURSE, house.ADMIN, house.COORDINATOR):
        assert desk.get("/audit", who).status_code == 403
        assert desk.get(f"/c/{number}/audit", who).status_code == 403
    assert desk.get("/c/26-9999/audit", MANAGER).status_code == 404
