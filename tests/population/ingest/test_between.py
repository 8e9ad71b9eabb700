"""Tables between two passes come back as they were, whoever wrote them first."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from priorauth.population.ingest import between


def written(folder: Path, values: list[int]) -> pa.Table:
    folder.mkdir()
    table = pa.table({"member": values, "fact": ["a"] * len(values)})
    with (folder / "event.arrow").open("wb") as file:
        between.write(file, table)
    return table


def test_a_table_comes_back_as_it_was_with_rows_and_without(tmp_path: Path) -> None:
    for bucket, values in enumerate(([3, 1, 2], [])):
        table = written(tmp_path / f"{bucket}.half", values)
        between.publish(tmp_path / f"{bucket}.half", tmp_path / "tables", bucket)
        assert between.read(tmp_path / "tables", bucket, "event").equals(table.cast(table.schema))


def test_what_another_attempt_put_there_stays(tmp_path: Path) -> None:
    first = written(tmp_path / "one", [1])
    written(tmp_path / "two", [1])
    for half in ("one", "two"):
        between.publish(tmp_path / half, tmp_path / "tables", 7)
    assert between.read(tmp_path / "tables", 7, "event").equals(first)
    assert (tmp_path / "two").is_dir()
