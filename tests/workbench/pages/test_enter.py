"""What a nurse enters for the clinic, by fax, phone or post: marked so, run again, refused with what was typed kept."""

from __future__ import annotations

import httpx2

from priorauth.ledger import tables as t
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, hidden, plain
from tests.workbench.pages.test_moves import RESULT


def filed(day: Desk, number: str, content: bytes = RESULT, name: str = "lab.json", **fields: str) -> httpx2.Response:
    at = f"/c/{number}/enter"
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(at, headers=headers).text, f"{at}/document")
    files = {"file": (name, content, "application/json")} if content else None
    return day.post(f"{at}/document", headers, {**marks, **fields}, files=files)


def test_a_document_that_came_by_fax_is_filed_for_the_clinic_and_read(day: Desk) -> None:
    number = day.receive("ask")
    answer = filed(day, number, by="fax", kind="resources")
    assert answer.headers["location"] == f"/c/{number}?said=entered"
    assert case(day.store, number)["runs"] == 2
    event = next(one for one in rows(day.store, t.event, case_no=number) if one["what"] == "filed")
    assert (event["person"], event["behalf"]) == ("nina", "clinic")
    assert "filed a document for the clinic" in plain(day.get(f"/c/{number}", house.SECOND_NURSE).text)


def test_a_paper_is_kept_and_used_for_nothing_yet(day: Desk) -> None:
    number = day.receive("ask")
    answer = filed(day, number, b"%PDF-1.4", "letter.pdf", by="mail", kind="paper", dated="2026-11-12")
    assert answer.headers["location"] == f"/c/{number}?said=kept-paper"
    assert case(day.store, number)["runs"] == 1
    assert "letter.pdf paper 12 Nov 2026" in plain(day.get(f"/c/{number}", house.NURSE).text)


def test_what_is_wrong_with_a_document_is_said_and_what_was_typed_stays(day: Desk) -> None:
    answer = filed(day, day.receive("ask"), b"", by="fax", dated="12 Nov")
    assert answer.status_code == 422
    for said in ("Choose what it is.", "Choose the file.", "Write the day as in 2026-11-27."):
        assert said in answer.text
    assert 'value="fax" checked' in answer.text


def test_a_file_that_cannot_be_read_is_kept_as_a_paper_and_that_is_said(day: Desk) -> None:
    number = day.receive("ask")
    answer = filed(day, number, b"{}", by="fax", kind="resources")
    assert answer.status_code == 422
    assert "is kept as a paper" in answer.text
    assert [row["kind"] for row in rows(day.store, t.document, case_no=number)] == ["paper"]


def test_a_request_is_taken_back_for_the_clinic_with_who_told_it(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/enter"
    bare = day.send(at, f"{at}/withdraw", house.NURSE, by="phone")
    assert bare.status_code == 422
    assert "Write who told it, and why." in bare.text
    day.send(at, f"{at}/withdraw", house.NURSE, by="phone", why="Carla: the member moved.")
    assert case(day.store, number)["state"] == "withdrawn"
    told = next(one for one in rows(day.store, t.event, case_no=number) if one["what"] == "withdrawn")
    assert told["why"] == "by phone: Carla: the member moved."


def test_a_director_enters_nothing_for_a_clinic(day: Desk) -> None:
    assert day.get(f"/c/{day.receive('ask')}/enter", house.DIRECTOR).status_code == 403


def test_a_request_that_the_clinic_sends_anew_takes_the_place_of_the_one_before(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/enter"
    headers = day.sign_in(house.NURSE)
    marks = hidden(day.running.client.get(at, headers=headers).text, f"{at}/update")
    fields = {**marks, "by": "fax", "why": "Carla: the quantity was wrong."}
    other = day.post(f"{at}/update", headers, fields, files={"anew": ("r.json", house.example("review"), "a/b")})
    assert other.status_code == 422
    assert "It cannot take the place of the request: the request is of another member" in plain(other.text)
    own = {"anew": ("r.json", house.example("ask"), "application/json")}
    assert day.post(f"{at}/update", headers, {**fields, "key": "anew"}, files=own).status_code == 303
    sent = rows(day.store, t.submission, case_no=number)
    assert [(row["kind"], row["channel"]) for row in sent] == [("request", "api"), ("request", "fax")]
