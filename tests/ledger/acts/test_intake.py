"""What comes is kept, read where it can be read, and never silently dropped; and what is taken back stays on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import Approve, DecideAdversely
from priorauth.ledger.acts.files import File
from priorauth.ledger.acts.intake import Answer, CancelItem, Close, CloseInError, UpdateItem, Withdraw
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.events import Who
from priorauth.ledger.runs import FHIR
from priorauth.ledger.store import Store
from tests.ledger.house import (
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NURSE,
    REASON,
    TENANT,
    done,
    example,
    furnish,
    received,
    refused,
)
from tests.ledger.standing import ANSWERS, bundle, case, rows, sent

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


# ---- a request


def test_a_request_arrives_whole_with_its_bytes_its_run_and_its_clocks(plan: Store) -> None:
    number = received(plan, "ask", channel="portal", files=(PAPER,))
    found = case(plan, number)
    assert (number, found["state"], found["version"], found["runs"]) == ("26-0001", "with-clinic", 1, 1)
    assert (found["organisation"], found["member"]) == ("clinic", "Patient/ask")
    (submission,) = rows(plan, t.submission)
    assert rows(plan, t.blob, sha256=submission["sha256"])[0]["bytes"] == example("ask")
    assert document(plan, number) == [(1, "paper", "letter.pdf")]
    assert found["due_at"] is not None
    assert rows(plan, t.outbox)[0]["kind"] == "received"


def test_the_same_bytes_are_kept_once(plan: Store) -> None:
    number = received(plan, "ask", files=(PAPER, PAPER))
    assert len(rows(plan, t.document, case_no=number)) == 2
    assert len({row["sha256"] for row in rows(plan, t.document)}) == 1
    assert len(rows(plan, t.blob)) == 2


def test_a_request_entered_by_a_nurse_is_the_clinics_own(plan: Store) -> None:
    number = received(plan, "ask", who=NURSE._replace(behalf="clinic"), channel="phone")
    assert case(plan, number)["organisation"] == "clinic"
    assert rows(plan, t.submission)[0]["sender"] == "clinic"
    assert done(plan, Withdraw(case=number), COORDINATOR).state == "withdrawn"


def test_numbers_of_cases_begin_anew_with_the_plans_own_year(plan: Store) -> None:
    eve = datetime(2027, 1, 1, 4, 59, tzinfo=UTC)  # one minute to midnight in Boston
    assert received(plan, "review", now=eve) == "26-0001"
    assert received(plan, "review", now=eve + timedelta(minutes=1)) == "27-0001"
    assert received(plan, "review", now=eve + timedelta(minutes=2)) == "27-0002"


# ---- answers


def test_an_answer_is_a_questionnaire_and_makes_a_run(plan: Store) -> None:
    number = received(plan, "ask")
    for wrong in (b"{", b'{"resourceType": "Patient"}'):
        assert refused(plan, Answer(case=number, response=wrong), COORDINATOR).code == "invalid"
    found = done(plan, Answer(case=number, response=ANSWERS), COORDINATOR)
    assert found.more["run"] == 2
    assert [row["kind"] for row in rows(plan, t.submission)] == ["request", "answers"]


# ---- items


def test_a_cancelled_item_is_gone_from_the_request_and_the_last_one_withdraws_it(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    done(plan, CancelItem(case=number, item=1), COORDINATOR)
    assert [row["status"] for row in rows(plan, t.item, case_no=number)] == ["cancelled", "open"]
    assert refused(plan, CancelItem(case=number, item=1), COORDINATOR).code == "invalid"
    assert done(plan, CancelItem(case=number, item=2), COORDINATOR).state == "withdrawn"


@pytest.mark.parametrize("closing", ["withdraw", "cancel", "duplicate", "error"])
def test_what_was_decided_against_stays_open_to_appeal_though_the_rest_is_taken_back(plan: Store, closing: str) -> None:
    other = received(plan, "ask")
    number = sent(plan, bundle("ask", items=2))
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,), items=(1,)), DIRECTOR)
    assert case(plan, number)["state"] == "with-director"
    found = {
        "withdraw": lambda: done(plan, Withdraw(case=number), COORDINATOR),
        "cancel": lambda: done(plan, CancelItem(case=number, item=2), COORDINATOR),
        "duplicate": lambda: done(plan, Close(case=number, of=other), NURSE),
        "error": lambda: done(plan, CloseInError(case=number, why="sent twice"), NURSE),
    }[closing]()
    assert found.state == "adverse"
    assert done(plan, Appeal(case=number), COORDINATOR).state == "with-director"


def test_a_changed_request_is_of_the_same_member(plan: Store) -> None:
    number = received(plan, "ask")
    assert refused(plan, UpdateItem(case=number, bundle=example("conflict")), COORDINATOR).code == "invalid"
    assert len(rows(plan, t.submission)) == 1


def test_an_item_that_the_changed_request_has_no_more_is_cancelled_and_a_new_one_is_open(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    done(plan, UpdateItem(case=number, bundle=bundle("ask", items=1)), COORDINATOR)
    assert [row["status"] for row in rows(plan, t.item, case_no=number)] == ["open", "cancelled"]
    done(plan, UpdateItem(case=number, bundle=bundle("ask", items=3)), COORDINATOR)
    assert [row["status"] for row in rows(plan, t.item, case_no=number)][2] == "open"


def test_what_is_decided_is_not_asked_otherwise_afterwards(plan: Store) -> None:
    number = sent(plan, bundle("ask", items=2))
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Approve(case=number, items=(1,)), DIRECTOR)
    found = refused(plan, UpdateItem(case=number, bundle=bundle("ask", items=2, quantity=3)), COORDINATOR)
    assert "item 1 is decided" in found.reason


def test_a_copy_is_of_another_case_that_is_there(plan: Store) -> None:
    number = received(plan, "ask")
    for of in (number, "26-0099"):
        assert refused(plan, Close(case=number, of=of), NURSE).code == "not-found"
