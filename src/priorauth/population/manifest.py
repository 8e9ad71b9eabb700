"""The manifest of a population: what was read and what came of it. It is written last: without it nothing is finished.

Every command that opens a population asks for it first (:func:`opened`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import msgspec

from priorauth.errors import Fault, PopulationError
from priorauth.facts import vocabulary
from priorauth.population.folder import WORK

MANIFEST: Final = "manifest.json"
FORMAT: Final = 2


class Code(msgspec.Struct, order=True):
    """A code and how many observations have it."""

    count: int
    system: str = ""
    code: str = ""


class Unused(msgspec.Struct):
    """Observations that were read and that no fact knows by any of their codes: how many, and the codes met most."""

    observations: int = 0
    codes: list[Code] = []
    other_codes: int = 0
    """How many of them have none of the codes listed."""


class Summary(msgspec.Struct):
    """What an ingest read and what came of it."""

    format: int
    vocabulary: str
    as_of: str | None = None
    files: int = 0
    bytes: int = 0
    buckets: int = 0
    read: dict[str, int] = {}
    not_read: dict[str, int] = {}
    other_files: list[str] = []
    deletions: int = 0
    deleted: int = 0
    unused: Unused = msgspec.field(default_factory=Unused)
    members: int = 0
    seats: int = 0
    rows: dict[str, int] = {}
    rejects: int = 0
    warnings: int = 0


class _Kind(msgspec.Struct):
    format: int
    vocabulary: str


def known() -> str:
    """Return the hash of the vocabulary of this program."""
    return hashlib.sha256(vocabulary.PATH.read_bytes()).hexdigest()


def encoded(summary: Summary) -> bytes:
    """Write a manifest as text."""
    return msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n"


def write(folder: Path, members: int) -> None:
    """Write the manifest of tables that no ingest wrote."""
    (folder / MANIFEST).write_bytes(encoded(Summary(FORMAT, known(), members=members, seats=members)))


def opened(folder: Path) -> None:
    """See that a folder holds a finished population that this program can read; raises PopulationError."""
    path = folder / MANIFEST
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Kind)
    except OSError:
        begun = "; an ingest was begun there and is not finished" if (folder / WORK).is_dir() else ""
        said = f"expected the tables of a population and the {MANIFEST} of its ingest; there is none{begun}"
        raise PopulationError(Fault(str(folder), None, said)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = "expected the manifest of an ingest; an export has to be ingested first"
        raise PopulationError(Fault(str(path), None, said)) from None
    if found.format != FORMAT or found.vocabulary != known():
        said = "was ingested by another version of the program or its vocabulary; ingest it again"
        raise PopulationError(Fault(str(folder), None, said))


def members(folder: Path) -> int:
    """Return how many members a finished population has; raises PopulationError."""
    opened(folder)
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Summary).members
