"""What goes wrong with machines: what was acknowledged is there once, and what was not is whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DataError, OperationalError

from priorauth.errors import LedgerRefused
from priorauth.ledger import faults, schema
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.queues import Assign, Take
from priorauth.ledger.care.backup import backup
from priorauth.ledger.care.restore import restore
from priorauth.ledger.care.verify import verify
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from tests.ledger import disks, faulty
from tests.ledger.house import COORDINATOR, NOW, NURSE, TENANT, done, furnish, received, refused
from tests.servers import Server


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger in a file, with a case."""
    path = tmp_path / "ledger.db"
    store = open_store(f"sqlite:///{path}")
    furnish(store)
    received(store, "review")
    store.close()
    return path


@pytest.fixture
def locked(file: Path) -> Iterator[Path]:
    """The same in a folder that this process may look into, and may not write to."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    moved = folder / "ledger.db"
    shutil.copy(file, moved)
    moved.chmod(0o444)
    folder.chmod(0o555)
    yield moved
    folder.chmod(0o755)
    shutil.rmtree(folder)


def refusal(path: Path) -> str:
    """Open a file that has to be refused; gives the one line that is said."""
    with pytest.raises(LedgerRefused) as caught:
        open_store(f"sqlite:///{path}")
    (fault,) = caught.value.faults
    assert "\n" not in str(fault)
    return fault.message


# ---- processes, servers, connections


@pytest.mark.slow
def test_what_a_killed_process_was_told_is_there_once_and_the_rest_is_whole_or_not_at_all(
    url: str, tmp_path: Path
) -> None:
    found = faulty.killing(url, tmp_path, 6)
    assert found.faults == ()
    assert found.acknowledged > 0


@pytest.mark.slow
def test_what_a_server_without_power_had_acknowledged_is_there_once(postgresql: Server, tmp_path: Path) -> None:
    found = faulty.stopping(postgresql, postgresql.fresh(), tmp_path, 3)
    assert found.faults == ()
    assert found.acknowledged > 0


def test_an_act_whose_commit_was_cut_is_not_known_and_is_done_once_when_it_is_repeated(postgresql: Server) -> None:
    found = faulty.cutting(postgresql, postgresql.fresh(), 4)
    assert found.faults == ()
    assert found.of_them_done == 2


@pytest.mark.slow
def test_no_case_is_decided_twice_and_no_version_is_skipped_when_several_act_at_once(url: str, tmp_path: Path) -> None:
    assert faulty.several(url, tmp_path, 300).faults == ()


def test_a_server_that_is_not_there_is_not_known_and_no_traceback(postgresql: Server) -> None:
    with faulty.wired(postgresql, postgresql.fresh()) as (wire, store):
        wire.close()
        assert refused(store, Take(case="26-0001"), NURSE).code == "not-known"


# ---- disks


def test_a_full_disk_refuses_the_act_and_keeps_what_was_there(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    pages = file.stat().st_size // 4096

    @event.listens_for(store.engine, "checkout")
    def _small(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    paper = File(title="fax", media="image/tiff", content=os.urandom(200_000))
    found = refused(store, FileDocument(case="26-0001", file=paper, key="fax"), COORDINATOR)
    assert (found.code, found.reason) == (
        "not-known",
        "the disk is full: make room; repeat the act with the same key",
    )
    assert verify(store, TENANT).faults == ()
    store.close()
    store = open_store(f"sqlite:///{file}")
    assert done(store, FileDocument(case="26-0001", file=paper, key="fax"), COORDINATOR).more["document"] == 1
    store.close()


@pytest.mark.slow
def test_a_full_disk_under_a_database_or_a_whole_server_loses_and_doubles_nothing(postgresql: Server) -> None:
    if not disks.may_mount():
        pytest.skip("a small disk wants root, and the right to mount")
    on_the_disk, of_the_server = disks.filling_postgresql(postgresql, 2), disks.filling_server(2)
    assert (*on_the_disk.faults, *of_the_server.faults) == ()
    assert on_the_disk.acknowledged == 6
    assert of_the_server.acknowledged > 2


def test_a_file_that_can_only_be_read_is_refused_in_one_line(locked: Path) -> None:
    with faulty.as_nobody():
        said = refusal(locked)
    assert said.startswith("cannot be opened: ")
    assert "rights of file and folder" in said


def test_a_folder_that_may_not_be_looked_into_is_refused_in_one_line(locked: Path) -> None:
    locked.parent.chmod(0o000)
    with faulty.as_nobody():
        assert refusal(locked.parent / "plans" / "ledger.db") == "cannot be opened: Permission denied"


def test_a_ledger_that_can_only_be_read_later_refuses_acts(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")

    @event.listens_for(store.engine, "checkout")
    def _readonly(connection: object, *_: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    found = refused(store, Take(case="26-0001"), NURSE)
    assert found.code == "not-known"
    assert found.reason.startswith("the database can only be read")
    store.close()


# ---- files


def test_a_file_that_was_cut_short_is_refused_with_what_to_do(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    said = refusal(file)
    assert said.startswith("is damaged")
    assert said.endswith("restore a backup: priorauth ledger restore FILE --db URL")


@pytest.mark.parametrize("page", [0, 1, 5, 20])
def test_a_page_that_was_flipped_is_refused_with_what_to_do(file: Path, page: int) -> None:
    faulty.flipped(file, page)
    assert "restore a backup" in refusal(file)


def test_a_bit_that_no_page_check_sees_is_found_by_verify(file: Path) -> None:
    needle = b'"zone":"America/New_York"'
    whole = file.read_bytes()
    assert needle in whole
    file.write_bytes(whole.replace(needle, b'"zone":"America/New_Yorl"'))
    store = open_store(f"sqlite:///{file}")
    assert "the tenant: event 1 is not what was sealed" in verify(store, TENANT).faults
    store.close()


def test_a_damaged_file_is_made_anew_of_its_backup(file: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    backup(store, TENANT, tmp_path / "backup")
    store.close()
    faulty.flipped(file, 5)
    refusal(file)
    tenant, found = restore(tmp_path / "backup", f"sqlite:///{tmp_path / 'again.db'}")
    assert (tenant, found.counts["cases"]) == (TENANT, 1)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"a letter, and no database" * 400)
    assert "restore a backup" in refusal(tmp_path / "ledger.db")


# ---- clocks and schemas


def test_moments_of_a_case_never_run_backward_when_the_clock_jumps_back(store: Store) -> None:
    furnish(store)
    case = received(store, "review")
    for hours in (2, -3, 1, -48):
        done(store, Assign(case=case, person="nora"), NURSE, NOW + timedelta(hours=hours))
    assert verify(store, TENANT).faults == ()
    with store.reading(TENANT) as connection:
        moments = connection.execute(
            text("SELECT at FROM event WHERE case_no = :case ORDER BY number"), {"case": case}
        ).scalars()
        assert sorted(found := list(moments)) == found


def test_a_ledger_of_a_newer_schema_is_refused(url: str) -> None:
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(LedgerRefused, match="its schema 9999 is newer than this priorauth: install the newer one"):
        open_store(url)


# ---- what a fault means


def test_a_fault_is_told_in_words_and_quotes_no_value() -> None:
    broken = OperationalError("SELECT 'Ann Example'", {}, Exception("database is locked"))
    assert faults.meant(broken) == ("not-known", "the database is busy; repeat the act with the same key", False)
    unfit = DataError("INSERT", {}, Exception("invalid input: 'Ann Example'"))
    assert faults.meant(unfit).code == "invalid"
    assert "Ann" not in faults.meant(unfit).reason
    other = OperationalError("INSERT", {}, Exception("Ann Example"))
    assert faults.said(other) == "the database failed (Exception)"


def test_a_text_that_no_column_takes_is_invalid_on_the_server(postgresql: Server) -> None:
    store = open_store(postgresql.fresh())
    furnish(store)
    case = received(store, "review")
    assert refused(store, Assign(case=case, person="nora", why="a\0b"), NURSE).code == "invalid"
    assert schema.revision(store) == schema.head()
    store.close()
