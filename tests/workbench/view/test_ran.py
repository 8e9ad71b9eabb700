"""The runs of a case in words: why each was made, what it found, what came after the one on an open page."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from priorauth.ledger import opened
from priorauth.ledger.acts.files import File, FileDocument, FileInError
from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.store import Store
from priorauth.workbench.view import ran
from tests.ledger.house import COORDINATOR, NOW, NURSE, done, furnish, received
from tests.workbench.pages.test_moves import RESULT

ZONE = ZoneInfo("America/New_York")


def test_each_run_says_why_it_was_made(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    file = File(title="lab.json", media="application/fhir+json", content=RESULT, kind="resources")
    done(store, FileDocument(case=number, file=file), COORDINATOR, NOW + timedelta(hours=1))
    done(store, FileInError(case=number, document=1, why="of another member"), COORDINATOR, NOW + timedelta(hours=2))
    done(store, Repeat(case=number), NURSE, NOW + timedelta(hours=3))
    found = opened.read(store, NURSE, number)
    assert found is not None
    assert [(one.number, one.cause) for one in ran.listed(found)] == [
        (4, "somebody asked for it"),
        (3, "the document lab.json was filed in error"),
        (2, "the document lab.json came"),
        (1, "the request came"),
    ]
    assert ran.arrived(found, 1, ZONE) == (
        "Somebody asked for it, Tue 24 Nov 2026 12:00 EST. Still: something is missing."
    )


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        ("document 1 read", "the document letter.pdf was read"),
        ("facts of document 1 proposed", "a program proposed facts of the document letter.pdf"),
        ("hba1c of document 1 confirmed", "somebody confirmed what the document letter.pdf states: HbA1c"),
        ("hba1c of document 1 rejected", "somebody rejected what the document letter.pdf states: HbA1c"),
        ("words of document 1 tied to hba1c", "somebody tied words of the document letter.pdf to HbA1c"),
        (
            "document 1 seen as prescription_signed_on",
            "somebody saw the document letter.pdf: signed prescription",
        ),
        ("document 7 read", "the document document 7 was read"),
    ],
)
def test_a_run_that_came_of_a_document_names_it_and_the_fact(store: Store, cause: str, says: str) -> None:
    furnish(store)
    number = received(store, "ask")
    file = File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.4")
    done(store, FileDocument(case=number, file=file), COORDINATOR)
    found = opened.read(store, NURSE, number)
    assert found is not None
    assert ran.cause(structs.replace(found.runs[0], cause=cause), found) == says


def test_items_that_differ_are_told_one_by_one() -> None:
    assert ran.outcome({"1": "approve", "2": "approve"}) == "Ready to approve"
    assert ran.outcome({"1": "approve", "2": "not-yet"}) == "item 1: Ready to approve; item 2: Time has to pass first"
