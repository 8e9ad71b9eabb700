"""A zip of members with a manifest of their checksums, the same bytes for the same contents; and reading it back.

The manifest is the last member, so that a file that was cut short has none.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from priorauth.errors import LedgerRefused
from priorauth.ledger.columns import canonical
from priorauth.ledger.store import refused

MANIFEST: Final = "manifest.json"
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
"""The moment that every member bears: the first that a zip can say."""
_LEVEL: Final = 6
_CHUNK: Final = 1 << 20
Json = dict[str, Any]


class Archive:
    """An archive that is being written: members one after the other, then the manifest."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        """Begin with nothing in it."""
        self._file = file
        self.members: Json = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a member, chunk by chunk."""
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, _WHEN)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._file.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members[name] = {"sha256": digest.hexdigest(), "bytes": size}

    def end(self, manifest: Json) -> None:
        """Write the manifest: what is said of the whole, and the checksum of every member."""
        self.add(MANIFEST, [canonical({**manifest, "members": dict(self.members)})])


@contextmanager
def writing(path: Path) -> Iterator[Archive]:
    """Return an archive that stands at a path when the block has ended well, and not before; an old one is kept."""
    if path.exists():
        raise refused(str(path), "there is a file of that name, which is not written over")
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as raw:
            beside.chmod(0o600)
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as file:
                yield Archive(file)
            raw.flush()
            os.fsync(raw.fileno())
        beside.rename(path)
        _synced(path.parent)
    except OSError as fault:
        raise refused(str(path), f"cannot be written: {fault.strerror or fault}") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _synced(folder: Path) -> None:
    there = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)


class Read:
    """An archive whose every member has been found to be what its manifest says."""

    def __init__(self, path: Path, file: zipfile.ZipFile, manifest: Json) -> None:
        """Keep the open file."""
        self.path, self._file, self.manifest = path, file, manifest

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member."""
        with self._file.open(name) as member:
            yield from member


@contextmanager
def reading(path: Path, kind: str) -> Iterator[Read]:
    """Return an archive of a kind; raises LedgerRefused where it is none, was cut short or was altered."""
    try:
        with zipfile.ZipFile(path) as file:
            manifest = _manifest(path, file, kind)
            for name, member in manifest["members"].items():
                with file.open(name) as opened:
                    if _digest(opened) != member["sha256"]:
                        raise _altered(path, name)
            if extra := set(file.namelist()) - manifest["members"].keys() - {MANIFEST}:
                raise _altered(path, min(extra))
            yield Read(path, file, manifest)
    except FileNotFoundError:
        raise refused(str(path), "there is no such file") from None
    except OSError as fault:
        raise refused(str(path), f"cannot be read: {fault.strerror or fault}") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, AttributeError, NotImplementedError):
        raise refused(str(path), f"is cut short, damaged, or no {kind}") from None


def _manifest(path: Path, file: zipfile.ZipFile, kind: str) -> Json:
    try:
        found: Json = msgspec.json.decode(file.read(MANIFEST))
    except msgspec.MsgspecError:
        raise _altered(path, MANIFEST) from None
    if found["kind"] != kind:
        raise refused(str(path), f"expected a {kind}, found a {str(found['kind'])[:40]}")
    return found


def _digest(member: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := member.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _altered(path: Path, name: str) -> LedgerRefused:
    return refused(str(path), f"{name}: was altered, or the file is damaged; use another backup")


def sha256(path: Path) -> str:
    """Return the hash of a whole file."""
    with path.open("rb") as file:
        return _digest(file)
