"""The store: opened by a URL, a transaction whole or not at all, read as of one moment."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Executable, event, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from priorauth.errors import LedgerRefused
from priorauth.ledger import faults
from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect, plain
from priorauth.ledger.work import Done, Refused, perform
from tests.ledger.house import NOW, NURSE, TENANT, furnish, received
from tests.servers import Server

ROW = {"tenant": TENANT, "organisation": "x", "kind": "clinic", "name": "X"}


def names(store: Store) -> set[str]:
    with store.reading(TENANT) as connection:
        return set(connection.execute(select(t.organisation.c.organisation)).scalars())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no url", "expected sqlite:///FILE"),
        ("mysql://host/name", "expected sqlite or postgresql, found mysql"),
        ("sqlite://", "kept in memory alone is lost"),
        ("sqlite:///:memory:", "kept in memory alone is lost"),
        ("sqlite:////no/such/folder/file.db", "the folder is not there"),
    ],
)
def test_a_url_that_is_none_of_ours_is_refused_in_one_line(url: str, said: str) -> None:
    with pytest.raises(LedgerRefused, match=said) as refusal:
        connect(url)
    assert "\n" not in str(refusal.value)


def test_a_file_and_what_stands_beside_it_is_its_owners_alone_and_one_that_was_there_is_left_as_it_is(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    store = open_store(url)
    furnish(store)
    made = sorted(tmp_path.iterdir())
    assert [one.name for one in made] == ["ledger.db", "ledger.db-shm", "ledger.db-wal"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in made} == {0o600}
    store.close()
    made[0].chmod(0o640)
    open_store(url).close()
    assert stat.S_IMODE(made[0].stat().st_mode) == 0o640


def test_errors_never_name_a_password() -> None:
    store = connect("postgresql://ann:secret@127.0.0.1:1/plan")
    assert store.name == "127.0.0.1/plan"
    store.close()


def put(store: Store, *statements: Executable) -> None:
    with store.writing(TENANT) as connection:
        for one in statements:
            connection.execute(one)


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    furnish(store)
    there = insert(t.organisation).values(ROW)
    with pytest.raises(IntegrityError):
        put(store, there, there)
    assert "x" not in names(store)
    put(store, there)
    assert "x" in names(store)


def test_a_commit_that_fails_leaves_nothing_and_nobody_is_given_its_connection(store: Store) -> None:
    furnish(store)
    parts = {"asks": "a", "found": "b", "why_not": "c", "would_show": "d"}
    lost = {"tenant": TENANT, "case_no": "26-0001", "decision": 1, "criterion": "x", **parts}
    for _ in range(3):
        with pytest.raises(IntegrityError):  # its decision is looked for at the end
            put(store, insert(t.organisation).values(ROW), insert(t.reason).values(lost))
    with store.writing(TENANT) as connection:
        assert connection.execute(select(t.reason)).first() is None
    assert "x" not in names(store)


def test_a_reader_sees_one_state_of_the_database_whatever_is_written_beside_it(store: Store) -> None:
    furnish(store)
    query = select(t.organisation.c.organisation)
    with store.reading(TENANT) as reader:
        before = set(reader.execute(query).scalars())
        with store.writing(TENANT) as writer:
            writer.execute(insert(t.organisation), ROW)
        assert set(reader.execute(query).scalars()) == before
    assert "x" in names(store)


def test_what_a_reader_writes_is_not_kept(store: Store) -> None:
    furnish(store)
    refuses = pytest.raises(DBAPIError, match="read-only") if store.dialect == "postgresql" else nullcontext()
    with store.reading(TENANT) as connection, refuses:  # SQLite takes the row and gives it up again
        connection.execute(insert(t.organisation), ROW)
    assert "x" not in names(store)


def test_what_a_database_said_is_told_without_the_values(store: Store) -> None:
    furnish(store)
    with pytest.raises(DBAPIError) as fault, store.writing(TENANT) as connection:
        connection.execute(text("SELECT secret FROM nowhere"))
    said = plain(fault.value)
    assert "\n" not in said
    assert "SELECT" not in said


def test_sqlite_syncs_every_commit_and_holds_its_references(tmp_path: Path) -> None:
    store = connect(f"sqlite:///{tmp_path / 'x.db'}")
    with store.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def counted(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(t.organisation)).scalar_one()


def organisation(tenant: str, name: str = "clinic") -> dict[str, str]:
    return {"tenant": tenant, "organisation": name, "kind": "clinic", "name": "A clinic"}


def test_a_second_writer_of_a_file_waits_for_the_first(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    with store.writing("plan"), store.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 1")
        with pytest.raises(OperationalError, match="locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")
    store.close()


def test_a_statement_that_takes_longer_than_a_server_waits_is_ended_and_that_is_said_in_one_line(
    postgresql: Server, template: str
) -> None:
    with postgresql.like(template) as url:
        store = open_store(url, patience=1)
        furnish(store)
        number = received(store, "ask")
        with pytest.raises(OperationalError) as fault, store.reading(TENANT) as connection:
            connection.execute(text("SELECT pg_sleep(5)"))
        assert faults.said(fault.value) == "the database is busy: it took longer than it may"
        with store.writing(TENANT) as other:
            other.execute(text("SELECT 1 FROM cases FOR UPDATE"))
            found = perform(store, Repeat(case=number), NURSE, NOW)
        said = "the database is busy: it took longer than it may; repeat the act with the same key"
        assert found == Refused(code="not-known", reason=said)
        assert isinstance(perform(store, Repeat(case=number), NURSE, NOW), Done)
        with store.engine.connect() as connection:  # the limit is of the transaction, not of the connection
            assert connection.execute(text("SHOW statement_timeout")).scalar() == "0"
        store.close()


def test_threads_take_turns_to_write_to_a_file_and_none_asks_twice_for_its_lock(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    furnish(store)

    @event.listens_for(store.engine, "checkout")
    def _at_once(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0")  # a lock that is held is refused at once

    def one(number: int) -> None:
        with store.writing(TENANT) as connection:
            connection.execute(insert(t.organisation), {**ROW, "organisation": f"x{number}"})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(40)))
    assert {f"x{number}" for number in range(40)} <= names(store)
    store.close()
