"""The schema: made once, brought up to date, refused where it is not ours or is damaged; the same on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from priorauth.errors import LedgerRefused
from priorauth.ledger import schema
from priorauth.ledger import tables as t
from priorauth.ledger.schema import head, open_store, revision
from priorauth.ledger.store import Store, connect
from tests.ledger.house import TENANT, furnish, received
from tests.ledger.standing import rows


def test_an_empty_database_has_every_table_and_is_at_the_head(store: Store) -> None:
    there = set(inspect(store.engine).get_table_names())
    assert {table.name for table in t.METADATA.sorted_tables} <= there
    assert revision(store) == head()


def test_every_table_has_the_columns_that_the_program_knows(store: Store) -> None:
    found = inspect(store.engine)
    for table in t.METADATA.sorted_tables:
        assert [one["name"] for one in found.get_columns(table.name)] == list(table.c.keys()), table.name


def test_a_database_that_is_opened_again_is_what_it_was(store: Store, url: str) -> None:
    furnish(store)
    number = received(store, "review")
    again = open_store(url)
    assert [row["case_no"] for row in rows(again, t.cases)] == [number]
    again.close()


def test_a_database_of_a_newer_program_is_refused(store: Store, url: str) -> None:
    with store.writing(TENANT) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerRefused, match="its schema 9999 is newer than this priorauth"):
        open_store(url)


def test_two_programs_that_start_at_once_make_one_schema(url: str) -> None:
    first, second = open_store(url), open_store(url)
    assert revision(first) == revision(second) == head()
    first.close()
    second.close()


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Sir or Madam, " * 100)
    with pytest.raises(LedgerRefused, match="letter.db") as refusal:
        open_store(f"sqlite:///{file}")
    assert "\n" not in str(refusal.value)


def test_a_damaged_page_is_found_when_the_file_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    store = open_store(f"sqlite:///{file}")
    furnish(store)
    received(store, "review")
    store.close()
    whole = bytearray(file.read_bytes())
    for page in range(len(whole) // 4096 // 2, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    file.write_bytes(whole)
    with pytest.raises(LedgerRefused, match=r"restore a backup"):
        open_store(f"sqlite:///{file}")


def test_a_server_that_is_not_there_is_one_line_and_no_traceback() -> None:
    with pytest.raises(LedgerRefused) as refusal:
        open_store("postgresql://ann:secret@127.0.0.1:1/plan")
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_there_is_no_way_down(store: Store) -> None:
    del store
    names = [one.name for one in (Path(schema.__file__).parent / "migrations" / "versions").glob("*.py")]
    text_of = [(Path(schema.__file__).parent / "migrations" / "versions" / one).read_text("utf-8") for one in names]
    assert names
    assert not any("def downgrade" in one for one in text_of)


def test_a_database_that_nobody_made_yet_has_no_revision(url: str) -> None:
    store = connect(url)
    assert revision(store) is None
    store.close()
