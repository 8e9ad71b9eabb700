"""One ingest at a time writes into a folder; what a killed one left half written is removed, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PopulationError
from priorauth.population.folder import LOCK, cleared, half, locked, placed
from priorauth.population.ingest.ingest import ingest
from tests.exports import AS_OF, hba1c, lines, patient


def test_a_folder_is_held_by_one_and_free_again_after(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with locked(out), pytest.raises(PopulationError, match="another ingest is writing"), locked(out):
        pass
    with locked(out):
        pass


def test_a_lock_that_nobody_holds_is_none(tmp_path: Path) -> None:
    (tmp_path / LOCK).touch()
    with locked(tmp_path):
        pass


def test_a_second_ingest_into_the_same_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "all.ndjson").write_bytes(lines(patient(), hba1c("a1")))
    out = tmp_path / "out"
    with locked(out), pytest.raises(PopulationError) as refused:
        ingest(tmp_path / "all.ndjson", out, as_of=AS_OF, jobs=1)
    assert str(refused.value) == f"{out}: another ingest is writing into this folder"
    assert not (out / "manifest.json").exists()
    assert ingest(tmp_path / "all.ndjson", out, as_of=AS_OF, jobs=1).members == 1


def test_a_folder_is_moved_to_where_it_belongs_once_and_a_second_one_stays(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rows").write_text(name, "utf-8")
        placed(tmp_path / name, tmp_path / "there" / "7")
    assert (tmp_path / "there" / "7" / "rows").read_text("utf-8") == "one"
    assert not (tmp_path / "one").exists()
    assert (tmp_path / "two").is_dir()


def test_what_cannot_be_moved_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        placed(tmp_path / "missing", tmp_path / "there" / "7")


HALF = [
    "manifest.json.node_1-7-0", ".work/input.json.n-81-3", ".work/3.tables.n-12-0/answer/bucket=3/rows.parquet",
    ".work/3.bucket.n-12-1", ".work/shards/3.plain.n-12-1",
    ".work/shards/3.plain.data.n-12-2", ".work/0.merged.n-4711-0/x", ".work/5.warnings.n-9-0", ".work/begins.npy.n-1-0",
    ".work/shards/0.data.n-33-0", ".work/shards/12.index.n-33-1", ".work/shards/12.json.n-5-2",
    ".work/shards/1.deleted.n-5-0",
]  # fmt: skip
KEPT = [
    "manifest.json", "notes.2026", "rows.7", "data.1.csv", ".work/input.json", ".work/3.bucket", ".work/shards/0.data",
    ".work/tables/answer/bucket=3/rows.parquet", "answer/bucket=1/rows.parquet", ".work/shards/12.json",
    "3.bucket.n-12-0",
]  # fmt: skip


def test_a_half_written_file_has_a_name_of_its_own_that_is_known() -> None:
    names = {half("3.bucket") for _ in range(5)}
    assert len(names) == 5
    assert all(name.startswith("3.bucket.") for name in names)


def test_only_what_is_half_written_is_removed(tmp_path: Path) -> None:
    for name in (*HALF, *KEPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".work" / half("3.bucket")).touch()
    cleared(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == set(KEPT)
    assert not (tmp_path / ".work/3.tables.n-12-0").exists()
