"""Cases of a partner by the numbers that it gives: nothing of another's is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, select

from priorauth.exchange.call import Call
from priorauth.ledger import tables as t
from priorauth.ledger import traffic

OWN: Final = ("authorization", "administration", "case")
"""Kinds of numbers that are ours alone."""

MOST: Final = 100
"""How many cases of one number are looked at: who gives every request the same name is known by the newest."""


def clients(call: Call, values: Iterable[str], *kinds: str) -> list[str]:
    """Return the newest cases of the calling partner that bear any of these numbers, the oldest first."""
    return [row.case_no for row in _rows(call, values, kinds)]


def before(call: Call, values: Iterable[str], case_no: str) -> list[str]:
    """Return which of these came before a case."""
    rows = traffic.found(call.store, call.tenant, t.cases, case_no=case_no)
    if not rows:
        return []
    own = (rows[0]["received_at"], case_no)
    return [row.case_no for row in _rows(call, values, ()) if (row.received_at, row.case_no) < own]


def _rows(call: Call, values: Iterable[str], kinds: Sequence[str]) -> list[Row[Any]]:
    wanted = list(map(traffic.as_kept, values))
    if not wanted:
        return []
    one, number = t.cases.c, t.traced.c
    query = (
        select(one.case_no, one.about, one.organisation, one.received_at)
        .join(t.traced, (number.tenant == one.tenant) & (number.case_no == one.case_no))
        .where(one.tenant == call.tenant, number.value.in_(wanted))
        .distinct()
        .order_by(one.received_at.desc(), one.case_no.desc())
        .limit(MOST)
    )
    if kinds:
        query = query.where(number.kind.in_(kinds))
    with call.store.reading(call.tenant) as connection:
        rows = connection.execute(query).all()
    return [row for row in reversed(rows) if _is_own(call, row.about, row.organisation)]


def _is_own(call: Call, about: dict[str, object], organisation: str | None) -> bool:
    """Whether a case is the partner's: it sent it, or it speaks for its organisation."""
    mine = call.partner.organisation
    return about.get("client") == call.client or (mine is not None and organisation == mine)
