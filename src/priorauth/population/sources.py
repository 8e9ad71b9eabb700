"""A source is one file of an export; a task is so much of one or more sources as one process takes at a time.

Read are NDJSON (``.ndjson``, ``.jsonl``), documents (``.json``: a Bundle or one resource), both also with ``.gz``, and
``.parquet``. Sources stand in the order of their names below the folder: that order decides which of two copies counts.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal

Kind = Literal["lines", "document", "parquet"]

KINDS: Final[dict[str, Kind]] = {
    ".ndjson": "lines", ".jsonl": "lines", ".json": "document", ".parquet": "parquet",
}  # fmt: skip
TASK: Final = 32_000_000
"""Bytes of plain NDJSON that are one task; other files are one task each, small ones share one."""
EXPANDS: Final[dict[Kind, int]] = {"lines": 1, "document": 1, "parquet": 8}
PACKED: Final = 12
"""How much larger a file may be once read: NDJSON of FHIR shrinks about twelvefold by gzip."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where, its name below the folder given, what it holds, and what tells that it changed."""

    path: Path
    name: str
    kind: Kind
    packed: bool
    size: int
    changed: int

    @property
    def expected(self) -> int:
        """About how many bytes it holds once read."""
        return self.size * (PACKED if self.packed else EXPANDS[self.kind])


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a source: the lines that begin in ``start``..``end`` (bytes); ``end`` None is the whole."""

    source: int
    start: int = 0
    end: int | None = None


def find(place: Path) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Give the sources at a file or below a folder, and the names of files of other kinds; raises OSError."""
    if place.is_file():
        found = _source(place, place.name)
        return ((found,), ()) if found is not None else ((), (place.name,))
    if not place.is_dir():
        raise FileNotFoundError(2, "expected a file or a folder", str(place))
    sources, others = [], []
    for path in sorted(place.rglob("*"), key=lambda path: path.relative_to(place).as_posix()):
        name = path.relative_to(place).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in Path(name).parts):
            continue
        found = _source(path, name)
        if found is None:
            others.append(name)
        else:
            sources.append(found)
    return tuple(sources), tuple(others)


def _source(path: Path, name: str) -> Source | None:
    packed = path.suffix.lower() == ".gz"
    kind = KINDS.get((Path(path.stem) if packed else path).suffix.lower())
    if kind is None or (packed and kind == "parquet"):
        return None
    stat = path.stat()
    return Source(path, name, kind, packed, stat.st_size, stat.st_mtime_ns)


def tasks(sources: tuple[Source, ...]) -> tuple[tuple[Piece, ...], ...]:
    """Divide sources into tasks of about the same size."""
    made: list[tuple[Piece, ...]] = []
    small: list[Piece] = []
    held = 0
    for piece, size in _pieces(sources):
        if size >= TASK:
            made.append((piece,))
            continue
        if held + size > TASK:
            made.append(tuple(small))
            small, held = [], 0
        small.append(piece)
        held += size
    if small:
        made.append(tuple(small))
    return tuple(made)


def _pieces(sources: tuple[Source, ...]) -> Iterator[tuple[Piece, int]]:
    for number, source in enumerate(sources):
        if source.kind == "lines" and not source.packed and source.size > TASK:
            for start in range(0, source.size, TASK):
                end = min(start + TASK, source.size)
                yield Piece(number, start, end), end - start
        else:
            yield Piece(number), source.expected


def opened(source: Source) -> IO[bytes]:
    """Open a source for reading its bytes, unpacked."""
    return gzip.open(source.path) if source.packed else source.path.open("rb")  # type: ignore[return-value]
