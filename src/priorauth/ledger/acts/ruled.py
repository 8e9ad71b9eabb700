"""What follows by rule from a run: nothing but an approval, a question, or that it is sent elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from priorauth.decide.determination import Determination
from priorauth.ledger import clocking
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import KEPT, states
from priorauth.ledger.events import Json, Who
from priorauth.ledger.runs import Ran
from priorauth.ledger.work import Refusal, Work, move
from priorauth.values.dates import Duration, day, iso, plus

_ELSEWHERE: Final = ("not-required", "not-applicable", "other-criteria")
_APPROVED: Final = frozenset({"approve", "approve-by-rule", "by-law", "part"})
_AGAINST: Final = frozenset({"adverse", "part"})


def items(work: Work) -> list[Json]:
    """Return the items of the case as they will stand."""
    rows = {(row["case_no"], row["item"]): row for row in work.rows(t.item)}
    for key, row in work.waiting.get(t.item.name, {}).items():
        rows[key] = {**rows.get(key, {}), **row}
    return [rows[key] for key in sorted(rows)]


def open_items(work: Work, named: Iterable[int] | None = None) -> list[Json]:
    """Return the items that are open, or those of them that are named; refuses one that is not open."""
    found = [row for row in items(work) if row["status"] == "open"]
    if named is None:
        return found
    wanted = set(named)
    if not wanted:
        raise Refusal("invalid", "expected at least one item")
    if missing := wanted - {row["item"] for row in found}:
        raise Refusal("invalid", f"no open item {min(missing)}")
    return [row for row in found if row["item"] in wanted]


def decide_item(  # noqa: PLR0913 - a decision has these columns
    work: Work,
    item: Json,
    kind: str,
    why: str,
    *,
    licence: str | None = None,
    quantity: int | None = None,
    number: int | None = None,
) -> int:
    """Write a decision on one item; return its number."""
    found = number or work.next_number(t.decision)
    work.write(
        t.decision,
        case_no=work.case_no,
        number=found,
        item=item["item"],
        at=work.now,
        on_day=work.today(),
        kind=kind,
        run=work.case["runs"],
        quantity=item["quantity"] if quantity is None else quantity,
        signer=work.who.person,
        role=work.who.role,
        licence=licence,
        why=why,
    )
    work.set(t.item, case_no=work.case_no, item=item["item"], status=kind)
    return found


def close_items(work: Work, kind: str, why: str, named: Iterable[int] | None = None) -> None:
    """Close items for a reason that decides nothing of their necessity."""
    for one in open_items(work, named):
        decide_item(work, one, kind, why)


def ended(work: Work, state: str) -> None:
    """Put a case that has no open item into the state in which its items leave it.

    ``state`` is that of the act that ended the last of them; what was approved or decided adversely before it still
    stands, and can still be appealed.
    """
    kinds = {row["status"] for row in items(work)}
    approved, against = kinds & _APPROVED, kinds & _AGAINST
    if approved and against:
        state = "partly-approved"
    elif against:
        state = "adverse"
    elif approved and state not in ("approved", "authorized-by-law"):
        state = "authorized-by-law" if approved == {"by-law"} else "approved"
    move(work, state)


def approve_item(work: Work, item: Json, made: Determination, kind: str, why: str, quantity: int | None = None) -> str:  # noqa: PLR0913, PLR0917 - as above
    """Approve an item, and write the approval that it gives: its number, from when, until when."""
    number = decide_item(work, item, kind, why, quantity=quantity)
    return approval(work, item, made, number, quantity)


def approval(work: Work, item: Json, made: Determination, decision: int, quantity: int | None = None) -> str:
    """Write the approval that a decision gives; return its number."""
    first = day(made.request.service_on)
    first = max(first, day(work.today().isoformat()))
    terms = dict(made.would_grant or {})
    months = terms.get("months")
    last = None if months is None else plus(first, Duration(int(months), "month")) - 1
    number = f"{work.case_no}-{item['item']}"
    span = {
        "valid_from": date.fromisoformat(iso(first)),
        "valid_until": None if last is None else date.fromisoformat(iso(last)),
    }
    work.write(
        t.approval,
        number=number,
        case_no=work.case_no,
        item=item["item"],
        decision=decision,
        product=item["product"] or "",
        quantity=(item["quantity"] if quantity is None else quantity) or 1,
        terms=terms,
        **span,
    )
    work.more.setdefault("approvals", []).append(number)
    return number


def follow(work: Work, result: Ran) -> None:
    """Do by rule what may be done by rule; where the plan wants a person to look first, nothing."""
    found = {one.determination.item: one.determination for one in result.found}
    waiting = [found[row["item"]] for row in open_items(work) if row["item"] in found]
    outcomes = {one.outcome for one in waiting}
    if not waiting:
        return
    by_rule = "approve" not in outcomes or work.settings.get("approve_by_rule", True)
    if outcomes <= {"approve", *_ELSEWHERE} and by_rule:
        _as_the_rule(work)
        for row in open_items(work):
            made = found[row["item"]]
            if made.outcome == "approve":
                approve_item(work, row, made, "approve-by-rule", "every criterion of the policy is shown")
            else:
                decide_item(work, row, "elsewhere", "; ".join(made.notes) or made.outcome)
        ended(work, "approved" if "approve" in outcomes else "sent-elsewhere")
        clocking.ended(work)
        work.event("approved" if "approve" in outcomes else "sent elsewhere", run=work.case["runs"])
        work.send(f"organisation:{work.case['organisation']}", "decided", case=work.case_no, state=work.case["state"])
    elif work.case["state"] == "with-clinic":
        _as_the_rule(work)
        clocking.asked_by_rule(work, waiting)


def _as_the_rule(work: Work) -> None:
    """Let what follows be the rule's: nobody's own act."""
    work.who = Who(work.who.tenant, None, "rule")


def settled(work: Work, result: Ran) -> None:
    """See what a run of an open case leads to: the clocks, a question by rule, an approval by rule.

    Of a case that a director keeps (a reviewer, on appeal) no rule approves anything and none asks; she does.
    """
    clocking.told(work, result)
    if work.state == KEPT and states().states[work.case["state"]].open:
        work.event("kept", queue=work.case["queue"], outcomes=result.outcomes)
        return
    follow(work, result)
