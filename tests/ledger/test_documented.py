"""What the documents of a case say, as a run reads it, and what of it waits for somebody to confirm."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from priorauth.documents.proposal import Findings
from priorauth.documents.rows import Confirmed, Proposed
from priorauth.ledger import documented, worklist
from priorauth.ledger import tables as t
from priorauth.ledger.acts import files, notices, papers, queues
from priorauth.ledger.acts.calls import Note
from priorauth.ledger.store import Store
from priorauth.ledger.work import look
from priorauth.ledger.worklist import Wanted
from tests.ledger.house import COORDINATOR, NOW, NURSE, SYSTEM, done, furnish, received
from tests.ledger.standing import FACT, LETTER, case, proposal, read, rows

CASE = "26-0001"
FILE = files.File(title="letter.txt", media="text/plain", content=LETTER, dated=date(2026, 11, 12))
HBA1C = proposal(fact="hba1c", value="8.4 %", date="2026-11-12")


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    received(store, "ask", files=(FILE,))
    return store


def proposed(store: Store) -> list[Proposed]:
    with look(store, Note(case=CASE, said="a"), NURSE, NOW) as work:
        found = documented.proposed_of(work)
    return [] if found is None else msgspec.json.decode(found, type=list[Proposed])


def test_a_run_reads_what_a_document_proposes_and_who_confirmed_what(plan: Store) -> None:
    assert proposed(plan) == []
    done(plan, read(CASE, 1, proposal(), proposal(fact="motivated"), HBA1C))
    done(plan, papers.ConfirmProposal(case=CASE, document=1, proposal=2), NURSE)
    done(plan, papers.RejectProposal(case=CASE, document=1, proposal=1), COORDINATOR)
    done(plan, papers.TieWords(case=CASE, document=1, said=proposal(quote="She is taught")), COORDINATOR)
    [one] = proposed(plan)
    assert (one.document, one.title, one.dated) == ("document 1", "letter.txt", "2026-11-12")
    at = "2026-11-24T14:00:00.000000Z"
    assert one.confirmed == (Confirmed(number=2, by="nina", role="nurse", name="Nina Nurse", at=at),)
    assert one.rejected == (1,)
    assert [(tied.role, tied.proposal.quote) for tied in one.tied] == [("clinic", "She is taught")]


def test_nothing_is_read_of_a_document_that_proposes_nothing_or_was_filed_in_error(plan: Store) -> None:
    done(plan, files.FileDocument(case=CASE, file=FILE))
    done(plan, papers.ReadDocument(case=CASE, document=2, reader="a", findings=Findings(kind="lab-report")))
    assert proposed(plan) == []
    done(plan, read(CASE, 1))
    assert len(proposed(plan)) == 1
    done(plan, files.FileInError(case=CASE, document=1, why="of another"), NURSE)
    assert proposed(plan) == []


def test_of_one_reader_the_newest_reading_stands_and_of_the_one_before_what_was_confirmed(plan: Store) -> None:
    done(plan, read(CASE, 1, HBA1C))
    facts = [{"fact": FACT, "value": "yes", "quote": "has been able to use the pump", "page": 1}]
    model = papers.ProposeFacts(
        case=CASE, document=1, reader="a model", proposals=msgspec.json.encode({"facts": facts})
    )
    done(plan, model)
    done(plan, papers.ConfirmProposal(case=CASE, document=1, reading=2, proposal=0), NURSE)
    assert len(proposed(plan)) == 2
    done(plan, model)
    one, two, three = proposed(plan)
    assert [len(each.findings.facts) for each in (one, two, three)] == [1, 1, 1]
    assert [len(each.confirmed) for each in (one, two, three)] == [0, 1, 0]
    done(plan, papers.RejectProposal(case=CASE, document=1, reading=3, proposal=0), NURSE)
    assert [each.rejected for each in proposed(plan)] == [(), (), (0,)]


def test_what_is_asked_and_a_document_proposes_waits_to_be_confirmed(plan: Store) -> None:
    assert case(plan, CASE)["to_confirm"] is None
    done(plan, read(CASE, 1, HBA1C, proposal()))
    assert case(plan, CASE)["to_confirm"] == 1
    [line] = worklist.queue(plan, NURSE, Wanted(), NOW).lines
    assert line.to_confirm == 1
    assert len(worklist.queue(plan, NURSE, Wanted(to_confirm=True), NOW).lines) == 1
    done(plan, queues.RouteToNurse(case=CASE), NURSE)
    done(plan, notices.AskClinic(case=CASE, facts=("hba1c",)), NURSE)
    asked = [row["data"]["say"] for row in rows(plan, t.event, case_no=CASE) if row["what"] == "asked"][-1]
    says = "your letter of medical necessity of 12 Nov 2026 says HbA1c: 8.4 %"
    assert asked["proposed"] == [{"document": 1, "reading": 1, "proposal": 0, "fact": "hba1c", "says": says}]
    [message] = [row["payload"] for row in rows(plan, t.outbox) if row["payload"].get("proposed")]
    assert message["proposed"] == [{"document": 1, "reading": 1, "proposal": 0, "fact": "hba1c"}]
    done(plan, papers.RejectProposal(case=CASE, document=1, proposal=0), NURSE)
    assert case(plan, CASE)["to_confirm"] == 0
    assert worklist.queue(plan, NURSE, Wanted(to_confirm=True), NOW).lines == ()


def test_what_a_document_denies_is_said_so(plan: Store) -> None:
    done(plan, read(CASE, 1, proposal(polarity="denied", value="no")))
    with look(plan, Note(case=CASE, said="a"), SYSTEM._replace(role="nurse", person="nina"), NOW) as work:
        [one] = documented.waiting(work, {FACT})
    assert documented.says(one) == "your letter of medical necessity of 12 Nov 2026 says able to operate pump: no"
