"""What was proposed about readings, and what became of it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.policies import KIND
from priorauth.policy.catalog import reading_of
from priorauth.workbench.view.case import names
from priorauth.workbench.view.policy import title_of
from priorauth.workbench.visit import Visit


class Proposal(Struct, frozen=True, kw_only=True):
    """A proposal: which reading, from which value to which, from which day, by whom, why, and what became of it.

    ``mine``: the visitor made it, so that she may take it back and somebody else decides it.
    """

    number: str
    policy: str
    reading: str
    title: str
    before: str
    value: str
    first: str
    why: str
    by: str
    at: datetime
    outcome: str
    decided_by: str
    decided_at: datetime | None
    decided_why: str
    mine: bool

    @property
    def open(self) -> bool:
        """Whether nobody has decided it."""
        return not self.outcome


def proposals(visit: Visit, policy: str = "", reading: str = "") -> tuple[Proposal, ...]:
    """Return the proposals about a reading, or all: those that wait first, then the newest."""
    one = t.proposal
    query = select(one).where(one.c.tenant == visit.session.tenant, one.c.kind == KIND)
    if reading:
        query = query.where(one.c.subject == reading_of(policy, reading))
    with visit.store.reading(visit.session.tenant) as connection:
        rows = [dict(row) for row in connection.execute(query.order_by(one.c.proposed_at.desc())).mappings()]
    people = names(visit, (str(who) for row in rows for who in (row["proposed_by"], row["decided_by"]) if who))
    found = [_proposal(visit, row, people) for row in rows if not policy or row["data"]["policy"] == policy]
    return tuple(sorted(found, key=lambda made: not made.open))


def _proposal(visit: Visit, row: Mapping[str, Any], people: Mapping[str, str]) -> Proposal:
    data = row["data"]
    return Proposal(
        number=row["proposal"],
        policy=data["policy"],
        reading=data["reading"],
        title=title_of(data["reading"]),
        before=data["before"],
        value=data["value"],
        first=data["from"],
        why=row["why"],
        by=people.get(row["proposed_by"], row["proposed_by"]),
        at=row["proposed_at"],
        outcome=row["outcome"] or "",
        decided_by=people.get(row["decided_by"] or "", row["decided_by"] or ""),
        decided_at=row["decided_at"],
        decided_why=data.get("decided_why", ""),
        mine=row["proposed_by"] == visit.who.person,
    )
