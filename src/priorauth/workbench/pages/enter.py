"""What a nurse enters for the clinic, by phone, fax or post: a document, that a request or an item is taken back.

It is marked as entered for the clinic, with who entered it.
"""

from __future__ import annotations

import re
from typing import Final, cast

from starlette.responses import Response

from priorauth.ledger import runs
from priorauth.ledger.acts.files import PAPER, File, FileDocument
from priorauth.ledger.acts.intake import CancelItem, Channel, UpdateItem, Withdraw
from priorauth.ledger.work import Act, Done
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit, form, page

KINDS: Final = (
    (PAPER, "A paper: people read it"),
    (runs.LOG_KIND, "A glucose log: sensor or meter file"),
    ("resources", "Resources: FHIR JSON of a chart"),
)
SENT: Final = (("fax", "Fax"), ("mail", "Post"))
BY: Final = (("phone", "Phone"), *SENT)
_MEDIA: Final = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,58}")
_UNREAD: Final = "It could not be read as what you said it is, and is kept as a paper: "


@page("case-enter")
def enter(visit: Visit) -> Response:
    """Show what may be entered for the clinic."""
    return _shown(visit, render.NO_FORM)


@form("case-enter-document")
def document(visit: Visit, form: Form) -> Response:
    """File a document for the clinic."""
    case = cases.seen(visit, visit.path("case"))
    kind = form.one_of("kind", tuple(kind for kind, _ in KINDS), "Choose what it is.")
    by = form.one_of("by", tuple(by for by, _ in SENT), "Choose how it came.")
    dated = form.day("dated", None) if form.said("dated") else None
    if form.said("dated") and dated is None:
        form.wrong["dated"] = "Write the day as in 2026-11-27."
    sent = form.file("file")
    if sent is None or not sent.content:
        form.wrong["file"] = "Choose the file. What was chosen before is not kept by the browser."
    if form.wrong or sent is None:
        return _shown(visit, form, 422)
    media = runs.FHIR if kind == "resources" else sent.media.partition(";")[0].strip().lower()
    known = media if _MEDIA.fullmatch(media) else "application/octet-stream"
    title = "".join(letter for letter in sent.name if letter.isprintable()) or "document"
    file = File(title=title, media=known, content=sent.content, kind=kind, dated=dated)
    done = _for_clinic(visit, case, FileDocument(case=case.number, key=visit.key(form), file=file, why=f"came by {by}"))
    if unread := done.more.get("unread"):
        form.wrong["kind"] = f"{_UNREAD}{unread}"
        return _shown(visit, form, 422)
    return visit.see(f"/c/{case.number}", "kept-paper" if kind == PAPER else "entered")


@form("case-enter-withdraw")
def withdraw(visit: Visit, form: Form) -> Response:
    """Take the request back for the clinic."""
    case = cases.seen(visit, visit.path("case"))
    why = _why(form)
    if form.wrong:
        return _shown(visit, form, 422)
    act = Withdraw(case=case.number, version=visit.version(form), key=visit.key(form), why=why)
    _for_clinic(visit, case, act)
    return visit.see(f"/c/{case.number}", "withdrawn")


@form("case-enter-cancel")
def cancel(visit: Visit, form: Form) -> Response:
    """Take an item back for the clinic."""
    case = cases.seen(visit, visit.path("case"))
    item, why = form.whole("item", "Choose the item."), _why(form)
    if form.wrong:
        return _shown(visit, form, 422)
    act = CancelItem(case=case.number, version=visit.version(form), key=visit.key(form), item=item, why=why)
    _for_clinic(visit, case, act)
    return visit.see(f"/c/{case.number}", "cancelled")


@form("case-enter-update")
def update(visit: Visit, form: Form) -> Response:
    """Put a request that the clinic sent anew in the place of the one before; both are kept."""
    case = cases.seen(visit, visit.path("case"))
    why, sent = _why(form), form.file("anew")
    if sent is None or not sent.content:
        form.wrong["anew"] = "Choose the file: a FHIR Bundle with the request."
    if form.wrong or sent is None:
        return _shown(visit, form, 422)
    by = cast("Channel", form.said("by"))
    version, key = visit.version(form), visit.key(form)
    act = UpdateItem(case=case.number, version=version, key=key, bundle=sent.content, channel=by, why=why)
    try:
        _for_clinic(visit, case, act)
    except Problem as problem:
        if problem.kind != "invalid":
            raise
        form.wrong["anew"] = f"It cannot take the place of the request: {problem.detail}"
        return _shown(visit, form, 422)
    return visit.see(f"/c/{case.number}", "entered")


def _why(form: Form) -> str:
    """Return why, with how it was told."""
    by = form.one_of("by", tuple(by for by, _ in BY), "Choose how it was told.")
    why = form.text("why", "Write who told it, and why.")
    return f"by {by}: {why}"


def _for_clinic(visit: Visit, case: cases.Case, act: Act) -> Done:
    """Do an act for the clinic of a case; raises Problem where it has none."""
    behalf = case.whole.head.organisation
    if behalf is None:
        raise Problem("invalid", f"case {case.number} came from no clinic that we know")
    return visit.do(act, behalf)


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "what may be entered")
    items = [(str(one.item), f"Item {one.item}: {one.product}") for one in case.waiting]
    return render.page(
        visit,
        "enter.html",
        status,
        case=case,
        items=items,
        kinds=KINDS,
        ways=BY,
        sent_by=SENT,
        form=form,
        empty=render.NO_FORM,
    )
