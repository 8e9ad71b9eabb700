"""What happened, for who audits: the events of one case whole, and those of a plan by who, what, day and case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.columns import Moment
from priorauth.ledger.events import NO_CASE, Json, Who
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal

READERS: Final = frozenset({"manager", "system"})
"""Who searches the events of a plan."""
STORY_READERS: Final = READERS | {"appeals"}
"""Who reads all the events of a case."""
_HELD: Final = 500
"""How many events are fetched at a time."""


class Entry(Struct, frozen=True, kw_only=True):
    """An event as it was sealed; ``say`` is what a person reads of it, ``left`` how many rows of state it left."""

    case: str
    number: int
    at: datetime
    what: str
    person: str | None
    role: str
    organisation: str | None
    behalf: str | None
    from_version: int
    to_version: int
    why: str | None
    say: Json
    left: dict[str, int]
    previous: str
    hash: str


class Sought(Struct, frozen=True, kw_only=True):
    """Which events are sought; what is None is not asked about. ``chain``: of cases, or of the plan itself."""

    person: str | None = None
    what: str | None = None
    case: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    chain: Literal["cases", "plan"] | None = None


class Place(NamedTuple):
    """Where a page of events ended."""

    at: datetime
    case: str
    number: int


class Found(NamedTuple):
    """Some events, the newest first, and where the next ones begin: None at the end."""

    entries: tuple[Entry, ...]
    next: Place | None


class Story(NamedTuple):
    """The events of a case in order, and what is wrong with their chain: None where it holds."""

    entries: tuple[Entry, ...]
    broken: str | None


def story(store: Store, who: Who, case_no: str) -> Story:
    """Return the events of a case; raises Refusal to who may not read them."""
    _may(who, STORY_READERS)
    one = t.event.c
    query = select(t.event).where(one.tenant == who.tenant, one.case_no == case_no).order_by(one.number)
    with store.reading(who.tenant) as connection:
        rows = connection.execute(query).all()
    if not rows or not case_no:
        raise Refusal("not-found", f"no case {case_no[:32]}")
    return Story(tuple(map(_entry, rows)), events.broken(rows))


def found(store: Store, who: Who, sought: Sought, *, after: Place | None = None, most: int) -> Found:
    """Return a page of events, the newest first; raises Refusal to who may not read them."""
    _may(who, READERS)
    one = t.event.c
    query = _query(who, sought)
    if after is not None:
        query = query.where(_earlier(after))
    query = query.order_by(one.at.desc(), one.case_no.desc(), one.number.desc()).limit(most + 1)
    with store.reading(who.tenant) as connection:
        rows = connection.execute(query).all()
    shown = tuple(map(_entry, rows[:most]))
    last = shown[-1] if len(rows) > most else None
    return Found(shown, None if last is None else Place(last.at, last.case, last.number))


def counted(store: Store, who: Who, sought: Sought) -> int:
    """Return how many events there are."""
    _may(who, READERS)
    query = select(func.count()).select_from(_query(who, sought).subquery())
    with store.reading(who.tenant) as connection:
        return int(connection.execute(query).scalar_one())


def streamed(store: Store, who: Who, sought: Sought, *, most: int) -> Iterator[Entry]:
    """Yield events, chain by chain in order, without holding all of them."""
    _may(who, READERS)
    one = t.event.c
    query = _query(who, sought).order_by(one.case_no, one.number).limit(most)
    with store.reading(who.tenant) as connection:
        for row in connection.execute(query, execution_options={"yield_per": _HELD}):
            yield _entry(row)


def kinds(store: Store, who: Who) -> tuple[str, ...]:
    """Return every kind of event that there is."""
    _may(who, READERS)
    one = t.event.c
    with store.reading(who.tenant) as connection:
        return tuple(sorted(connection.execute(select(one.what).where(one.tenant == who.tenant).distinct()).scalars()))


def _may(who: Who, readers: frozenset[str]) -> None:
    if who.role not in readers:
        raise Refusal("no-right", f"the audit: not for the role {who.role}; it is for: {', '.join(sorted(readers))}")


def _query(who: Who, sought: Sought) -> Select[Any]:
    one = t.event.c
    query = select(t.event).where(one.tenant == who.tenant)
    if sought.person is not None:
        query = query.where(one.person == sought.person)
    if sought.what is not None:
        query = query.where(one.what == sought.what)
    if sought.case is not None:
        query = query.where(one.case_no == sought.case)
    if sought.since is not None:
        query = query.where(one.at >= sought.since)
    if sought.before is not None:
        query = query.where(one.at < sought.before)
    if sought.chain is not None:
        query = query.where(one.case_no == NO_CASE if sought.chain == "plan" else one.case_no != NO_CASE)
    return query


def _earlier(after: Place) -> ColumnElement[bool]:
    one = t.event.c
    at = literal(after.at, Moment)
    same = and_(one.at == at, or_(one.case_no < after.case, and_(one.case_no == after.case, one.number < after.number)))
    return and_(one.at <= at, or_(one.at < at, same))


def _entry(row: Row[Any]) -> Entry:
    data = row.data
    return Entry(
        case=row.case_no,
        number=row.number,
        at=row.at,
        what=row.what,
        person=row.person,
        role=row.role,
        organisation=row.organisation,
        behalf=row.behalf,
        from_version=row.from_version,
        to_version=row.to_version,
        why=row.why,
        say=data.get("say", {}),
        left={name: len(rows) for name, rows in data.get("set", {}).items()},
        previous=row.previous,
        hash=row.hash,
    )
