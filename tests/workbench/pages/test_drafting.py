"""A request as a task list: begun by one, finished by another, guarded against both at once, sent once."""

from __future__ import annotations

from typing import Any

from priorauth.ledger import tables as t
from priorauth.ledger.acts import setup
from priorauth.ledger.events import Who
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.drafts.hand import TYPED
from tests.workbench.house import Desk, hidden, plain

COLLEAGUE = Who(house.TENANT, "paula", "prescriber", "clinic")
SECTIONS = ("patient", "item", "people")


def joined(day: Desk) -> None:
    """Let a colleague work at the clinic."""
    if not rows(day.store, t.person, person="paula"):
        house.done(day.store, setup.AddPerson(person="paula", title="Paula Prescriber", organisation="clinic"))
        house.done(day.store, setup.GrantRole(person="paula", role="prescriber", valid_from=house.FIRST))


def begun(day: Desk, *names: str) -> str:
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get("/clinic/new", headers=headers).text, "/clinic/new")
    files = [("files", (f"{name}.json", house.example(name), "application/json")) for name in names]
    return str(day.post("/clinic/new", headers, marks, files=files or None).headers["location"])


def kept(day: Desk, at: str, who: Who, section: str, **fields: str) -> Any:
    return day.send(f"{at}/{section}", f"{at}/{section}", who, **fields)


def test_a_colleague_of_the_practice_finishes_a_draft_another_began(day: Desk) -> None:
    joined(day)
    at = begun(day)
    said = plain(day.get(at, house.COORDINATOR).text)
    assert "Patient and coverage To do: 5 to write" in said
    assert "Check and send Cannot start yet" in said
    assert kept(day, at, house.COORDINATOR, "patient", **TYPED).status_code == 303
    for section in ("item", "people"):
        assert kept(day, at, COLLEAGUE, section, **TYPED).status_code == 303
    said = plain(day.get(at, COLLEAGUE).text)
    assert said.count(" Done ") == 3
    assert "Questions To do:" in said
    sent = kept(day, at, COLLEAGUE, "send", do="send")
    number = sent.headers["location"].split("/")[2].partition("?")[0]
    found = case(day.store, number)
    assert (found["organisation"], found["payer"]) == ("clinic", "masshealth")
    assert rows(day.store, t.submission, case_no=number)[0]["channel"] == "portal"
    assert day.get(at, house.COORDINATOR).headers["location"] == f"/c/{number}"


def test_what_was_typed_stays_where_a_colleague_was_faster(day: Desk) -> None:
    joined(day)
    at = begun(day)
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(f"{at}/patient", headers=headers).text, f"{at}/patient")
    kept(day, at, COLLEAGUE, "patient", family="Rivera", given="Ana", payer="masshealth")
    answer = day.post(f"{at}/patient", headers, {**marks, "family": "Riviera"})
    assert answer.status_code == 409
    said = plain(answer.text)
    assert "Paula Prescriber kept it at" in said
    assert "Family name: Rivera" in said
    assert 'value="Riviera"' in answer.text
    assert 'value="Ana"' in answer.text
    again = day.post(f"{at}/patient", headers, {**hidden(answer.text, f"{at}/patient"), "family": "Riviera"})
    assert again.status_code == 303


def test_of_two_answers_at_once_the_second_sees_the_first(day: Desk) -> None:
    joined(day)
    at = begun(day, "ask")
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(f"{at}/questions", headers=headers).text, f"{at}/questions")
    kept(day, at, COLLEAGUE, "questions", **{"a-hba1c": "7.9", "a-hba1c.date": "2026-11-20"})
    answer = day.post(f"{at}/questions", headers, {**marks, "a-hba1c": "8.4", "a-hba1c.date": "2026-11-20"})
    assert answer.status_code == 409
    assert "7.9 % on 20 Nov 2026" in plain(answer.text)


def test_files_of_two_colleagues_at_once_are_both_kept(day: Desk) -> None:
    joined(day)
    at = begun(day)
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(f"{at}/papers", headers=headers).text, f"{at}/papers")
    kept(day, at, COLLEAGUE, "patient", family="Rivera")
    files = [("files", ("letter.pdf", b"%PDF-1.4", "application/pdf"))]
    assert day.post(f"{at}/papers", headers, marks, files=files).status_code == 303
    assert "letter.pdf" in day.get(f"{at}/papers", house.COORDINATOR).text
    assert "Rivera" in day.get(f"{at}/patient", COLLEAGUE).text


def test_an_uploaded_request_fills_the_sections_and_nothing_is_typed_again(day: Desk) -> None:
    at = begun(day, "ask")
    page = plain(day.get(at, house.COORDINATOR).text)
    assert page.count("Done: as in the FHIR Bundle") == 3
    assert "Questions To do: 2 things are missing" in page
    section = day.get(f"{at}/patient", house.COORDINATOR).text
    assert "Ask Synthetic" in section
    assert "<input" not in section.split("<main")[1].split("</main")[0]


def test_a_fault_in_a_section_keeps_what_was_typed(day: Desk) -> None:
    at = begun(day)
    answer = kept(day, at, house.COORDINATOR, "people", prescriber_family="Chen", prescriber_npi="12")
    assert answer.status_code == 422
    assert "An NPI has 10 digits." in answer.text
    assert 'value="12"' in answer.text


def test_questions_are_answered_in_the_draft_and_go_with_the_request(day: Desk) -> None:
    at = begun(day, "ask")
    page = day.get(f"{at}/questions", house.COORDINATOR)
    assert "Most recent HbA1c" in page.text
    fields = {"a-hba1c": "8.4", "a-hba1c.date": "2026-11-20", "do": "again"}
    assert kept(day, at, house.COORDINATOR, "questions", **fields).headers["location"] == f"{at}/questions"
    said = plain(day.get(f"{at}/questions", house.COORDINATOR).text)
    assert "8.4 % on 20 Nov 2026" in said
    assert "HbA1c above" not in said


def test_a_draft_is_sent_once_and_thrown_away_by_whom_it_is(day: Desk) -> None:
    at = begun(day, "ask")
    assert day.get(at, house.OTHER_CLINIC).status_code == 404
    assert day.get(f"{at}/patient", house.OTHER_CLINIC).status_code == 404
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(f"{at}/send", headers=headers).text, f"{at}/send")
    first, second = (day.post(f"{at}/send", headers, {**marks, "do": "send"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["location"].partition("?")[0] == first.headers["location"].partition("?")[0]
    at = begun(day, "ask")
    assert kept(day, at, house.COORDINATOR, "send", do="drop").headers["location"] == "/clinic?said=draft-gone"
    assert day.get(at, house.COORDINATOR).status_code == 404


def test_a_section_that_is_none_is_not_there(day: Desk) -> None:
    assert day.get(f"{begun(day)}/nothing", house.COORDINATOR).status_code == 404
