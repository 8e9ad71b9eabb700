"""What an act writes is held back, sent together, and reads as the database would read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from priorauth.ledger import statements
from priorauth.ledger import tables as t
from priorauth.ledger.events import FIRST, Chain
from priorauth.ledger.pending import Pending
from priorauth.ledger.store import Store
from tests.ledger.house import NOW, TENANT, furnish

CASE = "26-9999"
DAY = date(2026, 11, 24)
HEAD = {
    "case_no": CASE,
    "received": DAY,
    "kind": "request",
    "state": "with-nurse",
    "priority": "standard",
    "version": 1,
    "member": "M",
    "about": {"asked": ("a", "b"), "at": NOW},
    "received_at": datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("America/New_York")),
    "runs": 0,
}
ITEM = {"case_no": CASE, "item": 1, "status": "open", "about": {}}
EVENT = {
    "tenant": TENANT,
    "case_no": CASE,
    "received": DAY,
    "number": 1,
    "at": NOW,
    "what": "received",
    "role": "system",
    "from_version": 0,
    "to_version": 1,
    "data": {"say": {"at": NOW}, "set": {}},
    "previous": FIRST,
    "hash": "1" * 64,
}


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    furnish(store)
    with store.writing(TENANT) as connection:
        yield connection


def there(connection: Connection, table: Any) -> list[dict[str, Any]]:
    found = connection.execute(*statements.chosen(TENANT, table, {"case_no": CASE}))
    return [dict(row) for row in found.mappings()]


def begun(connection: Connection) -> Pending:
    """A case with its item and its first event, of which nothing was sent."""
    pending = Pending(connection, TENANT)
    pending.begin(CASE)
    pending.leave({"item": [ITEM], "cases": [HEAD]})
    pending.append(t.event, EVENT)
    pending.head(CASE, Chain(1, "1" * 64))
    pending.leave({"cases": [{"case_no": CASE, "state": "with-clinic"}], "item": [{**ITEM, "outcome": "approve"}]})
    return pending


def test_nothing_is_sent_before_somebody_asks_the_database(connection: Connection) -> None:
    pending = begun(connection)
    assert [there(connection, table) for table in (t.cases, t.item, t.event)] == [[], [], []]
    assert pending.sent() is connection
    assert [len(there(connection, table)) for table in (t.cases, t.item, t.event)] == [1, 1, 1]


@pytest.mark.parametrize("table", [t.cases, t.item, t.event, t.document])
def test_a_case_that_began_here_reads_before_it_is_sent_as_the_database_reads_it_after(
    connection: Connection, table: Any
) -> None:
    pending = begun(connection)
    before = pending.rows(table, {"case_no": CASE})
    pending.send()
    assert before == there(connection, table) == pending.rows(table, {"case_no": CASE})


def test_a_row_that_was_sent_is_changed_and_not_written_twice(connection: Connection) -> None:
    pending = begun(connection)
    pending.send()
    pending.leave({"cases": [{"case_no": CASE, "owner": "nina"}], "item": [{**ITEM, "status": "approve"}]})
    pending.send()
    assert [(row["owner"], row["state"], row["events"]) for row in there(connection, t.cases)] == [
        ("nina", "with-clinic", 1)
    ]
    assert [(row["status"], row["outcome"]) for row in there(connection, t.item)] == [("approve", "approve")]


def test_a_row_is_taken_away_whether_or_not_it_was_sent(connection: Connection) -> None:
    pending = begun(connection)
    pending.leave({"item": [{"case_no": CASE, "item": 1, "gone": True}]})
    pending.send()
    assert there(connection, t.item) == pending.rows(t.item, {"case_no": CASE}) == []
    pending.leave({"item": [ITEM]})
    pending.send()
    assert len(there(connection, t.item)) == 1


def test_a_state_row_of_the_tenant_that_is_not_there_is_written_and_one_that_is_there_stays(
    connection: Connection,
) -> None:
    pending = Pending(connection, TENANT)
    pending.leave({"organisation": [{"organisation": "new", "kind": "clinic", "name": "New"}]})
    pending.leave({"organisation": [{"organisation": "clinic"}]})
    found = {row["organisation"]: row["name"] for row in pending.rows(t.organisation, {})}
    assert found["new"] == "New"
    assert "clinic" in found


def test_the_same_bytes_are_kept_once_also_where_they_were_kept_before(connection: Connection) -> None:
    sha = sha256(b"a fax").hexdigest()
    for _ in range(2):
        pending = Pending(connection, TENANT)
        pending.keep(sha, b"a fax")
        pending.keep(sha, b"a fax")
        assert pending.content(sha) == b"a fax"
        pending.send()
    assert Pending(connection, TENANT).content(sha) == b"a fax"
    assert connection.execute(select(func.count()).where(t.blob.c.sha256 == sha)).scalar() == 1


def test_numbers_are_counted_among_what_is_pending(connection: Connection) -> None:
    pending = begun(connection)
    assert pending.highest(t.event, {"case_no": CASE}) == 1
    assert pending.highest(t.document, {"case_no": CASE}) == 0
    assert pending.highest(t.document, {"case_no": "26-0000"}) == 0


def test_moments_that_are_read_here_are_in_utc(connection: Connection) -> None:
    assert begun(connection).rows(t.cases, {"case_no": CASE})[0]["received_at"].tzinfo is UTC
