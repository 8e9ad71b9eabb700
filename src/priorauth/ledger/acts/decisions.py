"""Acts that end a request: approve, decide adversely or in part, authorize by law, send elsewhere; and end an approval.

Only a named clinician whose licence fits decides adversely; the database refuses the row otherwise, whoever writes it.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

import msgspec

from priorauth.decide.determination import Determination
from priorauth.ledger import clocking, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import ruled
from priorauth.ledger.events import Json
from priorauth.ledger.work import CaseAct, Refusal, Work, handles


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a criterion is not shown, in four parts: what the policy asks, what was found, why that does not show it,
    and what would.
    """

    criterion: str
    asks: str
    found: str
    why_not: str
    would_show: str


class Approve(CaseAct, frozen=True, kw_only=True):
    """Approve open items, all where none is named. A nurse approves what the criteria show, and nothing else."""

    name: ClassVar[str] = "approve"
    items: tuple[int, ...] | None = None


class DecideAdversely(CaseAct, frozen=True, kw_only=True):
    """Decide open items adversely, all where none is named, with the licence under which she signs."""

    name: ClassVar[str] = "decide-adversely"
    licence: str
    reasons: tuple[Reason, ...]
    items: tuple[int, ...] | None = None


class DecideInPart(CaseAct, frozen=True, kw_only=True):
    """Approve less than was asked of one item: a smaller quantity, or some items and not others."""

    name: ClassVar[str] = "decide-in-part"
    licence: str
    reasons: tuple[Reason, ...]
    quantities: dict[int, int]
    """By open item what is approved of it; 0 is nothing. Items that are not named are approved whole."""


class AuthorizeByLaw(CaseAct, frozen=True, kw_only=True):
    """Record that the law authorizes the request, for its clock was missed; no clinician signs."""

    name: ClassVar[str] = "authorize-by-law"
    rule: str


class SendElsewhere(CaseAct, frozen=True, kw_only=True):
    """Say that the request is not decided here, and where (``why``)."""

    name: ClassVar[str] = "send-elsewhere"


class EndApproval(CaseAct, frozen=True, kw_only=True):
    """End an approval that is used up, that its holder asked to end, or that another replaces; it cuts none short."""

    name: ClassVar[str] = "end-approval"
    approval: str
    because: Literal["used", "asked", "replaced", "filed-in-error"]
    ends: date


@handles(Approve)
def _approve(act: Approve, work: Work) -> None:
    found = {one.item: one for one in runs.determinations_of(work)}
    chosen = ruled.open_items(work, act.items)
    for row in chosen:
        _shown(work, found[row["item"]])
        kind = "approve" if work.who.person else "approve-by-rule"
        ruled.approve_item(work, row, found[row["item"]], kind, act.why or "every criterion of the policy is shown")
    _ended(work, "approved", act.why, [row["item"] for row in chosen])


def _shown(work: Work, made: Determination) -> None:
    """Refuse a nurse, and a rule, what the criteria do not show; who holds a licence may approve beyond them."""
    if work.who.role in ("nurse", "rule") and made.outcome != "approve":
        raise Refusal(
            "no-right", f"item {made.item} is not shown ({made.outcome}): settle, ask, or route it to a director"
        )


@handles(DecideAdversely)
def _decide_adversely(act: DecideAdversely, work: Work) -> None:
    chosen = ruled.open_items(work, act.items)
    _four_parts(act.reasons)
    for row in chosen:
        number = work.next_number(t.decision)
        _reasons(work, number, act.reasons)
        ruled.decide_item(work, row, "adverse", act.why or "criteria are not shown", licence=act.licence, number=number)
    _ended(work, "decided adversely", act.why, [row["item"] for row in chosen])


@handles(DecideInPart)
def _decide_in_part(act: DecideInPart, work: Work) -> None:
    _four_parts(act.reasons)
    found = {one.item: one for one in runs.determinations_of(work)}
    chosen = ruled.open_items(work)
    if unknown := set(act.quantities) - {row["item"] for row in chosen}:
        raise Refusal("invalid", f"no open item {min(unknown)}")
    less = {row["item"]: act.quantities[row["item"]] for row in chosen if row["item"] in act.quantities}
    if not less or any(not 0 <= less[row["item"]] < (row["quantity"] or 1) for row in chosen if row["item"] in less):
        raise Refusal("invalid", "expected for an item less than was asked of it")
    if all(less.get(row["item"]) == 0 for row in chosen):
        raise Refusal("invalid", "nothing is approved: decide adversely")
    for row in chosen:
        quantity = less.get(row["item"])
        made = found[row["item"]]
        if quantity is None:
            ruled.approve_item(work, row, made, "approve", act.why or "approved as asked")
            continue
        number = work.next_number(t.decision)
        _reasons(work, number, act.reasons)
        kind = "part" if quantity else "adverse"
        ruled.decide_item(
            work, row, kind, act.why or "approved in part", licence=act.licence, quantity=quantity, number=number
        )
        if quantity:
            ruled.approval(work, row, made, number, quantity)
    _ended(work, "decided in part", act.why, [row["item"] for row in chosen])


def _four_parts(reasons: tuple[Reason, ...]) -> None:
    if not reasons:
        raise Refusal("invalid", "expected a reason in four parts for each criterion")
    for one in reasons:
        for part in ("criterion", "asks", "found", "why_not", "would_show"):
            if not getattr(one, part).strip():
                raise Refusal(
                    "invalid", f"reason of {one.criterion or 'a criterion'}: expected {part.replace('_', ' ')}"
                )


def _reasons(work: Work, decision: int, reasons: tuple[Reason, ...]) -> None:
    for one in reasons:
        work.write(t.reason, case_no=work.case_no, decision=decision, **msgspec.structs.asdict(one))


def _ended(work: Work, what: str, why: str | None, items: list[int]) -> None:
    """End the case where no item is open; else it stays where it was, for the items that are left."""
    if left := [row["item"] for row in ruled.items(work) if row["status"] == "open"]:
        work.event(what, why, items=items, open=left)
    else:
        ruled.ended(work, str(work.state))
        clocking.ended(work)
        work.event(what, why, items=items)
    work.send(f"organisation:{work.case['organisation']}", "decided", case=work.case_no, state=work.case["state"])


@handles(AuthorizeByLaw)
def _authorize_by_law(act: AuthorizeByLaw, work: Work) -> None:
    clocking.authorized(work, act.rule)
    found = {one.item: one for one in runs.determinations_of(work)}
    chosen = ruled.open_items(work)
    for row in chosen:
        ruled.approve_item(work, row, found[row["item"]], "by-law", f"the clock {act.rule} was missed")
    _ended(work, "authorized by law", act.why, [row["item"] for row in chosen])


@handles(SendElsewhere)
def _send_elsewhere(act: SendElsewhere, work: Work) -> None:
    if not (act.why or "").strip():
        raise Refusal("invalid", "expected why: where the request belongs")
    chosen = ruled.open_items(work)
    ruled.close_items(work, "elsewhere", act.why or "")
    _ended(work, "sent elsewhere", act.why, [row["item"] for row in chosen])


@handles(EndApproval)
def _end_approval(act: EndApproval, work: Work) -> None:
    found: list[Json] = work.rows(t.approval, number=act.approval)
    if not found:
        raise Refusal("not-found", f"no approval {act.approval[:40]} of this case")
    if work.rows(t.approval_end, approval=act.approval):
        raise Refusal("invalid", f"approval {act.approval} has ended")
    if act.because not in ("used", "asked") and work.who.role not in ("director", "appeals"):
        raise Refusal("no-right", "a clinic, or who enters it for one, ends an approval that is used up or given back")
    first, last = found[0]["valid_from"], found[0]["valid_until"]
    if act.ends < first or (last is not None and last < act.ends):
        raise Refusal("invalid", f"expected a day of the approval, which is valid from {first}")
    work.write(t.approval_end, approval=act.approval, ends=act.ends, at=work.now, why=act.because)
    work.event("approval ended", act.why, approval=act.approval, because=act.because)
