"""The buckets of a population one after another, several at once, each in a database of its own; results in order.

A bucket is a query's worth of work: side by side, buckets use the cores better than one query of them all does.
"""

from __future__ import annotations

import math
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
"""About how many members one query takes at most: more at once take as much work and more memory."""
ALONE = AT_ONCE // 4
"""Up to so many are not worth being parted: what a query takes to be made outweighs them."""
MOST = 4
"""How many queries run side by side at most: memory grows with each. Where there are more cores, each takes several."""


def chunks(folder: Path) -> list[tuple[int, ...]]:
    """Put buckets together into chunks of about as many members each.

    Those are an even number, so that two or four that work side by side end together; the same on every machine.
    """
    import pyarrow.parquet as pq

    sizes = {
        bucket: sum(pq.ParquetFile(path).metadata.num_rows for path in tables.files(folder, "member", (bucket,)))
        for bucket in tables.buckets(folder)
    }
    members = sum(sizes.values())
    many = 1 if members <= min(ALONE, AT_ONCE) else 2 * math.ceil(members / (2 * AT_ONCE))
    found: dict[int, list[int]] = {}
    before = 0
    for bucket, size in sizes.items():
        middle = before + size / 2
        found.setdefault(int(middle * many / members) if members else 0, []).append(bucket)
        before += size
    return [tuple(buckets) for buckets in found.values()] or [()]


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
