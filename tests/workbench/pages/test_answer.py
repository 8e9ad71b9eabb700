"""Answers of a clinic: one thing a page, kept for the practice, laid beside the record before they are sent."""

from __future__ import annotations

import json

from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, hidden, plain

LAB = json.dumps({
    "resourceType": "Observation", "id": "a1c-9", "status": "final", "subject": {"reference": "Patient/ask"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]}, "effectiveDateTime": "2026-11-20",
    "valueQuantity": {"value": 6.4, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
}).encode()  # fmt: skip
HBA1C = {"a-hba1c": "8.4", "a-hba1c.date": "2026-11-20"}


def test_the_open_questions_alone_are_asked_with_the_record_beside_each(day: Desk) -> None:
    number = day.receive("ask")
    page = day.get(f"/c/{number}/answer", house.COORDINATOR)
    said = plain(page.text)
    assert page.status_code == 200, page.text
    assert "Question 1 of 2" in said
    assert "8.7 %, 15 Jul 2025" in said
    assert "glucose tests a day" not in said.split("Question 1 of 2")[1]
    assert " checked" not in page.text.split("<main")[1]


def test_answers_are_kept_read_over_and_sent_with_what_they_change(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/answer"
    kept = day.send(at, at, house.COORDINATOR, **HBA1C, do="next")
    assert kept.headers["location"] == f"{at}?thing=1-2"
    assert "answered" in plain(day.get(f"{at}?thing=1-2", house.COORDINATOR).text)
    assert case(day.store, number)["runs"] == 1
    last = f"{at}?thing=send"
    said = plain(day.get(last, house.COORDINATOR).text)
    assert "8.4 % on 20 Nov 2026" in said
    assert "Now shown: Most recent HbA1c above 7.0 percent." in said
    sent = day.send(last, f"{at}/send", house.COORDINATOR)
    assert sent.headers["location"] == f"/c/{number}?said=answers-sent"
    assert case(day.store, number)["runs"] == 2
    assert rows(day.store, t.submission, case_no=number)[-1]["kind"] == "answers"
    assert "Question 1 of 1" in plain(day.get(at, house.COORDINATOR).text)


def test_an_answer_that_contradicts_the_record_is_shown_with_both_sides_before_it_is_sent(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/answer"
    day.send(at, at, house.COORDINATOR, **HBA1C, do="next")
    assert "contradict" not in plain(day.get(f"{at}?thing=send", house.COORDINATOR).text)
    file = File(title="lab.json", media="application/fhir+json", content=LAB, kind="resources")
    house.done(day.store, FileDocument(case=number, file=file), house.COORDINATOR, day.now)
    said = plain(day.get(f"{at}?thing=send", house.COORDINATOR).text)
    assert "Your answer and the record contradict each other" in said
    assert "6.4 %" in said
    assert "8.4 %" in said
    assert "a clinician of the payer looks at both sides" in said


def test_of_two_who_answer_at_once_the_second_sees_what_the_first_said(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/answer"
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(at, headers=headers).text, at)
    day.send(at, at, house.COORDINATOR, **{**HBA1C, "a-hba1c": "7.9"}, do="next")
    answer = day.post(at, headers, {**marks, **HBA1C, "do": "next"})
    assert answer.status_code == 409
    assert "7.9 % on 20 Nov 2026" in plain(answer.text)
    assert 'value="8.4"' in answer.text
    again = day.post(at, headers, {**hidden(answer.text, at), **HBA1C, "do": "next"})
    assert again.status_code == 303


def test_what_is_wrong_stays_with_what_to_do(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/answer"
    answer = day.send(at, at, house.COORDINATOR, **{"a-hba1c": "high", "a-hba1c.date": "2026-11-20"})
    assert answer.status_code == 422
    assert "Write a number." in answer.text
    assert 'value="high"' in answer.text


def test_nothing_is_sent_where_nothing_was_answered(day: Desk) -> None:
    number = day.receive("ask")
    page = day.get(f"/c/{number}/answer?thing=send", house.COORDINATOR)
    assert "Nothing was answered yet." in plain(page.text)
    assert "/answer/send" not in page.text


def test_a_case_without_questions_says_that_nothing_is_to_do(day: Desk) -> None:
    number = day.receive("approve")
    assert "You need to do nothing." in plain(day.get(f"/c/{number}/answer", house.COORDINATOR).text)


def test_another_practice_finds_no_questions(day: Desk) -> None:
    number = day.receive("ask")
    assert day.get(f"/c/{number}/answer", house.OTHER_CLINIC).status_code == 404
    headers = day.sign_in(house.OTHER_CLINIC)
    token = hidden(day.running.client.get("/clinic", headers=headers).text, "/clinic")
    assert day.post(f"/c/{number}/answer", headers, {**token, **HBA1C}).status_code == 404


def test_answers_sent_twice_are_one_answer(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/answer"
    day.send(at, at, house.COORDINATOR, **HBA1C, do="next")
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(f"{at}?thing=send", headers=headers).text, f"{at}/send")
    first, second = (day.post(f"{at}/send", headers, marks) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert case(day.store, number)["runs"] == 2
