"""One letter: its page in a frame, its PDF, what it must hold; checked by another person, and how it was mailed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.responses import Response

from priorauth.errors import PriorAuthError
from priorauth.ledger.acts.notices import CheckNotice, RecordMailing
from priorauth.ledger.whole import Notice
from priorauth.ledger.work import CLINIC
from priorauth.letters import make as making
from priorauth.letters import rights
from priorauth.server import reads
from priorauth.server.api.documents import SANDBOX
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form
from priorauth.workbench.pages import letterform
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import letters, veil
from priorauth.workbench.view.case import Case
from priorauth.workbench.visit import Visit, form, page

_PDF: Final = "application/pdf"


@page("notice")
def notice(visit: Visit) -> Response:
    """Show a letter."""
    return _shown(visit, render.NO_FORM)


@page("notice-page")
def as_page(visit: Visit) -> Response:
    """Return the page of a letter, for a frame of ours."""
    case, found = _found(visit)
    if veil.veiled(visit, case):
        return visit.see(f"/c/{case.number}/decide", "read-first")
    return letterform.in_frame(letters.html(visit, found))


@page("notice-pdf")
def pdf(visit: Visit) -> Response:
    """Return a letter as it is printed, to be saved."""
    case, found = _found(visit)
    if found.pdf is None:
        raise Problem("not-found", f"letter {found.number} was not printed")
    headers = {
        "Content-Disposition": f'attachment; filename="{case.number}-letter-{found.number}.pdf"',
        "Content-Security-Policy": SANDBOX,
    }
    return Response(reads.content(visit.store, visit.who, found.pdf), media_type=_PDF, headers=headers)


@form("notice-check")
def check(visit: Visit, form: Form) -> Response:
    """Say that a letter was read and is right."""
    number, letter = visit.path("case"), _number(visit)
    form.one_of("read", ("yes",), "Say that you have read the letter whole.")
    if form.wrong:
        return _shown(visit, form, 422)
    visit.do(CheckNotice(case=number, version=visit.version(form), key=visit.key(form), notice=letter))
    return visit.see(f"/c/{number}/notice/{letter}", "letter-checked")


@form("notice-sent")
def sent(visit: Visit, form: Form) -> Response:
    """Write down how and when a letter left the house."""
    number, letter = visit.path("case"), _number(visit)
    channel = form.one_of("channel", tuple(one for one, _ in letterform.CHANNELS), "Choose how it was sent.")
    at = form.moment("handed_at", visit.zone, "Write when it was handed over, as in 2026-11-27 14:30.")
    if at is not None and at > visit.now:
        form.wrong["handed_at"] = "Write a mailing that was done: this time is still to come."
    proof = form.text("proof", most=200)
    if form.wrong or at is None:
        return _shown(visit, form, 422)
    act = RecordMailing(
        case=number,
        version=visit.version(form),
        key=visit.key(form),
        notice=letter,
        channel=channel,  # type: ignore[arg-type]  # one of the four
        handed_at=at,
        proof=proof or None,
    )
    try:
        visit.do(act)
    except Problem as problem:
        if problem.kind != "invalid":
            raise
        form.wrong["handed_at"] = f"{problem.detail[0].upper()}{problem.detail[1:]}."
        return _shown(visit, form, 422)
    return visit.see(f"/c/{number}/notice/{letter}", "letter-sent")


def _number(visit: Visit) -> int:
    said = visit.path("number")
    if not (said.isascii() and said.isdecimal()):
        raise Problem("not-found", f"case {visit.path('case')} has no letter of that number")
    return int(said[:9])


def _found(visit: Visit) -> tuple[Case, Notice]:
    """Return a letter that this reader may see, with its case; that it was opened is recorded."""
    number = _number(visit)
    case = cases.opened(visit, visit.path("case"), f"letter {number}")
    found = next((one for one in case.whole.notices if one.number == number), None)
    if found is None:
        raise Problem("not-found", f"case {case.number} has no letter {number}")
    return case, found


def _shown(visit: Visit, form: Form, status: int = 200) -> Response:
    case, found = _found(visit)
    if veil.veiled(visit, case):
        return visit.see(f"/c/{case.number}/decide", "read-first")
    clinic = visit.role in CLINIC
    letter = next(one for one in letters.listed(visit, case.whole, case.names) if one.notice.number == found.number)
    facts = None if clinic else letters.facts_of(visit, case.number, found.number)
    doubts: tuple[str, ...] = ()
    try:
        doubts = making.look(facts).unverified if facts else ()
    except PriorAuthError as fault:
        doubts = (f"by the rules of today it would be refused: {fault}",)
    return render.page(
        visit,
        "notice.html",
        status,
        case=case,
        letter=letter,
        title=words.LETTER.get(found.kind, found.kind.replace("-", " ")),
        standing=words.LETTER_IS,
        elements=() if facts is None else tuple(letters.checklist(letters.html(visit, found), facts)),
        right=rights.of(facts) if facts and letter.until else None,
        doubts=doubts,
        channels=letterform.CHANNELS,
        sent_at=_drafted(visit, letter),
        mine=found.made_by == visit.who.person,
        clinic=clinic,
        form=form,
    )


def _drafted(visit: Visit, letter: letters.Letter) -> str:
    """Return the moment that the mailing record is drafted with: now, where that is the day in the letter."""
    local: datetime = visit.now.astimezone(visit.zone)
    return f"{local:%Y-%m-%d %H:%M}" if letter.mailed_for == local.date() else ""
