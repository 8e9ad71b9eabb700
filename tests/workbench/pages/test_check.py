"""The check before sending: nothing is kept unless it is saved, what was typed stays, and it can be sent from there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from priorauth.ledger import tables as t
from priorauth.workbench.drafts.draft import Draft, Paper, packed
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench.house import Desk, hidden, plain

AT = "/clinic/check"
LOG = Path(__file__).parents[2] / "data" / "glucose" / "plain_sensor.csv"


def _json() -> st.SearchStrategy[object]:
    plain = st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3)
    return st.recursive(
        plain, lambda one: st.lists(one, max_size=2) | st.dictionaries(st.text(max_size=3), one), max_leaves=5
    )


def checked(day: Desk, *names: str, **fields: str) -> Any:
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(AT, headers=headers).text, AT)
    files = [("files", (f"{name}.json", house.example(name), "application/json")) for name in names]
    return headers, day.post(AT, headers, {**marks, "do": "check", **fields}, files=files or None)


def drafts(day: Desk) -> int:
    with day.store.reading(house.TENANT) as connection:
        return int(connection.execute(select(func.count()).select_from(t.draft)).scalar_one())


def test_a_check_says_what_is_missing_what_is_on_file_and_what_sending_now_would_mean(day: Desk) -> None:
    before, cases = drafts(day), len(rows(day.store, t.cases))
    _, page = checked(day, "ask")
    said = plain(page.text)
    assert page.status_code == 200
    assert "Not yet complete: 2 things are missing" in said
    assert "8.7 %, 15 Jul 2025, laboratory result: too old (counts from 21 Nov 2025)" in said
    assert "How will you show it? One of these is enough." in said
    assert "If you send now: the payer must decide by" in said
    assert "Asking does not stop the clock." in said
    assert "checked" not in page.text.split('class="ways"')[0].split("<main")[1].split("Files")[0]
    assert (drafts(day), len(rows(day.store, t.cases))) == (before, cases)


def test_answers_typed_on_the_page_are_checked_with_what_it_carries(day: Desk) -> None:
    headers, page = checked(day, "ask")
    more = {"a-hba1c": ["8.4", ""], "a-hba1c.date": ["2026-11-20", ""], "way-1-2": way(page.text)}
    more |= {"a-glucose_tests_per_day.value": "5", "a-glucose_tests_per_day.from": "2026-01-20"}
    again = day.post(AT, headers, {**hidden(page.text, AT), **more, "do": "check"})
    assert "Ready to approve" in plain(again.text)
    assert "Your answers (2)" in plain(again.text)


def way(page: str) -> str:
    """Return the key of the way of stated tests."""
    return page.split("Statement of tests a day", maxsplit=1)[0].rpartition('value="')[2].partition('"')[0]


def test_what_is_wrong_is_said_and_everything_typed_stays(day: Desk) -> None:
    headers, page = checked(day, "ask")
    again = day.post(AT, headers, {**hidden(page.text, AT), "a-hba1c": ["8.4", ""], "do": "check"})
    assert again.status_code == 422
    assert "Write the day of the result." in plain(again.text)
    assert 'value="8.4"' in again.text
    assert "Missing (2)" in plain(again.text)


def test_an_empty_check_says_what_to_do(day: Desk) -> None:
    _, page = checked(day)
    assert page.status_code == 422
    assert "Choose a file, or say what is asked for." in page.text


def test_a_check_without_a_bundle_asks_what_the_policy_asks(day: Desk) -> None:
    _, page = checked(day, payer="masshealth", product="E0784", kind="initial")
    assert "Most recent HbA1c above 7.0 percent" in plain(page.text)


def test_it_is_kept_for_the_practice_only_where_that_is_asked_for(day: Desk) -> None:
    headers, page = checked(day, "ask")
    kept = day.post(AT, headers, {**hidden(page.text, AT), "do": "save"})
    assert kept.headers["location"].startswith("/clinic/d/")
    assert "Ask Synthetic, E0784" in plain(day.get("/clinic", house.COORDINATOR).text)
    assert kept.headers["location"].partition("?")[0] not in day.get("/clinic", house.OTHER_CLINIC).text


def test_it_is_sent_from_the_check_and_once_however_often_the_form_is(day: Desk) -> None:
    headers, page = checked(day, "approve")
    form = {**hidden(page.text, AT), "do": "send"}
    first, second = (day.post(AT, headers, form).headers["location"] for _ in range(2))
    assert first == second
    assert first.startswith("/c/26-")


def test_a_check_without_names_is_not_sent_and_says_what_lacks(day: Desk) -> None:
    headers, page = checked(day, payer="masshealth", product="E0784", kind="initial")
    answer = day.post(AT, headers, {**hidden(page.text, AT), "do": "send", "payer": "masshealth"})
    assert answer.status_code == 422
    assert "still to be written: the patient's name" in plain(answer.text)


def test_a_meter_file_is_read_and_one_that_lies_is_kept_as_a_paper(day: Desk) -> None:
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(AT, headers=headers).text, AT)
    files = [
        ("files", ("ask.json", house.example("ask"), "application/json")),
        ("files", ("sensor.csv", LOG.read_bytes(), "text/csv")),
        ("files", ("letter.pdf", b"no PDF", "application/pdf")),
    ]
    said = plain(day.post(AT, headers, {**marks, "do": "check"}, files=files).text)
    assert "sensor.csv glucose log" in said
    assert "letter.pdf Its name says that it is a PDF, and it is none. It is kept as a paper." in said


def test_what_the_page_carries_is_refused_where_it_is_none_of_ours(day: Desk) -> None:
    headers, page = checked(day, "ask")
    answer = day.post(AT, headers, {**hidden(page.text, AT), "carried": "AAAA", "do": "check"})
    assert answer.status_code == 422
    assert "check the files again" in answer.text


def test_the_checklist_is_printed_as_pdf(day: Desk) -> None:
    headers, page = checked(day, "ask")
    answer = day.post(AT, headers, {**hidden(page.text, AT), "do": "checklist"})
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == 'attachment; filename="checklist.pdf"'


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_json())
def test_whatever_stands_in_a_bundle_it_is_checked_or_said_what_is_wrong(day: Desk, part: object) -> None:
    whole = json.loads(house.example("ask"))
    place = next(one["resource"] for one in whole["entry"] if one["resource"]["resourceType"] == "Claim")
    for name in ("item", "patient", "careTeam"):
        place[name] = part
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(AT, headers=headers).text, AT)
    for do in ("check", "save", "checklist", "send"):
        files = [("files", ("r.json", json.dumps(whole).encode(), "application/json"))]
        answer = day.post(AT, headers, {**marks, "key": f"k{hash(repr(part))}{do}", "do": do}, files=files)
        assert answer.status_code in (200, 303, 403, 422), (do, part, answer.status_code)


def test_what_a_page_carries_may_be_anything_of_its_shape(day: Desk) -> None:
    files = (Paper(number=1, name="a", media="x", kind="glucose-log", content=b"?", dated="never", shows="x"),)
    odd = Draft(
        fields={"quantity": "many", "payer": "x", "product": "y", "kind": "z"}, answers={"a-no": ("1",)}, files=files
    )
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(AT, headers=headers).text, AT)
    for do in ("check", "checklist", "send", "save"):
        answer = day.post(AT, headers, {**marks, "carried": packed(odd), "do": do})
        assert answer.status_code in (200, 303, 422), (do, answer.text[:200])
