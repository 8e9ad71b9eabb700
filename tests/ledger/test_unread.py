"""Papers of open cases that wait to be read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger import unread
from priorauth.ledger.acts import files, intake, papers
from priorauth.ledger.store import Store
from priorauth.server import reads
from tests.ledger.house import COORDINATOR, NOW, NURSE, SYSTEM, TENANT, done, example, furnish, received
from tests.ledger.standing import DATA, FILE, LETTER, read, text

BROKEN = files.File(title="lab", media="application/fhir+json", content=b"{")
"""It is kept as a paper."""


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    received(store, "ask", files=(FILE, DATA, FILE, FILE, BROKEN))
    return store


def waiting(store: Store, reader: str = "a") -> list[int]:
    return [one.document for one in unread.waiting(store, TENANT, reader)]


def count(store: Store) -> int:
    with store.reading(TENANT) as connection:
        return unread.count(connection, TENANT, NOW)


def test_papers_wait_and_data_does_not(plan: Store) -> None:
    assert (waiting(plan), count(plan)) == ([1, 3, 4], 3)
    assert len(unread.waiting(plan, TENANT, "a", most=2)) == 2
    assert unread.waiting(plan, TENANT, "a", since=NOW + timedelta(seconds=1)) == ()
    assert unread.waiting(plan, "another", "a") == ()


def test_what_was_read_or_tried_by_this_version_waits_no_more(plan: Store) -> None:
    done(plan, read("26-0001", 1))
    done(plan, papers.ReadDocument(case="26-0001", document=3, reader="a", refused="it is torn"))
    done(plan, files.FileInError(case="26-0001", document=4, why="of another"), NURSE)
    assert (waiting(plan), count(plan)) == ([], 0)
    assert waiting(plan, "b") == [3]


def test_papers_of_a_closed_case_do_not_wait(plan: Store) -> None:
    done(plan, intake.Withdraw(case="26-0001"), COORDINATOR)
    assert waiting(plan) == []


def test_what_reading_needs_is_there(plan: Store) -> None:
    [one, *_] = unread.waiting(plan, TENANT, "a")
    assert reads.content(plan, SYSTEM, one.sha256) == LETTER
    assert unread.request(plan, TENANT, one.case) == example("ask")
    assert unread.text(plan, TENANT, one.sha256, "a reader") is None
    done(plan, read("26-0001", 1))
    assert unread.text(plan, TENANT, one.sha256, "a reader") == text()
