"""The second pass: one bucket of members, gathered from every shard, becomes its part of each table."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from msgspec.structs import astuple, fields

from priorauth.facts.rows import Row
from priorauth.population.folder import half
from priorauth.population.ingest import between
from priorauth.population.ingest.heads import KEY_BITS
from priorauth.population.ingest.member import FURTHER, Fault, Read, Reader, Seat, Texts
from priorauth.population.ingest.people import TWO, UNREAD, UNSAID
from priorauth.population.ingest.plain.held import Held
from priorauth.population.ingest.plain.rows import PLAIN
from priorauth.population.ingest.plain.tables import Plain, Seats, together
from priorauth.population.ingest.rejects import Place, Reject
from priorauth.population.ingest.shard import KEPT, ROW, Index, committed
from priorauth.population.ingest.sources import Kind, Source
from priorauth.population.manifest import Unused
from priorauth.population.tables import SCHEMAS, TABLE_OF, number
from priorauth.values.dates import EPOCH

_MOST: Final = 2**63
NAMED: Final = 2_000
"""Of resources that cannot be given to one person so many are named in a bucket; of further ids only how many."""
ROW_OF: Final = {name: kind for kind, name in TABLE_OF.items()}


class Result(msgspec.Struct):
    """What came of a bucket: members, seats, rows by table, rejects, and the warnings of the reader by member."""

    members: int = 0
    seats: int = 0
    rows: dict[str, int] = {}
    rejects: list[Reject] = []
    warnings: int = 0
    deleted: int = 0
    plain: int = 0
    """How many resources were left out of what the reader read, since they are plain."""
    unused: Unused = msgspec.field(default_factory=Unused)


@dataclass(slots=True)
class Gathered:
    """The rows of a bucket by table and fact, and for each fact the members in turn with how many rows each has.

    Members are taken in turn, so that facts in their order are rows sorted by fact and member.
    """

    members: list[tuple[int, str, int]] = field(default_factory=list)
    rows: dict[str, dict[str, list[Row]]] = field(default_factory=lambda: {name: {} for name in TABLE_OF.values()})
    owners: dict[str, dict[str, list[tuple[int, int]]]] = field(
        default_factory=lambda: {name: {} for name in TABLE_OF.values()}
    )

    def take(self, member: int, fact: str, rows: tuple[Row, ...]) -> None:
        """Take in the rows of one fact of a member."""
        kinds = set(map(type, rows))
        for kind in kinds:
            name = TABLE_OF[kind]
            own = rows if len(kinds) == 1 else [row for row in rows if type(row) is kind]
            self.rows[name].setdefault(fact, []).extend(own)
            self.owners[name].setdefault(fact, []).append((member, len(own)))


def bounds(shards: Path, tasks: int, buckets: int, *, plain: bool = False) -> npt.NDArray[np.int64]:
    """Return, for each shard, the row of its index at which each bucket begins, and its end; ``plain``: of readings."""
    shift = np.uint64(KEY_BITS - bits(buckets))
    edges = np.arange(1, buckets, dtype=np.uint64)
    made = np.empty((tasks, buckets + 1), dtype=np.int64)
    for task in range(tasks):
        keys = (_index(shards, task, KEPT, PLAIN) if plain else _index(shards, task))["key"]
        starts = np.searchsorted(keys >> shift if buckets > 1 else keys, edges, side="left")
        made[task] = [0, *starts, len(keys)]
    return made


def bits(buckets: int) -> int:
    """Return how many bits of a key name the bucket, of a number of buckets that is a power of two."""
    return buckets.bit_length() - 1


def _index(shards: Path, task: int, end: str = ".index", row: np.dtype[np.void] = ROW) -> Index:
    path = shards / f"{task}{end}"
    if not path.stat().st_size:
        return np.empty(0, dtype=row)
    return np.memmap(path, dtype=row, mode="r")


def texts(shards: Path, begins: npt.NDArray[np.int64], bucket: int) -> Iterator[Texts]:
    """Yield the resources of each member of a bucket; members by key, resources in the order of the input."""
    parts: list[Index] = []
    held: list[bytes] = []
    owner: list[npt.NDArray[np.int64]] = []
    for task in range(len(begins)):
        first, last = begins[task, bucket : bucket + 2]
        if first == last:
            continue
        part = np.array(_index(shards, task)[first:last])
        start, end = int(part["start"][0]), int(part["start"][-1]) + int(part["size"][-1])
        with (shards / f"{task}.data").open("rb") as file:
            file.seek(start)
            held.append(file.read(end - start))
        part["start"] -= np.uint64(start)
        owner.append(np.full(len(part), len(parts)))
        parts.append(part)
    if not parts:
        return
    index, whose = np.concatenate(parts), np.concatenate(owner)
    order = np.lexsort((index["at"], index["source"], index["key"]))
    index, whose = index[order], whose[order]
    edges = [0, *(np.flatnonzero(np.diff(index["key"])) + 1).tolist(), len(index)]
    spans = list(zip(whose.tolist(), index["start"].tolist(), (index["start"] + index["size"]).tolist(), strict=True))
    for first, last in pairwise(edges):
        yield Texts(index[first:last], [held[part][start:end] for part, start, end in spans[first:last]])


_DOUBTED: Final = (TWO, UNSAID, UNREAD)
_PLACES: Final[dict[Kind, Place]] = {"lines": "byte", "document": "entry", "parquet": "row"}


class Sifted(NamedTuple):
    """What was sifted out: its bounds as of :func:`bounds`, and the sources where texts stand that are not kept."""

    begins: npt.NDArray[np.int64]
    sources: tuple[Source, ...]


def run(work: Path, begins: npt.NDArray[np.int64], bucket: int, reader: Reader, plain: Sifted | None = None) -> None:
    """Do one bucket: its tables go below ``work/tables`` first, what commits it comes last.

    ``plain``: what is plain, where it was sifted out.
    """
    collecting = gc.isenabled()
    gc.disable()  # a bucket makes millions of objects and no cycles worth looking for among them: a third of the time
    try:
        sifted = plain or Sifted(begins[:0], ())
        with closing(Held(work / "shards", sifted.begins, bucket, sifted.sources)) as held:
            _run(work, begins, bucket, reader, held)
    finally:
        if collecting:
            gc.enable()


def _run(work: Path, begins: npt.NDArray[np.int64], bucket: int, reader: Reader, held: Held) -> None:
    gathered, result = Gathered(), Result()
    warned: list[bytes] = []
    found: list[tuple[Seat, int]] = []
    apart: list[tuple[int, npt.NDArray[np.bool_]]] = []
    doubted = 0
    reader.unused.taken()
    for texts_of, reads, left in _members(work / "shards", begins, bucket, reader, held):
        turn = -1 if left is None else len(apart)
        for read in reads:
            for fault in read.faults:
                doubted += fault.reason in _DOUBTED
                if fault.reason not in _DOUBTED or doubted <= NAMED:
                    result.rejects.append(_reject(texts_of, fault, reader.kinds))
            warned.extend(msgspec.json.encode({"member": read.patient, "warning": said}) for said in read.warnings)
            found.extend((seat, turn) for seat in read.seats)
            result.members += bool(read.seats)
            result.deleted += read.deleted
        if left is not None:
            apart.append(left)
    result.unused = reader.unused.taken()
    found.sort(key=lambda one: (one[0].patient.partition(FURTHER)[0], len(one[0].patient), one[0].patient))
    seats = Seats()
    for place, (seat, turn) in enumerate(found):
        member = number(bucket, place)
        gathered.members.append((member, seat.patient, seat.as_of))
        for fact, rows in seat.rows.items():
            gathered.take(member, fact, rows)
        if turn >= 0:
            seats.add(member, turn, seat.as_of)
    result.seats, result.warnings = len(found), len(warned)
    if found:
        plain, result.plain = held.made(reader.vocabulary, apart, seats)
        partial = work / half(f"{bucket}.tables")
        result.rows = write(partial, gathered, plain)
        between.publish(partial, work / "tables", bucket)
        shutil.rmtree(partial, ignore_errors=True)
    committed(work / f"{bucket}.warnings", b"".join(line + b"\n" for line in sorted(warned)))
    committed(work / f"{bucket}.bucket", msgspec.json.encode(result))


def _members(
    shards: Path, begins: npt.NDArray[np.int64], bucket: int, reader: Reader, held: Held
) -> Iterator[tuple[Texts, Sequence[Read], tuple[int, npt.NDArray[np.bool_]] | None]]:
    """Yield what was read of each member, by key; with it stands which of what is plain the reader was given."""
    waiting = sorted(held.spans, reverse=True)
    for found in texts(shards, begins, bucket):
        key = int(found.places["key"][0])
        while waiting and waiting[-1] < key:
            alone = held.whole(waiting.pop())
            yield alone, reader.members(alone), None
        if not waiting or waiting[-1] != key:
            yield found, reader.members(found), None
            continue
        waiting.pop()
        beside = reader.beside(found, held.beside(reader.vocabulary, key, found))
        if beside is None:
            whole = held.whole(key, found)
            yield whole, reader.members(whole), None
        else:
            yield beside.texts, [beside.read], (key, beside.back)
    while waiting:
        alone = held.whole(waiting.pop())
        yield alone, reader.members(alone), None


def _reject(found: Texts, fault: Fault, kinds: tuple[Kind, ...]) -> Reject:
    """Return where a fault stands: at its resource, or for a member as a whole at the first of its resources."""
    source, at = (int(found.places[name][fault.text or 0]) for name in ("source", "at"))
    if fault.text is None:
        return Reject(
            source, at, _PLACES[kinds[source]], fault.reason, member=fault.resource, resources=len(found.data)
        )
    return Reject(source, at, _PLACES[kinds[source]], fault.reason, fault.resource)


def write(folder: Path, gathered: Gathered, plain: Plain | None = None) -> dict[str, int]:
    """Write the tables of a bucket; gives how many rows each has. ``plain``: rows beside those gathered, by fact."""
    written = {}
    folder.mkdir(parents=True)
    members = list(zip(*gathered.members, strict=True))
    days = np.array(members[2], dtype=np.int32) - EPOCH
    columns = [pa.array(members[0], pa.int64()), pa.array(members[1], pa.string()), pa.array(days, pa.date32())]
    _write(folder, "member", pa.table(columns, schema=SCHEMAS["member"]))
    for name in TABLE_OF.values():
        table = together(_table(name, gathered.rows[name], gathered.owners[name]), (plain or {}).get(name, {}))
        written[name] = len(table)
        _write(folder, name, table)
    return written


def _write(folder: Path, name: str, table: pa.Table) -> None:
    with (folder / f"{name}.arrow").open("wb") as file:
        between.write(file, table)


def _table(name: str, rows: dict[str, list[Row]], owners: dict[str, list[tuple[int, int]]]) -> pa.Table:
    """Make a table of its rows by fact; the members of each fact are in order."""
    schema, facts = SCHEMAS[name], sorted(rows)
    made = list(zip(*(astuple(row) for fact in facts for row in rows[fact]), strict=True))
    if not made:
        return schema.empty_table()
    numbers, counts = np.array([pair for fact in facts for pair in owners[fact]], dtype=np.int64).T
    named: dict[str, Any] = dict(zip((part.name for part in fields(ROW_OF[name])), made, strict=True))
    named["member"] = np.repeat(numbers, counts)
    return pa.table([_column(named[part.name], part.type) for part in schema], schema=schema)


def _column(values: Sequence[Any], kind: Any) -> pa.Array:  # noqa: ANN401  # pyarrow has no types
    if kind == pa.date32():
        return pa.array(pa.array(values, pa.int32()).to_numpy() - EPOCH, pa.date32())
    try:
        return pa.array(values, kind)
    except (OverflowError, pa.ArrowInvalid):
        # A number beyond 64 bits is nothing that a policy asks for: it stands for one that large.
        return pa.array([None if one is None else max(min(one, _MOST - 1), -_MOST) for one in values], kind)
