"""Where something is not done: said in a line, nothing half done, and what was typed stands there to be sent again."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.ledger import tables as t
from priorauth.ledger.acts.queues import RouteToDirector, Take
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server.limits import MOST_BODY
from priorauth.workbench import troubles
from priorauth.workbench.forms import Attached, Form
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, both, hidden, plain

WHY = 'c-peptide <low> & "old"'


def marks(day: Desk, headers: dict[str, str], page: str, action: str) -> dict[str, str]:
    return hidden(day.running.client.get(page, headers=headers).text, action)


def typed(page: str) -> dict[str, str]:
    """Return what stands on a page to be sent again."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def director(day: Desk, number: str, headers: dict[str, str] | None = None, **fields: str) -> httpx2.Response:
    """Route a case to a director with a page of it as it is."""
    headers = headers or day.sign_in(house.NURSE)
    at = f"/c/{number}"
    return day.post(f"{at}/to-director", headers, {**marks(day, headers, at, f"{at}/to-director"), **fields})


@contextmanager
def gone(store: Store, table: str) -> Iterator[None]:
    """Let the database lack a table, as one that answers nothing."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO elsewhere")
    yield
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE elsewhere RENAME TO {table}")


def test_a_session_that_ended_mid_form_keeps_what_was_typed_until_it_is_sent(day: Desk) -> None:
    number = day.receive("review")
    at, headers = f"/c/{number}", day.sign_in(house.NURSE)
    fields = {**marks(day, headers, at, f"{at}/to-director"), "why": WHY}
    day.post("/sign-out", headers, fields)
    ended = day.post(f"{at}/to-director", headers, fields)
    assert ended.status_code == 401
    assert "You were signed out" in plain(ended.text)
    assert WHY in plain(ended.text)
    assert headers["Cookie"].partition("=")[2] not in ended.text
    kept = typed(ended.text)
    assert kept == {"why": WHY, "version": fields["version"]}
    headers = day.sign_in(house.NURSE)
    asked = day.post(f"{at}/to-director", headers, kept)
    assert asked.status_code == 403
    assert "Send this form?" in plain(asked.text)
    assert case(day.store, number)["state"] == "with-nurse"
    done = day.post(f"{at}/to-director", headers, hidden(asked.text, f"{at}/to-director"))
    assert (done.status_code, case(day.store, number)["state"]) == (303, "with-director")
    assert WHY in html.unescape(day.get(at, house.DIRECTOR).text)


def test_a_session_that_ended_without_anything_typed_says_nothing_of_it(day: Desk) -> None:
    answer = day.running.client.post("/c/26-1/note", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 401
    assert "Nothing was done. Sign in, then begin again." in plain(answer.text)


@both
def test_a_form_that_is_posted_twice_is_done_once(desk: Desk) -> None:
    number = desk.receive("review")
    at, headers = f"/c/{number}", desk.sign_in(house.NURSE)
    fields = {**marks(desk, headers, at, f"{at}/to-director"), "why": WHY}
    answers = [desk.post(f"{at}/to-director", headers, fields) for _ in range(3)]
    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, f"{at}?said=to-director")] * 3
    assert len([one for one in rows(desk.store, t.event, case_no=number) if one["why"] == WHY]) == 1


def test_a_key_that_was_used_for_something_else_does_nothing(day: Desk) -> None:
    number = day.receive("review")
    at, headers = f"/c/{number}", day.sign_in(house.NURSE)
    fields = marks(day, headers, at, f"{at}/to-director")
    day.post(f"{at}/to-director", headers, {**fields, "why": "the first"})
    other = day.post(f"{at}/to-director", headers, {**fields, "why": "the second"})
    assert other.status_code == 422
    assert "This form was sent already" in plain(other.text)
    assert "the second" in plain(other.text)
    assert typed(other.text)["key"] != fields["key"]


def test_an_act_on_an_older_version_says_what_is_new_and_keeps_what_was_typed(day: Desk) -> None:
    number = day.receive("review")
    at, headers = f"/c/{number}", day.sign_in(house.NURSE)
    fields = {**marks(day, headers, at, f"{at}/to-director"), "why": WHY}
    house.done(day.store, Take(case=number), house.SECOND_NURSE)
    late = day.post(f"{at}/to-director", headers, fields)
    text = plain(late.text)
    assert late.status_code == 409
    assert "The case has changed since you opened it" in text
    assert "nurse: took the case" in text
    assert f">{html.escape(WHY, quote=True).replace('&quot;', '&#34;')}</textarea>" in late.text
    again = hidden(late.text, f"{at}/to-director")
    assert int(again["version"]) == case(day.store, number)["version"]
    assert again["key"] != fields["key"]


@pytest.mark.parametrize("version", ["", "x", "٣", "1234567890", "-1"])
def test_a_form_without_a_version_is_to_be_opened_anew(day: Desk, version: str) -> None:
    number = day.receive("review")
    headers = day.sign_in(house.NURSE)
    fields = {**marks(day, headers, f"/c/{number}", f"/c/{number}/to-director"), "version": version, "why": WHY}
    answer = day.post(f"/c/{number}/to-director", headers, fields)
    assert answer.status_code == 428
    assert "Open the page again first" in plain(answer.text)
    assert WHY in plain(answer.text)


def test_what_cannot_be_done_now_says_so_and_leads_back_to_the_case(day: Desk) -> None:
    number = day.receive("review")
    at, headers = f"/c/{number}", day.sign_in(house.NURSE)
    fields = marks(day, headers, at, f"{at}/to-director")
    house.done(day.store, RouteToDirector(case=number), house.NURSE)
    now = str(case(day.store, number)["version"])
    answer = day.post(f"{at}/to-director", headers, {**fields, "version": now, "why": WHY})
    assert answer.status_code == 409
    assert "That cannot be done now" in plain(answer.text)
    assert f'<a href="{at}">Open the case</a>' in answer.text
    assert typed(answer.text)["why"] == WHY


@pytest.mark.parametrize("who", [house.OTHER_CLINIC, house.COORDINATOR], ids=["another's", "none"])
def test_a_case_of_another_organisation_is_none(day: Desk, who: Who) -> None:
    number = day.receive("ask") if who is house.OTHER_CLINIC else "26-99999"
    pages = [day.get(f"/c/{number}{path}", who) for path in ("", "/documents", "/documents/1", "/answer", "/withdraw")]
    assert {one.status_code for one in pages} == {404}
    assert {f"No case {number}." in plain(one.text) for one in pages} == {True}
    headers = day.sign_in(who)
    token = marks(day, headers, "/help/keys", "/sign-out")
    for form in ("documents", "withdraw", "answer/send"):
        answer = day.post(f"/c/{number}/{form}", headers, {**token, "version": "1", "why": WHY})
        assert answer.status_code in (404, 422), form
        assert "Rivera" not in answer.text


def test_more_than_a_form_may_have_is_refused_while_it_comes(day: Desk) -> None:
    def much() -> Iterator[bytes]:
        yield b"why="
        for _ in range(MOST_BODY // 1_000_000 + 1):
            yield b"x" * 1_000_000

    headers = {**day.sign_in(house.NURSE), "Content-Type": "application/x-www-form-urlencoded"}
    answer = day.running.client.post("/c/26-1/note", content=much(), headers=headers)
    assert answer.status_code == 413
    assert "That is too large" in plain(answer.text)


@pytest.mark.parametrize("media", ["application/json", "text/plain", "multipart/form-data; boundary=x; charset=utf-7"])
def test_what_is_no_form_is_refused_as_that(day: Desk, media: str) -> None:
    headers = {**day.sign_in(house.NURSE), "Content-Type": media}
    answer = day.running.client.post("/c/26-1/note", content=b"{}", headers=headers)
    assert answer.status_code == 415
    assert "That is no form" in plain(answer.text)


SENT = st.dictionaries(
    st.sampled_from(["why", "said", "version", "key", "csrf", "person", "hours", "way", "of", "item"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    max_size=5,
)


@pytest.mark.parametrize("action", ["note", "take", "hand-over", "snooze", "to-director", "close", "approve", "ask"])
def test_whatever_is_typed_into_a_form_is_answered_with_a_page_and_kept(day: Desk, action: str) -> None:
    number = day.receive("ask")
    headers = day.sign_in(house.NURSE)
    token = marks(day, headers, "/help/keys", "/sign-out")

    @settings(max_examples=12)
    @given(SENT)
    def answered(sent: dict[str, Any]) -> None:
        answer = day.post(f"/c/{number}/{action}", headers, {**token, **sent})
        assert answer.status_code in (303, 403, 404, 409, 422, 428), answer.text
        if answer.status_code == 428:
            assert sent.get("why", "").strip() in html.unescape(answer.text)

    answered()


@pytest.mark.parametrize("table", ["person", "session", "tenant", "cases"])
def test_where_the_database_is_away_a_page_says_so_and_what_was_typed_is_sent_again(desk: Desk, table: str) -> None:
    number = desk.receive("review")
    at, headers = f"/c/{number}", desk.sign_in(house.NURSE)
    fields = {**marks(desk, headers, at, f"{at}/to-director"), "why": WHY}
    with gone(desk.store, table):
        page = desk.running.client.get(at, headers=headers)
        sent = desk.post(f"{at}/to-director", headers, fields)
    assert (page.status_code, sent.status_code) == (503, 503)
    assert "Wait a moment, then load the page again." in plain(page.text)
    assert "it is done once, however often you send it" in plain(sent.text)
    assert sent.headers["retry-after"] == "2"
    kept = hidden(sent.text, f"{at}/to-director")
    assert (kept["why"], kept["key"]) == (WHY, fields["key"])
    again = desk.post(f"{at}/to-director", headers, kept)
    if again.status_code == 403:  # nobody could say who she was: she is asked once more
        again = desk.post(f"{at}/to-director", headers, hidden(again.text, f"{at}/to-director"))
    assert (again.status_code, case(desk.store, number)["state"]) == (303, "with-director")


def test_a_page_says_so_too_where_only_what_she_likes_cannot_be_read(desk: Desk) -> None:
    headers = desk.sign_in(house.NURSE)
    with gone(desk.store, "preference"):
        answer = desk.running.client.get("/help/keys", headers=headers)
    assert answer.status_code == 503
    assert "The database is busy" in plain(answer.text)


def test_a_form_of_one_button_is_sent_again_too_and_marks_of_pages_are_not_shown(desk: Desk) -> None:
    desk.receive("review")
    headers = desk.sign_in(house.NURSE)
    fields = marks(desk, headers, "/queue", "/queue/nurse/take-next")
    with gone(desk.store, "cases"):
        answer = desk.post("/queue/nurse/take-next", headers, fields)
    assert answer.status_code == 503
    assert "What you typed" not in plain(answer.text)
    assert "Send it again" in plain(answer.text)
    assert hidden(answer.text, "/queue/nurse/take-next")["key"] == fields["key"]


def test_secrets_and_marks_are_never_shown_again() -> None:
    names = ("csrf", "key", "password", "new-password", "again-password", "credential")
    form = Form({**dict.fromkeys(names, ("secret",)), "why": ("a", "b")})
    assert troubles.kept(form) == {"why": ("a", "b")}


def test_files_that_have_to_be_chosen_again_are_named() -> None:
    files = (Attached("b.pdf", "", b"1"), Attached("a.pdf", "", b"1"), Attached("", "", b""))
    assert troubles.lost(Form(files={"one": files, "two": files[:1]})) == ["a.pdf", "b.pdf"]
    assert troubles.lost(None) == []
