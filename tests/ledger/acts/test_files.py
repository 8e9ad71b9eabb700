"""What is filed is kept, read where it can be read, and never silently dropped nor deleted."""

from __future__ import annotations

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument, FileInError
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.events import Who
from priorauth.ledger.runs import FHIR
from priorauth.ledger.store import Store
from tests.ledger.house import (
    COORDINATOR,
    NURSE,
    OTHER_CLINIC,
    TENANT,
    done,
    example,
    furnish,
    received,
    refused,
)
from tests.ledger.standing import case, rows

PAPER = File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.7")
BROKEN = File(title="lab.json", media=FHIR, content=b"{", kind="lab")
NO_LOG = File(title="meter.csv", media="text/csv", content=b"nothing of a meter", kind="glucose-log")
COLLEAGUE = Who(TENANT, "otto", "coordinator", "clinic")


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    return store


def document(store: Store, number: str) -> list[tuple[int, str, str]]:
    return [(row["number"], row["kind"], row["name"]) for row in rows(store, t.document, case_no=number)]


def test_one_file_that_cannot_be_read_does_not_keep_a_request_out(plan: Store) -> None:
    found = done(plan, Receive(bundle=example("ask"), files=(BROKEN, PAPER, NO_LOG)), COORDINATOR)
    assert document(plan, str(found.case)) == [
        (1, "paper", "lab.json"), (2, "paper", "letter.pdf"), (3, "paper", "meter.csv"),
    ]  # fmt: skip
    assert "lab.json" in found.more["unread"]
    assert "meter.csv" in found.more["unread"]
    assert found.state == "with-clinic"


def test_a_file_that_cannot_be_read_is_kept_as_a_paper_and_that_is_said(plan: Store) -> None:
    number = received(plan, "ask")
    for file in (BROKEN, NO_LOG, File(title="list.json", media=FHIR, content=b"[]", kind="lab")):
        found = done(plan, FileDocument(case=number, file=file), COORDINATOR)
        assert file.title in found.more["unread"]
        assert found.state == "with-clinic"
    assert [kind for _, kind, _ in document(plan, number)] == ["paper"] * 3
    assert case(plan, number)["runs"] == 1
    last = rows(plan, t.event, case_no=number)[-1]
    assert (last["what"], "list.json" in last["data"]["say"]["unread"]) == ("filed", True)


def test_what_comes_after_the_decision_is_filed_and_changes_nothing(plan: Store) -> None:
    number = received(plan, "approve")
    before = rows(plan, t.run, case_no=number)
    found = done(plan, FileDocument(case=number, file=BROKEN), COORDINATOR)
    assert "appeal, or ask anew" in found.more["late"]
    assert (found.state, rows(plan, t.run, case_no=number)) == ("approved", before)
    assert document(plan, number) == [(1, "lab", "lab.json")]


def test_a_document_is_never_deleted_only_said_to_be_filed_in_error_once(plan: Store) -> None:
    number = received(plan, "ask", files=(PAPER,))
    wrong = FileInError(case=number, document=1, why="another member's")
    assert refused(plan, FileInError(case=number, document=1), COORDINATOR).code == "invalid"
    assert refused(plan, FileInError(case=number, document=2, why="so"), COORDINATOR).code == "not-found"
    done(plan, wrong, COORDINATOR)
    assert refused(plan, wrong, COORDINATOR).code == "invalid"
    assert len(rows(plan, t.document)) == 1


def test_a_clinic_says_that_of_what_it_filed_itself_whoever_of_it_did(plan: Store) -> None:
    number = received(plan, "ask", files=(PAPER,))
    done(plan, FileDocument(case=number, file=PAPER), NURSE._replace(behalf="clinic"))
    assert refused(plan, FileInError(case=number, document=2, why="so"), COORDINATOR).code == "no-right"
    assert refused(plan, FileInError(case=number, document=1, why="so"), OTHER_CLINIC).code == "not-found"
    done(plan, FileInError(case=number, document=1, why="so"), COLLEAGUE)
