"""The letters of a case: the list, and the form by which one is looked at and made."""

from __future__ import annotations

from starlette.responses import Response

from priorauth.ledger.acts.notices import print_ahead
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form
from priorauth.workbench.pages import letterform
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import letters
from priorauth.workbench.view.case import Case
from priorauth.workbench.visit import Visit, form, page


@page("notices")
def notices(visit: Visit) -> Response:
    """Show the letters of a case; to a clinic those that were mailed."""
    case = cases.opened(visit, visit.path("case"), "letters")
    listed = letters.listed(visit, case.whole, case.names)
    return render.page(
        visit,
        "notices.html",
        case=case,
        letters=listed,
        kinds=_kinds(case),
        titles=words.LETTER,
        standing=words.LETTER_IS,
        office=letters.office(visit, case.whole.head.payer),
    )


@page("notice-new")
def new(visit: Visit) -> Response:
    """Show the form of a new letter."""
    return _shown(visit, render.NO_FORM, visit.asked("kind"), visit.asked("replaces"))


@form("notice-look")
def look(visit: Visit, form: Form) -> Response:
    """Show the letter as it would be, for the frame of the page; nothing is kept."""
    case = cases.seen(visit, visit.path("case"))
    act = letterform.act(visit, case, form, form.said("kind"), _item(case, form))
    if form.wrong:
        return letterform.framed(letters.Looked(against=tuple(dict.fromkeys(form.wrong.values()))))
    return letterform.framed(letters.looked(visit, act))


@form("notice-make")
def make(visit: Visit, form: Form) -> Response:
    """Make a letter; what is in its way is said, and nothing is kept."""
    number = visit.path("case")
    case = cases.seen(visit, number)
    kind, replaces = form.said("kind"), form.said("replaces")
    form.one_of("kind", _kinds(case), "Choose what the letter tells.")
    act = letterform.act(visit, case, form, kind, _item(case, form), replaces=_number(replaces))
    found = letters.Looked() if form.wrong else letters.looked(visit, act)
    if found.against:
        form.wrong["letter"] = f"The letter cannot be made yet: {'; '.join(found.against)}."
    if form.wrong:
        return _shown(visit, form, kind, replaces, 422)
    print_ahead(visit.store, act, visit.who, visit.now)
    done = visit.do(letterform.with_marks(visit, form, act))
    return visit.see(f"/c/{number}/notice/{done.more['notice']}", "letter-made")


def _shown(visit: Visit, form: Form, kind: str, replaces: str, status: int = 200) -> Response:
    case = cases.opened(visit, visit.path("case"), "letters")
    kinds = _kinds(case)
    chosen = kind if kind in kinds else ""
    if _number(replaces) is not None and _number(replaces) not in {one.number for one in case.whole.notices}:
        raise Problem("not-found", f"case {case.number} has no letter {replaces[:20]}")
    return render.page(
        visit,
        "notice-new.html",
        status,
        case=case,
        kinds=[(one, words.LETTER[one]) for one in kinds],
        chosen=chosen,
        replaces=replaces,
        items=[(str(one.item), f"{one.product}, {one.kind}") for one in case.shown],
        clinicians=[(one["key"], one["says"]) for one in letters.clinicians(visit)],
        form=form,
        **letterform.context(visit, case, chosen),
    )


def _kinds(case: Case) -> tuple[str, ...]:
    return letters.kinds(case.whole, missed=bool(case.clocks.missed))


def _item(case: Case, form: Form) -> int:
    """Return the item that a letter is about: the only one, else the one that was chosen."""
    listed = [one.item for one in case.whole.items]
    if len(listed) == 1:
        return listed[0]
    chosen = form.one_of("item", tuple(str(one) for one in listed), "Choose the item that the letter is about.")
    return int(chosen) if chosen.isdecimal() else listed[0]


def _number(said: str) -> int | None:
    return int(said[:9]) if said.isascii() and said.isdecimal() else None
