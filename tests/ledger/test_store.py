"""A store: opened by its URL, written whole or not at all, each tenant by itself, and named without its password."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from priorauth.errors import LedgerRefused
from priorauth.ledger import tables as t
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect, plain, upsert


def counted(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(t.organisation)).scalar_one()


def organisation(tenant: str, name: str = "clinic") -> dict[str, str]:
    return {"tenant": tenant, "organisation": name, "kind": "clinic", "name": "A clinic"}


def test_what_is_written_is_there_when_the_block_ends_well_and_only_then(store: Store) -> None:
    with store.writing("plan") as connection:
        connection.execute(insert(t.organisation), organisation("plan"))

    def failing() -> None:
        with store.writing("plan") as connection:
            connection.execute(insert(t.organisation), organisation("plan", "other"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    with store.reading("plan") as connection:
        assert counted(connection) == 1


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.reading("plan") as reader:
        assert counted(reader) == 0
        with store.writing("plan") as writer:
            writer.execute(insert(t.organisation), organisation("plan"))
        assert counted(reader) == 0


def test_a_reader_writes_nothing(store: Store) -> None:
    def write() -> None:
        with store.reading("plan") as connection:
            connection.execute(insert(t.organisation), organisation("plan"))

    if store.dialect == "sqlite":
        write()  # taken back when the block ends
    else:
        with pytest.raises(DBAPIError):
            write()
    with store.reading("plan") as connection:
        assert counted(connection) == 0


def test_what_is_there_already_may_be_left_as_it_is(store: Store) -> None:
    for _ in range(2):
        with store.writing("plan") as connection:
            connection.execute(upsert(connection, t.organisation).on_conflict_do_nothing(), organisation("plan"))
            assert counted(connection) == 1


@pytest.mark.parametrize("url", ["none", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "sqlite:///none/none.db"])
def test_a_url_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(LedgerRefused):
        connect(url)


def test_a_server_is_named_without_user_and_password() -> None:
    assert connect("postgresql+psycopg://ann:secret@db.example/plan").name == "db.example/plan"


def test_a_second_writer_of_a_file_waits_for_the_first(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    with store.writing("plan"), store.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 1")
        with pytest.raises(OperationalError, match="locked"):
            other.exec_driver_sql("BEGIN IMMEDIATE")
    store.close()


def test_a_fault_is_plain_in_one_line() -> None:
    assert plain(OperationalError("SELECT", {}, Exception("first\nDETAIL: a value"))) == "first"
