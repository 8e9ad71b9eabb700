"""Answers that a nurse enters for the clinic: with who told them and how; marked so, and read like the clinic's own."""

from __future__ import annotations

from priorauth.ledger import tables as t
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, hidden, plain

RESULT = {"a-hba1c": ["8.1", ""], "a-hba1c.date": ["2026-11-10", ""]}


def test_what_the_clinic_said_by_phone_is_entered_for_it_and_the_case_is_run_again(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/enter/answers"
    page = day.get(at, house.NURSE).text
    assert "Most recent HbA1c above 7.0 percent" in page
    fields = {"by": "phone", "told": "coordinator", **RESULT}
    answer = day.send(at, at, house.NURSE, **fields)
    assert answer.headers["location"] == f"/c/{number}?said=entered", plain(answer.text)
    event = next(one for one in rows(day.store, t.event, case_no=number) if one["what"] == "answered")
    assert (event["person"], event["behalf"], event["data"]["say"]["channel"]) == ("nina", "clinic", "phone")
    assert case(day.store, number)["runs"] == 2
    text = plain(day.get(f"/c/{number}/criterion/II.A.T.7", house.NURSE).text)
    assert "8.1 %" in text


def test_who_told_it_how_and_at_least_one_answer_are_needed(day: Desk) -> None:
    at = f"/c/{day.receive('ask')}/enter/answers"
    bare = day.send(at, at, house.NURSE)
    assert bare.status_code == 422
    assert "Choose how it was told." in bare.text
    assert "Choose who told it." in bare.text
    empty = day.send(at, at, house.NURSE, by="fax", told="supplier")
    assert "Answer at least one question." in empty.text
    assert 'value="supplier" checked' in empty.text


def test_where_nothing_is_asked_nothing_can_be_answered(day: Desk) -> None:
    at = f"/c/{day.receive('conflict')}/enter/answers"
    assert "Nothing is asked now" in day.get(at, house.NURSE).text


def test_a_form_made_before_a_newer_run_enters_nothing(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/enter/answers"
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(at, headers=headers).text, at)
    day.send(f"/c/{number}", f"/c/{number}/note", house.NURSE, said="She calls back.")
    late = day.post(at, headers, {**marks, "by": "phone", "told": "coordinator", **RESULT})
    assert late.status_code == 409
    assert case(day.store, number)["runs"] == 1
