"""Acts by which a file is filed, and by which it is said that it was filed in error."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

import msgspec

from priorauth.documents import held
from priorauth.documents.held import Paper
from priorauth.errors import InputRefused
from priorauth.ledger import clocking, compose, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import ruled
from priorauth.ledger.allowed import BY_RUN, STAYS
from priorauth.ledger.work import CLINIC, MOST_BYTES, CaseAct, Refusal, Work, handles

PAPER: Final = "paper"
UNKNOWN: Final = "application/octet-stream"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file that comes with a request or after it: a paper, resources (FHIR JSON), a glucose log."""

    title: str
    media: str
    content: bytes
    kind: str = PAPER
    dated: date | None = None


class FileDocument(CaseAct, frozen=True, kw_only=True):
    """File a document. One that cannot be read as what it says it is, is kept as a paper, and that is said."""

    name: ClassVar[str] = "file-document"
    file: File


class FileInError(CaseAct, frozen=True, kw_only=True):
    """Say that a document was filed in error: it is kept, shown as such, and no longer read."""

    name: ClassVar[str] = "file-in-error"
    document: int


def file_all(work: Work, files: tuple[File, ...]) -> bool:
    """File what came with a request, what cannot be read as a paper; return whether a run reads any of it."""
    read = False
    for one in files:
        unread = _unread(work, one)
        readable = unread is None and runs.part_of(one.kind, one.media) is not None
        read |= readable
        _filed(work, one, None if unread is None else PAPER)
        more = {} if unread is None else {"unread": unread}
        number = work.more["document"]
        work.event("filed", document=number, kind=one.kind if unread is None else PAPER, **more)
        if readable and runs.part_of(one.kind, one.media) == "resources":
            file_held(work, one.content)
            work.more["document"] = number
        if unread is not None:
            work.more["unread"] = "\n".join([*filter(None, [work.more.get("unread")]), unread])
    return read


def file_held(work: Work, content: bytes) -> None:
    """File the files that FHIR which has come holds within itself, each once in a case, as papers.

    They are looked for in the whole that a run reads, which says whose they are.
    """
    if not held.may_hold(content):
        return
    known = {row["sha256"] for row in work.rows(t.document)}
    for one in _papers(work):
        if one.sha256 not in known and 0 < len(one.content) <= MOST_BYTES:
            known.add(one.sha256)
            media = one.media or UNKNOWN
            _filed(work, File(title=one.title, media=media, content=one.content, dated=_day(one.dated)))
            work.event("filed", document=work.more["document"], kind=PAPER, held=one.document)


def _papers(work: Work) -> tuple[Paper, ...]:
    try:
        return held.held(compose.compose(runs.inputs_of(work), work.content).bundle).papers
    except InputRefused:  # what is wrong with it, who reads it as a request says
        return ()


def _day(dated: str | None) -> date | None:
    """Return a whole day; None for a part of one."""
    try:
        return None if dated is None else date.fromisoformat(dated[:10])
    except ValueError:
        return None


def _filed(work: Work, file: File, kind: str | None = None) -> None:
    number = work.next_number(t.document)
    work.write(
        t.document,
        case_no=work.case_no,
        number=number,
        kind=kind or file.kind,
        name=file.title[:200],
        media=file.media[:100],
        dated=file.dated,
        filed_at=work.now,
        filed_by=work.who.person,
        sha256=work.keep(file.content),
        size=len(file.content),
    )
    work.more["document"] = number


@handles(FileDocument)
def _file_document(act: FileDocument, work: Work) -> None:
    file = act.file
    if work.state not in BY_RUN:
        _filed(work, file)
        work.more["late"] = "the case is decided: what came late changes nothing of it; appeal, or ask anew"
        work.event("filed", document=work.more["document"], kind=file.kind, late=True)
        return
    if not file_all(work, (file,)):
        work.state = STAYS
        return
    clocking.came(work)
    ruled.settled(work, runs.make(work, f"document {work.more['document']}"))


def _unread(work: Work, file: File) -> str | None:
    """Return why a file cannot be read as what it says it is; None where it can, or is a paper."""
    part = runs.part_of(file.kind, file.media)
    if part is None:
        return None
    try:
        _try(work, part, file)
    except InputRefused as fault:
        return str(fault)
    return None


def _try(work: Work, part: compose.Part, file: File) -> None:
    """Read the case with a file beside it, before anything is written; raises InputRefused."""
    if part == "log":
        from priorauth.errors import LogRefused
        from priorauth.glucose import logbook

        try:
            logbook.read([(file.title, file.content)], zone=work.settings.get("log_zone"))
        except LogRefused as fault:
            raise InputRefused(*fault.faults) from None
    kept = {"new": file.content}
    listed = [*runs.inputs_of(work), compose.Input(part, file.title, "new")]
    content = compose.compose(listed, lambda sha: kept[sha] if sha in kept else work.content(sha))
    runs.its_own(work, runs.ran(content, work.settings))


@handles(FileInError)
def _file_in_error(act: FileInError, work: Work) -> None:
    if not act.why:
        raise Refusal("invalid", "expected why")
    found = work.rows(t.document, number=act.document)
    if not found:
        raise Refusal("not-found", f"no document {act.document}")
    if work.rows(t.filed_in_error, document=act.document):
        raise Refusal("invalid", f"document {act.document} is already filed in error")
    if work.who.role in CLINIC:
        by = work.rows(t.person, person=found[0]["filed_by"])
        if not by or by[0]["organisation"] != work.who.organisation:
            raise Refusal("no-right", "a clinic says this of what it filed itself")
    work.write(
        t.filed_in_error,
        case_no=work.case_no,
        document=act.document,
        at=work.now,
        person=work.who.person or "",
        why=act.why,
    )
    work.event("filed in error", act.why, document=act.document)
    if work.state in BY_RUN:
        ruled.settled(work, runs.make(work, f"document {act.document} filed in error"))
