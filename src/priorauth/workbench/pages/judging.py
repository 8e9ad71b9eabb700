"""What a clinician says of single criteria on the page of her decision: she judges, settles, notes, takes back."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from priorauth.ledger.acts.findings import NoteFinding
from priorauth.ledger.acts.words import Judge, Settle, TakeBack
from priorauth.ledger.compose import SETTLE
from priorauth.server.problem import Problem
from priorauth.workbench.forms import Form
from priorauth.workbench.pages.decide import shown
from priorauth.workbench.visit import Visit, form

_ANSWERS: Final = ("yes", "no", "more")
_SIDES: Final = ("shown", "not-shown")
_FINDINGS: Final = ("shown", "not-shown", "more")
_WHY: Final = "Write why, in a sentence."


@form("decide-judge")
def judge(visit: Visit, form: Form) -> Response:
    """Judge a fact that the policy leaves to her; that she needs more is noted and judges nothing."""
    number, place = visit.path("case"), _place(form)
    fact = form.said("fact")
    answer = form.one_of(f"answer-{place}", _ANSWERS, "Choose yes, no, or that you need more.")
    why = form.text(f"because-{place}", _WHY)
    if form.wrong:
        return shown(visit, form, status=422)
    version, key = visit.version(form), visit.key(form)
    if answer == "more":
        visit.do(NoteFinding(case=number, version=version, key=key, subject=fact, finding="more", why=why))
        return visit.see(_back(number), "needs-more")
    visit.do(Judge(case=number, version=version, key=key, fact=fact, value=answer == "yes", why=why))
    return visit.see(_back(number), "judged")


@form("decide-settle")
def settle(visit: Visit, form: Form) -> Response:
    """Settle a criterion."""
    number, place = visit.path("case"), _place(form)
    value = form.one_of(f"side-{place}", _SIDES, "Choose whether it is shown.") == "shown"
    why = form.text(f"reason-{place}", _WHY)
    if form.wrong:
        return shown(visit, form, status=422)
    act = Settle(
        case=number,
        version=visit.version(form),
        key=visit.key(form),
        criterion=form.said("criterion"),
        value=value,
        why=why,
    )
    visit.do(act)
    return visit.see(_back(number), "settled")


@form("decide-note")
def note(visit: Visit, form: Form) -> Response:
    """Note what she finds by herself, before she sees what the software found."""
    number, place = visit.path("case"), _place(form)
    finding = form.one_of(f"finding-{place}", _FINDINGS, "Choose what you find.")
    why = form.text(f"finds-{place}", _WHY)
    if form.wrong:
        return shown(visit, form, status=422)
    act = NoteFinding(
        case=number,
        version=visit.version(form),
        key=visit.key(form),
        subject=form.said("subject"),
        finding=finding,  # type: ignore[arg-type]  # one of the three
        why=why,
    )
    visit.do(act)
    return visit.see(_back(number), "finding-noted")


@form("decide-take-back")
def take_back(visit: Visit, form: Form) -> Response:
    """Take her own word back, or confirm it on the record as it is now."""
    number, place = visit.path("case"), _place(form)
    subject, confirms = form.said("subject"), form.said("do") == "confirm"
    why = form.text(f"word-{place}", _WHY)
    if form.wrong:
        return shown(visit, form, status=422)
    version, key = visit.version(form), visit.key(form)
    if not confirms:
        visit.do(TakeBack(case=number, version=version, key=key, subject=subject, why=why))
        return visit.see(_back(number), "word-taken-back")
    value = form.one_of("value", ("yes", "no"), "The form does not say what is confirmed.") == "yes"
    if form.wrong:
        raise Problem("invalid", form.wrong["value"])
    if subject.startswith(SETTLE):
        criterion = subject.removeprefix(SETTLE)
        visit.do(Settle(case=number, version=version, key=key, criterion=criterion, value=value, why=why))
    else:
        visit.do(Judge(case=number, version=version, key=key, fact=subject, value=value, why=why))
    return visit.see(_back(number), "word-confirmed")


def _back(number: str) -> str:
    return f"/c/{number}/decide"


def _place(form: Form) -> int:
    """Return the place of a criterion on the page, which names its fields; raises Problem."""
    said = form.said("place")
    if not (said.isascii() and said.isdecimal()):
        raise Problem("invalid", "the form does not say which criterion it is of; open the page again")
    return int(said[:6])
