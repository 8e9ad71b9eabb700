"""What was read in documents, and what people said of that, is kept, handed out and done again as everything else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from priorauth.ledger import rebuild
from priorauth.ledger import tables as t
from priorauth.ledger.acts.papers import ConfirmProposal, RejectProposal, TieWords
from priorauth.ledger.care.backup import backup
from priorauth.ledger.care.casefile import facts
from priorauth.ledger.care.export import export
from priorauth.ledger.care.replay import replay
from priorauth.ledger.care.restore import restore
from priorauth.ledger.care.verify import verify
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.letters import page
from priorauth.letters.casefile import page_of
from tests.ledger.house import COORDINATOR, NURSE, TENANT, done, furnish, received
from tests.ledger.standing import FILE, proposal, read, rows

CASE = "26-0001"
KEPT = (t.pages, t.reading, t.proposal_word)


@pytest.fixture
def plan(store: Store) -> Store:
    """A case with a letter that was read, one proposal confirmed, one rejected, and words that a nurse tied."""
    furnish(store)
    received(store, "ask", files=(FILE,))
    done(store, read(CASE, 1, proposal(), proposal(fact="motivated")))
    done(store, ConfirmProposal(case=CASE, document=1, proposal=0), NURSE)
    done(store, RejectProposal(case=CASE, document=1, proposal=1, why="of the other pump"), COORDINATOR)
    done(store, TieWords(case=CASE, document=1, said=proposal(quote="She is taught")), NURSE)
    received(store, "ask", files=(FILE,))
    return store


def test_a_backup_has_it_and_a_restored_ledger_is_whole(plan: Store, tmp_path: Path) -> None:
    backup(plan, TENANT, tmp_path / "a.backup")
    restore(tmp_path / "a.backup", f"sqlite:///{tmp_path / 'b.db'}")
    other = open_store(f"sqlite:///{tmp_path / 'b.db'}")
    for store in (plan, other):
        assert verify(store, TENANT).faults == ()
        assert {one.verdict for one in replay(store, TENANT)} == {"same"}
    for table in KEPT:
        assert rows(other, table) == rows(plan, table) != []
    other.close()


def test_the_state_is_what_the_events_leave(plan: Store) -> None:
    before = rows(plan, t.cases)
    rebuild.rebuild(plan, TENANT)
    assert rows(plan, t.cases) == before


def test_a_case_that_is_handed_out_has_it(plan: Store, tmp_path: Path) -> None:
    found = export(plan, TENANT, CASE, tmp_path / "case.zip")
    assert (found.rows["reading"], found.rows["proposal_word"]) == (1, 3)
    with zipfile.ZipFile(tmp_path / "case.zip") as file:
        assert b"She is taught" in file.read("proposal_word.ndjson")


def test_the_file_of_a_case_says_who_said_what_of_which_document(plan: Store) -> None:
    with plan.reading(TENANT) as connection:
        said = " ".join(page.text(page_of(facts(connection, TENANT, CASE))).split())
    for part in (
        "Nina Nurse (nurse) document 1, page 1 confirmed: able_to_operate_pump yes",
        "Document 1 was read; facts proposed: 2.",
        "Motivated of document 1, page 1, was rejected. Why: of the other pump",
    ):
        assert part in said
