import importlib.util
import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from priorauth.glucose.metrics import arrow, counts, series
from priorauth.glucose.metrics.measure import measure
from priorauth.glucose.metrics.series import Series
from priorauth.glucose.stream import read_log_bytes
from tests.glucose.drawn import MIDNIGHT, draw
from tests.parts import need


def batch(drawn: Series) -> pa.RecordBatch:
    return arrow.batch([f"p-{place}" for place in range(drawn.streams)], drawn)


def rows(made: pa.RecordBatch | pa.Table) -> list[dict[str, object]]:
    return list(made.to_pylist())


def test_a_batch_gives_what_the_metrics_give() -> None:
    drawn = draw(31, streams=20, most=300)
    made, columns = arrow.measure_batch(batch(drawn)), measure(counts.count(drawn))
    for name, column in columns.items():
        expected = [None if np.isnan(value) else value for value in column.value.tolist()]
        assert made.column(name).to_pylist() == expected, name
    assert made.column("readings").to_pylist() == np.diff(drawn.starts).tolist()


def test_logs_become_rows_under_the_ids_of_their_people() -> None:
    meter, sensor_log = (
        read_log_bytes(f"time,glucose (mg/dL),device\n2026-03-01 07:00,{value},{device}\n".encode(), "log.csv")
        for device, value in (("meter", 65), ("cgm", 250))
    )
    made = arrow.batch(["ann", "ben"], series.of([*meter.streams, *sensor_log.streams]))
    assert made.schema == arrow.STREAMS
    assert rows(made) == [
        {"id": "ann", "device": "meter", "minutes": [29539140], "offsets": [0], "glucose": [65], "flags": [64]},
        {"id": "ben", "device": "cgm", "minutes": [29539140], "offsets": [0], "glucose": [250], "flags": [64]},
    ]
    assert rows(arrow.batch([], series.of([]))) == []


def test_a_slice_of_a_batch_is_measured_as_a_batch_of_its_own() -> None:
    whole = batch(draw(32, streams=9, most=200))
    assert rows(arrow.measure_batch(whole.slice(3, 4))) == rows(arrow.measure_batch(whole))[3:7]


def test_offsets_and_flags_may_be_left_out() -> None:
    lists = [pa.array([[MIDNIGHT, MIDNIGHT + 5]]), pa.array([[100, 110]])]
    plain = pa.RecordBatch.from_arrays(
        [pa.array(["a"]), pa.array(["cgm"]), *lists], ["id", "device", "minutes", "glucose"]
    )
    (made,) = rows(arrow.measure_batch(plain))
    assert (made["mean_mg_dl"], made["first_day"]) == (105, date(2024, 1, 1))


def test_one_offset_or_flag_stands_for_all_readings_of_its_stream() -> None:
    minutes = pa.array([[MIDNIGHT, MIDNIGHT + 5], [MIDNIGHT], [], [MIDNIGHT, MIDNIGHT + 5, MIDNIGHT + 9]])
    glucose = pa.array([[100, 110], [120], [], [1, 2, 3]])
    columns = {
        "id": pa.array(list("abcd")),
        "device": pa.array(["cgm"] * 4),
        "minutes": minutes,
        "offsets": pa.array([[-60], [0], [7], [1, 2, 3]]),
        "glucose": glucose,
        "flags": pa.array([[1, 2], [4], [], [8]]),
    }
    made = arrow.batch_series(pa.RecordBatch.from_arrays(list(columns.values()), list(columns)))
    assert made.offsets.tolist() == [-60, -60, 0, 1, 2, 3]
    assert made.flags.tolist() == [1, 2, 4, 8, 8, 8]


def test_a_null_list_is_a_stream_without_readings() -> None:
    lists = [pa.array([None, [MIDNIGHT]], pa.list_(pa.int32())), pa.array([None, [100]], pa.list_(pa.int16()))]
    given = pa.RecordBatch.from_arrays(
        [pa.array(["a", "b"]), pa.array(["cgm", "meter"]), *lists], ["id", "device", "minutes", "glucose"]
    )
    made = rows(arrow.measure_batch(given))
    assert [(row["readings"], row["mean_mg_dl"], row["first_day"]) for row in made] == [
        (0, None, None),
        (1, 100, date(2024, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("glucose", pa.array([[100]]), "glucose: expected lists as long as those of minutes"),
        ("flags", pa.array([[0, 0, 0]]), "flags: expected lists as long as those of minutes"),
        ("glucose", pa.array([[100, None]]), "glucose: expected no null within a list"),
        ("glucose", pa.array([[100, 5000]]), "glucose: expected 0 to 1023, found 5000"),
        ("minutes", pa.array([[5, 0]]), "minutes: expected ascending times"),
        ("minutes", pa.array([7]), "expected a column of lists, found int64"),
        ("device", pa.array(["pump"]), "device: expected 'cgm' or 'meter', found 'pump'"),
    ],
)
def test_a_batch_that_holds_no_streams_is_refused(column: str, values: pa.Array, said: str) -> None:
    good = {
        "id": pa.array(["a"]),
        "device": pa.array(["cgm"]),
        "minutes": pa.array([[0, 5]]),
        "glucose": pa.array([[1, 2]]),
    }
    bad = {**good, column: values}
    with pytest.raises(ValueError, match=said):
        arrow.measure_batch(pa.RecordBatch.from_arrays(list(bad.values()), list(bad)))


def test_duckdb_gives_the_same_numbers() -> None:
    given = batch(draw(33, streams=30, most=300))
    connection = duckdb.connect()
    arrow.register(connection)
    connection.register("streams", pa.Table.from_batches([given]))
    found = connection.sql(
        "SELECT id, device, unnest(glucose_metrics(device, minutes, offsets, glucose, flags)) FROM streams ORDER BY id"
    )
    expected = sorted(rows(arrow.measure_batch(given)), key=lambda row: str(row["id"]))
    assert rows(found.to_arrow_table()) == expected


def test_batch_after_batch_is_mapped_as_spark_would() -> None:
    whole = batch(draw(34, streams=12, most=200))
    mapped = list(arrow.map_batches([whole.slice(0, 5), whole.slice(5)]))
    assert [row for made in mapped for row in rows(made)] == rows(arrow.measure_batch(whole))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # pyspark leaves its own sockets open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_spark_gives_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(importlib.util.find_spec("pandas"), "pip install pandas: Spark hands Python functions their rows through it")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    whole = batch(draw(35, streams=20, most=200))
    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        frame = spark.createDataFrame(
            [tuple(row.values()) for row in rows(whole)],
            "id string, device string, minutes array<int>, offsets array<smallint>, glucose array<smallint>, "
            "flags array<smallint>",
        )
        found = frame.mapInArrow(arrow.map_batches, arrow.spark_schema()).orderBy("id").collect()
    finally:
        spark.stop()
    assert [row.asDict() for row in found] == sorted(rows(arrow.measure_batch(whole)), key=lambda row: str(row["id"]))


def test_the_example_in_the_docs_measures_a_folder_of_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "glucose.md").read_text("utf-8")
    example = page.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "logs").mkdir()
    for who, low in (("ann", 60), ("ben", 100)):
        rows = "".join(f"2026-03-01 07:{minute:02},{value}\n" for minute, value in ((0, low), (5, 120)))
        (tmp_path / "logs" / f"{who}.csv").write_text(f"time,sensor glucose (mg/dL)\n{rows}", "utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(example, "docs/glucose.md", "exec"), names)  # noqa: S102  (our own page)
    assert names["found"] == [("ann", 2, 50.0), ("ben", 2, 0.0)]
