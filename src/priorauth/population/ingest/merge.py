"""The last pass of an ingest: the tables of neighbouring buckets become one file each.

A bucket is as much as one process reads at a time: about a thousand members. With files of that size a query would
spend its time on opening them.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from priorauth.population.folder import half, placed
from priorauth.population.ingest import between
from priorauth.population.tables import SCHEMAS, write_table

MEMBERS: Final = 1 << 13
"""How many members one file holds at most, unless a bucket alone has more."""


def groups(seats: Sequence[int]) -> list[tuple[int, ...]]:
    """Put neighbouring buckets together, given how many members each has; a bucket without members is left out."""
    found: list[tuple[int, ...]] = []
    held: list[int] = []
    for bucket, count in enumerate(seats):
        if not count:
            continue
        if held and sum(seats[one] for one in held) + count > MEMBERS:
            found.append(tuple(held))
            held = []
        held.append(bucket)
    return [*found, tuple(held)] if held else found


def merge(made: Path, out: Path, group: tuple[int, ...]) -> None:
    """Put the tables of a group of buckets in place, under the number of the first; again, where it was done before."""
    first = group[0]
    partial = made.parent / half(f"{first}.merged")
    for name in SCHEMAS:
        parts = [between.read(made, bucket, name) for bucket in group]
        whole = parts[0] if len(parts) == 1 else pa.concat_tables(parts) if name == "member" else by_fact(parts)
        write_table(partial, name, first, whole)
    publish(partial, out, first)
    shutil.rmtree(partial)


def by_fact(parts: Sequence[pa.Table]) -> pa.Table:
    """Put tables one behind another, fact by fact: each is sorted by fact and member, and members grow with them."""
    stretches: dict[str, list[pa.Table]] = {}
    for part in parts:
        if not len(part):
            continue
        runs = pc.run_end_encode(part["fact"].combine_chunks())
        start = 0
        for fact, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
            stretches.setdefault(fact, []).append(part.slice(start, end - start))
            start = end
    ordered = [stretch for fact in sorted(stretches) for stretch in stretches[fact]]
    return pa.concat_tables(ordered) if ordered else parts[0]


def publish(made: Path, out: Path, bucket: int) -> None:
    """Move the tables of a bucket to where they belong."""
    for name in SCHEMAS:
        table, place = (folder / name / f"bucket={bucket}" for folder in (made, out))
        if table.is_dir():
            placed(table, place)
