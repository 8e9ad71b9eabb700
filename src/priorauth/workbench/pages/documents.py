"""The documents of a case: what came and was used for what; attach one, save it, say that it was an error.

A file is given back so that no browser runs what stands in it.
"""

from __future__ import annotations

from datetime import date

from msgspec import structs
from starlette.responses import Response

from priorauth.ledger import runs
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import PAPER, File, FileDocument, FileInError
from priorauth.ledger.columns import canonical
from priorauth.server import reads
from priorauth.server.api.documents import handed_out
from priorauth.workbench import render
from priorauth.workbench.drafts import bundle, uploads
from priorauth.workbench.drafts.draft import Paper
from priorauth.workbench.forms import Form
from priorauth.workbench.pages.document import number_of, of_case, shown
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import papers, stated
from priorauth.workbench.visit import Visit, form, page


@page("documents")
def listed(visit: Visit) -> Response:
    """Show the documents of a case."""
    return _listed(visit, render.NO_FORM)


def _listed(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "documents")
    found = papers.papers(visit, case.whole, case.request)
    kinds = tuple(bundle.kinds().items())
    read = stated.read(visit, case.number)
    counted = {}
    for one in read:
        listed = stated.stated(visit, (one,))
        counted[one.document] = (len(listed), sum(each.open for each in listed))
    return render.page(
        visit,
        "documents.html",
        status,
        case=case,
        papers=found,
        kinds=kinds,
        reads={one.document: one for one in read},
        counted=counted,
        form=form,
    )


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
    case, number = visit.path("case"), number_of(visit)
    why = form.text("why", "Write why it was filed in error.", most=500)
    if form.wrong:
        return shown(visit, form, 422)
    visit.do(FileInError(case=case, document=number, key=visit.key(form), why=why))
    return visit.see(f"/c/{case}/documents", "wrong-kept")


@page("document-file")
def file(visit: Visit) -> Response:
    """Return a document as it came, to be saved; that it was opened is recorded."""
    number = number_of(visit)
    visit.do(Read(case=visit.path("case"), what=f"document {number}"))
    found = of_case(reads.case(visit.store, visit.who, visit.path("case")), number)
    return handed_out(found, reads.content(visit.store, visit.who, found.sha256))
