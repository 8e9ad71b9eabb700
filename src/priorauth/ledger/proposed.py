"""Roles that two people grant: what one has proposed, kept until another grants or refuses it."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select, update

from priorauth.ledger import tables as t
from priorauth.ledger.events import Json
from priorauth.ledger.work import Refusal, Work

KIND: Final = "role"
TWO_TO_GRANT: Final = frozenset({"director", "appeals", "admin"})
"""Roles that two people grant: those that sign, and that which grants, lest one makes herself a second."""


def said(role: str, first: date, last: date | None) -> Json:
    """Return what a proposal says of a role."""
    return {
        "role": role,
        "valid_from": first.isoformat(),
        "valid_until": None if last is None else last.isoformat(),
    }


def confirmed(work: Work, person: str, data: Json, by: str) -> None:
    """Use up the proposal of somebody that a grant confirms; refuses where there is none such."""
    for row in opened(work):
        if (row["subject"], row["data"], row["proposed_by"]) == (person, data, by):
            decided(work, row, "accepted")
            return
    raise Refusal("no-right", f"the role {data['role']} is granted by two admins: one proposes it, another grants it")


def opened(work: Work) -> list[Json]:
    """Return the proposals of roles that nobody has decided, the oldest first."""
    one = t.proposal.c
    query = select(t.proposal).where(one.tenant == work.who.tenant, one.kind == KIND, one.outcome.is_(None))
    return [dict(row) for row in work.connection.execute(query.order_by(one.proposed_at, one.proposal)).mappings()]


def decided(work: Work, row: Json, outcome: str) -> None:
    """Keep what became of a proposal: accepted, refused, withdrawn."""
    one = t.proposal
    here = (one.c.tenant == work.who.tenant, one.c.proposal == row["proposal"])
    values = {"outcome": outcome, "decided_by": work.who.person, "decided_at": work.now}
    work.connection.execute(update(one).where(*here).values(values))
