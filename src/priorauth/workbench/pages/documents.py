"""The documents of a case: what came and was used for what; attach one, look at its pages, say it was an error.

A file is given back so that no browser runs what stands in it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Final

from msgspec import structs
from sqlalchemy import select
from starlette.responses import Response

from priorauth.ledger import runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import PAPER, File, FileDocument, FileInError
from priorauth.ledger.columns import canonical
from priorauth.ledger.whole import Document, Whole
from priorauth.server import reads
from priorauth.server.api.documents import SANDBOX, handed_out
from priorauth.server.problem import Problem
from priorauth.workbench import leaves, render
from priorauth.workbench.drafts import bundle, uploads
from priorauth.workbench.drafts.draft import Paper
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import papers
from priorauth.workbench.view.criteria import Criterion, find
from priorauth.workbench.visit import Visit, form, page

_MOST_TEXT: Final = 20_000


@page("documents")
def listed(visit: Visit) -> Response:
    """Show the documents of a case."""
    return _listed(visit, render.NO_FORM)


def _listed(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "documents")
    found = papers.papers(visit, case.whole, case.request)
    kinds = tuple(bundle.kinds().items())
    own = {one.number for one in case.whole.documents if one.filed_by is not None}
    return render.page(visit, "documents.html", status, case=case, papers=found, kinds=kinds, own=own, form=form)


@form("document-attach")
def attach(visit: Visit, form: Form) -> Response:
    """Attach a document. What it is, is told by its content; what paper it is, and its day, by who attaches it."""
    case = cases.seen(visit, visit.path("case"))
    sent = form.file("file")
    dated = form.day("dated", None) if form.said("dated") else None
    shows = form.said("shows") if form.said("shows") in bundle.kinds() else ""
    if sent is None or not sent.content:
        form.wrong["file"] = "Choose the file. What was chosen before is not kept by the browser."
    elif len(sent.content) > uploads.MOST_BYTES:
        form.wrong["file"] = f"The file has more than {uploads.MOST_BYTES:,} bytes. Send it in parts."
    if shows and dated is None and "dated" not in form.wrong:
        form.wrong["dated"] = "Write the day that the paper bears, so that it counts."
    if form.wrong or sent is None:
        return _listed(visit, form, 422)
    one = uploads.told(sent, visit.plan["settings"].get("log_zone"))
    if one.kind == "request":
        form.wrong["file"] = "This is a request of its own, with a Claim. Begin a new request with it."
        return _listed(visit, form, 422)
    key = visit.key(form)
    kind = {"glucose-log": runs.LOG_KIND, "resources": "resources"}.get(one.kind, PAPER)
    file = File(title=one.name, media=one.media, content=one.content, kind=kind, dated=dated)
    done = visit.do(FileDocument(case=case.number, key=key, file=file))
    if shows and kind == PAPER and case.open:
        _told(visit, case, structs.replace(one, number=int(done.more["document"]), shows=shows), dated, key)
    said = done.more.get("unread") or one.said or done.more.get("late")
    if said:
        return visit.see(f"/c/{case.number}/documents/{done.more['document']}?kept=1")
    told = "attached-paper" if kind == PAPER and not shows else "attached"
    return visit.see(f"/c/{case.number}/documents", told)


def _told(visit: Visit, case: cases.Case, one: Paper, dated: date | None, key: str | None) -> None:
    """File what the paper is and which day it bears, so that a run reads that it is there."""
    _, claim = cases.bundle(visit, case.whole)
    made = bundle.reference(structs.replace(one, dated=dated.isoformat() if dated else ""), claim)
    if made is None:
        return
    title = f"{bundle.kinds()[one.shows]}: {one.name}"
    file = File(title=title, media=runs.FHIR, content=canonical(made), kind="resources", dated=dated)
    visit.do(FileDocument(case=case.number, file=file, key=None if key is None else f"{key[:58]}-told"))


@form("document-error")
def in_error(visit: Visit, form: Form) -> Response:
    """Say that a document was filed in error; it is kept, and no longer read."""
    case, number = visit.path("case"), _number(visit)
    why = form.text("why", "Write why it was filed in error.", most=500)
    if form.wrong:
        return _shown(visit, form, 422)
    visit.do(FileInError(case=case, document=number, key=visit.key(form), why=why))
    return visit.see(f"/c/{case}/documents", "wrong-kept")


@page("document")
def document(visit: Visit) -> Response:
    """Show a document beside the criteria that it serves; that it was opened is recorded."""
    return _shown(visit, render.NO_FORM)


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    number = _number(visit)
    visit.do(Read(case=visit.path("case"), what=f"document {number}"))
    case = cases.seen(visit, visit.path("case"))
    one = _one(case.whole, number)
    content = reads.content(visit.store, visit.who, one.sha256)
    found = next(each for each in papers.papers(visit, case.whole, case.request) if each.number == number)
    count, lacks = _leaves(one, content)
    return render.page(
        visit,
        "document.html",
        status,
        case=case,
        one=one,
        paper=found,
        leaves=count,
        lacks=lacks,
        text=_text(one, content),
        serves=_serves(case, found),
        kept=bool(visit.asked("kept")),
        form=form,
    )


def _leaves(one: Document, content: bytes) -> tuple[int, str]:
    try:
        return leaves.count(one.media, content), ""
    except Problem as problem:
        return 0, problem.detail


def _text(one: Document, content: bytes) -> str:
    """Return the beginning of a file of text, as it is; empty of what is none."""
    if one.media not in ("text/plain", "text/csv", runs.FHIR, "application/json"):
        return ""
    with suppress(UnicodeDecodeError):
        said = content[:_MOST_TEXT].decode("utf-8", errors="strict" if len(content) <= _MOST_TEXT else "ignore")
        return "".join(letter for letter in said if letter.isprintable() or letter in "\n\t")
    return ""


def _serves(case: cases.Case, paper: papers.Paper) -> tuple[Criterion, ...]:
    """Return the criteria that rest on a document; of a paper that nothing rests on, those that are open."""
    if paper.used:
        names = paper.used
        return tuple(
            one for each in case.whole.determinations for name in names if (one := find(each, name)) is not None
        )
    return tuple(one for each in case.waiting for one in each.open)


@page("document-file")
def file(visit: Visit) -> Response:
    """Return a document as it came, to be saved; that it was opened is recorded."""
    number = _number(visit)
    visit.do(Read(case=visit.path("case"), what=f"document {number}"))
    found = _one(reads.case(visit.store, visit.who, visit.path("case")), number)
    return handed_out(found, reads.content(visit.store, visit.who, found.sha256))


@page("document-leaf")
def leaf(visit: Visit) -> Response:
    """Return a page of a document as a picture; that it was opened is recorded, where the document was not before."""
    found = _one(reads.case(visit.store, visit.who, visit.path("case")), _number(visit))
    if not _opened(visit, found.number):
        visit.do(Read(case=visit.path("case"), what=f"document {found.number}"))
    said = visit.path("leaf").removesuffix(".png")
    number = int(said) if said.isdecimal() and len(said) < 6 else 0  # noqa: PLR2004 - as many digits as a page has
    made = leaves.drawn(found.media, reads.content(visit.store, visit.who, found.sha256), number)
    return Response(made, media_type="image/png", headers={"Content-Security-Policy": SANDBOX})


def _opened(visit: Visit, number: int) -> bool:
    """Whether it is recorded that she opened a document."""
    one = t.event.c
    mine = (one.tenant == visit.session.tenant, one.case_no == visit.path("case"), one.person == visit.who.person)
    with visit.store.reading(visit.session.tenant) as connection:
        found = connection.execute(select(one.data).where(*mine, one.what == Read.name)).scalars()
        return any(each["say"].get("of") == f"document {number}" for each in found)


def _number(visit: Visit) -> int:
    said = visit.path("number")
    if not said.isdecimal() or len(said) > 6:  # noqa: PLR2004 - as many digits as a document has
        raise Problem("not-found", f"case {visit.path('case')} has no such document")
    return int(said)


def _one(whole: Whole, number: int) -> Document:
    found = next((one for one in whole.documents if one.number == number), None)
    if found is None:
        raise Problem("not-found", f"case {whole.head.case_no} has no document {number}")
    return found
