"""The workbench as routes: every address of the table answered, who may not be here led elsewhere, files for keeps."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from priorauth.workbench import desk as routes
from priorauth.workbench import render, rights
from priorauth.workbench.visit import FORMS, PAGES
from tests.ledger import house
from tests.workbench.house import Desk, hidden, plain

HELP = ("/help/keys", "/help/words")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_every_address_of_the_table_is_answered_once_and_nothing_else_is() -> None:
    made = [one for one in routes.routes() if isinstance(one, Route)]
    found = rights.table()
    for method, listed in (("GET", found.pages), ("POST", found.forms)):
        for one in listed.values():
            answers = [each for each in made if each.path == one.at and method in (each.methods or ())]
            assert len(answers) == 1, (method, one.at)
    assert (set(found.pages), set(found.forms)) == (set(PAGES), set(FORMS))


@pytest.mark.parametrize("path", ["/queue", "/c/26-1?of=a%20b", "/", "/metrics"])
def test_who_is_not_signed_in_is_led_to_the_sign_in_and_from_there_back(day: Desk, path: str) -> None:
    answer = day.running.client.get(path, headers=BROWSER, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?to=/")
    shown = day.running.client.get(answer.headers["location"], headers=BROWSER)
    day.running.client.cookies.clear()
    assert hidden(shown.text, "/sign-in")["to"] == path


@pytest.mark.parametrize("path", HELP)
def test_help_is_open_to_everybody(day: Desk, path: str) -> None:
    bare = day.running.client.get(path, follow_redirects=False)
    signed = day.get(path, house.NURSE)
    assert (bare.status_code, signed.status_code) == (200, 200)
    assert "Sign out" in signed.text
    assert "Sign out" not in bare.text
    assert plain(bare.text).split("<h1>")[0]


def test_every_link_of_a_page_for_who_is_not_signed_in_opens_without_that(day: Desk) -> None:
    shown = day.running.client.get("/sign-in")
    assert 'href="/help/words"' in shown.text
    for path in HELP:
        assert day.running.client.get(path, follow_redirects=False).status_code == 200
    day.running.client.cookies.clear()


def test_programs_get_their_figures_where_people_get_theirs(day: Desk) -> None:
    assert day.running.client.get("/metrics").status_code == 401
    page = day.running.client.get("/metrics", headers=BROWSER, follow_redirects=False)
    assert page.headers["location"].startswith("/sign-in")


def test_a_page_that_is_not_for_her_says_for_whom_it_is(day: Desk) -> None:
    answer = day.get("/queue", house.COORDINATOR)
    assert answer.status_code == 403
    said = "You are here as coordinator. This is for: nurse, medical director, appeals reviewer, manager."
    assert said in plain(answer.text)


def test_a_form_that_is_not_for_her_does_nothing(day: Desk) -> None:
    number = day.receive("ask")
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get("/help/keys", headers=headers).text, "/sign-out")
    answer = day.post(f"/c/{number}/take", headers, {**marks, "version": "1"})
    assert answer.status_code == 403
    assert "This is for: nurse" in plain(answer.text)


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "null"},
    ],
)
def test_a_form_that_another_site_sent_does_nothing_though_its_marks_are_right(day: Desk, said: dict[str, str]) -> None:
    number = day.receive("review")
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(f"/c/{number}", headers=headers).text, f"/c/{number}/take")
    answer = day.post(f"/c/{number}/take", {**headers, **said}, marks)
    assert answer.status_code == 403
    assert "by a page of another site. Nothing was done." in plain(answer.text)
    assert "Nina Nurse has it" not in day.get(f"/c/{number}", house.SECOND_NURSE).text
    assert day.post(f"/c/{number}/take", headers, marks).status_code == 303


def test_a_file_of_pages_is_kept_for_as_long_as_its_address_is_its_own(day: Desk) -> None:
    answer = day.running.client.get(render.static("workbench.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.content == (render.STATIC / "workbench.css").read_bytes()


def test_a_file_of_another_version_is_not_kept_under_its_address(day: Desk) -> None:
    answer = day.running.client.get("/static/000000000000/workbench.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize(
    "name", ["none.css", "%00.css", "..%2Fdesk.py", "htmx.LICENSE", "x" * 5000 + ".css", "%2e%2e", "%F0%9F.js"]
)
def test_what_is_no_file_of_pages_is_not_given(day: Desk, name: str) -> None:
    assert day.running.client.get(f"/static/000000000000/{name}").status_code == 404


def test_two_answers_or_none_for_an_address_are_a_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PAGES, "start")
    with pytest.raises(AssertionError, match="start"):
        routes.routes()
