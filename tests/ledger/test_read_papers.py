"""Documents as pages and programs see them: how far they were read, what they propose, what people said of that."""

from __future__ import annotations

import pytest

from priorauth.documents.proposal import Findings
from priorauth.ledger import read_papers
from priorauth.ledger.acts import files, papers
from priorauth.ledger.events import Who
from priorauth.ledger.read_papers import DocumentRead
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from tests.ledger.house import COORDINATOR, NOW, NURSE, OTHER_CLINIC, TENANT, done, furnish, received
from tests.ledger.standing import DATA, FACT, FILE, proposal, read, text

CASE = "26-0001"


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    received(store, "ask", files=(FILE, FILE, DATA))
    return store


def one(store: Store, number: int = 1, who: Who = NURSE) -> DocumentRead:
    return read_papers.readings(store, who, CASE)[number - 1]


def test_a_document_waits_until_it_is_read_and_data_is_read_as_data(plan: Store) -> None:
    found = read_papers.readings(plan, NURSE, CASE)
    assert [(row.document, row.status, row.why) for row in found] == [
        (1, "waiting", None), (2, "waiting", None), (3, "kept-as-paper", "it is data, and not read as a document"),
    ]  # fmt: skip
    done(plan, read(CASE, 1))
    row = one(plan)
    assert (row.status, row.reader, row.read_at, row.title) == ("read", "a reader, and rules", NOW, "letter.txt")
    assert [(said.word, said.reading, said.number, said.by) for said in row.open] == [("open", 1, 0, "priorauth")]
    assert row.findings is not None
    assert row.findings.kind == "letter-of-medical-necessity"


def test_a_paper_is_kept_with_the_reason(plan: Store) -> None:
    done(plan, papers.ReadDocument(case=CASE, document=1, reader="a", refused="it is torn"))
    aside = Findings(set_aside="the document is of another patient: the name differs")
    done(plan, papers.ReadDocument(case=CASE, document=2, reader="a", findings=aside))
    assert [(row.status, row.why) for row in read_papers.readings(plan, NURSE, CASE)][:2] == [
        ("kept-as-paper", "it is torn"), ("kept-as-paper", "the document is of another patient: the name differs"),
    ]  # fmt: skip
    done(plan, files.FileInError(case=CASE, document=1, why="of another"), NURSE)
    assert one(plan).why == "it was filed in error"


def test_a_proposal_bears_the_word_that_holds_and_who_said_it(plan: Store) -> None:
    done(plan, read(CASE, 1, proposal(), proposal(fact="motivated")))
    done(plan, papers.ConfirmProposal(case=CASE, document=1, proposal=1), NURSE)
    done(plan, papers.RejectProposal(case=CASE, document=1, proposal=1, why="the other pump"), NURSE)
    done(plan, papers.TieWords(case=CASE, document=1, said=proposal(quote="She is taught")), NURSE)
    found = one(plan).proposals
    assert [(row.proposal.fact, row.word, row.number) for row in found] == [
        (FACT, "open", 0), ("motivated", "rejected", 1), (FACT, "tied", None),
    ]  # fmt: skip
    assert (found[1].name, found[1].role, found[1].why) == ("Nina Nurse", "nurse", "the other pump")


def test_a_clinic_sees_its_own_words_and_those_of_the_payer_when_it_was_told(plan: Store) -> None:
    done(plan, read(CASE, 1, proposal(), proposal(fact="motivated")))
    done(plan, papers.ConfirmProposal(case=CASE, document=1, proposal=0), NURSE)
    done(plan, papers.ConfirmProposal(case=CASE, document=1, proposal=1), COORDINATOR)
    assert [row.word for row in one(plan, who=COORDINATOR).proposals] == ["open", "confirmed"]
    assert read_papers.readings(plan, OTHER_CLINIC, CASE) == ()
    assert read_papers.text(plan, OTHER_CLINIC, CASE, 1) is None
    with pytest.raises(Refusal, match="not for the role analyst"):
        read_papers.readings(plan, Who(TENANT, "anna", "analyst"), CASE)


def test_the_text_of_a_document_is_there_with_its_places(plan: Store) -> None:
    assert read_papers.text(plan, NURSE, CASE, 1) is None
    done(plan, read(CASE, 1))
    assert read_papers.text(plan, COORDINATOR, CASE, 1) == text()
    assert read_papers.text(plan, COORDINATOR, CASE, 2) is None
