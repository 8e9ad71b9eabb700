"""Answering the payer's questions: one thing a page, the record beside it; kept for the practice until it is sent.

Before anything is sent the answers are laid beside the record, so that a contradiction is seen by who makes it.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct, structs
from sqlalchemy import select
from starlette.responses import Response

from priorauth.decide.determination import Determination
from priorauth.errors import InputRefused
from priorauth.ledger import compose, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Answer
from priorauth.ledger.columns import canonical
from priorauth.ledger.whole import Whole
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.drafts import answers, asks, bundle, draft, offers
from priorauth.workbench.drafts.asks import Thing
from priorauth.workbench.drafts.draft import Draft, Stale
from priorauth.workbench.drafts.offers import Offer
from priorauth.workbench.forms import Form, whole_of
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import stated
from priorauth.workbench.view.case import Case
from priorauth.workbench.view.criteria import Shown, shown
from priorauth.workbench.visit import Visit, form, page

LAST: Final = "send"
_PLACE: Final = "thing"


class Meant(Struct, frozen=True, kw_only=True):
    """What answers would make of an item: its outcome before and after, what they show, where they contradict."""

    item: int
    before: str
    after: str
    now_shown: tuple[str, ...]
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]
    still: tuple[str, ...]


@page("answer")
def answer(visit: Visit) -> Response:
    """Show one thing that is asked, or all answers before they are sent."""
    case = cases.opened(visit, visit.path("case"), "questions")
    return _shown(visit, case, render.NO_FORM, visit.asked(_PLACE))


@form("answer-keep")
def keep(visit: Visit, form: Form) -> Response:
    """Keep what was answered for the practice, and go on to what is next."""
    case = cases.seen(visit, visit.path("case"))
    place = form.said(_PLACE)
    before = _draft(visit, case)
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    typed = answers.typed(form, vocabulary, before.answers)
    if form.every(offers.YES):
        typed = offers.taken(form, _offers(visit, case), typed, vocabulary)
    made = structs.replace(before, answers=typed, version=_whole(form, "draft"), last=form.said("key"))
    if form.wrong:
        return _shown(visit, case, form, place, 422, made)
    title = f"{case.people.member.name or 'No name'}, {case.number}"
    try:
        draft.keep(visit.store, visit.who, made, title, visit.now)
    except Stale:
        return _stale(visit, case, form, place, made)
    if form.said("do") == "later":
        return visit.see("/clinic", "answers-kept")
    return visit.see(f"/c/{case.number}/answer?{_PLACE}={_next(_things(visit, case), place)}")


@form("answer-send")
def send(visit: Visit, form: Form) -> Response:
    """Send what was answered."""
    case = cases.seen(visit, visit.path("case"))
    made = _draft(visit, case)
    if made.version == 0 and _whole(form, "draft") > 0:  # sent meanwhile: by this form before, or by a colleague
        return visit.see(f"/c/{case.number}", "answers-sent")
    if _whole(form, "draft") != made.version:
        return _stale(visit, case, form, LAST, made)
    response = _response(visit, case, made)
    if response is None:
        form.wrong["send"] = "Nothing was answered yet. Answer at least one question."
        return _shown(visit, case, form, LAST, 422)
    act = Answer(case=case.number, version=visit.version(form), key=visit.key(form), response=response)
    visit.do(act)
    draft.drop(visit.store, visit.who, made.id, made.version)
    return visit.see(f"/c/{case.number}", "answers-sent")


def _whole(form: Form, name: str) -> int:
    return whole_of(form.said(name), 8) or 0


def _things(visit: Visit, case: Case) -> tuple[Thing, ...]:
    """Return what is asked of the items that are open."""
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    still = {one.item for one in case.whole.items if one.status == "open"}
    listed = (one for one in case.whole.determinations if one.item in still)
    return tuple(thing for one in listed for thing in asks.things(one, vocabulary, visit.role))


def _offers(visit: Visit, case: Case) -> tuple[Offer, ...]:
    """Return what the documents of her own practice offer as answers."""
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    own = {one.number for one in case.whole.documents if one.filed_by is None or one.filed_by in case.names}
    return offers.of_case((one for one in stated.whole_of(visit, case.whole) if one.document in own), vocabulary)


def _draft(visit: Visit, case: Case) -> Draft:
    """Return what the practice has answered and not sent."""
    name = f"answer-{case.number}"
    found = draft.found(visit.store, visit.who, name)
    return Draft(id=name, kind="answer", case=case.number) if found is None else found


def _next(listed: tuple[Thing, ...], place: str) -> str:
    keys = [one.key for one in listed]
    after = keys[keys.index(place) + 1 :] if place in keys else []
    return after[0] if after else LAST


def _shown(  # noqa: PLR0913, PLR0917 - what the page is shown for
    visit: Visit,
    case: Case,
    form: Form,
    place: str,
    status: int = 200,
    made: Draft | None = None,
    *,
    theirs: tuple[answers.Said, ...] | None = None,
) -> Response:
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    listed = _things(visit, case)
    one = made or _draft(visit, case)
    common = {"case": case, "form": form, "draft": one, "things": listed}
    common |= {"changed": theirs is not None, "theirs": theirs or ()}
    common["people"] = cases.names(visit, (one.by,) if one.by else ())
    if not case.open or (not listed and not one.answers):
        return render.page(visit, "answer-none.html", status, **common)
    at = next((number for number, each in enumerate(listed, 1) if each.key == place), 0)
    if not at and place != LAST:
        at = next((number for number, each in enumerate(listed, 1) if not each.done(one.answers)), 0)
    if at:
        thing = listed[at - 1]
        found = offers.by_fact(_offers(visit, case), thing.mine, one.answers)
        return render.page(visit, "answer.html", status, thing=thing, at=at, offered=found, **common)
    meant, fault = _meant(visit, case, one)
    spoken = answers.spoken(one.answers, vocabulary)
    return render.page(visit, "answer-send.html", status, spoken=spoken, meant=meant, fault=fault, **common)


def _stale(visit: Visit, case: Case, form: Form, place: str, made: Draft) -> Response:
    """Return the page again: a colleague has changed the answers; what was typed here stands."""
    now = _draft(visit, case)
    mine = answers.answered(made.answers)
    both = {**answers.only(now.answers, answers.answered(now.answers) - mine), **made.answers}
    merged = structs.replace(made, answers=both, version=now.version, by=now.by, at=now.at)
    theirs = answers.differing(now.answers, made.answers, runs.catalog(visit.plan["settings"]).vocabulary)
    return _shown(visit, case, form, place, 409, merged, theirs=theirs)


def _response(visit: Visit, case: Case, made: Draft) -> bytes | None:
    """Return the answers as the form that is sent; None where nothing was answered."""
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    _, claim = cases.bundle(visit, case.whole)
    at = made.at or visit.now.replace(microsecond=0)
    found = answers.response(made.answers, vocabulary, claim, bundle.author(visit.who, claim), at)
    return None if found is None else canonical(found)


def _meant(visit: Visit, case: Case, made: Draft) -> tuple[tuple[Meant, ...], str]:
    """Return what the answers would make of the case, and why that cannot be told, where it cannot."""
    response = _response(visit, case, made)
    if response is None:
        return (), ""
    try:
        after = _run(visit, case.whole, response)
    except InputRefused as fault:
        return (), "; ".join(one.within for one in fault.faults)
    before = {one.item: one for one in case.whole.determinations}
    return tuple(_of_item(before[one.item], one) for one in after if one.item in before), ""


def _run(visit: Visit, whole: Whole, response: bytes) -> list[Determination]:
    """Run the case with the answers beside what its last run read; nothing is kept."""
    one = t.run.c
    where = (one.tenant == visit.session.tenant, one.case_no == whole.head.case_no, one.number == whole.head.runs)
    with visit.store.reading(visit.session.tenant) as connection:
        row = connection.execute(select(one.inputs).where(*where)).scalar()
    if row is None:
        raise Problem("state", f"case {whole.head.case_no} was not run yet")
    own = "answers"
    listed = [*(compose.Input(**each) for each in row), compose.Input("answers", "your answers", own)]
    content = compose.compose(
        listed, lambda sha: response if sha == own else reads.content(visit.store, visit.who, sha)
    )
    return [each.determination for each in runs.ran(content, visit.settings).found]


def _of_item(before: Determination, after: Determination) -> Meant:
    was, now = shown(before), shown(after)
    known = {one.id for one in was.shown}
    old = {each.criterion for each in before.conflicts}
    return Meant(
        item=after.item,
        before=words.OUTCOME.get(was.outcome, was.outcome),
        after=words.OUTCOME.get(now.outcome, now.outcome),
        now_shown=tuple(one.title for one in now.shown if one.id not in known),
        conflicts=tuple(_conflicts(now, old)),
        still=tuple(one.title for one in now.open if one.status == "unknown"),
    )


def _conflicts(now: Shown, old: set[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the criteria of which the answers say another thing than the record, with both sides."""
    return [
        (one.title, tuple(" ".join(part for part in (side.says, side.value) if part) for side in one.sides))
        for one in now.two_sided
        if one.id not in old
    ]
