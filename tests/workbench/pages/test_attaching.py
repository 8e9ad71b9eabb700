"""Documents: attached by content, shown page by page beside what they serve, said to be in error, run by no browser."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from priorauth.ledger import tables as t
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, hidden, plain
from tests.workbench.test_leaves import PDF


def attached(day: Desk, number: str, name: str, content: bytes, **fields: str) -> Any:
    at = f"/c/{number}/documents"
    headers = day.sign_in(house.COORDINATOR)
    marks = hidden(day.running.client.get(at, headers=headers).text, at)
    return day.post(at, headers, {**marks, **fields}, files={"file": (name, content, "x/y")} if name else None)


def test_a_paper_is_shown_page_by_page_and_saved_without_being_run(day: Desk) -> None:
    number = day.receive("ask")
    assert "No document came with this case" not in plain(day.get(f"/c/{number}/documents", house.COORDINATOR).text)
    answer = attached(day, number, "letter.pdf", PDF)
    assert answer.headers["location"] == f"/c/{number}/documents?said=attached-paper"
    page = day.get(f"/c/{number}/documents/1", house.NURSE)
    assert "Page 1 of 2" in page.text
    assert "What is open on the case" in page.text
    leaf = day.get(f"/c/{number}/documents/1/page/2.png", house.NURSE)
    assert leaf.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(leaf.content)).width == 900
    assert day.get(f"/c/{number}/documents/1/page/3.png", house.NURSE).status_code == 404
    file = day.get(f"/c/{number}/documents/1/file", house.NURSE)
    assert file.content == PDF
    assert file.headers["content-security-policy"].startswith("sandbox")
    assert file.headers["content-disposition"].startswith("attachment")
    assert day.get(f"/c/{number}/documents/1/page/1.png", house.OTHER_CLINIC).status_code == 404


def test_that_a_document_was_opened_is_recorded(day: Desk) -> None:
    number = day.receive("ask")
    attached(day, number, "letter.pdf", PDF)
    day.get(f"/c/{number}/documents/1", house.NURSE)
    read = [one["data"]["say"]["of"] for one in rows(day.store, t.event, case_no=number) if one["what"] == "read"]
    assert "document 1" in read


def test_a_paper_of_a_known_kind_and_day_counts_as_seen(day: Desk) -> None:
    number = day.receive("ask")
    bare = attached(day, number, "letter.pdf", PDF, shows="letter_of_medical_necessity_signed_on")
    assert bare.status_code == 422
    assert "Write the day that the paper bears" in bare.text
    fields = {"shows": "letter_of_medical_necessity_signed_on", "dated": "2026-11-12"}
    assert attached(day, number, "letter.pdf", PDF, **fields).headers["location"].endswith("said=attached")
    assert [row["kind"] for row in rows(day.store, t.document, case_no=number)] == ["paper", "resources"]
    assert case(day.store, number)["runs"] == 2


def test_a_file_that_lies_is_kept_as_a_paper_and_that_is_said(day: Desk) -> None:
    number = day.receive("ask")
    answer = attached(day, number, "letter.pdf", b"<script>alert(1)</script>")
    page = day.get(answer.headers["location"], house.COORDINATOR)
    assert "kept as a paper for people to read" in plain(page.text)
    assert "<script>alert" not in page.text


def test_a_request_is_no_document_of_another_request(day: Desk) -> None:
    answer = attached(day, day.receive("ask"), "other.json", house.example("approve"))
    assert answer.status_code == 422
    assert "Begin a new request with it." in answer.text


def test_nothing_chosen_says_what_to_do(day: Desk) -> None:
    answer = attached(day, day.receive("ask"), "", b"", dated="12 Nov")
    assert answer.status_code == 422
    assert "Choose the file." in answer.text


def test_a_document_filed_in_error_stays_and_is_shown_so(day: Desk) -> None:
    number = day.receive("ask")
    attached(day, number, "letter.pdf", PDF)
    at = f"/c/{number}/documents/1"
    assert day.send(at, f"{at}/error", house.COORDINATOR).status_code == 422
    said = day.send(at, f"{at}/error", house.COORDINATOR, why="Of another patient.")
    assert said.headers["location"] == f"/c/{number}/documents?said=wrong-kept"
    assert "filed in error: Of another patient." in plain(day.get(f"/c/{number}/documents", house.NURSE).text)
    assert "/error" not in day.get(at, house.COORDINATOR).text


def test_what_comes_after_the_decision_changes_nothing_and_says_so(day: Desk) -> None:
    number = day.receive("approve")
    day.send(f"/c/{number}", f"/c/{number}/approve", house.NURSE)
    answer = attached(day, number, "late.pdf", PDF)
    assert "The case is decided: this changes nothing of it." in plain(
        day.get(answer.headers["location"], house.COORDINATOR).text
    )
    assert case(day.store, number)["runs"] == 1
