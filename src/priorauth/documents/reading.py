"""The files of a Bundle read and understood: what each proposes, and one line for each that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, structs

from priorauth.documents import apart
from priorauth.documents.held import Paper, held
from priorauth.documents.proposal import Patient
from priorauth.documents.read import read
from priorauth.documents.readers import recognise
from priorauth.documents.rows import Proposed
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused


class Opened(Struct, frozen=True, kw_only=True):
    """What documents propose, in their order, and a line for each that was left."""

    documents: tuple[Proposed, ...] = ()
    warnings: tuple[str, ...] = ()


def opened(source: bytes | Mapping[str, object], name: str = "bundle", *, kept: Path | None = None) -> Opened:
    """Read the files that a Bundle holds, each in a process apart; raises InputRefused where it is no request.

    ``kept`` is a folder in which readings are kept (see :func:`priorauth.documents.read.read`).
    """
    found = held(source, name)
    made = papers(found.papers, found.member, kept=kept)
    return structs.replace(made, warnings=(*found.warnings, *made.warnings))


def papers(listed: Iterable[Paper], member: Patient | None = None, *, kept: Path | None = None) -> Opened:
    """Read files: what cannot be read stays a paper. What is not installed is said once, with the command for it."""
    documents: list[Proposed] = []
    warnings: dict[str, None] = {}
    for one in listed:
        try:
            reading = read(one.content, one.document, kept=kept)
        except InputRefused as fault:
            warnings[_once(str(fault), one)] = None
            if apart.EXTRA in str(fault):
                break
            continue
        warnings |= dict.fromkeys(_once(f"{one.document}: {note}", one) for note in reading.notes)
        findings = structs.replace(understood(reading, member), left=())
        documents.append(
            Proposed(document=one.document, title=one.title, sha256=one.sha256, dated=one.dated, findings=findings)
        )
    return Opened(documents=tuple(documents), warnings=tuple(warnings))


def _once(said: str, one: Paper) -> str:
    """Return a line without the name of the file where it holds for every file: what is not installed."""
    if recognise.MISSING in said:
        return recognise.MISSING
    return said.removeprefix(f"{one.document}: ") if apart.EXTRA in said else said
