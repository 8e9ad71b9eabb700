"""Reading a file: what it is, then its pages, in a process apart; kept by content, so that it is read once."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from priorauth.documents import apart
from priorauth.documents.kind import kind_of
from priorauth.documents.pages import Page, Reading
from priorauth.documents.readers.recognise import MISSING, program
from priorauth.documents.said import SECONDS
from priorauth.errors import Fault, InputRefused

_PAGE: Final = re.compile(r"page (\d+)\b")
READER: Final = "reading 1"
"""Goes up with every change of what is read."""


def read(content: bytes, name: str = "document", *, most: int = apart.MOST_PAGES, kept: Path | None = None) -> Reading:
    """Return what is read of a file; raises InputRefused, and nothing else, whatever the file is.

    ``kept``: a folder in which readings are kept, by content and version of the reader; it is made where it is not
    there. Several processes may use it.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    kind = kind_of(content, name)
    by = reader()
    place = None if kept is None else kept / f"{hashlib.sha256(f'{sha256} {by} {most}'.encode()).hexdigest()}.json"
    if place is not None and (found := _kept(place, sha256)) is not None:
        return found
    pages: list[Page] = []
    notes: list[str] = []
    for one in apart.pages(content, kind, name, most):
        if isinstance(one, Page):
            pages.append(one)
        else:
            notes.append(one)
    if not any(page.text.strip() for page in pages) and any(note.endswith(MISSING) for note in notes):
        raise InputRefused(Fault(name, None, MISSING))
    said = {number[1] for note in notes if (number := _PAGE.match(note))}
    empty = (page.number for page in pages if not page.text.strip())
    notes += [f"page {number}: no text was found" for number in empty if str(number) not in said]
    made = Reading(sha256=sha256, kind=kind, reader=by, pages=tuple(pages), notes=tuple(notes))
    if place is not None:
        _keep(place, made)
    return made


def reader() -> str:
    """Return the version of what reads a file: ours, and that of tesseract."""
    return f"{READER}, {tesseract()}"


@cache
def tesseract() -> str:
    """Return which tesseract is installed."""
    named = program()
    if named is None:
        return "no tesseract"
    done = subprocess.run([named, "--version"], capture_output=True, check=False, timeout=SECONDS)  # noqa: S603 - found on PATH
    return done.stdout.decode("utf-8", "replace").split("\n", 1)[0].strip() or "tesseract"


def _kept(place: Path, sha256: str) -> Reading | None:
    """Return a reading that was kept; None where there is none that is whole."""
    try:
        found = msgspec.json.decode(place.read_bytes(), type=Reading)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if found.sha256 == sha256 else None


def _keep(place: Path, made: Reading) -> None:
    """Keep a reading, whole or not at all; one that cannot be kept is read again another time."""
    part = place.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_bytes(msgspec.json.encode(made))
        part.chmod(0o600)
        part.replace(place)
