"""The requests that were decided in a year, a row each, as a query: what every figure of a year counts.

A request is counted in the year, by the plan's own days, in which it was decided. What an appeal made of it, and when
its notice was mailed, is as it stood at the moment at which the year is counted: the same moment, the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct, convert
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    exists,
    extract,
    func,
    not_,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.engine import Dialect

from priorauth.ledger import tables as t
from priorauth.values.strict_yaml import plain, read_file

YES: Final = "yes"
NO: Final = "no"
KIND: Final = ("line", "payer", "priority", "result", "extended", "after_appeal", "timed", "state")
"""Columns of the decided requests that figures tell apart."""


class Share(Struct, frozen=True):
    """A share: of which requests, and which of them are counted, by column of the decided requests."""

    id: str
    says: str
    of: Mapping[str, str]
    counted: Mapping[str, str] = {}


class Sample(Struct, frozen=True):
    """How many approvals by rule are looked at again."""

    one_in: int
    least: int


class Counting(Struct, frozen=True):
    """How a year is counted (``data/metrics.yaml``)."""

    kinds: tuple[str, ...]
    results: Mapping[str, str]
    drugs: tuple[str, ...]
    shares: tuple[Share, ...]
    notices: tuple[str, ...]
    times: tuple[Share, ...]
    percentiles: tuple[int, ...]
    sample: Sample
    bands: tuple[int, ...]


@cache
def counting() -> Counting:
    """Return how a year is counted."""
    return convert(plain(read_file(Path(__file__).with_name("data") / "metrics.yaml")), Counting, strict=False)


class Span(NamedTuple):
    """A year of a tenant: from, to before, and the moment up to which appeals and mailings are known."""

    tenant: str
    begins: datetime
    ends: datetime
    known: datetime


def span(tenant: str, year: int, zone: ZoneInfo, known: datetime) -> Span:
    """Return a year by the days of a zone."""
    first, last = (datetime(one, 1, 1, tzinfo=zone) for one in (year, year + 1))
    return Span(tenant, first, last, known)


def requests(when: Span) -> Select[Any]:
    """Return the query of the decided requests: a row each, with all that figures count."""
    one, found = t.cases.c, counting()
    mailed, happened, overturned = _mailed(when), _happened(when), _overturned(when)
    return (
        select(
            *(one.case_no, one.line, one.payer, one.priority, one.received_at, mailed.c.mailed_at),
            case(found.results, value=one.state).label("result"),
            case((func.coalesce(happened.c.extended, 0) > 0, YES), else_=NO).label("extended"),
            func.coalesce(happened.c.asked, 0).label("asked"),
            case((overturned.c.case_no.is_not(None), YES), else_=NO).label("after_appeal"),
            case((mailed.c.mailed_at.is_not(None), YES), else_=NO).label("timed"),
            one.state,
        )
        .outerjoin(mailed, mailed.c.case_no == one.case_no)
        .outerjoin(happened, happened.c.case_no == one.case_no)
        .outerjoin(overturned, overturned.c.case_no == one.case_no)
        .where(*within(when))
    )


def tallied(when: Span, dialect: str) -> Select[Any]:
    """Return the query of the decided requests counted by what figures tell apart: a row each of KIND and the sums.

    ``spent`` has the microseconds from receipt to notice of every one that was mailed, apart by commas: a year is
    counted in the database, and a million rows are not made objects of one by one.
    """
    row = requests(when).subquery("decided")
    spent = microseconds(row.c.mailed_at, dialect) - microseconds(row.c.received_at, dialect)
    kind = [row.c[name] for name in KIND]
    return select(
        *kind,
        func.count().label("number"),
        func.sum(row.c.asked).label("asked"),
        func.aggregate_strings(cast(spent, String), ",").label("spent"),
    ).group_by(*kind)


def microseconds(moment: ColumnElement[Any], dialect: str) -> ColumnElement[int]:
    """Return a moment in microseconds since 1970, exactly: SQLite keeps moments as text."""
    if dialect == "postgresql":
        return cast(extract("epoch", moment) * 1_000_000, BigInteger)
    written = type_coerce(moment, String)
    seconds = cast(func.strftime("%s", func.substr(written, 1, 19)), Integer)
    return seconds * 1_000_000 + cast(func.substr(written, 21, 6), Integer)


def asked_again(when: Span) -> Select[Any]:
    """Return the query of the decided requests whose clinic was asked more than once, in their order."""
    happened, one = _happened(when), t.cases.c
    return (
        select(one.case_no)
        .join(happened, happened.c.case_no == one.case_no)
        .where(*within(when), happened.c.asked > 1)
        .order_by(one.case_no)
    )


def overturned(when: Span) -> Select[Any]:
    """Return the query of the cases whose appeal, at whatever level, was approved whole."""
    return select(_overturned(when).c.case_no)


def within(when: Span) -> tuple[ColumnElement[bool], ...]:
    """Return what is so of a case that is counted: decided in the year, a request, of something that is no drug."""
    one, thing, found = t.cases.c, t.item.c, counting()
    lengths = sorted({len(code) for code in found.drugs})
    begins = [(length, [code for code in found.drugs if len(code) == length]) for length in lengths]
    other = not_(or_(*(func.substr(thing.product, 1, length).in_(codes) for length, codes in begins)))
    no_drug = exists().where(
        thing.tenant == one.tenant, thing.case_no == one.case_no, or_(thing.product.is_(None), other)
    )
    return (
        one.tenant == when.tenant,
        one.closed_at >= when.begins,
        one.closed_at < when.ends,
        one.kind.in_(found.kinds),
        one.state.in_(tuple(found.results)),
        no_drug,
    )


def _mailed(when: Span) -> CTE:
    """Return when the first notice of a decision was mailed, by case."""
    letter, sent = t.notice.c, t.mailing.c
    return (
        select(letter.case_no, func.min(sent.handed_at).label("mailed_at"))
        .where(
            letter.tenant == when.tenant,
            letter.decision.is_not(None),
            letter.kind.in_(counting().notices),
            sent.tenant == letter.tenant,
            sent.case_no == letter.case_no,
            sent.notice == letter.number,
            sent.handed_at <= when.known,
        )
        .group_by(letter.case_no)
        .cte("mailed")
    )


def _happened(when: Span) -> CTE:
    """Return how often the clinic was asked, and whether a clock was extended, by case."""
    one = t.event.c
    return (
        select(
            one.case_no,
            func.sum(case((one.what == "asked", 1), else_=0)).label("asked"),
            func.sum(case((one.what == "extended", 1), else_=0)).label("extended"),
        )
        .where(one.tenant == when.tenant, text(t.COUNTED), one.at <= when.known)
        .group_by(one.case_no)
        .cte("happened")
    )


def _overturned(when: Span) -> CTE:
    """Return the cases whose appeal, at whatever level, was approved whole."""
    one, found = t.cases.c, counting()
    approved = [state for state, result in found.results.items() if result == "approved"]
    first = select(one.base.label("case_no")).where(
        one.tenant == when.tenant,
        one.kind == "appeal",
        one.state.in_(approved),
        one.closed_at <= when.known,
        one.base.is_not(None),
    )
    level = first.cte("level", recursive=True)
    lower = select(one.base).where(
        one.tenant == when.tenant, one.case_no == level.c.case_no, one.kind == "appeal", one.base.is_not(None)
    )
    every = level.union(lower)
    return select(every.c.case_no).distinct().cte("overturned")


def behind(query: Select[Any], where: Mapping[str, tuple[str | None, ...]]) -> Select[Any]:
    """Return the query of the numbers of decided requests whose columns have one of these values, in their order."""
    rows = query.subquery("decided")
    return (
        select(rows.c.case_no)
        .where(*(_among(rows.c[name], values) for name, values in where.items()))
        .order_by(rows.c.case_no)
    )


def _among(column: ColumnElement[Any], values: tuple[str | None, ...]) -> ColumnElement[bool]:
    said = column.in_([one for one in values if one is not None])
    return or_(column.is_(None), said) if None in values else said


def spelled(query: Select[Any], dialect: Dialect) -> str:
    """Return a query as text, with its values in it, as a database takes it."""
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
