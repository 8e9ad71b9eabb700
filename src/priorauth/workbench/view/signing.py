"""Who signs a decision: licences that fit today, whether she may sign this case, the documents that she opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.conditions import CONDITIONS
from priorauth.ledger.whole import Document, Head, Whole
from priorauth.ledger.work import look
from priorauth.workbench.visit import Visit

_DOCUMENT: Final = re.compile(r"document ([0-9]{1,9})\b")
_EVERY: Final = "*"
_PLAN: Final = "plan"


class Opened(Struct, frozen=True):
    """A document, and whether she has opened it."""

    document: Document
    opened: bool


class Signer(Struct, frozen=True, kw_only=True):
    """Who would sign. ``licences``: those that fit this case today, by number, each in words. ``against``: why not."""

    name: str
    licences: tuple[tuple[str, str], ...]
    nurse: str
    reviewer: str
    documents: tuple[Opened, ...]

    @property
    def against(self) -> tuple[str, ...]:
        """Why she may not sign adversely; empty where she may."""
        none = "" if self.licences else "you have no licence that fits this plan and is valid today"
        return tuple(one for one in (self.nurse, self.reviewer, none) if one)

    @property
    def count(self) -> int:
        """How many of the documents she has opened."""
        return sum(one.opened for one in self.documents)


def signer(visit: Visit, whole: Whole) -> Signer:
    """Return who would sign a decision on a case."""
    act = DecideAdversely(case=whole.head.case_no, licence="", reasons=())
    with look(visit.store, act, visit.who, visit.now) as work:
        nurse, reviewer = (CONDITIONS[one](work) or "" for one in ("not-its-nurse", "not-first-reviewer"))
    seen = set(_opened(whole, visit.who.person or ""))
    return Signer(
        name=visit.name,
        licences=tuple(_licences(visit, whole.head)),
        nurse="you prepared this case as its nurse" if nurse else "",
        reviewer=reviewer,
        documents=tuple(Opened(one, one.number in seen) for one in whole.documents if not one.wrong),
    )


def _opened(whole: Whole, person: str) -> Iterator[int]:
    """Yield the numbers of the documents that somebody opened."""
    for one in whole.events:
        if one.what == "read" and one.person == person and (found := _DOCUMENT.match(str(one.say.get("of", "")))):
            yield int(found[1])


def _licences(visit: Visit, head: Head) -> Iterator[tuple[str, str]]:
    """Yield the licences under which she may sign for the case's line of business and state today."""
    tenant, day = visit.session.tenant, visit.now.astimezone(visit.zone).date()
    one, may = t.licence.c, t.may_sign.c
    mine = select(t.licence).where(
        one.tenant == tenant, one.person == visit.who.person, one.valid_from <= day, day <= one.valid_until
    )
    with visit.store.reading(tenant) as connection:
        licences = connection.execute(mine.order_by(one.licence)).mappings().all()
        rules = connection.execute(select(t.may_sign).where(may.tenant == tenant)).mappings().all()
    for row in licences:
        fits = any(
            rule["kind"] == row["kind"]
            and rule["line"] in (_EVERY, head.line)
            and rule["state"] in (_EVERY, row["state"], _PLAN if row["state"] == head.plan_state else "")
            for rule in rules
        )
        if fits:
            yield row["licence"], f"{row['kind']}, {row['specialty']}, {row['state']} {row['licence']}"
