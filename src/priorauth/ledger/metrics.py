"""The public figures of a year (CMS-0057-F), by line of business and contract, each with the query and the cases.

A figure of no cases is unknown (None), never 0 %. Figures are made of one count of the decided requests; the query
that a figure bears gives the cases that it counts, and stands on its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import select

from priorauth.ledger import decided, measured
from priorauth.ledger import tables as t
from priorauth.ledger.decided import Counting, Span, counting
from priorauth.ledger.events import Json, Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.policy.catalog import open_catalog
from priorauth.values.dates import day

READERS: Final = frozenset({"manager", "analyst", "admin", "system"})
"""Who counts a year."""


class Share(Struct, frozen=True, kw_only=True):
    """A share of requests. ``percent`` is None where there are none; ``query`` gives the cases that are counted."""

    id: str
    says: str
    counted: int
    of: int
    percent: float | None
    query: str


class Time(Struct, frozen=True, kw_only=True):
    """Hours from receipt to notice; ``untimed`` requests have no notice that was mailed. ``query`` gives the timed."""

    id: str
    says: str
    timed: int
    untimed: int
    mean_hours: float | None
    median_hours: float | None
    percentiles: dict[str, float | None]
    query: str


class Part(Struct, frozen=True, kw_only=True):
    """The figures of one line of business under one contract; None: it is not known, or not said."""

    line: str | None
    contract: str | None
    requests: int
    in_part: int
    shares: tuple[Share, ...]
    times: tuple[Time, ...]

    @property
    def figures(self) -> tuple[Share | Time, ...]:
        """Every figure, in the order of the rule."""
        return (*self.shares, *self.times)


class Item(Struct, frozen=True, kw_only=True):
    """An item or service that needs prior authorization, with the policies that ask for it; drugs are left out."""

    product: str
    policies: tuple[str, ...]


class Year(Struct, frozen=True, kw_only=True):
    """What is counted of a year, as it stood at a moment."""

    year: int
    known: datetime
    items: tuple[Item, ...]
    parts: tuple[Part, ...]
    beside: measured.Beside


def year(store: Store, who: Who, number: int, now: datetime) -> Year:
    """Count a year; raises Refusal to who may not, or where there is no such tenant."""
    if who.role not in READERS:
        raise Refusal("no-right", f"metrics: not for the role {who.role}; they are for: {', '.join(sorted(READERS))}")
    with store.reading(who.tenant) as connection:
        found = connection.execute(select(t.tenant).where(t.tenant.c.tenant == who.tenant)).mappings().first()
        if found is None:
            raise Refusal("not-found", f"no tenant is named {who.tenant[:64]}")
        when = decided.span(who.tenant, number, ZoneInfo(found["zone"]), now)
        rows = [tally(row._asdict()) for row in connection.execute(decided.tallied(when, store.dialect))]
        beside = measured.beside(connection, when, sum(row.number for row in rows), sum(row.asked for row in rows))
    return Year(
        year=number,
        known=now,
        items=tuple(items(found["settings"], number)),
        parts=tuple(_parts(store, when, rows, contracts(found["settings"]))),
        beside=beside,
    )


def cases(store: Store, who: Who, figure: Share | Time) -> tuple[str, ...]:
    """Return the numbers of the cases that a figure counts: its query, run."""
    if who.role not in READERS:
        raise Refusal("no-right", f"metrics: not for the role {who.role}")
    with store.reading(who.tenant) as connection:
        return tuple(connection.exec_driver_sql(figure.query).scalars())


def contracts(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the contract of each payer of the tenant (``plans: {payer: {contract: H1234}}``)."""
    plans: Mapping[str, Json] = settings.get("plans", {})
    return {payer: str(plan["contract"]) for payer, plan in plans.items() if plan.get("contract")}


def items(settings: Mapping[str, Any], number: int) -> Iterable[Item]:
    """Yield the items that need prior authorization on the last day of a year, in the order of their codes."""
    catalog = open_catalog(*(Path(one) for one in settings.get("policies", ())))
    last = day(f"{number}-12-31")
    plans = settings.get("plans", {})
    found: dict[str, list[str]] = {}
    for name in catalog.policies:
        policy = catalog.in_force(name, {"request": last, "service": last, "receipt": last})
        if policy is None or (plans and policy.payer not in plans):
            continue
        for product in policy.products:
            if not product.startswith(counting().drugs):
                found.setdefault(product, []).append(name)
    for product, policies in sorted(found.items()):
        yield Item(product=product, policies=tuple(policies))


def _parts(store: Store, when: Span, rows: Rows, known: Mapping[str, str]) -> Iterable[Part]:
    """Yield the figures by line of business and contract."""
    by: dict[tuple[str | None, str | None], Rows] = {}
    for row in rows:
        by.setdefault((row.line, known.get(row.payer or "")), []).append(row)
    for (line, contract), own in sorted(by.items(), key=lambda one: [name or "" for name in one[0]]):
        payers = tuple(sorted({row.payer for row in own}, key=lambda name: name or ""))
        yield _Counted(store, when, own, {"line": (line,), "payer": payers}).part(line, contract)


class Kind(NamedTuple):
    """What figures tell requests apart by."""

    priority: str
    result: str
    extended: str
    after_appeal: str
    timed: str


class Tally(NamedTuple):
    """The decided requests of one line, payer, kind and state: how many, letters that asked, and microseconds spent."""

    line: str | None
    payer: str | None
    kind: Kind
    state: str
    number: int
    asked: int
    spent: list[int]


Rows = list[Tally]


def tally(row: Mapping[str, Any]) -> Tally:
    """Return a row of :func:`decided.tallied`."""
    kind = Kind(*(row[name] for name in Kind._fields))
    spent = [int(one) for one in (row["spent"] or "").split(",") if one]
    return Tally(row["line"], row["payer"], kind, row["state"], row["number"], int(row["asked"]), spent)


class _Counted:
    """The figures of some rows: those whose columns have these values."""

    def __init__(self, store: Store, when: Span, rows: Rows, where: Mapping[str, tuple[str | None, ...]]) -> None:
        self.store, self.when, self.rows, self.where = store, when, rows, where
        self.counting: Counting = counting()
        self.tally: Counter[Kind] = Counter()
        self.spent: dict[Kind, list[int]] = {}
        for row in rows:
            self.tally[row.kind] += row.number
            self.spent.setdefault(row.kind, []).extend(row.spent)

    def part(self, line: str | None, contract: str | None) -> Part:
        return Part(
            line=line,
            contract=contract,
            requests=sum(row.number for row in self.rows),
            in_part=sum(row.number for row in self.rows if row.state == "partly-approved"),
            shares=tuple(map(self.share, self.counting.shares)),
            times=tuple(map(self.time, self.counting.times)),
        )

    def share(self, asked: decided.Share) -> Share:
        of = sum(number for row, number in self.tally.items() if _is(row, asked.of))
        counted = sum(number for row, number in self.tally.items() if _is(row, {**asked.of, **asked.counted}))
        return Share(
            id=asked.id,
            says=asked.says,
            counted=counted,
            of=of,
            percent=measured.share(counted, of),
            query=self.query({**asked.of, **asked.counted}),
        )

    def time(self, asked: decided.Share) -> Time:
        of = sum(number for row, number in self.tally.items() if _is(row, asked.of))
        kinds = [row for row in self.tally if row.timed == decided.YES and _is(row, asked.of)]
        spent = sorted(chain.from_iterable(self.spent[row] for row in kinds))
        return Time(
            id=asked.id,
            says=asked.says,
            timed=len(spent),
            untimed=of - len(spent),
            mean_hours=measured.hours(sum(spent) / len(spent)) if spent else None,
            median_hours=measured.hours(median(spent)) if spent else None,
            percentiles={
                str(one): measured.hours(measured.percentile(spent, one)) if spent else None
                for one in self.counting.percentiles
            },
            query=self.query({**asked.of, "timed": decided.YES}),
        )

    def query(self, where: Mapping[str, str]) -> str:
        whole = {**self.where, **{name: (value,) for name, value in where.items()}}
        return decided.spelled(decided.behind(decided.requests(self.when), whole), self.store.engine.dialect)


def _is(row: Kind, where: Mapping[str, str]) -> bool:
    return all(getattr(row, name) == value for name, value in where.items())
