"""The tables of a population: the rows of :mod:`priorauth.facts.rows` with the number of the member, and the members.

``DIR/<table>/bucket=<n>/<part>.parquet``, one folder a table and a bucket; within a file rows are sorted by fact and
member, so that a reader skips what a policy does not ask for. Days are DATE; 0001-01-01 and 9999-12-31 stand for
an open end. The low and high of an answer that states a day are that day's number. Members are numbered densely
within a bucket (see :func:`number`): joins and groups go by that number, the ``member`` table holds the patient's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from priorauth.errors import Fault, PopulationError
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Whole
from priorauth.population import manifest
from priorauth.values.dates import EPOCH
from priorauth.values.files import FileFault, regular

BUCKET_BITS: Final = 17
MOST_IN_BUCKET: Final = 1 << BUCKET_BITS
_GROUP: Final = 1 << 17
"""How many rows a row group has at most."""
_FEW: Final = 1 << 15
"""A row group that has as many ends where the next fact begins, so that a reader skips facts that it does not need."""

_HEAD = [("member", pa.int64()), ("fact", pa.string()), ("source", pa.string()), ("ref", pa.string())]
_SPAN = [("first", pa.date32()), ("last", pa.date32()), ("minute", pa.int64())]
_ENDS = [("low", pa.int64()), ("high", pa.int64())]
_OPEN = [("low_open", pa.bool_()), ("high_open", pa.bool_()), ("specimen", pa.string()), ("fault", pa.string())]
_PERIOD = [(name, pa.date32()) for name in ("start_first", "start_last", "end_first", "end_last")]

SCHEMAS: Final[Mapping[str, pa.Schema]] = {
    "member": pa.schema([("member", pa.int64()), ("patient", pa.string()), ("as_of", pa.date32())]),
    "measurement": pa.schema([*_HEAD, *_SPAN, *_ENDS, *_OPEN]),
    "event": pa.schema([*_HEAD, *_SPAN, *_ENDS]),
    "period": pa.schema([*_HEAD, *_PERIOD, *_ENDS]),
    "answer": pa.schema([*_HEAD, ("text", pa.string()), *_SPAN, *_ENDS, ("author", pa.string())]),
    "whole": pa.schema([*_HEAD, ("first", pa.date32()), ("last", pa.date32())]),
}
"""The columns of each table; ``bucket`` is in the path."""

TABLE_OF: Final[Mapping[type, str]] = {
    Measurement: "measurement",
    Event: "event",
    Period: "period",
    Answer: "answer",
    Whole: "whole",
}


def number(bucket: int, place: int) -> int:
    """Return the number of the member at a place (from 0) of a bucket."""
    if not 0 <= place < MOST_IN_BUCKET:
        msg = f"expected at most {MOST_IN_BUCKET:,} members in a bucket"
        raise ValueError(msg)
    return bucket * MOST_IN_BUCKET + place


@dataclass
class Columns:
    """Rows of one bucket as columns, table by table, until they are written."""

    tables: dict[str, dict[str, list[Any]]] = field(
        default_factory=lambda: {name: {column: [] for column in schema.names} for name, schema in SCHEMAS.items()}
    )

    def member(self, member: int, patient: str, as_of: int) -> None:
        """Add a member with the day from which its windows count."""
        table = self.tables["member"]
        for column, value in (("member", member), ("patient", patient), ("as_of", as_of - EPOCH)):
            table[column].append(value)

    def row(self, member: int, row: Row) -> None:
        """Add a row of a member."""
        name = TABLE_OF[type(row)]
        table = self.tables[name]
        schema = SCHEMAS[name]
        table["member"].append(member)
        for column in schema.names[1:]:
            value = getattr(row, column)
            table[column].append(value - EPOCH if schema.field(column).type == pa.date32() else value)

    def arrow(self, name: str) -> pa.Table:
        """Return one table, sorted by fact and member."""
        schema = SCHEMAS[name]
        columns = self.tables[name]
        made = pa.table(
            [pa.array(columns[part.name], type=_plain(part.type)).cast(part.type) for part in schema], schema=schema
        )
        keys = [("member", "ascending")] if name == "member" else [("fact", "ascending"), ("member", "ascending")]
        return made.sort_by(keys)


def _plain(kind: pa.DataType) -> pa.DataType:
    """Days are gathered as whole numbers."""
    return pa.int32() if kind == pa.date32() else kind


def write_bucket(folder: Path, bucket: int, columns: Columns, part: str = "rows") -> None:
    """Write one bucket of every table."""
    for name in SCHEMAS:
        write_table(folder, name, bucket, columns.arrow(name), part)


def write_table(folder: Path, name: str, bucket: int, table: pa.Table, part: str = "rows") -> None:
    """Write one table of one bucket as Parquet; the rows must be sorted by fact and member already."""
    place = folder / name / f"bucket={bucket}"
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{part}.parquet"
    with pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1) as writer:
        for first, end in pairwise(_edges(table)):
            writer.write_table(table.slice(first, end - first), row_group_size=_GROUP)


def _edges(table: pa.Table) -> list[int]:
    """Return where row groups begin, and the last end: each is of whole facts, of one where that has many rows."""
    edges = [0]
    if "fact" in table.column_names and len(table):
        facts = table["fact"].cast(pa.string()).combine_chunks()
        ends = pc.run_end_encode(facts).run_ends.to_pylist()
        for before, end in pairwise([0, *ends]):
            if before - edges[-1] >= _FEW or (end - before >= _FEW and before > edges[-1]):
                edges.append(before)
    return [*edges, len(table)]


def write_cases(folder: Path, cases: Iterable[tuple[str, Case]], in_bucket: int = MOST_IN_BUCKET) -> int:
    """Write cases as the tables of a population, with its manifest; gives how many there were."""
    columns, bucket, place, count = Columns(), 0, 0, 0
    for patient, case in cases:
        if place == in_bucket:
            write_bucket(folder, bucket, columns)
            columns, bucket, place = Columns(), bucket + 1, 0
        member = number(bucket, place)
        columns.member(member, patient, case.as_of)
        for rows in case.rows.values():
            for row in rows:
                columns.row(member, row)
        place, count = place + 1, count + 1
    write_bucket(folder, bucket, columns)
    manifest.write(folder, count)
    return count


def files(folder: Path, name: str, of: Iterable[int]) -> list[Path]:
    """Return the files of a table in some buckets; raises FileFault where one is no regular file."""
    places = [folder / name / f"bucket={bucket}" for bucket in of]
    return [regular(path) for place in places for path in sorted(place.glob("*.parquet"))]


def members(folder: Path, of: Iterable[int]) -> int:
    """Return how many members some buckets have."""
    return sum(pq.ParquetFile(path).metadata.num_rows for path in files(folder, "member", of))


def damaged(folder: Path) -> str | None:
    """Return which file of a population cannot be read whole, or has other columns than its table; None: none."""
    for name, schema in SCHEMAS.items():
        for path in sorted((folder / name).glob("bucket=*/*.parquet")):
            try:
                found = pq.read_table(regular(path), partitioning=None).schema
            except FileFault as fault:
                return str(fault)
            except (pa.ArrowException, OSError) as fault:
                return f"{path}: expected a whole Parquet file, found a damaged one ({type(fault).__name__})"
            if not found.equals(schema):
                return f"{path}: expected the columns {', '.join(schema.names)}"
    return None


def buckets(folder: Path) -> tuple[int, ...]:
    """Return the names of the buckets of a population; raises PopulationError where the folder holds none."""
    found = sorted(int(path.name.partition("=")[2]) for path in folder.glob("member/bucket=*"))
    if not found:
        said = "expected the tables of a population (member/bucket=0/*.parquet and on); there are none"
        raise PopulationError(Fault(str(folder), None, said))
    return tuple(found)
