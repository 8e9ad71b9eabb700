"""Acts around a call between clinicians: times are offered, one is booked. What the call adds is recorded after it.

What is arranged stands with the case (``about["call"]``), where its clinic sees it; who of the payer calls does not.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from priorauth.ledger.columns import written
from priorauth.ledger.events import Json
from priorauth.ledger.work import CLINIC, CaseAct, Refusal, Work, handles

CALL: Final = "call"
"""Where in ``about`` of a case stands what is arranged: ``offered``, ``minutes``; ``at``, ``with_whom``, ``phone``."""
MOST_TIMES: Final = 12
MOST_MINUTES: Final = 240
_MOST_TEXT: Final = 200


class OfferCall(CaseAct, frozen=True, kw_only=True):
    """Offer the clinic times for a call between clinicians; they take the place of those offered before."""

    name: ClassVar[str] = "offer-call"
    times: tuple[datetime, ...]
    minutes: int | None = None


class BookCall(CaseAct, frozen=True, kw_only=True):
    """Book a call: a clinic takes one of the offered times, the payer writes down what was agreed."""

    name: ClassVar[str] = "book-call"
    at: datetime
    with_whom: str
    phone: str = ""


def arranged(about: Json) -> Json:
    """Return what is arranged of a call, by what a case keeps of itself; empty where nothing is."""
    return dict(about.get(CALL) or {})


@handles(OfferCall)
def _offer(act: OfferCall, work: Work) -> None:
    times = sorted(set(act.times))
    if not 0 < len(times) <= MOST_TIMES:
        raise Refusal("invalid", f"expected 1 to {MOST_TIMES} times")
    if any(one.tzinfo is None or one <= work.now for one in times):
        raise Refusal("invalid", "expected moments to come, each with a zone")
    minutes = work.setting("call_minutes") if act.minutes is None else act.minutes
    if not 0 < minutes <= MOST_MINUTES:
        raise Refusal("invalid", f"expected 1 to {MOST_MINUTES} minutes")
    offered = [written(one) for one in times]
    _arrange(work, {"offered": offered, "minutes": minutes})
    work.event("call offered", act.why, times=offered, minutes=minutes)
    work.send(f"organisation:{work.case['organisation']}", "call-offered", case=work.case_no, times=offered)


@handles(BookCall)
def _book(act: BookCall, work: Work) -> None:
    for said in (act.with_whom, act.phone):
        if len(said) > _MOST_TEXT:
            raise Refusal("invalid", f"expected at most {_MOST_TEXT} characters")
    if not act.with_whom.strip():
        raise Refusal("invalid", "expected with whom")
    if act.at <= work.now:
        raise Refusal("invalid", "expected a moment to come")
    before, at = arranged(work.case["about"]), written(act.at)
    clinic = work.who.role in CLINIC
    if clinic and at not in before.get("offered", ()):
        raise Refusal("invalid", "expected one of the times that are offered")
    booked = {"at": at, "with_whom": act.with_whom.strip(), "phone": act.phone.strip()}
    minutes = before.get("minutes", work.setting("call_minutes"))
    _arrange(work, {"offered": before.get("offered", []), "minutes": minutes, **booked})
    work.event("call booked", act.why, minutes=minutes, **booked)
    receiver = "staff" if clinic else f"organisation:{work.case['organisation']}"
    work.send(receiver, "call-booked", case=work.case_no, at=at)


def _arrange(work: Work, call: Json) -> None:
    work.set_case(about={**work.case["about"], CALL: call})


def over(work: Work) -> None:
    """Take away what was arranged: the call was held."""
    if CALL in work.case["about"]:
        work.set_case(about={name: value for name, value in work.case["about"].items() if name != CALL})
