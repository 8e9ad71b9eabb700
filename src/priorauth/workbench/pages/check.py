"""Check before sending: will this meet, what is missing, how can it be shown. Nothing is kept unless it is asked for.

What was checked travels on the page itself, packed; the form is checked again as often as she likes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import structs
from starlette.responses import Response

from priorauth.errors import InputRefused
from priorauth.ledger import runs
from priorauth.ledger.acts.intake import Receive
from priorauth.server.problem import Problem
from priorauth.workbench import drawing, render
from priorauth.workbench.drafts import answers, bundle, check, draft, fields, letters, offers, uploads
from priorauth.workbench.drafts.asks import Thing
from priorauth.workbench.drafts.check import At, Checked
from priorauth.workbench.drafts.draft import Draft
from priorauth.workbench.forms import Form
from priorauth.workbench.visit import Visit, form, page

_TYPED: Final = ("payer", "plan", "product", "kind", "born", "diagnosis")
"""What is typed of a request that is checked without a Bundle."""


def at(visit: Visit) -> At:
    """Return who checks, when, under which settings."""
    today = visit.now.astimezone(visit.zone).date()
    return At(visit.who, visit.settings, today, visit.now.replace(microsecond=0))


@page("clinic-check")
def begin(visit: Visit) -> Response:
    """Ask for what is to be checked."""
    return shown(visit, Draft(), None, render.NO_FORM)


@form("clinic-check-run")
def run(visit: Visit, form: Form) -> Response:
    """Check what was chosen and typed; keep, print or send it where that is asked for."""
    asked = form.said("do")
    given = _given(visit, form)
    if form.wrong:
        return shown(visit, given, check.checked(given, at(visit)) if form.said("carried") else None, form, 422)
    if not given.files and not any(given.fields.values()):
        form.wrong["files"] = "Choose a file, or say what is asked for."
        return shown(visit, given, None, form, 422)
    if asked == "save":
        kept = structs.replace(given, id=draft.id_of(visit.key(form) or visit.fresh_key), last=form.said("key"))
        draft.keep(visit.store, visit.who, kept, fields.title(kept), visit.now)
        return visit.see(f"/clinic/d/{kept.id}", "draft-kept")
    found = check.checked(given, at(visit))
    if asked in letters.TITLES:
        return paper(visit, asked, given, found)
    if asked == "send" and (case := _sent(visit, form, given)) is not None:
        return visit.see(f"/c/{case}", "sent")
    return shown(visit, given, found, form, 422 if form.wrong else 200)


def _given(visit: Visit, form: Form) -> Draft:
    """Return what the page carried, with what was typed, chosen and taken out since."""
    before = draft.unpacked(form.said("carried"))
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    given = structs.replace(before, answers=answers.typed(form, vocabulary, before.answers), at=_at(visit, before))
    given = with_offers(visit, form, with_files(form, given))
    if given.request is None:
        said = {name: form.text(name, most=fields.MOST) for name in _TYPED if name in form.fields}
        if form.said("born") and form.day("born", None) is None:
            form.wrong["born"] = "Write the day as in 1992-03-14."
        given = structs.replace(given, fields={**given.fields, **said})
    return given


def _at(visit: Visit, before: Draft) -> datetime:
    """Return the moment of the answers: that of the first check, so that the same form sent twice is the same."""
    return before.at or visit.now.replace(microsecond=0)


def with_files(form: Form, given: Draft) -> Draft:
    """Return a draft with the files that were chosen on a form, without those taken out, told what papers they are."""
    out = set(form.every("out"))
    kept = []
    for one in given.files:
        if str(one.number) in out:
            continue
        dated = form.said(f"dated-{one.number}")
        if dated and form.day(f"dated-{one.number}", None) is None:
            form.wrong[f"dated-{one.number}"] = "Write the day as in 2026-11-27."
            dated = ""
        shows = form.said(f"shows-{one.number}")
        if f"shows-{one.number}" in form.fields:
            kept.append(structs.replace(one, shows=shows if shows in bundle.kinds() else "", dated=dated))
        else:
            kept.append(one)
    return structs.replace(given, files=tuple(kept)).added(tuple(uploads.every(form, "files")))


def with_offers(visit: Visit, form: Form, given: Draft) -> Draft:
    """Return a draft with the answers, and the kinds of papers, that its own papers state and she says yes to."""
    if not form.every(offers.YES):
        return given
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    read = offers.papers(visit, given, drawing.WHOLE_SECONDS)
    said = offers.taken(form, offers.of_papers(read, vocabulary), given.answers, vocabulary)
    return offers.told(form, structs.replace(given, answers=said), offers.shows(read))


def offered(visit: Visit, given: Draft, things: Iterable[Thing]) -> dict[str, object]:
    """Return what a page shows of what the papers of a draft state: by fact what is offered, which papers they are."""
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    read = offers.papers(visit, given)
    asked = {fact for thing in things for fact in thing.mine}
    found = offers.by_fact(offers.of_papers(read, vocabulary), asked, given.answers)
    return {"offered": found, "shows": offers.shows(read), "reads": {one.paper.number: one for one in read}}


def _sent(visit: Visit, form: Form, given: Draft) -> str | None:
    """Send what was checked; return the number of its case, None where something is missing that has to be there."""
    settings = visit.plan["settings"]
    here = at(visit)
    try:
        made = bundle.composed(given, visit.who, runs.catalog(settings), here.today, given.at or here.now)
    except InputRefused as fault:
        form.wrong["send"] = f"It cannot be sent yet: {'; '.join(one.message for one in fault.faults)}. Save it first."
        return None
    act = Receive(bundle=made, channel="portal", files=bundle.files(given), key=visit.key(form))
    return visit.do(act).case


def paper(visit: Visit, kind: str, given: Draft, found: Checked) -> Response:
    """Return a paper of a draft as PDF, to be saved and printed."""
    content = letters.printed(kind, given, found, at(visit))
    headers = {"Content-Disposition": f'attachment; filename="{letters.TITLES[kind]}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


def shown(visit: Visit, given: Draft, found: Checked | None, form: Form, status: int = 200) -> Response:
    """Return the page of a check."""
    settings = visit.plan["settings"]
    catalog = runs.catalog(settings)
    asked = {name for one in (found.things if found else ()) for name in one.facts}
    before = answers.only(given.answers, answers.answered(given.answers) - asked)
    try:
        carried = draft.packed(given) if given.files or given.answers or any(given.fields.values()) else ""
    except Problem as problem:
        form.wrong["files"] = f"{problem.detail[0].upper()}{problem.detail[1:]}."
        carried = ""
    return render.page(
        visit,
        "check.html",
        status,
        given=given,
        found=found,
        form=form,
        carried=carried,
        answered=answers.spoken(before, catalog.vocabulary),
        payers=fields.payers(catalog),
        products=fields.products(catalog),
        kinds=fields.kinds(catalog),
        papers=tuple(bundle.kinds().items()),
        request=fields.of_request(given),
        **offered(visit, given, found.things if found else ()),
    )
