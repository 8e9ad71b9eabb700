"""One document beside the criteria that it speaks to: its pages with the words marked, what it states, who agrees.

A person confirms or rejects what a document states with one press, ties words that nobody proposed to a fact, and says
that she has seen a paper. Nothing that a document states counts before that.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from starlette.responses import RedirectResponse, Response

from priorauth.documents.rows import settles
from priorauth.ledger import documented, read_papers, runs
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.whole import Document, Whole
from priorauth.server import reads
from priorauth.server.api.documents import SANDBOX
from priorauth.server.problem import Problem
from priorauth.workbench import drawing, render
from priorauth.workbench.forms import Form, whole_of
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import papers, sheet, stated, tying, veil
from priorauth.workbench.view.criteria import Criterion, find
from priorauth.workbench.view.stated import Stated
from priorauth.workbench.visit import Visit, form, page

_MOST_TEXT: Final = 20_000
_MOST_AGAIN: Final = 15
"""How often an address leads a browser to itself while a picture is drawn."""
_NOT_YET: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="80" viewBox="0 0 600 80"><text x="8" y="44" '
    'font-family="sans-serif" font-size="20">This page is not drawn yet. Load the page again.</text></svg>'
)


@page("document")
def document(visit: Visit) -> Response:
    """Show a document beside the criteria that it speaks to; that it was opened is recorded."""
    return shown(visit, render.NO_FORM)


def shown(visit: Visit, form: Form, status: int = 200) -> Response:
    """Return the page of a document; ``form``: what was typed on it, where it is shown again for that."""
    number = number_of(visit)
    visit.do(Read(case=visit.path("case"), what=f"document {number}"))
    case = cases.seen(visit, visit.path("case"))
    one = of_case(case.whole, number)
    content = reads.content(visit.store, visit.who, one.sha256)
    paper = next(each for each in papers.papers(visit, case.whole, case.request) if each.number == number)
    found = next(each for each in stated.read(visit, case.number) if each.document == number)
    listed = stated.stated(visit, (found,))
    asking, beside = stated.by_criterion(case.whole.determinations, listed)
    seen = sheet.sheet(visit, found, content, listed, form)
    return render.page(
        visit,
        "document.html",
        status,
        case=case,
        one=one,
        paper=paper,
        read=found,
        sheet=seen,
        asking=asking,
        beside=beside,
        stated=listed,
        on=visit.asked("on"),
        text="" if seen.leaf is not None else _text(one, content),
        serves=() if listed else _serves(case, paper),
        facts=_facts(visit, case) if seen.chosen is not None else (),
        papers_=_papers(visit),
        side=documented.side(visit.role),
        mine=not case.clinic or one.filed_by is None or one.filed_by in case.names,
        veiled=veil.veiled(visit, case),
        kept=bool(visit.asked("kept")),
        form=form,
    )


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


def _facts(visit: Visit, case: cases.Case) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the facts that words can be tied to: those of the open criteria by criterion, then all others."""
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    able = {one: vocabulary[one] for one in vocabulary if settles(vocabulary[one])}
    found: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    for title, facts in stated.open_facts(case.whole.determinations):
        own = tuple((name, stated.named(able.pop(name))) for name in facts if name in able)
        if own:
            found.append((title, own))
    others = sorted(((name, stated.named(fact)) for name, fact in able.items()), key=lambda one: one[1])
    return (*found, ("Other facts", tuple(others)))


# ---- what a person says of it


@form("document-confirm")
def confirm(visit: Visit, form: Form) -> Response:
    """Say that what a document states is right."""
    one = _said_of(visit, form)
    act = tying.confirm(visit.path("case"), one, visit.key(form))
    visit.do(act)
    return _back(visit, one, "confirmed-seen" if one.paper else "confirmed")


@form("document-reject")
def reject(visit: Visit, form: Form) -> Response:
    """Say that what a document states is not right, with a reason where she gives one."""
    one = _said_of(visit, form)
    why = form.text("why", most=500)
    if form.wrong:
        return shown(visit, form, 422)
    visit.do(tying.reject(visit.path("case"), one, why, visit.key(form)))
    return _back(visit, one, "rejected")


def _said_of(visit: Visit, form: Form) -> Stated:
    """Return what a form speaks of; raises Problem where the document states no such thing."""
    number, own = number_of(visit), form.said("of")
    found = (each for each in stated.read(visit, visit.path("case")) if each.document == number)
    listed = stated.stated(visit, found)
    one = next((each for each in listed if each.own == own and each.reading is not None), None)
    if one is None:
        raise Problem(
            "not-found", f"document {number} of case {visit.path('case')} states no such thing; open it again"
        )
    return one


def _back(visit: Visit, one: Stated, said: str) -> Response:
    """Return to the page of the document, at the place of what was said."""
    at = f"/c/{visit.path('case')}/documents/{one.document}?page={one.page}&on={one.own}&said={said}#{one.own}"
    return RedirectResponse(at, 303)


@form("document-tie")
def tie(visit: Visit, form: Form) -> Response:
    """Tie words that a person chose to a fact, with its value and day."""
    case, number = visit.path("case"), number_of(visit)
    of_case(reads.case(visit.store, visit.who, case), number)
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    made = tying.proposal(form, read_papers.text(visit.store, visit.who, case, number), vocabulary)
    if made is None:
        return shown(visit, form, 422)
    visit.do(tying.tie(case, number, made, visit.key(form)))
    return visit.see(f"/c/{case}/documents/{number}?page={made.page}", "tied")


@form("document-seen")
def seen(visit: Visit, form: Form) -> Response:
    """Say that she has seen that a document is a paper that the policy asks for, of a day."""
    case, number = visit.path("case"), number_of(visit)
    fact = form.one_of("paper", tuple(name for name, _ in _papers(visit)), "Choose which paper it is.")
    day = form.day("day", "Write the day that the paper bears.")
    if form.wrong or day is None:
        return shown(visit, form, 422)
    visit.do(tying.see(case, number, fact, day.isoformat(), visit.key(form)))
    return visit.see(f"/c/{case}/documents/{number}", "confirmed-seen")


def _papers(visit: Visit) -> tuple[tuple[str, str], ...]:
    """Return the papers that policies ask for, by fact."""
    vocabulary = runs.catalog(visit.plan["settings"]).vocabulary
    return tuple((name, stated.named(vocabulary[name])) for name in vocabulary if vocabulary[name].document)


@page("document-leaf")
def leaf(visit: Visit) -> Response:
    """Return a page of a document as a picture; that it was opened is recorded, where the document was not before.

    A picture that is not there yet is asked for again by the browser itself.
    """
    found = of_case(reads.case(visit.store, visit.who, visit.path("case")), number_of(visit))
    if not papers.was_opened(visit, found.number):
        visit.do(Read(case=visit.path("case"), what=f"document {found.number}"))
    number = whole_of(visit.path("leaf").removesuffix(".png"), sheet.DIGITS) or 0
    size = visit.asked("size") if visit.asked("size") in drawing.SIZES else drawing.USUAL
    content = reads.content(visit.store, visit.who, found.sha256)
    turned = next((one for one in drawing.TURNS if str(one) == visit.asked("turned")), 0)
    made = drawing.picture(visit, found.sha256, content, number, size, turned)
    if made is not None:
        return Response(made, media_type="image/png", headers={"Content-Security-Policy": SANDBOX})
    again = whole_of(visit.asked("again"), 2) or 0
    if again >= _MOST_AGAIN:
        return Response(_NOT_YET, media_type="image/svg+xml", headers={"Content-Security-Policy": SANDBOX})
    return RedirectResponse(f"{visit.request.url.path}?size={size}&turned={turned}&again={again + 1}", 303)


def number_of(visit: Visit) -> int:
    """Return the number of a document in the address; raises Problem where it is none."""
    number = whole_of(visit.path("number"), 6)
    if number is None:
        raise Problem("not-found", f"case {visit.path('case')} has no such document")
    return number


def of_case(whole: Whole, number: int) -> Document:
    """Return a document of a case; raises Problem where it has none of that number."""
    found = next((one for one in whole.documents if one.number == number), None)
    if found is None:
        raise Problem("not-found", f"case {whole.head.case_no} has no document {number}")
    return found
