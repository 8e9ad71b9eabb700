"""Where tables and results are: a folder of this machine (or one that several share), or an object store.

An object store is named by its address, ``s3://bucket/prefix?region=eu-west-1`` or ``?endpoint_override=HOST:PORT``;
its keys come from the environment and never stand in the address. Objects are put whole or not at all; so are files,
which are written beside their place and renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from priorauth.errors import Fault, PopulationError
from priorauth.values.files import FileFault, replacing

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SECRET: Final = re.compile(r"(?i)(?:^|&)(?:access_key|secret_key|session_token)=")
_HALF: Final = re.compile(r"\..*\.partial")
_MOST_SAID: Final = 160


@dataclass(frozen=True, slots=True)
class Remote:
    """A place in an object store, by its address."""

    address: str

    def __str__(self) -> str:
        """Return the address without what is asked of the store."""
        return self.address.partition("?")[0]

    def store(self) -> tuple[Any, str]:
        """Return pyarrow's file system and the path in it; raises PopulationError where there is no such store."""
        return _store(self.address)


Place = Path | Remote


def place(text: str) -> Place:
    """Return what a path or an address names; raises PopulationError where the address holds a key."""
    if not _ADDRESS.match(text):
        return Path(text)
    parts = urlsplit(text)
    if parts.scheme == "file":
        return Path(parts.path)
    if "@" in parts.netloc or _SECRET.search(parts.query):
        said = "expected an address without keys: they are taken from the environment (AWS_ACCESS_KEY_ID and on)"
        raise PopulationError(Fault(None, None, said))
    return Remote(text)


@cache
def _store(address: str) -> tuple[Any, str]:
    import pyarrow as pa
    import pyarrow.fs as stores

    try:
        found, path = stores.FileSystem.from_uri(address)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise PopulationError(Fault(str(Remote(address)), None, f"expected an object store: {_said(fault)}")) from None
    return found, path.rstrip("/")


def sizes(at: Place, under: str = "") -> dict[str, int]:
    """Return the names of the files of a place, or a folder in it, in the order of the alphabet, with sizes in bytes.

    Half written files, folders and what lies in them are left out; a place that is not there has none.
    """
    if isinstance(at, Path):
        files = (at / under).iterdir() if (at / under).is_dir() else ()
        found = {path.name: path.stat().st_size for path in files if path.is_file() and not _HALF.fullmatch(path.name)}
        return dict(sorted(found.items()))
    return {path.rpartition("/")[2]: size for path, size in _listed(at, under, recursive=False)}


def tree(at: Remote, under: str) -> list[str]:
    """Return the names of all files in a folder of an object store and below, from the place itself on."""
    start = len(at.store()[1]) + 1
    return [path[start:] for path, _ in _listed(at, under, recursive=True)]


def _listed(at: Remote, under: str, *, recursive: bool) -> list[tuple[str, int]]:
    """Return the paths of files with their sizes."""
    import pyarrow.fs as stores

    with _reached(at):
        store, path = at.store()
        chosen = stores.FileSelector(f"{path}/{under}".rstrip("/"), allow_not_found=True, recursive=recursive)
        return sorted((one.path, one.size) for one in store.get_file_info(chosen) if one.type == stores.FileType.File)


def read(at: Place, name: str) -> bytes:
    """Return a file whole; raises FileNotFoundError, PopulationError."""
    if isinstance(at, Path):
        return (at / name).read_bytes()
    with _reached(at):
        store, path = at.store()
        with store.open_input_stream(f"{path}/{name}") as file:
            return bytes(file.read())


def put(at: Place, name: str, data: Any) -> None:  # noqa: ANN401 - bytes or a buffer of Arrow
    """Write a file whole, whoever else writes the same one at the same time.

    Raises FileFault, PopulationError, OSError.
    """
    if isinstance(at, Path):
        at.mkdir(parents=True, exist_ok=True)
        with replacing(at / name) as partial:
            partial.write_bytes(data)
        return
    with _reached(at):
        store, path = at.store()
        with store.open_output_stream(f"{path}/{name}") as file:  # seen once it is closed, not before
            file.write(data)


def remove(at: Place, names: Iterable[str]) -> None:
    """Remove files; one that is not there is no fault."""
    for name in names:
        if isinstance(at, Path):
            (at / name).unlink(missing_ok=True)
            continue
        with _reached(at):
            store, path = at.store()
            with suppress(FileNotFoundError):
                store.delete_file(f"{path}/{name}")


def clear_halves(at: Place) -> None:
    """Remove what was left half written; of an object store nothing half written is to be seen."""
    if isinstance(at, Path) and at.is_dir():
        for path in at.iterdir():
            if _HALF.fullmatch(path.name):
                path.unlink(missing_ok=True)


@contextmanager
def _reached(at: Remote) -> Iterator[None]:
    """Say in one line what a store refuses."""
    try:
        yield
    except (FileNotFoundError, FileFault, PopulationError):
        raise
    except OSError as fault:
        raise PopulationError(Fault(str(at), None, f"the store cannot be used: {_said(fault)}")) from None


def _said(fault: BaseException) -> str:
    """Return the first line of what a store says, cut where it is long."""
    line = (str(fault).splitlines() or [type(fault).__name__])[0]
    return line if len(line) <= _MOST_SAID else f"{line[:_MOST_SAID]}..."
