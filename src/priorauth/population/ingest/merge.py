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
import pyarrow.parquet as pq

from priorauth.population.folder import half
from priorauth.population.ingest.bucket import publish
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
    if len(group) == 1:
        publish(made, out, first)
        return
    partial = made.parent / half(f"{first}.merged")
    for name in SCHEMAS:
        parts = [
            pq.read_table(made / name / f"bucket={bucket}" / "rows.parquet", partitioning=None) for bucket in group
        ]
        write_table(partial, name, first, pa.concat_tables(parts) if name == "member" else by_fact(parts))
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
