"""A restored ledger is the one that was backed up, on either database; what was cut or altered is refused."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from priorauth.errors import LedgerRefused
from priorauth.ledger.care import archive
from priorauth.ledger.care.backup import KIND, backup
from priorauth.ledger.care.restore import restore
from priorauth.ledger.care.verify import verify
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from tests.ledger.conftest import DIALECTS
from tests.ledger.house import TENANT, received

Fresh = Callable[[str], str]


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Makes an empty database of either kind; gives its URL."""

    def made(dialect: str) -> str:
        if dialect == "sqlite":
            return f"sqlite:///{tmp_path / 'fresh.db'}"
        url: str = request.getfixturevalue("postgresql").fresh()
        return url

    return made


def members(path: Path) -> dict[str, list[bytes]]:
    with archive.reading(path, KIND) as file:
        return {name: list(file.lines(name)) for name in file.manifest["members"]}


@pytest.mark.parametrize("into", DIALECTS)
def test_a_ledger_is_the_same_on_either_database_and_lives_on(
    plan: Store, into: str, fresh: Fresh, tmp_path: Path
) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    url = fresh(into)
    tenant, found = restore(tmp_path / "backup", url)
    assert (tenant, found.faults) == (TENANT, ())
    store = open_store(url)
    backup(store, TENANT, tmp_path / "again")
    assert members(tmp_path / "again") == members(tmp_path / "backup")
    assert received(store, "approve") == "26-0005"
    assert verify(store, TENANT).faults == ()
    store.close()


def test_the_guards_are_back_when_it_is_restored(plan: Store, fresh: Fresh, tmp_path: Path) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    url = fresh(plan.dialect)
    restore(tmp_path / "backup", url)
    store = open_store(url)
    with pytest.raises(Exception, match="what happened is not changed"), store.writing(TENANT) as connection:
        connection.exec_driver_sql("UPDATE event SET why = 'x'")
    store.close()


def test_it_goes_into_an_empty_database_alone(plan: Store, address: str, tmp_path: Path) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    with pytest.raises(LedgerRefused, match="expected an empty database: there are rows of this tenant in it"):
        restore(tmp_path / "backup", address)
    assert verify(plan, TENANT).faults == ()


def test_a_file_that_was_cut_short_is_refused_at_every_length(plan: Store, fresh: Fresh, tmp_path: Path) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    for tenths in range(10):
        (tmp_path / "cut").write_bytes(whole[: len(whole) * tenths // 10])
        with pytest.raises(LedgerRefused, match="is cut short, damaged, or no backup"):
            restore(tmp_path / "cut", fresh(plan.dialect))


def test_a_row_that_was_altered_is_refused(plan: Store, fresh: Fresh, tmp_path: Path) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    changed = {"decision.ndjson": lambda data: data.replace(b'"adverse"', b'"approve"')}
    rewritten(tmp_path / "backup", tmp_path / "altered", changed)
    with pytest.raises(LedgerRefused, match=r"decision\.ndjson: was altered"):
        restore(tmp_path / "altered", fresh(plan.dialect))


def test_a_row_that_was_altered_with_its_checksum_is_found_by_the_chains(
    plan: Store, fresh: Fresh, tmp_path: Path
) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    changed = {"event.ndjson": lambda data: data.replace(b'"decided adversely"', b'"decided otherwise"')}
    rewritten(tmp_path / "backup", tmp_path / "altered", changed, seal=True)
    with pytest.raises(LedgerRefused, match="is not what was sealed"):
        restore(tmp_path / "altered", fresh(plan.dialect))


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"schema": "9999"}, "its schema 9999 is newer"),
        ({"kind": "case"}, "expected a backup, found a case"),
        ({"tenant": "other"}, "holds a row of another tenant"),
        ({"format": 2}, "is newer"),
    ],
)
def test_a_file_of_something_else_is_refused(
    plan: Store, fresh: Fresh, tmp_path: Path, what: dict[str, object], said: str
) -> None:
    backup(plan, TENANT, tmp_path / "backup")
    manifest = {archive.MANIFEST: lambda data: json.dumps({**json.loads(data), **what}).encode()}
    rewritten(tmp_path / "backup", tmp_path / "other", manifest)
    with pytest.raises(LedgerRefused, match=said):
        restore(tmp_path / "other", fresh(plan.dialect))


def rewritten(path: Path, to: Path, changes: dict[str, Callable[[bytes], bytes]], *, seal: bool = False) -> None:
    """Write a backup anew with some members changed; ``seal``: with their checksums, as who knows how would."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if seal and name == archive.MANIFEST:
                manifest = json.loads(data)
                for one, change in changes.items():
                    manifest["members"][one]["sha256"] = hashlib.sha256(change(old.read(one))).hexdigest()
                data = json.dumps(manifest).encode()
            new.writestr(name, changes[name](data) if name in changes else data)
