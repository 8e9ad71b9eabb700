"""The documents of a case: filed ones with the criteria that rest on them, and those that the request only names."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.acts.files import File, FileDocument
from tests.ledger import house
from tests.workbench.house import Desk, plain
from tests.workbench.pages.test_criterion import LOG
from tests.workbench.pages.test_moves import RESULT


def test_each_paper_says_where_it_is_from_and_what_it_was_used_for(desk: Desk) -> None:
    number = desk.receive("ask")
    for file in (
        File(title="lab.json", media="application/fhir+json", content=RESULT, kind="resources"),
        File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.4", dated=date(2026, 11, 12)),
    ):
        house.done(desk.store, FileDocument(case=number, file=file), house.COORDINATOR)
    text = plain(desk.get(f"/c/{number}", house.NURSE).text)
    assert "lab.json resources no day Tue 24 Nov 2026 09:00 EST Cora Coordinator II.A.T.7" in text
    assert "letter.pdf paper 12 Nov 2026" in text
    assert "Progress note named in the request 6 Nov 2026 with the request III.0.1" in text


def test_evidence_leads_to_the_document_that_holds_it(desk: Desk) -> None:
    number = desk.receive("ask")
    file = File(title="lab.json", media="application/fhir+json", content=RESULT, kind="resources")
    house.done(desk.store, FileDocument(case=number, file=file), house.COORDINATOR)
    page = desk.get(f"/c/{number}/criterion/II.A.T.7", house.NURSE).text
    assert f'<a href="/c/{number}/documents/1" data-document>document 1</a>' in page


def test_a_log_is_used_for_what_its_readings_speak_of(desk: Desk) -> None:
    number = desk.receive("ask")
    file = File(title="sensor.csv", media="text/csv", content=LOG.read_bytes(), kind="glucose-log")
    house.done(desk.store, FileDocument(case=number, file=file), house.COORDINATOR)
    page = desk.get(f"/c/{number}", house.NURSE).text
    assert "sensor.csv glucose log no day Tue 24 Nov 2026 09:00 EST Cora Coordinator II.A.T.5" in plain(page)
    assert f'<a href="/c/{number}/documents/1" data-document>document 1</a>' in page
