"""What a clinic does with its request after it was sent: take it back, whole or in part, appeal, ask for more time."""

from __future__ import annotations

from typing import Any, Final, cast

from msgspec import structs
from starlette.responses import Response

from priorauth.ledger import clocking
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.files import PAPER, File
from priorauth.ledger.acts.intake import CancelItem, Withdraw
from priorauth.ledger.clocks import select, words
from priorauth.server.problem import Problem
from priorauth.workbench import render
from priorauth.workbench.drafts import again, check, draft, fields, uploads
from priorauth.workbench.forms import Form
from priorauth.workbench.pages.check import at
from priorauth.workbench.view import case as cases
from priorauth.workbench.visit import Visit, form, page

BY: Final = (
    ("member", "The member"),
    ("representative", "Somebody who acts for the member"),
    ("prescriber", "The prescriber"),
    ("supplier", "The supplier"),
)
FAST: Final = (
    ("no", "Standard"),
    ("yes", "Fast: waiting could put the member's life, health or function in danger"),
)
_APPEALABLE: Final = ("adverse", "partly-approved", "authorized-by-law")


@page("withdraw")
def back(visit: Visit) -> Response:
    """Show what may be taken back."""
    return _back(visit, render.NO_FORM)


def _back(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "taking back")
    items = [(str(one.item), f"Item {one.item}: {one.product}") for one in case.waiting]
    return render.page(visit, "withdraw.html", status, case=case, items=items, form=form)


@form("withdraw-send")
def withdraw(visit: Visit, form: Form) -> Response:
    """Take the request back."""
    number = visit.path("case")
    why = form.text("why", "Write why.", most=500)
    if form.wrong:
        return _back(visit, form, 422)
    visit.do(Withdraw(case=number, version=visit.version(form), key=visit.key(form), why=why))
    return visit.see(f"/c/{number}", "own-withdrawn")


@form("cancel-send")
def cancel(visit: Visit, form: Form) -> Response:
    """Take one item back."""
    number = visit.path("case")
    item = form.whole("item", "Choose the item.")
    why = form.text("why-item", "Write why.", most=500)
    if form.wrong:
        return _back(visit, form, 422)
    visit.do(CancelItem(case=number, version=visit.version(form), key=visit.key(form), item=item, why=why))
    return visit.see(f"/c/{number}", "own-cancelled")


@page("appeal")
def appeal(visit: Visit) -> Response:
    """Show how to appeal."""
    return _appeal(visit, render.NO_FORM)


def _appeal(visit: Visit, form: Form, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "appeal")
    found = clocking.running_of(case.whole.head.about, clocking.book_of(visit.plan["settings"]))
    ways = () if found is None else _ways(visit, found)
    may = case.whole.head.state in _APPEALABLE
    return render.page(visit, "appeal.html", status, case=case, ways=ways, may_now=may, by=BY, fast=FAST, form=form)


def _ways(visit: Visit, found: clocking.Running) -> tuple[str, ...]:
    """Return until when an appeal may be filed, level by level, as the clocks' table has it."""
    book = clocking.book_of(visit.plan["settings"])
    return tuple(
        f"{level.name}: within {words.figure(level.file)}"
        for way in select.appeals_of(book, found.clocks)
        for level in way.levels
        if level.file is not None
    )


@form("appeal-send")
def appealed(visit: Visit, form: Form) -> Response:
    """File an appeal, with what is new."""
    number = visit.path("case")
    by = form.one_of("by", tuple(name for name, _ in BY), "Choose who appeals.")
    fast = form.one_of("fast", tuple(name for name, _ in FAST), "Choose how urgent it is.")
    why = form.text("why", "Write why the decision should be looked at again.")
    if form.wrong:
        return _appeal(visit, form, 422)
    files = tuple(_file(one) for one in uploads.every(form, "files") if one.kind != "request")
    act = Appeal(
        case=number,
        version=visit.version(form),
        key=visit.key(form),
        fast=fast == "yes",
        filed_by=cast("Any", by),
        files=files,
        why=why,
    )
    case = visit.do(act).case
    return visit.see(f"/c/{case}", "appealed")


def _file(one: draft.Paper) -> File:
    kind = one.kind if one.kind in ("resources", "glucose-log") else PAPER
    return File(title=one.name, media=one.media, content=one.content, kind=kind)


@page("clinic-again")
def more_time(visit: Visit) -> Response:
    """Show what continued use must still prove."""
    found, whole = again.approval(visit, visit.path("approval"))
    case = cases.opened(visit, whole.head.case_no, "request for more time")
    given = again.begun(visit, found, whole)
    checked = check.checked(given, at(visit), again.approvals(visit, given))
    return render.page(visit, "again.html", approval=found, case=case, checked=checked)


@form("clinic-again-begin")
def begin_again(visit: Visit, form: Form) -> Response:
    """Begin the draft of a request for more time."""
    found, whole = again.approval(visit, visit.path("approval"))
    if whole.head.organisation != visit.who.organisation:
        raise Problem("not-found", "your practice has no such approval")
    given = structs.replace(again.begun(visit, found, whole), id=f"again-{found.number}", last=form.said("key"))
    if draft.found(visit.store, visit.who, given.id) is None:
        draft.keep(visit.store, visit.who, given, fields.title(given), visit.now)
    return visit.see(f"/clinic/d/{given.id}")
