"""The state tables held against the events, and made anew from them: what is so now is what has happened, and no more.

Events are read case by case, so that no more than some hundred cases are in memory at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, insert, select, text

from priorauth.ledger import tables as t
from priorauth.ledger.events import FIRST, NO_CASE, Json, key_of, read
from priorauth.ledger.store import Store

_AT_ONCE: Final = 200
"""How many cases are held against their events at once."""
Key = tuple[Any, ...]
State = dict[str, dict[Key, Json]]
_OF_CASE: Final = tuple(table for table in t.STATE if "case_no" in table.c)
_OF_TENANT: Final = tuple(table for table in t.STATE if "case_no" not in table.c)
_STATE: Final[Mapping[str, Table]] = {table.name: table for table in t.STATE}


class Difference(NamedTuple):
    """A row of a state table that is not what the events leave: its table and key, what they leave, what is there."""

    table: str
    key: Key
    events: Json | None
    there: Json | None

    def __str__(self) -> str:
        """Return it in one line, which names columns and no values."""
        where = f"{self.table} {'/'.join(map(str, self.key))}".rstrip()
        if self.there is None:
            return f"{where}: is not there, but events leave it"
        if self.events is None:
            return f"{where}: is there, but no event leaves it"
        other = sorted(name for name in self.events if self.events[name] != self.there[name])
        return f"{where}: is not what the events leave: {', '.join(other)}"


def rebuilt(connection: Connection, tenant: str) -> Iterator[Difference]:
    """Yield each row of the state tables that is not what the events of a tenant leave, and each that is missing."""
    yield from _differences(connection, tenant, _OF_TENANT, _applied(tenant, _events(connection, tenant, None)))
    after: str | None = None
    for part in _parts(connection, tenant):
        last: str = part[-1][0]
        found: State = {}
        for _, rows in part:
            for name, of in _applied(tenant, rows).items():
                found.setdefault(name, {}).update(of)
        yield from _differences(connection, tenant, _OF_CASE, found, after, last)
        after = last
    yield from _differences(connection, tenant, _OF_CASE, {}, after, None)


def rebuild(store: Store, tenant: str) -> tuple[Difference, ...]:
    """Make the state tables of a tenant what its events leave, in one transaction; return what was mended."""
    with store.writing(tenant) as connection:
        if store.dialect == "postgresql":  # no act may come between what is read and what is written
            connection.execute(text('LOCK TABLE "event" IN SHARE ROW EXCLUSIVE MODE'))
        found = tuple(rebuilt(connection, tenant))
        for one in reversed(found):  # who is named by others goes last
            if one.events is None:
                table = _STATE[one.table]
                connection.execute(table.delete().where(_same(table, tenant, one.key)))
        for one in found:
            if one.events is not None:
                table = _STATE[one.table]
                if one.there is None:
                    connection.execute(insert(table), one.events)
                else:
                    connection.execute(table.update().where(_same(table, tenant, one.key)).values(one.events))
    return found


def _same(table: Table, tenant: str, key: Key) -> ColumnElement[bool]:
    named = zip(key_of(table), key, strict=True)
    return and_(table.c.tenant == tenant, *(table.c[name] == value for name, value in named))


def _events(connection: Connection, tenant: str, case_no: str | None) -> Iterator[Row[Any]]:
    """Yield the events of the tenant itself (None), else of every case, case by case, in order."""
    one = t.event
    query = select(one.c.case_no, one.c.number, one.c.hash, one.c.data).where(one.c.tenant == tenant)
    query = query.where(one.c.case_no == NO_CASE if case_no is None else one.c.case_no != NO_CASE)
    ordered = query.order_by(one.c.case_no, one.c.number).execution_options(yield_per=1000)
    yield from connection.execute(ordered)


def _parts(connection: Connection, tenant: str) -> Iterator[list[tuple[str, list[Row[Any]]]]]:
    """Yield the cases with their events, some hundred at once."""
    grouped = groupby(_events(connection, tenant, "every"), key=lambda row: row.case_no)
    cases = ((case_no, list(rows)) for case_no, rows in grouped)
    while part := list(islice(cases, _AT_ONCE)):
        yield part


def _applied(tenant: str, events: Iterable[Row[Any]]) -> State:
    """Return the rows that events of one chain leave, by table and key; those of another case are none of its own."""
    found: State = {}
    case_no, count, head = NO_CASE, 0, FIRST
    for row in events:
        case_no, count, head = row.case_no, row.number, row.hash
        for name, changed in row.data.get("set", {}).items():
            _lay(found.setdefault(name, {}), _STATE[name], tenant, changed)
    for case in found.get(t.cases.name, {}).values():
        if case["case_no"] == case_no:
            case.update(events=count, head=head)
    return found


def _lay(rows: dict[Key, Json], table: Table, tenant: str, changed: Iterable[Mapping[str, Any]]) -> None:
    """Lay the rows of one event over those before it."""
    for one in changed:
        values = {name: read(table, name, value) for name, value in one.items() if name != "gone"}
        key = tuple(values[name] for name in key_of(table))
        if one.get("gone"):
            rows.pop(key, None)
            continue
        blank = {column.name: None for column in table.c}
        rows[key] = {**rows.get(key, blank), **values, "tenant": tenant}


def _differences(  # noqa: PLR0913, PLR0917 - a stretch of cases has a beginning and an end
    connection: Connection,
    tenant: str,
    tables: Sequence[Table],
    state: State,
    after: str | None = None,
    last: str | None = None,
) -> Iterator[Difference]:
    """Yield the differences of some tables, of the cases after one and up to another where they are named."""
    for table in tables:
        query = select(table).where(table.c.tenant == tenant)
        if after is not None:
            query = query.where(table.c.case_no > after)
        if last is not None:
            query = query.where(table.c.case_no <= last)
        there = {_key(table, row): row for row in map(dict, connection.execute(query).mappings())}
        left = state.get(table.name, {})
        for key in chain(left, (key for key in there if key not in left)):
            if left.get(key) != there.get(key):
                yield Difference(table.name, key, left.get(key), there.get(key))


def _key(table: Table, row: Json) -> Key:
    return tuple(row[name] for name in key_of(table))
