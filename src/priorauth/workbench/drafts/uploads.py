"""A file that a clinic chose: what it is by its content, whatever its name and its sender say of it.

What cannot be read as what it seems to be is kept as a paper for people, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final

import msgspec

from priorauth.errors import InputRefused, LogRefused
from priorauth.fhir import bundle
from priorauth.ledger import runs
from priorauth.workbench.drafts.draft import FileKind, Paper
from priorauth.workbench.forms import Attached, Form

UNKNOWN: Final = "application/octet-stream"
PDF: Final = "application/pdf"
MOST_BYTES: Final = 25_000_000
_MAGIC: Final = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF8", "image/gif"),
)
_SUFFIX: Final = {
    ".pdf": PDF, ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".tif": "image/tiff",
    ".tiff": "image/tiff", ".gif": "image/gif",
}  # fmt: skip
_READ: Final = (".csv", ".tsv", ".txt", ".json", ".xml")
_MOST_NAME: Final = 120


def every(form: Form, name: str) -> Iterator[Paper]:
    """Yield the files that were chosen in a field; one without content is left out."""
    for one in form.files.get(name, ()):
        if one.content:
            yield told(one)


def told(one: Attached, zone: str | None = None) -> Paper:
    """Return a file with what it is by its content."""
    name = "".join(letter for letter in one.name if letter.isprintable())[-_MOST_NAME:] or "document"
    media = media_of(one.content)
    suffix = PurePath(name.lower()).suffix
    claimed = _SUFFIX.get(suffix)
    if media != UNKNOWN or claimed is not None:
        return Paper(number=0, name=name, media=media, kind="paper", content=one.content, said=_lies(claimed, media))
    kind, said = _read(name, one.content, zone)
    if kind == "paper":
        said = said if suffix in _READ else ""
    media = runs.FHIR if kind in ("request", "resources") else "text/plain" if _is_text(one.content) else UNKNOWN
    return Paper(number=0, name=name, media=media, kind=kind, content=one.content, said=said)


def media_of(content: bytes) -> str:
    """Return the media type of a paper or picture by how it begins."""
    return next((media for magic, media in _MAGIC if content.startswith(magic)), UNKNOWN)


def _lies(claimed: str | None, media: str) -> str:
    """Return what is said of a file whose name says that it is something else than it is."""
    if claimed is None or claimed == media:
        return ""
    what = claimed.rpartition("/")[2].upper()
    return f"Its name says that it is a {what}, and it is none. It is kept as a paper."


def _is_text(content: bytes) -> bool:
    return b"\x00" not in content[:4096]


def _read(name: str, content: bytes, zone: str | None) -> tuple[FileKind, str]:
    """Return how a file can be read; as a paper with why it cannot be read otherwise."""
    if content.lstrip()[:1] == b"{" and (kind := _fhir(content)) is not None:
        try:
            bundle.read(_bundled(content), name, max_bytes=MOST_BYTES)
        except InputRefused as fault:
            return "paper", f"It could not be read as FHIR, and is kept as a paper: {_first(fault)}"
        return kind, ""
    from priorauth.glucose import logbook

    try:
        logbook.read([(name, content)], zone=zone)
    except LogRefused as fault:
        return "paper", f"It could not be read as a glucose log, and is kept as a paper: {_first(fault)}"
    except InputRefused as fault:
        return "paper", f"It could not be read, and is kept as a paper: {_first(fault)}"
    return "glucose-log", ""


def _first(fault: LogRefused | InputRefused) -> str:
    return str(fault.faults[0].message)[:300]


class _Resource(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str = ""


class _Entry(msgspec.Struct, frozen=True):
    resource: _Resource = _Resource()


class _Head(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str = ""
    entry: list[_Entry] = []


def _bundled(content: bytes) -> bytes:
    """Return a Bundle as it is, another resource as a Bundle of itself."""
    if msgspec.json.decode(content, type=_Head).resource_type == "Bundle":
        return content
    return b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":%b}]}' % content


def _fhir(content: bytes) -> FileKind | None:
    """Return whether JSON is a request (a Bundle with a Claim), other FHIR resources, or none of FHIR."""
    try:
        head = msgspec.json.decode(content, type=_Head)
    except (msgspec.MsgspecError, RecursionError):
        return None
    if not head.resource_type:
        return None
    asks = head.resource_type == "Bundle" and any(one.resource.resource_type == "Claim" for one in head.entry)
    return "request" if asks else "resources"


def logs(files: Iterable[Paper]) -> tuple[tuple[str, bytes], ...]:
    """Return the glucose logs among files as a run reads them."""
    return tuple(sorted((one.name, one.content) for one in files if one.kind == "glucose-log"))
