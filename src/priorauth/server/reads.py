"""What programs read of a ledger: lists of cases page by page, one case whole, its events, runs, documents, clocks.

Every function takes a connection that reads in the name of the tenant, and who asks; she of a clinic finds the cases
of her own organisation, and no others.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal, select, tuple_
from sqlalchemy import case as case_when

from priorauth.decide.determination import Determination
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import rights, states
from priorauth.ledger.columns import Moment, canonical
from priorauth.ledger.events import Json, Who
from priorauth.ledger.runs import read_determinations
from priorauth.ledger.work import CLINIC
from priorauth.server.problem import Problem

Order = Literal["received", "due"]
MOST: Final = 200
"""How many rows a page has at most."""
QUEUES: Final = ("clinic", "nurse", "director", "appeals")
MINE: Final = "mine"
_FAR: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Where a case without a day to be decided by stands in a list by that day."""
_LINE: Final = (
    *("case_no", "kind", "base", "state", "priority", "version", "payer", "policy", "organisation", "received_at"),
    *("due_at", "due_rule", "queue", "owner", "waits_for", "snoozed_until", "closed_at"),
)
_ITEM: Final = ("item", "product", "quantity", "status", "outcome", "pathway")


class Asked(Struct, frozen=True, kw_only=True):
    """Which cases are asked for; what is None is not asked about."""

    state: str | None = None
    queue: str | None = None
    payer: str | None = None
    policy: str | None = None
    kind: str | None = None
    priority: str | None = None
    owner: str | None = None
    organisation: str | None = None
    open: bool | None = None
    due_before: datetime | None = None
    received_from: date | None = None
    received_until: date | None = None


class Page(Struct, frozen=True):
    """Some rows, and where the next ones begin: None at the end."""

    rows: list[Json]
    next: str | None


def sees(who: Who) -> None:
    """Refuse a role that reads no cases."""
    if who.role not in rights().rights["read"]:
        raise Problem("no-right", f"cases: not for the role {who.role}")


def listed(  # noqa: PLR0913 - a page of a list is asked for so
    connection: Connection, who: Who, asked: Asked, *, order: Order = "received", after: str | None = None, most: int
) -> Page:
    """Return a page of cases: the newest first, or by the day on which they are due."""
    one = t.cases
    due = func.coalesce(one.c.due_at, literal(_FAR, Moment), type_=Moment)
    by = one.c.received_at if order == "received" else due
    query = select(*(one.c[name] for name in _LINE), by.label("place")).where(*_where(who, asked))
    key = tuple_(by, one.c.case_no)
    if after is not None:
        at, case = _place(after, order)
        bound = tuple_(literal(at, Moment), literal(case, t.CASE))
        query = query.where(key < bound if order == "received" else key > bound)
    ordered = (by.desc(), one.c.case_no.desc()) if order == "received" else (by, one.c.case_no)
    found = [dict(row) for row in connection.execute(query.order_by(*ordered).limit(most + 1)).mappings()]
    further = None
    if len(found) > most:
        found = found[:most]
        further = _cursor(order, found[-1])
    items = _items(connection, who.tenant, [row["case_no"] for row in found])
    return Page([_line(row, items.get(row["case_no"], [])) for row in found], further)


def _where(who: Who, asked: Asked) -> list[ColumnElement[bool]]:
    one = t.cases
    found: list[ColumnElement[bool]] = [one.c.tenant == who.tenant]
    if who.role in CLINIC:
        found.append(one.c.organisation == (who.organisation or ""))
    names = ("state", "queue", "payer", "policy", "kind", "priority", "owner", "organisation")
    found += [one.c[name] == value for name in names if (value := getattr(asked, name)) is not None]
    if asked.open is not None:
        found.append(one.c.closed_at.is_(None) if asked.open else one.c.closed_at.is_not(None))
    if asked.due_before is not None:
        found.append(one.c.due_at < asked.due_before)
    if asked.received_from is not None:
        found.append(one.c.received >= asked.received_from)
    if asked.received_until is not None:
        found.append(one.c.received <= asked.received_until)
    return found


def _cursor(order: Order, row: Json) -> str:
    return base64.urlsafe_b64encode(canonical([order, row["place"], row["case_no"]])).decode()


def _place(cursor: str, order: Order) -> tuple[datetime, str]:
    """Return where a page begins; raises Problem for what is no cursor, or one of another order."""
    try:
        data = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        found, at, case = msgspec.json.decode(data, type=tuple[str, datetime, str])
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        found, at, case = "", _FAR, ""
    if found != order or at.tzinfo is None or not case.isprintable():
        raise Problem("invalid", "after: expected what `next` of the page before said, in the same order")
    return at.astimezone(UTC), case


def _items(connection: Connection, tenant: str, cases: Sequence[str]) -> dict[str, list[Json]]:
    one = t.item
    query = select(one).where(one.c.tenant == tenant, one.c.case_no.in_(cases)).order_by(one.c.case_no, one.c.item)
    found: dict[str, list[Json]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["case_no"], []).append({name: row[name] for name in _ITEM})
    return found


def _line(row: Mapping[str, Any], items: list[Json]) -> Json:
    named = {("case" if name == "case_no" else name): row[name] for name in _LINE}
    return {**named, "says": states().states[row["state"]].says, "items": items}


def case(connection: Connection, who: Who, number: str) -> Json:
    """Return the row of a case; raises Problem where she has none of that number."""
    one = t.cases
    query = select(one).where(one.c.tenant == who.tenant, one.c.case_no == number)
    found = connection.execute(query).mappings().first()
    if found is None or (who.role in CLINIC and found["organisation"] != who.organisation):
        raise Problem("not-found", f"no case {number}")
    return dict(found)


def whole(connection: Connection, who: Who, number: str) -> Json:
    """Return everything of a case but its events and runs."""
    found = case(connection, who, number)
    line = _line(found, _items(connection, who.tenant, [number]).get(number, []))
    ends = {row["approval"]: row for row in _ends(connection, who, number)}
    reasons = rows(connection, who, t.reason, number)
    decided = rows(connection, who, t.decision, number)
    return {
        **line,
        "member": found["member"],
        "line_of_business": found["line"],
        "plan_state": found["plan_state"],
        "claim": found["about"].get("claim"),
        "identifiers": found["about"].get("identifiers", []),
        "run": found["runs"],
        "submissions": rows(connection, who, t.submission, number),
        "documents": documents(connection, who, number),
        "words": rows(connection, who, t.word, number),
        "decisions": [{**row, "reasons": [o for o in reasons if o["decision"] == row["number"]]} for row in decided],
        "approvals": [{**row, "ended": ends.get(row["number"])} for row in rows(connection, who, t.approval, number)],
        "calls": rows(connection, who, t.call, number),
        "notices": rows(connection, who, t.notice_state, number),
    }


def documents(connection: Connection, who: Who, number: str) -> list[Json]:
    """Return what each document of a case is; ``in_error`` says why it was filed in error, where it was."""
    wrong = {row["document"]: row["why"] for row in rows(connection, who, t.filed_in_error, number)}
    return [{**row, "in_error": wrong.get(row["number"])} for row in rows(connection, who, t.document, number)]


def staff(connection: Connection, who: Who) -> dict[str, str]:
    """Return the payer's people, who are of no clinic: names by id."""
    one = t.person
    query = select(one.c.person, one.c.name).where(one.c.tenant == who.tenant, one.c.organisation.is_(None))
    return {row.person: row.name for row in connection.execute(query)}


def _ends(connection: Connection, who: Who, number: str) -> list[Json]:
    one, of = t.approval_end, t.approval
    query = (
        select(one.c.approval, one.c.ends, one.c.at, one.c.why)
        .join(of, (of.c.tenant == one.c.tenant) & (of.c.number == one.c.approval))
        .where(one.c.tenant == who.tenant, of.c.case_no == number)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def rows(connection: Connection, who: Who, table: Table, number: str) -> list[Json]:
    """Return the rows of a table that belong to a case, without tenant and case, by their key."""
    return _read(connection, select(*_shown(table)).where(*_of(who, table, number)).order_by(*table.primary_key))


def _shown(table: Table) -> Iterable[ColumnElement[Any]]:
    return [column for column in table.c if column.name not in ("tenant", "case_no", "received")]


def _of(who: Who, table: Table, number: str) -> tuple[ColumnElement[bool], ...]:
    return table.c.tenant == who.tenant, table.c.case_no == number


def _read(connection: Connection, query: Select[Any]) -> list[Json]:
    return [dict(row) for row in connection.execute(query).mappings()]


def events(connection: Connection, who: Who, number: str, *, after: int = 0, most: int = MOST) -> Page:
    """Return a page of what happened to a case, from the first on."""
    one = t.event
    names = ("number", "at", "what", "person", "role", "organisation", "behalf", "from_version", "to_version", "why")
    query = (
        select(*(one.c[name] for name in names), one.c.data, one.c.hash)
        .where(*_of(who, one, number), one.c.number > after)
        .order_by(one.c.number)
        .limit(most + 1)
    )
    told = [
        {**{name: row[name] for name in names}, "say": row["data"].get("say", {}), "hash": row["hash"]}
        for row in _read(connection, query)
    ]
    return Page(told[:most], str(told[most - 1]["number"]) if len(told) > most else None)


def runs(connection: Connection, who: Who, number: str) -> list[Json]:
    """Return the runs of a case without what they found."""
    one = t.run
    names = ("number", "at", "cause", "engine", "outcomes", "sha256", "microseconds")
    query = select(*(one.c[name] for name in names)).where(*_of(who, one, number)).order_by(one.c.number)
    return _read(connection, query)


def run(connection: Connection, who: Who, number: str, run: int) -> tuple[Json, list[Determination]]:
    """Return a run of a case with its determinations; raises Problem where there is none of that number."""
    one = t.run
    names = (
        "number",
        "at",
        "cause",
        "engine",
        "outcomes",
        "pins",
        "inputs",
        "sha256",
        "microseconds",
        "determinations",
    )
    query = select(*(one.c[name] for name in names)).where(*_of(who, one, number), one.c.number == run)
    found = connection.execute(query).mappings().first()
    if found is None:
        raise Problem("not-found", f"case {number} has no run {run}")
    row = dict(found)
    return row, read_determinations(row.pop("determinations"))


def clocks(connection: Connection, who: Who, number: str) -> Json:
    """Return the clocks of a case, and which of them binds."""
    found = case(connection, who, number)
    listed = rows(connection, who, t.clock, number)
    for row in listed:
        row.pop("happened")
    return {
        "case": number,
        "due_at": found["due_at"],
        "binds": found["due_rule"],
        "climbs_at": found["climbs_at"],
        "happened": found["about"].get("happened", []),
        "clocks": listed,
    }


def document(connection: Connection, who: Who, number: str, of: int) -> tuple[Json, bytes]:
    """Return a document with its bytes; raises Problem where there is none of that number."""
    one, kept = t.document, t.blob
    query = (
        select(one, kept.c.bytes)
        .join(kept, (kept.c.tenant == one.c.tenant) & (kept.c.sha256 == one.c.sha256))
        .where(*_of(who, one, number), one.c.number == of)
    )
    found = connection.execute(query).mappings().first()
    if found is None:
        raise Problem("not-found", f"case {number} has no document {of}")
    row = dict(found)
    return row, row.pop("bytes")


def worklists(connection: Connection, who: Who, now: datetime) -> list[Json]:
    """Return the worklists, each with how many cases stand in it and how many of them are overdue."""
    one = t.cases
    where = _where(who, Asked(open=True))
    late = func.sum(case_when((one.c.due_at < now, 1), else_=0))
    query = select(one.c.queue, func.count(), late).where(*where).group_by(one.c.queue)
    counted = {queue: (count, overdue) for queue, count, overdue in connection.execute(query)}
    mine = select(func.count(), late).where(*where, one.c.owner == (who.person or ""))
    count, overdue = connection.execute(mine).one()
    lengths = {name: counted.get(name, (0, 0)) for name in QUEUES} | {MINE: (count, overdue or 0)}
    return [{"name": name, "cases": of, "overdue": over} for name, (of, over) in lengths.items()]


def worklist(who: Who, name: str) -> Asked:
    """Return what a worklist asks for; raises Problem where there is none of that name."""
    if name == MINE:
        return Asked(open=True, owner=who.person or "")
    if name in QUEUES:
        return Asked(open=True, queue=name)
    raise Problem("not-found", f"no worklist of that name; expected one of {', '.join((*QUEUES, MINE))}")
