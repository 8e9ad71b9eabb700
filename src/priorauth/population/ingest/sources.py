"""A source is one file of an export; a task is so much of one or more sources as one process takes at a time.

Read are NDJSON (``.ndjson``, ``.jsonl``), documents (``.json``: a Bundle or one resource), both also with ``.gz``, and
``.parquet``. Sources stand in the order of their names below the folder: that order decides which of two copies counts.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
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
_GZIP: Final = 31
"""zlib's word for a gzip header."""
_CHUNK: Final = 1 << 16
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


def find(place: Path, without: Path | None = None) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return the sources at a file or below a folder, and the names of files of other kinds; raises OSError.

    ``without``: a folder that is left, as it is written to.
    """
    if place.is_file():
        found = _source(place, place.name)
        return ((found,), ()) if found is not None else ((), (place.name,))
    if not place.is_dir():
        raise FileNotFoundError(2, "expected a file or a folder", str(place))
    sources, others = [], []
    left = None if without is None else without.resolve()
    for path in sorted(place.rglob("*"), key=lambda path: path.relative_to(place).as_posix()):
        name = path.relative_to(place).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in Path(name).parts):
            continue
        if left is not None and left in path.resolve().parents:
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


class Unpacker:
    """The bytes of a gzip file, member after member: what can be unpacked is given before damage is an error."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read from a file of gzip members."""
        self._file = file
        self._stream = zlib.decompressobj(_GZIP)
        self._left = b""
        self._flushed = False

    def read(self, size: int) -> bytes:
        """Return up to so many bytes, none at the end; raises EOFError, zlib.error where the file is damaged."""
        while True:
            if self._stream.eof and not self._next():
                return b""
            chunk = self._left or self._file.read(_CHUNK)
            if not chunk:
                if self._flushed:
                    raise EOFError
                self._flushed = True
            data = self._stream.decompress(chunk, size) if chunk else self._stream.flush()
            self._left = self._stream.unconsumed_tail
            if data:
                return data

    def _next(self) -> bool:
        """Begin the next member, past zeros that some programs put between; False where there is none."""
        rest = self._stream.unused_data.lstrip(b"\0")
        while not rest:
            rest = self._file.read(_CHUNK)
            if not rest:
                return False
            rest = rest.lstrip(b"\0")
        self._stream = zlib.decompressobj(_GZIP)
        self._left = rest
        return True


@contextmanager
def opened(source: Source) -> Iterator[IO[bytes] | Unpacker]:
    """Open a source for reading its bytes, unpacked; a read may give fewer than asked for."""
    with source.path.open("rb") as file:
        yield Unpacker(file) if source.packed else file


def whole(source: Source, most: int) -> bytes:
    """Read a source as a whole, and one byte more than allowed where it is too large; raises as :class:`Unpacker`."""
    parts: list[bytes] = []
    held = 0
    with opened(source) as file:
        while held <= most and (data := file.read(most + 1 - held)):
            parts.append(data)
            held += len(data)
    return b"".join(parts)
