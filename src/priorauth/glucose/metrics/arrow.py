"""Record batches of streams in, record batches of metrics out: the same code for Parquet, DuckDB and Spark.

A row is one stream: `id`, `device`, and four lists, `minutes`, `offsets`, `glucose`, `flags` (see :mod:`series`).
`offsets` and `flags` may be left out (all zero), and a list of one value stands for all readings of its stream. The
result has a row per stream, in order: `id`, `device`, `readings`, first and last local day, and a column per metric,
null where unknown.

:func:`batch` makes such rows of logs. :func:`register` makes the measuring a function of DuckDB, :func:`map_batches` is
what Spark's ``mapInArrow`` takes; both count with the faster engine that is installed. Needs pyarrow, of the
``population`` extra.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics import counts, series
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.engine import EngineName, fastest
from priorauth.glucose.metrics.measure import measure, own_days
from priorauth.glucose.metrics.series import Series

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


# Nothing may be null: readers are much faster where they need not ask.
STREAMS = pa.schema(
    [
        _required("id", pa.string()),
        _required("device", pa.string()),
        _required("minutes", pa.list_(_required("element", pa.int32()))),
        _required("offsets", pa.list_(_required("element", pa.int16()))),
        _required("glucose", pa.list_(_required("element", pa.int16()))),
        _required("flags", pa.list_(_required("element", pa.uint8()))),
    ]
)


def batch(ids: Iterable[str], given: Series) -> pa.RecordBatch:
    """Return checked series as rows, one a stream, under the ids of their people."""
    edges = given.starts.astype(np.int32)
    lists = [
        pa.ListArray.from_arrays(edges, pa.array(values), type=STREAMS.field(name).type)
        for name, values in zip(("minutes", "offsets", "glucose", "flags"), given[:4], strict=True)
    ]
    devices = ["meter" if meter else "cgm" for meter in given.meters.tolist()]
    return pa.RecordBatch.from_arrays([pa.array(list(ids), pa.string()), pa.array(devices), *lists], schema=STREAMS)


def metric_names(*, mage: bool = True) -> tuple[str, ...]:
    """Return the names of the metrics of a result, in order."""
    return tuple(name for name in definitions().metrics if mage or name != "mage_mg_dl")


def result_schema(*, mage: bool = True) -> pa.Schema:
    """Return the schema of a result; `first_day` and `last_day` are local days, null without readings."""
    fixed = [
        ("id", pa.string()),
        ("device", pa.string()),
        ("readings", pa.int64()),
        ("first_day", pa.date32()),
        ("last_day", pa.date32()),
    ]
    return pa.schema([*fixed, *((name, pa.float64()) for name in metric_names(mage=mage))])


def measure_batch(batch: pa.RecordBatch, *, mage: bool = True, engine: EngineName = "auto") -> pa.RecordBatch:
    """Measure each stream of a batch; raises ValueError where arrays are not what :mod:`series` takes."""
    given = batch_series(batch)
    found = counts.count(given, mage=mage, engine=engine)
    fields = [batch.column("id"), batch.column("device"), *measured_columns(found, mage=mage)]
    return pa.RecordBatch.from_arrays(fields, schema=result_schema(mage=mage))


def map_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Measure batch after batch: the function for Spark's ``mapInArrow``."""
    for batch in batches:
        yield measure_batch(batch, engine=fastest())


def spark_schema() -> str:
    """Return the schema of a result as Spark writes it, for ``mapInArrow``."""
    names = {pa.string(): "string", pa.int64(): "bigint", pa.date32(): "date", pa.float64(): "double"}
    return ", ".join(f"`{field.name}` {names[field.type]}" for field in result_schema())


def register(connection: DuckDBPyConnection, name: str = "glucose_metrics") -> None:
    """Give DuckDB the function ``glucose_metrics(device, minutes, offsets, glucose, flags)``, a struct per stream."""
    from duckdb.func import PythonUDFType

    text, lists = connection.type("VARCHAR"), ("INTEGER[]", "SMALLINT[]", "SMALLINT[]", "UTINYINT[]")
    fields = {field.name: _DUCK[field.type] for field in list(result_schema())[2:]}
    connection.create_function(
        name,
        _udf,
        [text, *(connection.type(kind) for kind in lists)],
        connection.struct_type({field: connection.type(kind) for field, kind in fields.items()}),
        type=PythonUDFType.ARROW,
    )


_DUCK = {pa.int64(): "BIGINT", pa.date32(): "DATE", pa.float64(): "DOUBLE"}


def _udf(device: pa.Array, minutes: pa.Array, offsets: pa.Array, glucose: pa.Array, flags: pa.Array) -> pa.Array:
    columns = [_one_chunk(column) for column in (device, minutes, offsets, glucose, flags)]
    names = ["device", "minutes", "offsets", "glucose", "flags"]
    found = counts.count(batch_series(pa.RecordBatch.from_arrays(columns, names)), engine=fastest())
    return pa.StructArray.from_arrays(measured_columns(found, mage=True), fields=list(result_schema())[2:])


def _one_chunk(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def measured_columns(found: Counts, *, mage: bool) -> list[pa.Array]:
    """Return the columns of a result from `readings` on."""
    days = own_days(found)
    columns = measure(found, days)
    readings = np.diff(found.series.starts)
    nothing = readings == 0
    result = [pa.array(readings)]
    result += [pa.array(day.astype(np.int32), mask=nothing).view(pa.date32()) for day in (days.first, days.last)]
    for name in metric_names(mage=mage):
        value = columns[name].value
        result.append(pa.array(value, mask=np.isnan(value)))
    return result


def batch_series(batch: pa.RecordBatch) -> Series:
    """Check the streams of a batch; lists are taken as they lie, without a copy."""
    starts = _edges(batch.column("minutes"))
    minutes, offsets, glucose, flags = (
        _values(batch, name, starts) for name in ("minutes", "offsets", "glucose", "flags")
    )
    device = batch.column("device").to_pylist()
    strange = [name for name in device if name not in ("cgm", "meter")]
    if strange:
        raise ValueError(f"device: expected 'cgm' or 'meter', found {strange[0]!r}")
    return series.many(minutes, offsets, glucose, flags, starts, np.array([name == "meter" for name in device], bool))


def _values(batch: pa.RecordBatch, name: str, starts: NDArray[np.int64]) -> NDArray[np.generic]:
    """Return the flat values of a column of lists as they lie; zeros where the column may be left out and is."""
    if name not in batch.schema.names and name in ("offsets", "flags"):
        return np.zeros(int(starts[-1]), np.int8)
    column = batch.column(name)
    edges, flat = _edges(column), column.flatten()
    if flat.null_count:
        raise ValueError(f"{name}: expected no null within a list")
    values = np.asarray(flat.to_numpy(zero_copy_only=False))
    if np.array_equal(edges, starts):
        return values
    lengths, counts = np.diff(edges), np.diff(starts)
    if name not in ("offsets", "flags") or np.any((lengths != counts) & (lengths != 1)):
        raise ValueError(f"{name}: expected lists as long as those of minutes")
    return np.repeat(values, np.repeat(np.where(lengths == counts, 1, counts), lengths))


def _edges(column: pa.Array) -> NDArray[np.int64]:
    """Return where each list begins in the flat values, and where the last one ends; a null list is an empty one."""
    if not pa.types.is_list(column.type) and not pa.types.is_large_list(column.type):
        raise ValueError(f"expected a column of lists, found {column.type}")
    if column.null_count:
        lengths = np.zeros(len(column) + 1, np.int64)
        lengths[1:] = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
        return np.cumsum(lengths, dtype=np.int64)
    edges: NDArray[np.int64] = np.asarray(column.offsets.to_numpy(zero_copy_only=False), dtype=np.int64)
    return edges - int(edges[0])
