"""The figures of a year: each leads to the cases that it counts; names are shown on request, and that is kept."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from priorauth.ledger import people, trail
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.events import Who
from priorauth.ledger.store import connect
from tests.ledger import house
from tests.workbench.house import Desk, plain, working

MANAGER = Who(house.TENANT, "mara", "manager")
ANALYST = Who(house.TENANT, "ana", "analyst")


@pytest.fixture(scope="module")
def year(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str, str]]:
    """A plan that has approved one request by rule and decided against another; and the two cases."""
    import shutil

    store = connect(f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('year') / 'ledger.db')}")
    house.furnish(store, approve_by_rule=True)
    for who in (MANAGER, ANALYST):
        house.done(store, setup.AddPerson(person=str(who.person), title=f"{who.person}".title()))
        house.done(store, setup.GrantRole(person=str(who.person), role=who.role, valid_from=house.FIRST))
    with working(store, open_to_all=False) as desk:
        approved = desk.receive("approve")
        against = desk.receive("ask")
        house.done(store, RouteToDirector(case=against), house.NURSE, desk.now)
        act = DecideAdversely(case=against, licence=house.LICENCE, reasons=(house.REASON,), why="Not shown.")
        house.done(store, act, house.DIRECTOR, desk.now)
        yield desk, approved, against
    store.close()


def asked() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the Bundle and the Claim of a case."""
    found = json.loads(house.example("ask"))
    return found, next(people.resources(found, "Claim"))


def listed(desk: Desk, address: str) -> set[str]:
    page = desk.get(address, MANAGER)
    assert page.status_code == 200, page.text
    return set(re.findall(r'href="/c/(\d\d-\d{4})"', page.text))


def test_every_number_leads_to_as_many_cases_as_it_says(year: tuple[Desk, str, str]) -> None:
    desk, *_ = year
    page = desk.get("/metrics?year=2026", MANAGER).text
    links = re.findall(r'<a href="(/metrics/cases[^"]*)">(\d+)</a>', page)
    assert len(links) > 20
    for address, said in dict.fromkeys(links):
        assert len(listed(desk, unescape(address))) == int(said), (address, said)


def test_a_bar_leads_to_the_cases_of_its_share(year: tuple[Desk, str, str]) -> None:
    desk, approved, against = year
    page = desk.get("/metrics?year=2026", MANAGER).text
    bars = {said: unescape(address) for address, said in re.findall(r'href="([^"]+)" aria-label="([^"]+)"', page)}
    wanted = next(address for said, address in bars.items() if said.startswith("standard requests decided against"))
    assert listed(desk, wanted) == {against}
    assert approved not in listed(desk, wanted)


def test_names_are_shown_on_request_and_each_look_up_is_an_event_of_its_case(year: tuple[Desk, str, str]) -> None:
    desk, _, against = year
    address = "/metrics/cases?year=2026&figure=standard-denied"
    name = people.member(*asked()).name
    assert name
    assert name not in desk.get(address, MANAGER).text
    shown = desk.send(address, "/metrics/cases", MANAGER)
    assert shown.status_code == 200
    assert "That you looked up these names is kept" in plain(shown.text)
    assert name in shown.text
    last = trail.story(desk.store, MANAGER, against).entries[-1]
    assert (last.what, last.person, last.say["of"]) == ("read", "mara", "the member's name, in a list of figures")


def test_an_analyst_sees_numbers_and_no_way_to_names(year: tuple[Desk, str, str]) -> None:
    desk, *_ = year
    page = desk.get("/metrics/cases?year=2026&figure=standard-denied", ANALYST)
    assert page.status_code == 200
    assert "Show the names" not in page.text
    assert "/c/" not in page.text


def test_a_year_without_decisions_says_so_and_a_figure_that_is_none_is_not_found(year: tuple[Desk, str, str]) -> None:
    desk, *_ = year
    assert "No request was decided in 2024" in desk.get("/metrics?year=2024", MANAGER).text
    for address in (
        "/metrics?year=last",
        "/metrics/cases?figure=nothing",
        "/metrics/cases?figure=overturned",
        "/metrics/public/1850",
    ):
        assert desk.get(address, MANAGER).status_code == 404, address


def test_the_public_page_and_its_sheet_say_the_same_and_name_no_case(year: tuple[Desk, str, str]) -> None:
    desk, approved, against = year
    page = desk.get("/metrics/public/2026", MANAGER).text
    assert approved not in page
    assert against not in page
    answer = desk.get("/metrics/public/2026/figures.csv", MANAGER)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = [row for row in rows if row["figure"] == "standard-denied"]
    assert [(row["counted"], row["of"], row["percent"]) for row in found if row["counted"] != "0"] == [
        ("1", "2", "50.0")
    ]
    assert "50.0 %" in page


def test_how_long_decisions_took_is_shown_by_line(year: tuple[Desk, str, str]) -> None:
    desk, *_ = year
    assert "From receipt to notice" in plain(desk.get("/metrics/turnaround?year=2026", MANAGER).text)
    assert "No request was decided" in plain(desk.get("/metrics/turnaround?year=2024", MANAGER).text)


def test_a_program_that_asks_for_figures_still_gets_those_of_the_server(year: tuple[Desk, str, str]) -> None:
    desk, *_ = year
    answer = desk.running.client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    browser = desk.running.client.get("/metrics", headers={"Accept": "text/html"}, follow_redirects=False)
    assert browser.status_code == 303
