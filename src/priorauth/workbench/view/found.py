"""Cases found by their member: her name or number, as the requests say it; that a name was shown is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from sqlalchemy import and_, select

from priorauth.errors import InputRefused
from priorauth.ledger import compose, people, worklist
from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.worklist import Line, Wanted
from priorauth.letters.facts import Member
from priorauth.workbench.visit import Visit

_NUMBER: Final = re.compile(r"\d{2}(-\d{0,10})?")
_REQUEST: Final = "request"
MOST: Final = 200
"""In how many open cases, those due first, a member is looked for."""
SHOWN: Final = 50
"""How many of those in which she is found are shown."""


def is_number(text: str) -> bool:
    """Whether a text is how the number of a case begins."""
    return _NUMBER.fullmatch(text) is not None


def by_member(visit: Visit, wanted: Wanted, text: str) -> tuple[Line, ...]:
    """Return the cases of a worklist whose member's name, number or birth date has every word of a text in it."""
    lines = worklist.queue(visit.store, visit.who, wanted, visit.now, most=MOST).lines
    known, parts = _members(visit, lines), text.casefold().split()
    return tuple(one for one in lines if one.case in known and _fits(known[one.case], parts))[:SHOWN]


def _fits(found: Member, parts: list[str]) -> bool:
    said = f"{found.name} {found.id} {found.born or ''}".casefold()
    return all(part in said for part in parts)


def members(visit: Visit, lines: Iterable[Line]) -> Mapping[str, str]:
    """Return the member's name of each case; that it was shown is recorded with the case."""
    found = _members(visit, lines)
    for number in found:
        visit.do(Read(case=number, what="the member's name, in the worklist"))
    return {number: one.name or "name not known" for number, one in found.items()}


def _members(visit: Visit, lines: Iterable[Line]) -> dict[str, Member]:
    """Return the member of each case by the newest request; a case whose request names none is left out."""
    numbers = [one.case for one in lines]
    sent, kept = t.submission.c, t.blob.c
    query = (
        select(sent.case_no, kept.bytes)
        .join(t.blob, and_(kept.tenant == sent.tenant, kept.sha256 == sent.sha256))
        .where(sent.tenant == visit.session.tenant, sent.case_no.in_(numbers), sent.kind == _REQUEST)
        .order_by(sent.case_no, sent.number)
    )
    with visit.store.reading(visit.session.tenant) as connection:
        newest = {row.case_no: row.bytes for row in connection.execute(query)} if numbers else {}
    found: dict[str, Member] = {}
    for number in numbers:
        with suppress(InputRefused, KeyError):
            bundle = compose.read(newest[number], _REQUEST)
            found[number] = people.member(bundle, next(people.resources(bundle, "Claim"), {}))
    return found
