"""A block is whole lines of an NDJSON source, read with bounded memory, with the byte at which it begins.

A damaged file gives what came before the damage, then says what is wrong with it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO, Final, NamedTuple

from priorauth.errors import Fault, PopulationError
from priorauth.population.ingest.sources import Piece, Source, Unpacker, opened

BLOCK: Final = 4_000_000
MAX_LINE: Final = 64_000_000
"""The longest line that is read: a Bundle on one line may be long, a line without an end must not fill the memory."""
CHANGED: Final = "changed while it was read; nothing was published: begin anew in an empty folder"
_BOM: Final = b"\xef\xbb\xbf"


class Block(NamedTuple):
    """Whole lines, from a byte of the unpacked file; or, with a fault, a place from which nothing could be read."""

    at: int
    data: bytes
    fault: str = ""


def blocks(source: Source, piece: Piece) -> Iterator[Block]:
    """Yield the lines that begin within the piece."""
    try:
        with opened(source) as file:
            start = 0
            if piece.start and not isinstance(file, Unpacker):
                file.seek(piece.start - 1)
                start = piece.start - 1 + len(file.readline(MAX_LINE))
            yield from _read(file, start, piece.end)
    except OSError as fault:
        yield Block(0, b"", f"cannot be read: {fault.strerror}")


def _read(file: IO[bytes] | Unpacker, at: int, end: int | None) -> Iterator[Block]:
    held, skipping = b"", False
    while end is None or at < end:
        try:
            data = file.read(BLOCK)
        except (OSError, EOFError, zlib.error) as fault:
            yield Block(at, b"", f"the rest of the file is damaged and was not read: {_plain(fault)}")
            return
        if skipping:
            found = data.find(b"\n")
            at += len(data) if found < 0 else found + 1
            data, skipping = (b"", bool(data)) if found < 0 else (data[found + 1 :], False)
            if skipping:
                continue
        elif not data:
            if held:
                yield Block(at, held)
            return
        held = without_mark(held + data, at)
        cut = _cut(held, at, end)
        if cut:
            yield Block(at, held[:cut])
            at, held = at + cut, held[cut:]
        elif len(held) > MAX_LINE:
            yield Block(at, b"", f"expected a line of at most {MAX_LINE:,} bytes")
            at, held, skipping = at + len(held), b"", True


def without_mark(data: bytes, at: int) -> bytes:
    """Blank a byte order mark, so that places stay what they are."""
    return b"   " + data[3:] if not at and data.startswith(_BOM) else data


class Again:
    """Lines of sources that are not packed, read again; each source is opened once."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        self._open: dict[str, IO[bytes]] = {}

    def line(self, source: Source, at: int, size: int) -> bytes:
        """Return a line as it was read before; raises PopulationError where it is gone."""
        try:
            if source.name not in self._open:
                self._open[source.name] = source.path.open("rb")
            file = self._open[source.name]
            file.seek(at)
            found = without_mark(file.read(size), at)
        except OSError:
            found = b""
        if len(found) != size:
            raise PopulationError(Fault(source.name, None, CHANGED))
        return found

    def close(self) -> None:
        """Close what was opened."""
        for file in self._open.values():
            file.close()


def _cut(data: bytes, at: int, end: int | None) -> int:
    """Return the end of the last whole line, or of the last one that begins before the end of the piece."""
    last = data.rfind(b"\n") + 1
    if end is None or at + last < end:
        return last
    return data.find(b"\n", max(end - at - 1, 0)) + 1


def _plain(fault: Exception) -> str:
    if isinstance(fault, EOFError):
        return "the gzip stream ends too early"
    return "the gzip stream is corrupt"
