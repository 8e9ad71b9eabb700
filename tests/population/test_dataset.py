"""The dataset of a run: a folder of parts that every reader of Parquet opens, finished once `_run.json` is there."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from priorauth.errors import PopulationError
from priorauth.policy.catalog import open_catalog
from priorauth.population import dataset, run, tables
from priorauth.population.dataset import About, Decided, Part
from tests.draw import AS_OF, Draw
from tests.parts import need

CATALOG = open_catalog()
POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]
DECIDED = Decided(POLICY.id, POLICY.title, POLICY.version, POLICY.sha256)
COUNT, IN_PART = 30, 12


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Rows as a run makes them, with evidence."""
    folder, draw = tmp_path_factory.mktemp("decided"), Draw(POLICY, CATALOG.vocabulary, 61)
    tables.write_cases(folder, ((f"Patient/{n}", draw.case()) for n in range(COUNT)))
    run.run(folder, run.compiled(CATALOG, POLICY, AS_OF, evidence=True), folder / "rows.parquet")
    return pq.read_table(folder / "rows.parquet")


def parts(folder: Path, rows: pa.Table) -> tuple[Part, ...]:
    dataset.begin(folder)
    stretches = [rows.slice(first, IN_PART) for first in range(0, len(rows), IN_PART)]
    return tuple(dataset.write_part(folder, number, one) for number, one in enumerate(stretches))


@pytest.fixture
def finished(decided: pa.Table, tmp_path: Path) -> Path:
    about = About(DECIDED, parts(tmp_path / "rows", decided), "2026-11-21", summary={"members": COUNT})
    dataset.finish(tmp_path / "rows", about)
    return tmp_path / "rows"


def test_a_finished_dataset_says_who_decided_and_what_each_part_holds(finished: Path) -> None:
    about = dataset.opened(finished)
    assert about.policy == DECIDED
    assert [part.rows for part in about.parts] == [12, 12, 6]
    assert about.members == about.summary["members"] == COUNT
    assert [path.stat().st_size for path in dataset.paths(finished)] == [part.bytes for part in about.parts]
    names = ["_run.json", "part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert sorted(path.name for path in finished.iterdir()) == names


@pytest.mark.slow
def test_duckdb_pandas_and_pyarrow_open_it_and_read_the_same_rows(finished: Path, decided: pa.Table) -> None:
    need(importlib.util.find_spec("pandas"), "pip install pandas")
    import pandas as pd

    wanted = decided.to_pylist()
    found = duckdb.execute(f"FROM '{finished}/*.parquet' ORDER BY member")
    assert [column for column, *_ in found.description or ()] == decided.column_names
    assert found.fetchall() == [tuple(row.values()) for row in wanted]
    assert pq.read_table(finished).to_pylist() == wanted
    assert dataset.rows(finished).to_table().to_pylist() == wanted
    frame = pd.read_parquet(finished)
    assert frame["patient"].tolist() == decided["patient"].to_pylist()
    assert frame["outcome"].value_counts().to_dict() == {
        one["values"]: one["counts"] for one in decided["outcome"].value_counts().to_pylist()
    }
    assert any(leaf for leaf in frame["evidence"][0].values())


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_it_opens_in_spark_with_the_same_rows(
    finished: Path, decided: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(shutil.which("java"), "Spark runs on Java 17")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        found = [row.asDict(recursive=True) for row in session.read.parquet(str(finished)).orderBy("member").collect()]
    finally:
        session.stop()
    assert found == decided.to_pylist()


def test_a_part_that_is_written_twice_has_the_same_bytes(finished: Path, decided: pa.Table) -> None:
    first = dataset.paths(finished)[1]
    before = first.read_bytes()
    again = pa.concat_tables([decided.slice(IN_PART, 5), decided.slice(IN_PART + 5, IN_PART - 5)])
    assert dataset.write_part(finished, 1, again) == dataset.opened(finished).parts[1]
    assert first.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "part-00001.parquet").unlink(), "part-00001.parquet: expected .* found no such file"),
        (lambda folder: (folder / "part-00001.parquet").write_bytes(b"PAR1"), "part-00001.parquet: expected .* bytes,"),
        (lambda folder: (folder / "part-00003.parquet").touch(), "part-00003.parquet: expected no such file"),
    ],
    ids=["missing", "cut", "one too many"],
)
def test_what_is_not_exactly_the_parts_is_not_finished(
    damage: object, message: str, decided: pa.Table, tmp_path: Path
) -> None:
    folder = tmp_path / "rows"
    written = parts(folder, decided)
    damage(folder)  # type: ignore[operator]
    with pytest.raises(PopulationError, match=message):
        dataset.finish(folder, About(DECIDED, written))
    with pytest.raises(PopulationError, match="a run was begun there and is not finished"):
        dataset.opened(folder)


def test_a_run_begins_anew_where_one_was_finished_or_killed(finished: Path, decided: pa.Table) -> None:
    (finished / ".part-00002.parquet.1-0.partial").touch()
    dataset.begin(finished)
    assert [path.name for path in finished.iterdir()] == ["_begun"]
    written = parts(finished, decided.slice(0, 5))
    (finished / ".part-00000.parquet.1-0.partial").touch()
    dataset.finish(finished, About(DECIDED, written))
    assert sorted(path.name for path in finished.iterdir()) == ["_run.json", "part-00000.parquet"]


@pytest.mark.parametrize("name", ["notes.txt", "part-00000.parquet", "member/rows"])
def test_a_folder_that_no_run_wrote_is_left_as_it_is(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    with pytest.raises(PopulationError, match=f"one that a run wrote; it holds {name.partition('/')[0]}"):
        dataset.begin(tmp_path)
    assert (tmp_path / name).exists()


def test_what_a_run_did_not_write_is_not_opened(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(PopulationError, match=r"expected the rows of a run and the _run\.json .*; there is none$"):
        dataset.opened(tmp_path / "nothing")
    about = finished / "_run.json"
    other = about.read_bytes().replace(b'"format": 1', b'"format": 99')
    about.write_bytes(other)
    with pytest.raises(PopulationError, match="another version of the program"):
        dataset.opened(finished)
    about.write_bytes(msgspec.json.encode(["no"]))
    with pytest.raises(PopulationError, match="expected what a run says of its rows"):
        dataset.paths(finished)
