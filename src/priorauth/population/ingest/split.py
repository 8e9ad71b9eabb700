"""The first pass over an export: each task becomes a shard."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from priorauth.population.ingest import documents
from priorauth.population.ingest.lines import blocks
from priorauth.population.ingest.routing import AT_ONCE, Router, routing
from priorauth.population.ingest.shard import Shard, write
from priorauth.population.ingest.sources import Piece, Source


def split(folder: Path, number: int, pieces: tuple[Piece, ...], sources: tuple[Source, ...]) -> None:
    """Do one task; its shard is written into the folder."""
    shard = Shard()
    for piece in pieces:
        source = sources[piece.source]
        match source.kind:
            case "lines":
                _lines(shard, piece, source)
            case "document":
                documents.document(shard, piece.source, source)
            case "parquet":
                documents.parquet(shard, piece.source, source)
    write(folder, number, shard)


def _lines(shard: Shard, piece: Piece, source: Source) -> None:
    with routing(shard, piece.source, "byte") as router:
        _routed(router, shard, piece, source)


def _routed(router: Router, shard: Shard, piece: Piece, source: Source) -> None:
    for block in blocks(source, piece):
        if block.fault:
            router.reject(block.at, block.fault)
            continue
        lines = block.data.split(b"\n")
        if not lines[-1]:
            lines.pop()
        shard.done.lines += len(lines)
        shard.done.bytes += len(block.data)
        ends = np.cumsum(np.fromiter(map(len, lines), dtype=np.int64, count=len(lines)) + 1)
        places = (block.at + np.concatenate([[0], ends[:-1]])).tolist()
        for first in range(0, len(lines), AT_ONCE):
            group = slice(first, first + AT_ONCE)
            router.many(lines[group], places[group])
