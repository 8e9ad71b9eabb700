"""Acts of clinicians of the payer on single criteria: propose, settle, judge, take back. Each makes a run."""

from __future__ import annotations

from typing import ClassVar

from priorauth.decide.decided import Assessed
from priorauth.ledger import runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import ruled
from priorauth.ledger.compose import SETTLE
from priorauth.ledger.work import CaseAct, Refusal, Work, handles


class Propose(CaseAct, frozen=True, kw_only=True):
    """Propose how a criterion should be settled, for a director to weigh; it settles nothing."""

    name: ClassVar[str] = "propose"
    criterion: str
    value: bool


class Settle(CaseAct, frozen=True, kw_only=True):
    """Settle a criterion that is unknown, not met or in conflict. A nurse settles a conflict, and only that."""

    name: ClassVar[str] = "settle"
    criterion: str
    value: bool


class Judge(CaseAct, frozen=True, kw_only=True):
    """Judge what the policy leaves to a clinician: a fact of the kind judgment."""

    name: ClassVar[str] = "judge"
    fact: str
    value: bool


class TakeBack(CaseAct, frozen=True, kw_only=True):
    """Take one's own word back: of a criterion (``settle.<id>``) or of a judgment."""

    name: ClassVar[str] = "take-back"
    subject: str


@handles(Propose)
def _propose(act: Propose, work: Work) -> None:
    _reason(act)
    _criteria(work, act.criterion)
    _word(work, "proposal", f"{SETTLE}{act.criterion}", act.value, act.why or "")
    work.event("proposed", act.why, criterion=act.criterion, value=act.value)


@handles(Settle)
def _settle(act: Settle, work: Work) -> None:
    _reason(act)
    found = _criteria(work, act.criterion)
    if work.who.role == "nurse":
        for one in found:
            if one.status != "conflict":
                said = f"a nurse settles conflicts; {act.criterion} is {one.status}: propose it to a director"
                raise Refusal("no-right", said)
            if (one.test or "").startswith("judged "):
                raise Refusal("no-right", f"{act.criterion} is judged: propose it to a director")
    _word(work, "settlement", f"{SETTLE}{act.criterion}", act.value, act.why or "")
    work.event("settled", act.why, criterion=act.criterion, value=act.value)
    _again(work, f"{act.criterion} settled")


@handles(Judge)
def _judge(act: Judge, work: Work) -> None:
    _reason(act)
    fact = runs.vocabulary(work).facts.get(act.fact)
    if fact is None or fact.kind != "judgment":
        raise Refusal("invalid", f"no judgment is named {act.fact[:60]}")
    _word(work, "judgment", act.fact, act.value, act.why or "")
    work.event("judged", act.why, fact=act.fact, value=act.value)
    _again(work, f"{act.fact} judged")


@handles(TakeBack)
def _take_back(act: TakeBack, work: Work) -> None:
    _reason(act)
    found = runs.standing(work.rows(t.word)).get(act.subject)
    if found is None:
        raise Refusal("not-found", f"nobody has said anything of {act.subject[:80]}")
    if found["person"] != work.who.person:
        raise Refusal("no-right", f"only {found['person']} takes that back")
    _word(work, "withdrawal", act.subject, None, act.why or "")
    work.event("taken back", act.why, subject=act.subject)
    _again(work, f"{act.subject} taken back")


def _reason(act: CaseAct) -> None:
    if not (act.why or "").strip():
        raise Refusal("invalid", "expected a reason")


def _criteria(work: Work, wanted: str) -> list[Assessed]:
    """Return what the last run found of a criterion, for each open item that has it."""
    still = {row["item"] for row in ruled.open_items(work)}
    waiting = [one for made in runs.determinations_of(work) if made.item in still for one in made.criteria]
    found: list[Assessed] = []
    while waiting:
        one = waiting.pop()
        if one.id == wanted:
            found.append(one)
        waiting.extend(one.parts)
    if not found:
        raise Refusal("not-found", f"no criterion {wanted[:60]} in the last run")
    return found


def _word(work: Work, kind: str, subject: str, value: bool | None, why: str) -> None:  # noqa: FBT001 - what is said
    if work.who.person is None:
        raise Refusal("no-right", "expected a named clinician")
    work.write(
        t.word,
        case_no=work.case_no,
        number=work.next_number(t.word),
        at=work.now,
        kind=kind,
        subject=subject,
        value=value,
        why=why,
        person=work.who.person,
        role=work.who.role,
        run=work.case["runs"],
    )


def _again(work: Work, cause: str) -> None:
    """Run the case with the word, and see what that leads to."""
    ruled.settled(work, runs.make(work, cause))
