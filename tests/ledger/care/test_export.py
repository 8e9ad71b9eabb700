"""A case handed out: every row and every paper of it, nothing of another, the same bytes each time."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from priorauth.errors import LedgerRefused
from priorauth.ledger.care import archive
from priorauth.ledger.care.export import KIND, export
from priorauth.ledger.store import Store
from tests.ledger.care.plan import ASKED, DENIED
from tests.ledger.house import TENANT, example


def test_a_case_has_its_rows_its_papers_and_its_people(plan: Store, tmp_path: Path) -> None:
    found = export(plan, TENANT, DENIED, tmp_path / "case.zip")
    assert (found.case, found.rows["decision"], found.rows["reason"], found.blobs) == (DENIED, 1, 1, 1)
    with zipfile.ZipFile(tmp_path / "case.zip") as file:
        names = file.namelist()
        (paper,) = [name for name in names if name.startswith("blobs/")]
        assert file.read(paper) == example("review")
        (made,) = json.loads(file.read("run/1.determinations.json"))
        assert made["outcome"] == "clinical-review"
        assert b'"person":"dora"' in file.read("person.ndjson")
        assert json.loads(file.read(archive.MANIFEST))["chain"] == "holds"
        text = b"".join(file.read(name) for name in names if name.endswith(".ndjson"))
    assert ASKED.encode() not in text


def test_the_same_case_gives_the_same_bytes(plan: Store, tmp_path: Path) -> None:
    assert export(plan, TENANT, ASKED, tmp_path / "a").sha256 == export(plan, TENANT, ASKED, tmp_path / "b").sha256


def test_a_case_file_for_people_joins_where_there_is_one(plan: Store, tmp_path: Path) -> None:
    export(plan, TENANT, ASKED, tmp_path / "a", lambda *_: {"case.pdf": b"%PDF-1.7"})
    with archive.reading(tmp_path / "a", KIND) as file:
        assert list(file.lines("case.pdf")) == [b"%PDF-1.7"]


def test_a_case_that_is_not_there_is_refused(plan: Store, tmp_path: Path) -> None:
    with pytest.raises(LedgerRefused, match="no case 26-9999"):
        export(plan, TENANT, "26-9999", tmp_path / "a")
    assert not (tmp_path / "a").exists()
