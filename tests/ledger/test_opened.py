"""A case whole: everything for the payer's people, in the order it happened."""

from __future__ import annotations

import pytest

from priorauth.ledger.acts.calls import RecordCall
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.files import File, FileDocument, FileInError
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.words import Settle
from priorauth.ledger.events import Who
from priorauth.ledger.opened import read
from priorauth.ledger.store import Store
from priorauth.ledger.whole import Whole
from priorauth.ledger.work import Refusal
from tests.ledger.house import (
    ADMIN,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    OTHER_CLINIC,
    REASON,
    SYSTEM,
    done,
    furnish,
    received,
)
from tests.ledger.year import Mailed

PAPER = File(title="letter", media="application/pdf", content=b"%PDF-1.7")


def open_conflict(whole: Whole) -> str:
    """Return a criterion of the last run that is in conflict."""
    waiting = [one for made in whole.determinations for one in made.criteria]
    while waiting:
        one = waiting.pop()
        if one.status == "conflict" and one.id is not None:
            return one.id
        waiting.extend(one.parts)
    raise AssertionError("expected a conflict")


def told(store: Store, who: Who, case: str) -> Whole:
    found = read(store, who, case)
    assert found is not None
    return found


def decided(store: Store, *, mailed: bool) -> str:
    """Bring a case through papers, a call, a settlement and an adverse decision."""
    furnish(store)
    case = received(store, "conflict", files=(PAPER,))
    done(store, FileDocument(case=case, file=PAPER), NURSE._replace(behalf="clinic"))
    done(store, FileInError(case=case, document=2, why="another member's"), NURSE)
    done(store, RouteToDirector(case=case, why="a matter of judgment"), NURSE)
    done(store, RecordCall(case=case, held_at=NOW, with_whom="the prescriber", said="she will send nothing"), DIRECTOR)
    criterion = open_conflict(told(store, SYSTEM, case))
    done(store, Settle(case=case, criterion=criterion, value=False, why="the log is complete"), DIRECTOR)
    done(store, DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,), why="not shown"), DIRECTOR)
    if mailed:
        done(store, Mailed(case=case), SYSTEM)
    return case


def test_the_payers_people_see_all_of_a_case(store: Store) -> None:
    case = decided(store, mailed=True)
    found = told(store, NURSE, case)
    assert (found.head.case_no, found.head.state, found.told) == (case, "adverse", True)
    assert [(one.number, one.wrong) for one in found.documents] == [(1, None), (2, "another member's")]
    assert [one.kind for one in found.words] == ["settlement"]
    assert [(one.signer, one.reasons[0].criterion) for one in found.decisions] == [("dora", REASON.criterion)]
    assert [one.said for one in found.calls] == ["she will send nothing"]
    assert [len(one.mailings) for one in found.notices] == [1]
    assert [one.number for one in found.runs] == list(range(1, found.head.runs + 1))
    assert found.determinations[0].item == 1
    assert [one.number for one in found.events] == list(range(1, len(found.events) + 1))
    assert len(found.items) == 1
    assert found.clocks
    assert [one.kind for one in found.submissions] == ["request"]


def test_an_approval_stands_with_its_case(store: Store) -> None:
    furnish(store)
    found = told(store, COORDINATOR, received(store, "approve"))
    assert [(one.product, one.ends) for one in found.approvals] == [("E0784", None)]


def test_another_organisations_case_is_not_there(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    assert read(store, OTHER_CLINIC, case) is None
    assert read(store, NURSE, "26-9999") is None
    assert read(store, NURSE._replace(tenant="another"), case) is None


def test_an_admin_reads_no_case(store: Store) -> None:
    furnish(store)
    with pytest.raises(Refusal, match="not for the role admin"):
        read(store, ADMIN, "26-0001")
