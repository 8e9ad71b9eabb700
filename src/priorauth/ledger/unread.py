"""Papers of open cases that were not read yet, the first that came first, and what reading them needs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from priorauth.documents.pages import Reading
from priorauth.ledger import documented
from priorauth.ledger import tables as t
from priorauth.ledger.documented import OWN
from priorauth.ledger.runs import FHIR, LOG_KIND
from priorauth.ledger.store import Store

MOST: Final = 20
"""How many are taken at a time."""


class Unread(Struct, frozen=True, kw_only=True):
    """A paper that waits: of which case, its number there, its name, and the sha256 of its bytes."""

    case: str
    document: int
    title: str
    sha256: str


def waiting(
    store: Store, tenant: str, reader: str, *, since: datetime | None = None, most: int = MOST
) -> tuple[Unread, ...]:
    """Return papers in which nothing was found, and that this version of our reader has not tried; filed ``since``."""
    one = t.document.c
    query = (
        select(one.case_no, one.number, one.name, one.sha256)
        .join(t.cases, and_(t.cases.c.tenant == one.tenant, t.cases.c.case_no == one.case_no))
        .where(*_papers(tenant), ~_read(or_(t.reading.c.facts > 0, t.reading.c.reader == reader)))
        .order_by(one.filed_at, one.case_no, one.number)
        .limit(most)
    )
    if since is not None:
        query = query.where(one.filed_at >= since)
    with store.reading(tenant) as connection:
        return tuple(
            Unread(case=row.case_no, document=row.number, title=row.name, sha256=row.sha256)
            for row in connection.execute(query)
        )


def count(connection: Connection, tenant: str, since: datetime) -> int:
    """Return how many papers of open cases that were filed since a moment nobody has tried to read."""
    one = t.document.c
    query = (
        select(func.count())
        .select_from(t.document)
        .join(t.cases, and_(t.cases.c.tenant == one.tenant, t.cases.c.case_no == one.case_no))
        .where(*_papers(tenant), one.filed_at >= since, ~_read())
    )
    return int(connection.execute(query).scalar_one())


def _papers(tenant: str) -> tuple[ColumnElement[bool], ...]:
    """Return what is so of a document of an open case that is no data and was not filed in error."""
    one, wrong = t.document.c, t.filed_in_error.c
    same = (wrong.tenant == one.tenant, wrong.case_no == one.case_no, wrong.document == one.number)
    return (
        one.tenant == tenant,
        t.cases.c.closed_at.is_(None),
        one.kind != LOG_KIND,
        one.media != FHIR,
        ~exists().where(*same),
    )


def _read(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether our reader has read a document."""
    one, of = t.document.c, t.reading.c
    same = (of.tenant == one.tenant, of.case_no == one.case_no, of.document == one.number)
    return exists().where(*same, of.by == OWN, *more)


def text(store: Store, tenant: str, sha256: str, reader: str) -> Reading | None:
    """Return the text of a paper, where it was read for another case of the tenant; None where it was not."""
    one = t.pages.c
    with store.reading(tenant) as connection:
        query = select(one.pages).where(one.tenant == tenant, one.sha256 == sha256, one.reader == reader)
        found: bytes | None = connection.execute(query).scalar()
    return None if found is None else documented.text_of(found)


def request(store: Store, tenant: str, case: str) -> bytes:
    """Return the request of a case that stands: the one that came last."""
    one, of = t.submission.c, t.blob.c
    query = (
        select(of.bytes)
        .join(t.submission, and_(one.tenant == of.tenant, one.sha256 == of.sha256))
        .where(one.tenant == tenant, one.case_no == case, one.kind == "request")
        .order_by(one.number.desc())
        .limit(1)
    )
    with store.reading(tenant) as connection:
        found: bytes = connection.execute(query).scalar_one()
    return found
