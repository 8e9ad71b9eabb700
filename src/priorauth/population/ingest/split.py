"""The first pass over an export: each task becomes a shard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from priorauth.population.ingest import documents
from priorauth.population.ingest.lines import Block, blocks
from priorauth.population.ingest.routing import AT_ONCE, Router, routing
from priorauth.population.ingest.shard import Shard, write
from priorauth.population.ingest.sources import Piece, Source

if TYPE_CHECKING:
    from priorauth.population.ingest.plain.sift import Sieve


def split(
    folder: Path, number: int, pieces: tuple[Piece, ...], sources: tuple[Source, ...], sieve: Sieve | None = None
) -> None:
    """Do one task; its shard is written into the folder. ``sieve`` takes out what is plain, where it is given."""
    shard = Shard()
    for piece in pieces:
        source = sources[piece.source]
        match source.kind:
            case "lines":
                _lines(shard, piece, source, sieve)
            case "document":
                documents.document(shard, piece.source, source)
            case "parquet":
                documents.parquet(shard, piece.source, source)
    if sieve is not None:
        shard.names = sieve.meanings.names
    write(folder, number, shard)


def _lines(shard: Shard, piece: Piece, source: Source, sieve: Sieve | None) -> None:
    with routing(shard, piece.source, "byte") as router:
        _routed(router, shard, blocks(source, piece), sieve, texts=source.packed)


def _routed(router: Router, shard: Shard, found: Iterable[Block], sieve: Sieve | None, *, texts: bool) -> None:
    for block in found:
        if block.fault:
            router.reject(block.at, block.fault)
            continue
        lines, places = _left(router, shard, block, sieve, texts=texts)
        shard.done.bytes += len(block.data)
        for first in range(0, len(lines), AT_ONCE):
            group = slice(first, first + AT_ONCE)
            router.many(lines[group], places[group])


def _left(
    router: Router, shard: Shard, block: Block, sieve: Sieve | None, *, texts: bool
) -> tuple[list[bytes], list[int]]:
    """Return the lines that are to be routed one by one, and their places; ``texts``: keep those of the plain ones."""
    if sieve is not None:
        found = sieve.block(router.source, block.at, block.data, texts=texts)
        shard.done.lines += len(found.rows) + len(found.starts)
        shard.take_plain(found.rows, found.texts)
        data = block.data
        lines = [data[start:end] for start, end in zip(found.starts, found.ends, strict=True)]
        return lines, [block.at + start for start in found.starts]
    lines = block.data.split(b"\n")
    if not lines[-1]:
        lines.pop()
    shard.done.lines += len(lines)
    ends = np.cumsum(np.fromiter(map(len, lines), dtype=np.int64, count=len(lines)) + 1)
    return lines, (block.at + np.concatenate([[0], ends[:-1]])).tolist()
