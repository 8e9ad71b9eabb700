"""A backup: one moment, every row, the same bytes, and never over another file."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from priorauth.errors import LedgerRefused
from priorauth.ledger import tables as t
from priorauth.ledger.acts.queues import Take
from priorauth.ledger.care import archive
from priorauth.ledger.care.backup import KIND, backup, shape
from priorauth.ledger.store import Store
from tests.ledger.care.plan import ASKED
from tests.ledger.house import NURSE, TENANT, done


def test_every_table_and_every_row_is_in_it_but_the_keys_that_sign(plan: Store, tmp_path: Path) -> None:
    found = backup(plan, TENANT, tmp_path / "backup")
    with plan.reading(TENANT) as connection:
        there = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in t.METADATA.sorted_tables
            if table is not t.signing_key
        }
        assert shape(connection).keys() == there.keys()
    assert found.rows == there
    assert found.sha256 == archive.sha256(tmp_path / "backup")


def test_the_same_rows_give_the_same_bytes(plan: Store, tmp_path: Path) -> None:
    assert backup(plan, TENANT, tmp_path / "one").sha256 == backup(plan, TENANT, tmp_path / "two").sha256


def test_it_is_taken_while_others_write_and_holds_one_moment(plan: Store, tmp_path: Path) -> None:
    going = threading.Event()

    def act() -> None:
        while not going.is_set():
            done(plan, Take(case=ASKED), NURSE)

    writer = threading.Thread(target=act)
    writer.start()
    try:
        for number in range(3):
            backup(plan, TENANT, tmp_path / f"{number}")
    finally:
        going.set()
        writer.join()
    for number in range(3):
        with archive.reading(tmp_path / f"{number}", KIND) as file:
            cases = [line for line in file.lines("cases.ndjson") if ASKED.encode() in line]
            events = [line for line in file.lines("event.ndjson") if f'"case_no":"{ASKED}"'.encode() in line]
            assert f'"events":{len(events)},'.encode() in cases[0]


def test_a_file_is_not_written_over_and_a_tenant_has_to_be_there(plan: Store, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("another")
    with pytest.raises(LedgerRefused, match="is not written over"):
        backup(plan, TENANT, tmp_path / "backup")
    with pytest.raises(LedgerRefused, match="no tenant is named other"):
        backup(plan, "other", tmp_path / "other")
    assert [path.name for path in tmp_path.iterdir() if "other" in path.name] == []
