"""Tables of neighbouring buckets become one, sorted as each was."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from priorauth.policy.catalog import open_catalog
from priorauth.population import tables
from priorauth.population.ingest import between, merge
from tests.draw import Draw


def as_between(small: Path, made: Path) -> Path:
    """Give the tables of each bucket as the second pass leaves them."""
    for bucket in tables.buckets(small):
        (made / str(bucket)).mkdir(parents=True)
        for name in tables.SCHEMAS:
            with between.place(made, bucket, name).open("wb") as file:
                between.write(
                    file, pq.read_table(small / name / f"bucket={bucket}" / "rows.parquet", partitioning=None)
                )
    return made


def test_neighbours_are_put_together_up_to_a_size_and_empty_buckets_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "MEMBERS", 10)
    assert merge.groups([4, 0, 6, 1, 20, 0, 3, 3]) == [(0, 2), (3,), (4,), (6, 7)]
    assert merge.groups([0, 0]) == []


def test_a_group_of_buckets_holds_every_row_in_the_order_of_one_bucket(tmp_path: Path) -> None:
    catalog = open_catalog()
    policy = catalog.versions("masshealth/insulin-pumps")[-1]
    draw = Draw(policy, catalog.vocabulary, 3)
    tables.write_cases(tmp_path / "small", ((f"Patient/{n}", draw.case()) for n in range(40)), in_bucket=7)
    group = tables.buckets(tmp_path / "small")
    merge.merge(as_between(tmp_path / "small", tmp_path / "made"), tmp_path / "out", group)
    for name in tables.SCHEMAS:
        (path,) = (tmp_path / "out" / name).rglob("*.parquet")
        assert path.parent.name == "bucket=0"
        made = pq.read_table(path, partitioning=None)
        parts = [
            pq.read_table(tmp_path / "small" / name / f"bucket={n}" / "rows.parquet", partitioning=None) for n in group
        ]
        assert made.schema == tables.SCHEMAS[name]
        keys = ["member"] if name == "member" else ["fact", "member"]
        assert made.sort_by([(key, "ascending") for key in keys]).select(keys) == made.select(keys)
        assert sorted(map(str, made.to_pylist())) == sorted(map(str, pa.concat_tables(parts).to_pylist()))
        assert len(made) > 0


def test_a_bucket_alone_is_put_in_place_and_doing_so_again_changes_nothing(tmp_path: Path) -> None:
    catalog = open_catalog()
    draw = Draw(catalog.versions("masshealth/insulin-pumps")[-1], catalog.vocabulary, 3)
    tables.write_cases(tmp_path / "small", ((f"Patient/{n}", draw.case()) for n in range(3)))
    made = as_between(tmp_path / "small", tmp_path / "made")
    for _ in range(2):
        merge.merge(made, tmp_path / "out", (0,))
        assert tables.buckets(tmp_path / "out") == (0,)


def test_tables_without_rows_stay_empty() -> None:
    empty = tables.SCHEMAS["event"].empty_table()
    assert len(merge.by_fact([empty, empty])) == 0
