"""The decision of a medical director, and of a reviewer of appeals: weigh, choose, write the reasons, sign.

Nothing is chosen before she chooses. An adverse decision, or one in part, is signed with her credential, which is used
up by it; an approval is not. No letter is kept before the decision that it tells is signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, structs
from starlette.responses import Response

from priorauth.ledger import lettering
from priorauth.ledger.acts.decisions import Approve, DecideAdversely, DecideInPart, Reason
from priorauth.ledger.acts.notices import print_ahead
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.forms import Form
from priorauth.workbench.pages import letterform
from priorauth.workbench.signin import signing
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import deciding as weighing
from priorauth.workbench.view import letters, papers, stated
from priorauth.workbench.view.case import Case
from priorauth.workbench.view.deciding import Deciding
from priorauth.workbench.view.signing import Signer, signer
from priorauth.workbench.visit import Visit, form, page

SIGNED: Final = ("part", "adverse")
CHOICES: Final = (
    ("approve", "Approve as asked"),
    ("part", "Approve in part"),
    ("adverse", "Decide adversely"),
    ("ask", "Ask the clinic first"),
    ("peer", "Have a call between clinicians first"),
)
_STATE: Final = "with-director"
_PARTS: Final = (
    ("asks", "Write what the policy asks."),
    ("found", "Write what you found, with its day."),
    ("why_not", "Write why that does not show it."),
    ("would", "Write what would show it."),
)


class _Typed(Struct, frozen=True):
    """What is decided: the act, and the items of which an adverse letter is made."""

    act: DecideAdversely | DecideInPart
    items: tuple[int, ...]


@page("decide")
def decide(visit: Visit) -> Response:
    """Show what there is to weigh; with a choice, the step in which it is written and signed."""
    number, chosen = visit.path("case"), visit.asked("as")
    if chosen in ("ask", "peer"):
        return visit.see(f"/c/{number}/{chosen}")
    if chosen not in ("", "approve", *SIGNED):
        raise Problem("not-found", "there is no such choice")
    if visit.asked("step") and not chosen:
        return shown(visit, Form(wrong={"as": "Choose what you decide."}), status=422)
    return shown(visit, render.NO_FORM, chosen)


@form("decide-approve")
def approve(visit: Visit, form: Form) -> Response:
    """Approve what was asked; beyond the criteria with the reason."""
    number = visit.path("case")
    case = cases.seen(visit, number)
    why = form.text("why", None if case.ready else "Write why it is necessary although not every criterion is shown.")
    if form.wrong:
        return shown(visit, form, "approve", status=422)
    visit.do(Approve(case=number, version=visit.version(form), key=visit.key(form), why=why or None))
    return visit.see(f"/c/{number}/notice", "decided-approved")


@form("decide-letter")
def letter(visit: Visit, form: Form) -> Response:
    """Show the letter that would tell the decision, for the frame of the page; nothing is kept."""
    case = cases.seen(visit, visit.path("case"))
    typed = _typed(visit, case, weighing.deciding(visit, case), form)
    if typed is None:
        found = letters.Looked(against=tuple(dict.fromkeys(form.wrong.values())))
    else:
        act = letterform.act(visit, case, form, _kind(case), typed.items[0])
        found = letters.looked(visit, act, _planned(typed, typed.items[0]))
    return letterform.framed(found)


@form("decide-sign")
def sign(visit: Visit, form: Form) -> Response:
    """Sign an adverse decision, or one in part, and make its letters."""
    number, chosen = visit.path("case"), form.said("as")
    if chosen not in SIGNED:
        raise Problem("invalid", "the form does not say what is decided; open the page again")
    case = cases.seen(visit, number)
    found = weighing.deciding(visit, case)
    typed = _typed(visit, case, found, form)
    form.one_of("read", ("yes",), "Say that you have read the documents that you opened.")
    if found.veiled:
        form.wrong["reasons"] = "Note your own finding of each open criterion first."
    if typed is not None and not form.wrong and visit.version(form) < case.whole.head.version:
        visit.do(typed.act)  # the ledger says what is new; her credential is not used up for that
    if typed is None or form.wrong or not _letters_fit(visit, case, form, typed) or not _proved(visit, form):
        return shown(visit, form, chosen, status=422)
    visit.do(typed.act)
    return _written(visit, form, number, typed)


def _written(visit: Visit, form: Form, number: str, typed: _Typed) -> Response:
    """Make the letters of a decision that is signed; one that is refused is made on the page of letters."""
    case = cases.seen(visit, number)
    if letters.office(visit, case.whole.head.payer) is None:
        return visit.see(f"/c/{number}/notice", "signed-no-office")
    key = visit.key(form)
    try:
        for item in typed.items:
            act = letterform.act(visit, case, form, _kind(case), item)
            print_ahead(visit.store, act, visit.who, visit.now)
            visit.do(structs.replace(act, key=f"{key}-letter-{item}" if key else None))
    except Problem:
        return visit.see(f"/c/{number}/notice", "signed-no-letter")
    return visit.see(f"/c/{number}/notice", "signed")


def _letters_fit(visit: Visit, case: Case, form: Form, typed: _Typed) -> bool:
    """Whether every letter of the decision could be made; what is in the way is said before anything is signed."""
    if letters.office(visit, case.whole.head.payer) is None:
        return True
    for item in typed.items:
        found = letters.looked(visit, letterform.act(visit, case, form, _kind(case), item), _planned(typed, item))
        if found.against and not (case.whole.head.kind == "appeal" and form.said("as") == "part"):
            form.wrong["letter"] = f"The letter cannot be made yet: {'; '.join(found.against)}."
            return False
    return True


def _proved(visit: Visit, form: Form) -> bool:
    """Whether she proved who she is for this signature; on an open server she types her name."""
    if visit.service.open:
        typed = " ".join(form.said("name").split()).casefold()
        if typed != " ".join(visit.name.split()).casefold():
            form.wrong["name"] = f"Type your name to sign: {visit.name}."
    elif said := signing.unproved(visit.request, visit.session, form.said(signing.PASSWORD), visit.now):
        form.wrong[signing.PASSWORD] = said
    return not form.wrong


def _typed(visit: Visit, case: Case, found: Deciding, form: Form) -> _Typed | None:
    """Return what is decided; None where something of it is missing, which then stands with the form."""
    number, version, key = case.number, visit.version(form), visit.key(form)
    who = signer(visit, case.whole)
    licence = form.one_of("licence", tuple(one for one, _ in who.licences), "Choose the licence under which you sign.")
    reasons = tuple(_reasons(found, form))
    if not reasons and not form.wrong.keys() - {"licence", "read"}:
        form.wrong["reasons"] = "Write the reason in four parts for each criterion on which the decision rests."
    why = form.text("why") or None
    still = {one.item: one.quantity or 1 for one in case.whole.items if one.status == "open"}
    if form.said("as") == "part":
        less = _quantities(form, still)
        if form.wrong:
            return None
        act = DecideInPart(
            case=number, version=version, key=key, why=why, licence=licence, reasons=reasons, quantities=less
        )
        return _Typed(act, tuple(less))
    items = tuple(_items(form, tuple(still)))
    if form.wrong:
        return None
    return _Typed(
        DecideAdversely(case=number, version=version, key=key, why=why, licence=licence, reasons=reasons, items=items),
        items,
    )


def _reasons(found: Deciding, form: Form) -> Iterator[Reason]:
    """Yield the reasons that are begun; each has four parts."""
    for one in found.weighed:
        begun = any(form.said(f"{part}-{one.place}").strip() for part in ("why_not", "would"))
        if not begun or not one.criterion.id:
            continue
        said = {part: form.text(f"{part}-{one.place}", ask) for part, ask in _PARTS}
        yield Reason(
            criterion=one.criterion.id,
            asks=said["asks"],
            found=said["found"],
            why_not=said["why_not"],
            would_show=said["would"],
        )


def _items(form: Form, still: tuple[int, ...]) -> Iterator[int]:
    """Yield the items that are decided: the only one, else those that she chose."""
    if len(still) == 1:
        yield from still
        return
    chosen = {one for one in form.every("items") if one.isdecimal()}
    if not chosen:
        form.wrong["items"] = "Choose the items that you decide."
    yield from (one for one in still if str(one) in chosen)


def _quantities(form: Form, still: dict[int, int]) -> dict[int, int]:
    """Return by item what is approved of it, where that is less than was asked."""
    typed = {
        item: form.whole(f"quantity-{item}", f"Write how many of item {item} you approve, from 0 to {asked}.")
        for item, asked in still.items()
    }
    for item, asked in still.items():
        if typed[item] > asked:
            form.wrong[f"quantity-{item}"] = f"Of item {item} {asked} were asked: approve at most {asked}."
    less = {item: count for item, count in typed.items() if count < still[item]}
    if not form.wrong and not less:
        form.wrong[f"quantity-{min(still)}"] = "All that was asked is approved then: go back and approve as asked."
    if not form.wrong and not any(typed.values()):
        form.wrong[f"quantity-{min(still)}"] = "Nothing is approved then: go back and decide adversely."
    return less


def _planned(typed: _Typed, item: int) -> lettering.Planned:
    act = typed.act
    quantity = act.quantities.get(item) if isinstance(act, DecideInPart) else None
    reasons = tuple(structs.asdict(one) for one in act.reasons)
    return lettering.Planned(
        kind="part" if quantity else "adverse", licence=act.licence, reasons=reasons, quantity=quantity
    )


def _kind(case: Case) -> str:
    return "appeal-decision" if case.whole.head.kind == "appeal" else "adverse"


def shown(visit: Visit, form: Form, chosen: str = "", status: int = 200) -> Response:
    """Show the page of a decision."""
    case = cases.opened(visit, visit.path("case"), "decision")
    found, who = weighing.deciding(visit, case), signer(visit, case.whole)
    still = {one.item: one.quantity or 1 for one in case.whole.items if one.status == "open"}
    ready = case.whole.head.state == _STATE
    listed = stated.whole_of(visit, case.whole)
    return render.page(
        visit,
        "decide.html",
        status,
        case=case,
        found=found,
        who_signs=who,
        items=tuple(one for one in case.shown if one.item in still),
        asked_for=still,
        ready=ready,
        chosen=chosen if ready and still and not (found.veiled and chosen in SIGNED) else "",
        choices=_choices(who, found, still),
        finding=words.FINDING,
        sources=papers.sources(visit, case.whole),
        stated=stated.of_criteria(case.whole.determinations, listed),
        quotes={one.reference: one for one in listed},
        form=form,
        **letterform.context(visit, case, _kind(case)),
    )


def _choices(who: Signer, found: Deciding, still: dict[int, int]) -> tuple[tuple[str, str], ...]:
    """Return what she may choose now: a part only of more than one thing, nothing adverse before her own findings."""
    parts = len(still) > 1 or any(count > 1 for count in still.values())
    off = {*(() if parts else ("part",)), *(SIGNED if who.against or found.veiled else ())}
    return tuple(one for one in CHOICES if one[0] not in off)
