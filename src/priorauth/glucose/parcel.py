"""A parcel is a file as it comes: one log, or an archive or a workbook of several, taken out one by one within limits.

What an archive holds beside logs (insulin, alarms, pictures) is left alone; limits on size, ratio and number come
before anything is unpacked, and again while it is.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from priorauth.errors import LogRefused
from priorauth.glucose.formats import markup, workbook
from priorauth.glucose.formats.text import check_size
from priorauth.glucose.reject import log_refused, unknown_format
from priorauth.values import files

STREAMED: Final = 8 << 30
"""How many bytes an XML file may have: it is read piece by piece."""

_ZIP: Final = b"PK\x03\x04"
_ENTRIES: Final = 50_000  # an Apple Health export has a file for each run
_MEMBERS: Final = 1000  # files that may be logs
_RATIO: Final = 300  # unpacked to packed; a sensor's export has 10 to 40
_SMALL: Final = 16 << 20  # bytes below which the ratio is nobody's harm
_TOGETHER: Final = 1 << 30  # bytes of all members that are read whole
_ENDINGS: Final = (".csv", ".txt", ".tsv", ".tab", ".json", ".ndjson", ".xml", ".xlsx")
_ENCRYPTED: Final = 1
_PEEK: Final = 4096
# What zipfile and the decompressors raise for damage.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError),
    *(OSError, ValueError, KeyError, IndexError, OverflowError),
)


class Piece(NamedTuple):
    """One file of a parcel: its name, its bytes or (XML) where to read them, the title of a sheet, and whether it came
    in an archive.
    """

    name: str
    data: bytes
    stream: IO[bytes] | None = None
    title: str = ""
    packed: bool = False


def pieces(name: str, source: Path | bytes, limit: int) -> Iterator[Piece]:
    """Yield the files of a parcel, each to be read before the next is taken; a log by itself is the only one.

    ``limit`` bytes are the most of what is read whole. Raises LogRefused for what is too large, locked or damaged.
    """
    if isinstance(source, Path):
        yield from _of_path(name, source, limit)
        return
    if source.startswith(_ZIP):
        check_size(name, len(source), limit)
        yield from _unpacked(name, io.BytesIO(source), limit)
    elif markup.is_markup(source[:_PEEK]):
        yield Piece(name, b"", io.BytesIO(source))
    else:
        check_size(name, len(source), limit)
        yield Piece(name, source)


def _of_path(name: str, path: Path, limit: int) -> Iterator[Piece]:
    try:
        if path == files.STDIN:
            yield from pieces(name, files.read(path, limit), limit)
            return
        with files.opened(path) as file:
            head = file.read(_PEEK)
            file.seek(0)
            if head.startswith(_ZIP):
                yield from _unpacked(name, file, limit)
                return
            if markup.is_markup(head):
                check_size(name, file.seek(0, io.SEEK_END), STREAMED)
                file.seek(0)
                yield Piece(name, b"", file)
                return
        yield Piece(name, files.read(path, limit))
    except files.FileFault as fault:
        raise log_refused(name, fault.problem) from fault


def _unpacked(name: str, file: IO[bytes], limit: int) -> Iterator[Piece]:
    with damage_told(name):
        archive = zipfile.ZipFile(file)
    with archive:
        infos = archive.infolist()
        if len(infos) > _ENTRIES:
            raise log_refused(name, f"an archive of {len(infos)} files; expected at most {_ENTRIES}")
        for info in infos:
            _check(name, info)
        if workbook.is_workbook(archive):
            if sum(info.file_size for info in infos) > limit:
                raise log_refused(name, f"a workbook that unpacks to more than {limit} bytes")
            with damage_told(name):
                for title, data in workbook.sheets(name, archive, file, limit):
                    yield Piece(f"{name}/{title}", data, title=title, packed=True)
            return
        yield from _members(name, archive, limit)


def _check(name: str, info: zipfile.ZipInfo) -> None:
    if info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1):
        raise log_refused(name, f"an archive with a file that unpacks to more than {_RATIO} times its size")


def _members(name: str, archive: zipfile.ZipFile, limit: int) -> Iterator[Piece]:
    chosen = sorted(
        (info for info in archive.infolist() if not info.is_dir() and _may_be_log(info.filename)),
        key=lambda info: info.filename,
    )
    if len(chosen) > _MEMBERS:
        raise log_refused(name, f"an archive of {len(chosen)} tables; expected at most {_MEMBERS}")
    if not chosen:
        raise unknown_format(name, "an archive without a table; expected a glucose log in it")
    together = 0
    for info in chosen:
        if info.flag_bits & _ENCRYPTED:
            raise log_refused(name, "a locked archive; expected one without a password")
        inner = f"{name}/{info.filename}"
        with damage_told(name), archive.open(info) as member:
            head = member.read(_PEEK)
            if markup.is_markup(head):
                check_size(inner, info.file_size, STREAMED)
                member.seek(0)
                yield Piece(inner, b"", member, packed=True)
                continue
            check_size(inner, info.file_size, limit)
            data = head + member.read(limit)
        check_size(inner, len(data), limit)
        together += len(data)
        if together > _TOGETHER:
            raise log_refused(name, f"an archive that unpacks to more than {_TOGETHER} bytes")
        yield Piece(inner, data, packed=True)


def _may_be_log(filename: str) -> bool:
    last = filename.rpartition("/")[2]
    return last.casefold().endswith(_ENDINGS) and not last.startswith(".") and "__MACOSX/" not in filename


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Turn what a damaged archive raises while it is read into one line."""
    try:
        yield
    except LogRefused:
        raise
    except _DAMAGE as fault:
        raise log_refused(name, "a damaged archive; expected one that can be unpacked") from fault
