"""Events: what happened to a case, in order, each sealed with the one before; and the state that they leave.

An event carries the rows of the state tables as it leaves them (``data["set"]``: table, key, columns), so that the
state can be made anew by applying the events again. ``data["say"]`` is what a person reads of it. An event of no case
(people, roles, settings) belongs to the chain of the tenant, whose case is ``""``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Table, and_, insert, select, update

from priorauth.ledger import tables as t
from priorauth.ledger.columns import Moment, canonical

Json = dict[str, Any]
FIRST: Final = "0" * 64
"""What stands before the first event of a chain."""
NO_CASE: Final = ""
NO_DAY: Final = date(2000, 1, 1)
"""The day under which events of no case are kept."""
_SEALED: Final = (
    *("tenant", "case_no", "number", "at", "what", "person", "role", "organisation", "behalf"),
    *("from_version", "to_version", "why", "data", "previous"),
)
_STATE: Final[Mapping[str, Table]] = {table.name: table for table in t.STATE}


class Who(NamedTuple):
    """Who acts: a person in a role, for an organisation, perhaps on behalf of another; a rule is nobody."""

    tenant: str
    person: str | None
    role: str
    organisation: str | None = None
    behalf: str | None = None


class Chain(NamedTuple):
    """The end of a chain: how many events it has, and the hash of the last."""

    events: int
    head: str


@cache
def key_of(table: Table) -> tuple[str, ...]:
    """Return the key of a table without the tenant."""
    return tuple(column.name for column in table.primary_key if column.name != "tenant")


def chain(connection: Connection, tenant: str, case_no: str) -> Chain:
    """Return the end of a chain."""
    one = t.event
    query = select(one.c.number, one.c.hash).where(one.c.tenant == tenant, one.c.case_no == case_no)
    if case_no == NO_CASE:
        query = query.where(one.c.received == NO_DAY)
    found = connection.execute(query.order_by(one.c.number.desc()).limit(1)).first()
    return Chain(found.number, found.hash) if found else Chain(0, FIRST)


def sealed(row: Mapping[str, Any]) -> str:
    """Return the hash of an event: of its own columns and of the hash of the one before."""
    return hashlib.sha256(canonical({name: row[name] for name in _SEALED})).hexdigest()


def made(  # noqa: PLR0913 - an event has these columns
    who: Who,
    case_no: str,
    received: date,
    *,
    end: Chain,
    at: datetime,
    what: str,
    versions: tuple[int, int],
    data: Json,
    why: str | None = None,
) -> Json:
    """Return the row of the next event of a chain, sealed."""
    row: Json = {
        "tenant": who.tenant,
        "received": received,
        "case_no": case_no,
        "number": end.events + 1,
        "at": at,
        "what": what,
        "person": who.person,
        "role": who.role,
        "organisation": who.organisation,
        "behalf": who.behalf,
        "from_version": versions[0],
        "to_version": versions[1],
        "why": why,
        "data": data,
        "previous": end.head,
    }
    row["hash"] = sealed(row)
    return row


def apply(connection: Connection, tenant: str, changed: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Write the rows of the state tables that an event leaves; a row of which only some columns change names its key.

    A row with ``"gone": true`` is taken away.
    """
    for name, table in _STATE.items():  # in which order they can be filled, whatever the order of the names
        for row in changed.get(name, ()):
            _apply(connection, table, {"tenant": tenant, **row})


def _apply(connection: Connection, table: Table, row: Json) -> None:
    keys = ("tenant", *key_of(table)) if table is not t.tenant else ("tenant",)
    values = {name: read(table, name, value) for name, value in row.items() if name != "gone"}
    same = and_(*(table.c[name] == values[name] for name in keys))
    if row.get("gone"):
        connection.execute(table.delete().where(same))
        return
    rest = {name: value for name, value in values.items() if name not in keys}
    if rest and connection.execute(update(table).where(same).values(rest)).rowcount:
        return
    if not rest and connection.execute(select(table.c.tenant).where(same)).first():
        return
    if table is t.cases:
        values |= {"events": 0, "head": FIRST}
    connection.execute(insert(table), values)


def read(table: Table, name: str, value: Any) -> Any:  # noqa: ANN401 - a value of a column
    """Return a value of an event as its column takes it: moments and days stand as text in JSON."""
    if isinstance(value, str):
        kind = table.c[name].type
        if isinstance(kind, Moment):
            return datetime.fromisoformat(value).astimezone(UTC)
        if kind.python_type is date:
            return date.fromisoformat(value)
    return value


def broken(rows: Iterable[Row[Any]]) -> str | None:
    """Return what is wrong with a chain, given all its events in order; None where it holds."""
    end = Chain(0, FIRST)
    for row in rows:
        found = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name of a row as a mapping
        if found["number"] != end.events + 1:
            return f"event {end.events + 1} is not there"
        if found["previous"] != end.head or sealed(found) != found["hash"]:
            return f"event {found['number']} is not what was sealed"
        end = Chain(found["number"], found["hash"])
    return None
