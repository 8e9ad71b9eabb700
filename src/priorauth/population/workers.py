"""The buckets of a population one after another, several at once, each in a database of its own; results in order.

A bucket is a query's worth of work: side by side, buckets use the cores better than one query of them all does.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from priorauth.population import tables

if TYPE_CHECKING:
    import duckdb

Made = TypeVar("Made")
AT_ONCE = 1 << 16
"""How many members one query takes at most; the buckets of a population are put together up to that. More at once take
as much work and more memory."""
MOST = 4
"""How many queries run side by side at most: memory grows with each. Where there are more cores, each takes several."""


def chunks(folder: Path) -> list[tuple[int, ...]]:
    """Put buckets together, so many members at once."""
    import pyarrow.parquet as pq

    found: list[tuple[int, ...]] = []
    held: list[int] = []
    members = 0
    for bucket in tables.buckets(folder):
        count = sum(pq.ParquetFile(path).metadata.num_rows for path in tables.files(folder, "member", (bucket,)))
        if held and members + count > AT_ONCE:
            found.append(tuple(held))
            held, members = [], 0
        held.append(bucket)
        members += count
    return [*found, tuple(held)]


def each(
    folder: Path, parts: Sequence[tuple[int, ...]], work: Callable[[duckdb.DuckDBPyConnection], Made], cores: int = 0
) -> Iterator[Made]:
    """Yield what ``work`` makes of each part, in order; it is handed a database with the views over that part.

    ``cores`` are all of the machine's where not given. No more results wait than queries run.
    """
    from priorauth.population import duck

    cores = cores or os.cpu_count() or 1
    workers = min(len(parts), cores, MOST)

    def one(part: tuple[int, ...]) -> Made:
        with duck.connect(max(1, cores // workers), 1 / workers) as connection:
            duck.over(connection, folder, part)
            return work(connection)

    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for part in parts:
                waiting.append(pool.submit(one, part))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
