"""The cases behind every figure of a year: the same rows that the figures are counted of, chosen by one figure's name.

A figure is named as ``standard-approved`` (what is counted), ``standard-approved.of`` (of what), ``standard-time``
(requests that have a time), ``clock-missed.RULE`` or ``overturned.CRITERION``. A public figure is of one line of
business and contract; what is measured beside them is of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, Row, select

from priorauth.ledger import decided, measured
from priorauth.ledger import tables as t
from priorauth.ledger.decided import NO, YES, Span, counting
from priorauth.ledger.events import Who
from priorauth.ledger.metrics import READERS, contracts
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal

EVERY: Final = "*"
"""Every line of business, and every contract."""
OF: Final = "of"
REQUESTS: Final = "requests"
UNTIMED: Final = "untimed"
_HOUR: Final = 3_600_000_000
"""Microseconds."""
Rows = list[Row[Any]]


class Asked(Struct, frozen=True, kw_only=True):
    """Which figure is asked about: its name, of which line and contract (``*``: every; None: not known).

    ``above``, ``until``: of times, those of more than so many hours, and of at most so many.
    """

    figure: str
    line: str | None = EVERY
    contract: str | None = EVERY
    above: int | None = None
    until: int | None = None


class Counted(Struct, frozen=True, kw_only=True):
    """A case that a figure counts. ``hours`` are those from receipt to the first notice; None: none was mailed."""

    case: str
    line: str | None
    payer: str | None
    priority: str
    state: str
    received_at: datetime
    hours: float | None


def cases(store: Store, who: Who, year: int, asked: Asked, now: datetime) -> tuple[Counted, ...]:
    """Return the cases that a figure counts, by their numbers; raises Refusal for a figure that is none."""
    if who.role not in READERS:
        raise Refusal("no-right", f"metrics: not for the role {who.role}")
    with store.reading(who.tenant) as connection:
        found = connection.execute(select(t.tenant).where(t.tenant.c.tenant == who.tenant)).mappings().one()
        when = decided.span(who.tenant, year, ZoneInfo(found["zone"]), now)
        rows = list(connection.execute(decided.requests(when)).all())
        own = contracts(found["settings"])
        rows = [row for row in rows if asked.line in (EVERY, row.line)]
        rows = [row for row in rows if asked.contract in (EVERY, own.get(row.payer or ""))]
        chosen = [row for row in _chosen(connection, when, rows, asked.figure) if _within(row, asked)]
    return tuple(_counted(row) for row in sorted(chosen, key=lambda row: str(row.case_no)))


def _counted(row: Row[Any]) -> Counted:
    hours = None if row.mailed_at is None else measured.hours(_spent(row))
    return Counted(
        case=row.case_no,
        line=row.line,
        payer=row.payer,
        priority=row.priority,
        state=row.state,
        received_at=row.received_at,
        hours=hours,
    )


def _spent(row: Row[Any]) -> int:
    """Return the microseconds from receipt to the first notice."""
    return int((row.mailed_at - row.received_at) // timedelta.resolution)


def _within(row: Row[Any], asked: Asked) -> bool:
    if asked.above is None and asked.until is None:
        return True
    if row.mailed_at is None:
        return False
    spent = _spent(row)
    low = asked.above is None or spent > asked.above * _HOUR
    return low and (asked.until is None or spent <= asked.until * _HOUR)


def _chosen(connection: Connection, when: Span, rows: Rows, figure: str) -> Rows:
    name, _, more = figure.partition(".")
    if name in _BESIDE and more:
        numbers = set(_BESIDE[name](connection, when, rows, more))
    elif name in _PLAIN and not more:
        numbers = set(_PLAIN[name](connection, when, rows))
    else:
        wanted = _wanted(name, more)
        if wanted is None:
            raise Refusal("not-found", f"no figure is named {figure[:80]}")
        return [row for row in rows if all(getattr(row, column) == value for column, value in wanted.items())]
    return [row for row in rows if row.case_no in numbers]


def _wanted(name: str, more: str) -> Mapping[str, str] | None:
    """Return what is so of the requests of a public figure, by column; None where there is none of that name."""
    share = next((one for one in counting().shares if one.id == name), None)
    if share is not None and more in ("", OF):
        return share.of if more == OF else {**share.of, **share.counted}
    time = next((one for one in counting().times if one.id == name), None)
    if time is not None and more in ("", UNTIMED):
        return {**time.of, "timed": NO if more == UNTIMED else YES}
    return None


def _requests(_: Connection, __: Span, rows: Rows) -> Iterable[str]:
    return (row.case_no for row in rows)


def _in_part(_: Connection, __: Span, rows: Rows) -> Iterable[str]:
    return (row.case_no for row in rows if row.state == "partly-approved")


def _asked(_: Connection, __: Span, rows: Rows) -> Iterable[str]:
    return (row.case_no for row in rows if row.asked)


def _asked_again(_: Connection, __: Span, rows: Rows) -> Iterable[str]:
    return (row.case_no for row in rows if row.asked > 1)


def _by_rule(connection: Connection, when: Span, _: Rows) -> Iterable[str]:
    return measured.ruled(connection, when)


def _sample(connection: Connection, when: Span, _: Rows) -> Iterable[str]:
    return measured.sample(measured.ruled(connection, when))


def _clock_kept(connection: Connection, when: Span, _: Rows, rule: str) -> Iterable[str]:
    return (case for case, late in measured.ran(connection, when, rule) if not late)


def _clock_missed(connection: Connection, when: Span, _: Rows, rule: str) -> Iterable[str]:
    return (case for case, late in measured.ran(connection, when, rule) if late)


def _against(connection: Connection, when: Span, _: Rows, criterion: str) -> Iterable[str]:
    return measured.against(connection, when, criterion)


def _appealed(connection: Connection, when: Span, _: Rows, criterion: str) -> Iterable[str]:
    heard: set[str] = set(connection.execute(measured.appealed(when)).scalars())
    return heard.intersection(measured.against(connection, when, criterion))


def _overturned(connection: Connection, when: Span, rows: Rows, criterion: str) -> Iterable[str]:
    won = {row.case_no for row in rows if row.after_appeal == YES}
    return won.intersection(measured.against(connection, when, criterion))


_PLAIN: Final[Mapping[str, Callable[[Connection, Span, Rows], Iterable[str]]]] = {
    REQUESTS: _requests,
    "in-part": _in_part,
    "asked": _asked,
    "asked-again": _asked_again,
    "by-rule": _by_rule,
    "sample": _sample,
}
"""Figures beside the public ones, by name."""
_BESIDE: Final[Mapping[str, Callable[[Connection, Span, Rows, str], Iterable[str]]]] = {
    "clock-kept": _clock_kept,
    "clock-missed": _clock_missed,
    "against": _against,
    "appealed": _appealed,
    "overturned": _overturned,
}
"""Figures of one clock or of one criterion, by name."""
