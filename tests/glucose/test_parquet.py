from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from priorauth.glucose import arrow, parquet, traces
from tests.glucose.drawn import draw


def ids(count: int) -> list[str]:
    return [f"p-{place}" for place in range(count)]


def test_a_file_holds_what_was_written(tmp_path: Path) -> None:
    drawn = draw(41, streams=20, most=200)
    parquet.write(tmp_path / "streams.parquet", ids(20), drawn)
    (batch,) = pq.read_table(tmp_path / "streams.parquet").combine_chunks().to_batches()
    back = arrow.batch_traces(batch)
    for name in drawn._fields:
        assert np.array_equal(getattr(drawn, name), getattr(back, name)), name


def test_an_offset_that_does_not_change_is_written_once(tmp_path: Path) -> None:
    west = traces.one("cgm", [0, 5, 10], [-300] * 3, [100, 110, 120], [0, 0, 1])
    parquet.write(tmp_path / "streams.parquet", ["a"], west)
    (row,) = pq.read_table(tmp_path / "streams.parquet").to_pylist()
    assert (row["offsets"], row["flags"]) == ([-300], [0, 0, 1])


def test_a_file_of_many_groups_is_measured_in_its_order(tmp_path: Path) -> None:
    count = 2 * parquet.STREAMS_A_GROUP + 7
    parquet.write(tmp_path / "streams.parquet", ids(count), draw(42, streams=count, most=20))
    (whole,) = pq.read_table(tmp_path / "streams.parquet").combine_chunks().to_batches()
    expected = pa.Table.from_batches([arrow.measure_batch(whole)])
    for threads in (1, 2, 3):
        assert parquet.measure(tmp_path / "streams.parquet", threads=threads).equals(expected)


def test_both_engines_measure_a_file_alike(tmp_path: Path) -> None:
    parquet.write(tmp_path / "streams.parquet", ids(9), draw(43, streams=9, most=100))
    fast, plain = (parquet.measure(tmp_path / "streams.parquet", engine=name) for name in ("kernel", "twin"))
    assert fast.equals(plain)


def test_mage_can_be_left_out(tmp_path: Path) -> None:
    parquet.write(tmp_path / "streams.parquet", ids(3), draw(44, streams=3, most=50))
    assert "mage_mg_dl" not in parquet.measure(tmp_path / "streams.parquet", mage=False).schema.names


def test_a_file_of_no_streams_gives_no_rows(tmp_path: Path) -> None:
    none = traces.many([], [], [], [], [0], np.zeros(0, bool))
    parquet.write(tmp_path / "streams.parquet", [], none)
    assert parquet.measure(tmp_path / "streams.parquet").num_rows == 0


def test_a_file_with_a_value_beyond_the_table_is_refused_and_crashes_nothing(tmp_path: Path) -> None:
    bad = draw(46, streams=1, most=50)
    glucose = bad.glucose.copy()
    glucose[0] = 32767
    parquet.write(tmp_path / "streams.parquet", ["a"], bad._replace(glucose=glucose))
    with pytest.raises(ValueError, match="glucose: expected 0 to 1023, found 32767 at place 0"):
        parquet.measure(tmp_path / "streams.parquet")
