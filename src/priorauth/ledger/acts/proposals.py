"""Acts on roles that two people grant: one proposes, another grants or refuses; and a role is ended by one."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import ClassVar, Final

from sqlalchemy import insert

from priorauth.ledger import proposed
from priorauth.ledger import tables as t
from priorauth.ledger.columns import canonical
from priorauth.ledger.work import Act, Refusal, Work, handles, tenant_chain

LONGEST: Final = 4_000
_ID: Final = 16
_DAY: Final = timedelta(days=1)


class ProposeRole(Act, frozen=True, kw_only=True):
    """Propose a role that two people grant; another admin grants it (``second``: who has proposed it)."""

    name: ClassVar[str] = "grant-role"
    person: str
    role: str
    valid_from: date
    valid_until: date | None = None
    why: str


class RefuseProposal(Act, frozen=True, kw_only=True):
    """Refuse what another admin proposed, or take back what one proposed oneself."""

    name: ClassVar[str] = "grant-role"
    proposal: str
    why: str


class EndRole(Act, frozen=True, kw_only=True):
    """Let a role of a person end with a day; one that begins later is taken away."""

    name: ClassVar[str] = "grant-role"
    person: str
    role: str
    valid_from: date
    last: date
    why: str


@handles(ProposeRole)
def _propose(act: ProposeRole, work: Work) -> None:
    _why(act.why)
    if work.who.person is None:
        raise Refusal("invalid", "expected a person who proposes")
    if act.role not in proposed.TWO_TO_GRANT:
        raise Refusal("invalid", f"expected a role that two people grant: {', '.join(sorted(proposed.TWO_TO_GRANT))}")
    if not work.rows(t.person, person=act.person):
        raise Refusal("not-found", f"no person {act.person[:64]}")
    if act.valid_until is not None and act.valid_until < act.valid_from:
        raise Refusal("invalid", "expected a last day that is not before the first")
    tenant_chain(work)
    data = proposed.said(act.role, act.valid_from, act.valid_until)
    if any(row["subject"] == act.person and row["data"] == data for row in proposed.opened(work)):
        raise Refusal("invalid", "the same is proposed already")
    number = hashlib.sha256(canonical([act.person, data, work.who.person, work.end.head])).hexdigest()[:_ID]
    row = {
        "tenant": work.who.tenant,
        "proposal": number,
        "kind": proposed.KIND,
        "subject": act.person,
        "data": data,
        "why": act.why,
        "proposed_by": work.who.person,
        "proposed_at": work.now,
    }
    work.connection.execute(insert(t.proposal), row)
    work.event("role proposed", act.why, proposal=number, person=act.person, **data)
    work.more["proposal"] = number


@handles(RefuseProposal)
def _refuse(act: RefuseProposal, work: Work) -> None:
    _why(act.why)
    tenant_chain(work)
    row = next((one for one in proposed.opened(work) if one["proposal"] == act.proposal), None)
    if row is None:
        raise Refusal("not-found", f"no open proposal {act.proposal[:64]}")
    own = row["proposed_by"] == work.who.person
    proposed.decided(work, row, "withdrawn" if own else "refused")
    what = "role proposal withdrawn" if own else "role proposal refused"
    work.event(what, act.why, proposal=row["proposal"], person=row["subject"], **row["data"])


@handles(EndRole)
def _end(act: EndRole, work: Work) -> None:
    _why(act.why)
    found = next(
        (row for row in work.rows(t.role, person=act.person, role=act.role) if row["valid_from"] == act.valid_from),
        None,
    )
    if found is None:
        raise Refusal("not-found", f"{act.person[:64]} has no role {act.role[:40]} from that day")
    if found["valid_until"] is not None and act.last >= found["valid_until"]:
        raise Refusal("invalid", "expected a day before the one with which it ends anyway")
    if act.role == "admin" and act.person == work.who.person:
        raise Refusal("no-right", "nobody takes her own right to administer: let another admin do it")
    tenant_chain(work)
    key = {"person": act.person, "role": act.role, "valid_from": act.valid_from}
    if act.last < act.valid_from:
        work.set(t.role, **key, gone=True)
    else:
        work.set(t.role, **key, valid_until=act.last)
    work.event("role ended", act.why, person=act.person, role=act.role, last=max(act.last, act.valid_from - _DAY))


def _why(why: str) -> None:
    if not why.strip() or len(why) > LONGEST:
        raise Refusal("invalid", f"expected why, in at most {LONGEST:,} characters")
