"""From what was determined to what is said: the table of the design, one function a row.

Software never denies: ``not-covered`` is said of membership and coverage alone, whatever the criteria say. What a
clinician of the plan has not looked at yet is not told as a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from msgspec import Struct, structs

from priorauth.decide.determination import Determination
from priorauth.exchange.crd.coverage import SAYS, Detail, Doc, Reason, Said
from priorauth.exchange.crd.member import Lacking

ON_FILE: Final = "all that the policy asks is on file"
LOOKED_AT: Final = "a clinician of the plan decides on this: send it as a request for prior authorization"
_MOST: Final = 12
"""How many reasons are said one by one."""


class Approved(Struct, frozen=True):
    """An authorization of the ledger: its number, how many, from when, until when."""

    number: str
    quantity: int
    first: date
    last: date | None = None


class Known(Struct, frozen=True):
    """What the ledger knows of an order: an authorization in force, or when a clinician has decided on it."""

    approved: Approved | None = None
    decided: date | None = None


class Asking(Struct, frozen=True):
    """What may be said at a hook: whether documents (not before an order is signed), and by which forms."""

    documents: bool = True
    questionnaires: tuple[str, ...] = ()


def lacking(why: Lacking) -> Said:
    """Return what is said where nobody is covered."""
    return Said(covered="not-covered", reasons=(Reason(SAYS[why], why),), contact=True)


def technical(said: str = SAYS["technical"]) -> Said:
    """Return what is said where a fault keeps the plan from saying anything."""
    return Said(covered="indeterminate", pa="indeterminate", reasons=(Reason(said, "technical"),), contact=True)


def undetailed(called: str) -> Said:
    """Return what is said of an order without a code by which it is billed."""
    reasons = (Reason(SAYS["detail-code"]), Reason(f"{called}: no HCPCS code says what is ordered"))
    return Said(covered="conditional", pa="conditional", info=("detail-code",), reasons=reasons, contact=True)


def unspoken(called: str) -> Said:
    """Return what is said of an order of a kind of which no policy here speaks."""
    reason = Reason(f"no policy here speaks of {called}: ask the plan")
    return Said(covered="indeterminate", reasons=(reason,), contact=True)


def said(made: Determination, known: Known, asking: Asking) -> Said:
    """Return what is said of an order that was determined."""
    if known.approved is not None:
        found = _approved(known.approved)
    elif known.decided is not None:
        reason = Reason(f"the plan has decided on this request on {known.decided.isoformat()}: see its answer")
        found = Said(covered="covered", pa="auth-needed", reasons=(reason,), contact=True)
    else:
        found = _BY_OUTCOME[made.outcome](made, asking)
    return structs.replace(found, billing=made.request.product)


def _approved(one: Approved) -> Said:
    span = {"start": one.first.isoformat()} | ({} if one.last is None else {"end": one.last.isoformat()})
    details = [
        Detail(
            "cat-limitation",
            {"valueQuantity": {"value": one.quantity}},
            code="allowed-quantity",
            text="How many are authorized",
            qualification="For what was ordered, as it was sent.",
        ),
        Detail("cat-limitation", {"valuePeriod": span}, code="allowed-period", text="For when it is authorized"),
    ]
    return Said(covered="covered", pa="satisfied", number=one.number, details=tuple(details))


def _approve(made: Determination, asking: Asking) -> Said:
    del made, asking
    return Said(covered="covered", pa="auth-needed", reasons=(Reason(ON_FILE),))


def _not_required(made: Determination, asking: Asking) -> Said:
    del asking
    return Said(covered="covered", pa="no-auth", reasons=tuple(Reason(note) for note in made.notes[:_MOST]))


def _information(made: Determination, asking: Asking) -> Said:
    found = Said(covered="covered", pa="auth-needed", reasons=tuple(_open(made)))
    if not asking.documents:
        return found
    asked = {question.of for question in made.questions}
    docs: tuple[Doc, ...] = ("clinical",) if "supplier" not in asked else ("clinical", "admin")
    if asked == {"supplier"}:
        docs = ("admin",)
    return structs.replace(found, docs=docs, purpose=True, questionnaires=asking.questionnaires)


def _open(made: Determination) -> Iterator[Reason]:
    """Yield what is still open: the criterion, and what is asked of it."""
    lines = [
        f"still open: {': '.join(filter(None, (', '.join(filter(None, question.criteria)), question.ask)))}"
        for question in made.questions
    ]
    lines = list(dict.fromkeys(lines)) or ["still open: what the policy asks has to be shown"]
    yield from (Reason(line) for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield Reason(f"and {len(lines) - _MOST} more")


def _not_yet(made: Determination, asking: Asking) -> Said:
    del asking
    if made.decide_after is None:
        return Said(covered="covered", pa="auth-needed", reasons=(Reason("nothing is missing but time"),))
    return Said(
        covered="covered",
        pa="auth-needed",
        reasons=(Reason(f"nothing is missing but time: it can be decided from {made.decide_after} on"),),
        details=(
            Detail("cat-other", {"valuePeriod": {"start": made.decide_after}}, text="From when it can be decided"),
        ),
    )


def _review(made: Determination, asking: Asking) -> Said:
    del made, asking
    return Said(covered="covered", pa="auth-needed", reasons=(Reason(LOOKED_AT),))


def _elsewhere(made: Determination, asking: Asking) -> Said:
    del asking
    lines = list(dict.fromkeys([*made.notes, *(one.text for one in made.reasons)])) or ["this is not decided here"]
    return Said(covered="indeterminate", reasons=tuple(Reason(line) for line in lines[:_MOST]), contact=True)


_BY_OUTCOME: Final = {
    "approve": _approve,
    "not-required": _not_required,
    "request-information": _information,
    "not-yet": _not_yet,
    "clinical-review": _review,
    "not-applicable": _elsewhere,
    "other-criteria": _elsewhere,
}
