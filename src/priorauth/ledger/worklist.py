"""What waits, as lists: queues by the clock that binds, a clinic's requests, approvals that are about to end.

Each reads for somebody: a clinic sees its own cases and no other's, and queues are for the payer's people. Pages are
told by where the last one ended, so that a page costs the same wherever it stands; what changes in between is neither
skipped nor told twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Tuple,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from priorauth.ledger import tables as t
from priorauth.ledger.columns import Moment
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import CLINIC, Refusal

STAFF: Final = frozenset({"nurse", "director", "appeals", "manager", "system"})
"""Who sees the queues."""
REMIND_DAYS: Final = 45
MOST: Final = 200
NOBODY: Final = ""
"""Of ``Wanted.owner``: cases that nobody has taken."""


class Wanted(Struct, frozen=True, kw_only=True):
    """Which open cases: None is any. ``number`` is how a case number begins; cases put off are left out.

    ``to_confirm``: only those of which a document proposes what is asked, and nobody has confirmed it.
    """

    queue: str | None = None
    owner: str | None = None
    payer: str | None = None
    state: str | None = None
    kind: str | None = None
    priority: str | None = None
    number: str | None = None
    snoozed: bool = False
    to_confirm: bool = False


class Place(Struct, frozen=True):
    """Where a page ended: when its last case is due, and its number."""

    due_at: datetime | None
    case: str


class Thing(Struct, frozen=True):
    """An item of a case: what it is, and what the last run says of it."""

    product: str | None
    status: str
    outcome: str | None
    pathway: str | None


class Line(Struct, frozen=True, kw_only=True):
    """A case as a list shows it. ``owner`` is None for a clinic: who has it is the payer's matter.

    ``to_confirm``: how many facts that the last run asks are proposed by documents, and wait for somebody to confirm.
    """

    case: str
    kind: str
    state: str
    priority: str
    version: int
    payer: str | None
    policy: str | None
    queue: str | None
    owner: str | None
    waits_for: str | None
    to_confirm: int | None = None
    received_at: datetime
    due_at: datetime | None
    due_rule: str | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    items: tuple[Thing, ...]


class Page(Struct, frozen=True):
    """Some of a list, and where to go on; None: this is its end."""

    lines: tuple[Line, ...]
    next: Place | None


class Counts(Struct, frozen=True):
    """How many cases, how many of them due today (by the plan's day) and not yet overdue, how many overdue."""

    cases: int
    due_today: int
    overdue: int


class Ending(Struct, frozen=True, kw_only=True):
    """An approval that ends soon, of which nobody has asked for more."""

    approval: str
    case: str
    organisation: str | None
    product: str
    quantity: int
    valid_until: date


def queue(  # noqa: PLR0913 - what is asked of a list
    store: Store, who: Who, wanted: Wanted, now: datetime, *, after: Place | None = None, most: int = 50
) -> Page:
    """Return a page of open cases, the one due first at the top, those without a clock last."""
    _staff(who)
    with store.reading(who.tenant) as connection:
        return _page(connection, who, _wanted(who, wanted, now), after, min(most, MOST))


def counts(store: Store, who: Who, wanted: Wanted, now: datetime) -> Counts:
    """Return how many open cases there are, and how they stand against the clock."""
    _staff(who)
    one = t.cases.c
    where = _wanted(who, wanted, now)
    with store.reading(who.tenant) as connection:
        ends = end_of_day(connection, who.tenant, now)
        soon = select(func.count()).where(*where, one.due_at < ends)
        total = connection.execute(select(func.count()).select_from(t.cases).where(*where)).scalar_one()
        by_tonight = connection.execute(soon.select_from(t.cases)).scalar_one()
        overdue = connection.execute(soon.where(one.due_at < now).select_from(t.cases)).scalar_one()
    return Counts(total, by_tonight - overdue, overdue)


def end_of_day(connection: Connection, tenant: str, now: datetime) -> datetime:
    """Return when the plan's day ends."""
    zone = ZoneInfo(connection.execute(select(t.tenant.c.zone).where(t.tenant.c.tenant == tenant)).scalar_one())
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)


def _staff(who: Who) -> None:
    if who.role not in STAFF:
        raise Refusal("no-right", f"queues: not for the role {who.role}; they are for: {', '.join(sorted(STAFF))}")


def _wanted(who: Who, wanted: Wanted, now: datetime) -> tuple[ColumnElement[bool], ...]:
    one = t.cases.c
    named = {name: getattr(wanted, name) for name in ("queue", "owner", "payer", "state", "kind", "priority")}
    where: list[ColumnElement[bool]] = [one.tenant == who.tenant, one.closed_at.is_(None)]
    if wanted.owner == NOBODY:
        named.pop("owner")
        where.append(one.owner.is_(None))
    where += [one[name] == value for name, value in named.items() if value is not None]
    if wanted.number is not None:
        where.append(one.case_no.startswith(wanted.number, autoescape=True))
    if wanted.to_confirm:
        where.append(one.to_confirm > 0)
    if not wanted.snoozed:
        where.append(or_(one.snoozed_until.is_(None), one.snoozed_until <= now))
    return tuple(where)


def before(store: Store, who: Who, wanted: Wanted, now: datetime, place: Place) -> str | None:
    """Return the number of the open case that stands before a place of a queue; None at its beginning."""
    _staff(who)
    one = t.cases.c
    query = select(one.case_no).where(*_wanted(who, wanted, now))
    dated = query.where(one.due_at.is_not(None)).order_by(one.due_at.desc(), one.case_no.desc()).limit(1)
    with store.reading(who.tenant) as connection:
        if place.due_at is not None:
            earlier = tuple_(one.due_at, one.case_no) < _at(place.due_at, place.case)
            return connection.execute(dated.where(earlier)).scalar()
        undated = query.where(one.due_at.is_(None), one.case_no < place.case).order_by(one.case_no.desc()).limit(1)
        return connection.execute(undated).scalar() or connection.execute(dated).scalar()


def _page(
    connection: Connection, who: Who, where: Iterable[ColumnElement[bool]], after: Place | None, most: int
) -> Page:
    """Read a page in two parts, each in the order of its index: cases with a clock, then those without."""
    one = t.cases.c
    base = select(t.cases).where(*where)
    found: list[RowMapping] = []
    if after is None or after.due_at is not None:
        query = base.where(one.due_at.is_not(None)).order_by(one.due_at, one.case_no)
        if after is not None and after.due_at is not None:
            query = query.where(tuple_(one.due_at, one.case_no) > _at(after.due_at, after.case))
        found += connection.execute(query.limit(most + 1)).mappings()
    if len(found) <= most:
        query = base.where(one.due_at.is_(None)).order_by(one.case_no)
        if after is not None and after.due_at is None:
            query = query.where(one.case_no > after.case)
        found += connection.execute(query.limit(most + 1 - len(found))).mappings()
    lines = _lines(connection, who, found[:most])
    more = len(found) > most
    return Page(lines, Place(lines[-1].due_at, lines[-1].case) if more else None)


def _at(moment: datetime, case: str) -> Tuple:
    """Return a place as databases compare it: a moment written as moments are."""
    return tuple_(literal(moment, Moment()), literal(case))


def _lines(connection: Connection, who: Who, found: Sequence[RowMapping]) -> tuple[Line, ...]:
    numbers = [row["case_no"] for row in found]
    one = t.item.c
    things: dict[str, list[Thing]] = {}
    query = select(one.case_no, one.product, one.status, one.outcome, one.pathway).where(
        one.tenant == who.tenant, one.case_no.in_(numbers)
    )
    for number, *rest in connection.execute(query.order_by(one.case_no, one.item)) if numbers else ():
        things.setdefault(number, []).append(Thing(*rest))
    named = [name for name in Line.__struct_fields__ if name not in ("case", "items", "owner")]
    clinic = who.role in CLINIC
    return tuple(
        Line(
            case=row["case_no"],
            owner=None if clinic else row["owner"],
            items=tuple(things.get(row["case_no"], ())),
            **{name: row[name] for name in named},
        )
        for row in found
    )


class Since(Struct, frozen=True):
    """Where a page of a clinic's requests ended: when its last case came, and its number."""

    received_at: datetime
    case: str


class Requests(Struct, frozen=True):
    """Some of a clinic's requests, the newest first, and where to go on."""

    lines: tuple[Line, ...]
    next: Since | None


def requests(  # noqa: PLR0913 - what is asked of a list
    store: Store,
    who: Who,
    *,
    organisation: str | None = None,
    waiting: bool | None = None,
    after: Since | None = None,
    most: int = 50,
) -> Requests:
    """Return the requests of an organisation, a clinic's own whoever is named, the newest first.

    ``waiting``: only those that wait for the clinic, or only the others.
    """
    own = _own(who, organisation)
    one = t.cases.c
    query = select(t.cases).where(one.tenant == who.tenant, one.organisation == own)
    if waiting is not None:
        with_clinic = and_(one.closed_at.is_(None), one.state == "with-clinic")
        query = query.where(with_clinic if waiting else ~with_clinic)
    if after is not None:
        query = query.where(tuple_(one.received_at, one.case_no) < _at(after.received_at, after.case))
    most = min(most, MOST)
    query = query.order_by(one.received_at.desc(), one.case_no.desc()).limit(most + 1)
    with store.reading(who.tenant) as connection:
        found = list(connection.execute(query).mappings())
        lines = _lines(connection, who, found[:most])
    more = len(found) > most
    return Requests(lines, Since(lines[-1].received_at, lines[-1].case) if more else None)


def _own(who: Who, organisation: str | None) -> str:
    """Return whose requests are read: a clinic's are its own."""
    if who.role in CLINIC:
        if who.organisation is None or organisation not in (None, who.organisation):
            raise Refusal("not-found", "no such organisation")
        return who.organisation
    _staff(who)
    if organisation is None:
        raise Refusal("invalid", "expected an organisation")
    return organisation


def ending(store: Store, who: Who, today: date, days: int = REMIND_DAYS) -> tuple[Ending, ...]:
    """Return the approvals that end within so many days and for which nobody has asked anew, the first at the top."""
    if who.role not in CLINIC:
        _staff(who)
    one, of, again = t.approval.c, t.cases.c, t.cases.alias()
    query: Select[Any] = (
        select(one.number, one.case_no, of.organisation, one.product, one.quantity, one.valid_until)
        .join(t.cases, and_(of.tenant == one.tenant, of.case_no == one.case_no))
        .where(
            one.tenant == who.tenant,
            one.valid_until >= today,
            one.valid_until <= today + timedelta(days=days),
            ~exists().where(t.approval_end.c.tenant == one.tenant, t.approval_end.c.approval == one.number),
            ~exists().where(
                again.c.tenant == one.tenant, again.c.base == one.case_no, again.c.kind == "reauthorization"
            ),
        )
        .order_by(one.valid_until, one.number)
    )
    if who.role in CLINIC:
        query = query.where(of.organisation == who.organisation)
    with store.reading(who.tenant) as connection:
        return tuple(
            Ending(
                approval=row.number,
                case=row.case_no,
                organisation=row.organisation,
                product=row.product,
                quantity=row.quantity,
                valid_until=row.valid_until,
            )
            for row in connection.execute(query)
        )
