"""Streams on disk: a Parquet file of one row per stream, and its metrics, measured row group by row group.

Minutes and glucose are written in delta encoding, about one byte a reading; offsets and flags, where they do not change
within a stream, as one value for all its readings, which takes next to nothing to read. LZ4 on top reads twice as fast
as Zstandard and takes a twentieth more. Row groups are measured side by side: the kernel holds no lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from priorauth.glucose.arrow import STREAMS, measure_batch, result_schema
from priorauth.glucose.engine import EngineName
from priorauth.glucose.traces import Traces

Number = TypeVar("Number", np.int16, np.uint8)

STREAMS_A_GROUP = 256
_ENCODINGS = {
    "minutes.list.element": "DELTA_BINARY_PACKED",
    "glucose.list.element": "DELTA_BINARY_PACKED",
}
_DICTIONARIES = ["device", "offsets.list.element", "flags.list.element"]


def write(path: Path, ids: Iterable[str], traces: Traces) -> None:
    """Write checked traces, a row each, in the order given."""
    count = int(traces.starts[-1])
    if count > np.iinfo(np.int32).max:
        raise ValueError(f"expected at most {np.iinfo(np.int32).max} readings in one file, found {count}")
    devices = ["meter" if meter else "cgm" for meter in traces.meters.tolist()]
    columns = [pa.array(list(ids), pa.string()), pa.array(devices, pa.string())]
    for name in ("minutes", "offsets", "glucose", "flags"):
        values, edges = getattr(traces, name), traces.starts
        if name in ("offsets", "flags"):
            values, edges = _shortened(values, edges)
        lists = pa.array(edges.astype(np.int32))
        columns.append(pa.ListArray.from_arrays(lists, pa.array(values), type=STREAMS.field(name).type))
    table = pa.Table.from_arrays(columns, schema=STREAMS)
    pq.write_table(
        table,
        path,
        compression="lz4",
        row_group_size=STREAMS_A_GROUP,
        use_dictionary=_DICTIONARIES,
        column_encoding=_ENCODINGS,
        write_statistics=False,
    )


def _shortened(values: NDArray[Number], starts: NDArray[np.int64]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """Keep one value of each stream that holds no other."""
    changes = np.concatenate([[0], np.cumsum(values[1:] != values[:-1]), [0]])
    counts = np.diff(starts)
    first, last = starts[:-1], np.maximum(starts[1:] - 1, starts[:-1])
    same = (counts > 0) & (changes[first] == changes[last])
    keep = ~np.repeat(same, counts)
    keep[first[same]] = True
    return values[keep], np.concatenate([[0], np.cumsum(np.where(same, 1, counts))])


def measure(path: Path, *, threads: int = 2, mage: bool = True, engine: EngineName | None = None) -> pa.Table:
    """Measure every stream of a file, in the order of the file; raises ValueError for arrays that are no streams."""
    groups = pq.ParquetFile(path).metadata.num_row_groups

    def one(group: int) -> list[pa.RecordBatch]:
        return [measure_batch(batch, mage=mage, engine=engine) for batch in _batches(path, group)]

    if threads == 1:
        found = [batch for group in range(groups) for batch in one(group)]
    else:
        with ThreadPoolExecutor(threads) as pool:
            found = [batch for batches in pool.map(one, range(groups)) for batch in batches]
    return pa.Table.from_batches(found, schema=result_schema(mage=mage))


def _batches(path: Path, group: int) -> Iterator[pa.RecordBatch]:
    """Read one row group; each caller has its own reader, so that they do not wait for one another."""
    yield from pq.ParquetFile(path).read_row_group(group, use_threads=False).to_batches()
