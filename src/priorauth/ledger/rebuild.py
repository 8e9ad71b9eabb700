"""The state tables made anew from the events, and where what stands there differs from what the events leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, select, update

from priorauth.ledger import events
from priorauth.ledger import tables as t
from priorauth.ledger.events import FIRST, NO_CASE, Chain, Json, key_of, read
from priorauth.ledger.store import Store

_AT_ONCE: Final = 500
"""Of how many cases the rows are held in memory."""
Key = tuple[Any, ...]
State = dict[Table, dict[Key, Json]]
_OF_CASE: Final = tuple(table for table in t.STATE if "case_no" in table.c)
_OF_TENANT: Final = tuple(table for table in t.STATE if "case_no" not in table.c)
_NAMED: Final = {table.name: table for table in t.STATE}


def differences(connection: Connection, tenant: str) -> Iterator[str]:
    """Yield each row of a state table that is not what the events leave: table, key, and the columns that differ."""
    yield from _compared(connection, tenant, _OF_TENANT, (NO_CASE,))
    for cases in _batches(case_numbers(connection, tenant), _AT_ONCE):
        yield from _compared(connection, tenant, _OF_CASE, cases)


def rebuild(store: Store, tenant: str) -> int:
    """Make the state tables of a tenant anew, in one transaction; return how many events there were."""
    one = t.event
    query = select(one).where(one.c.tenant == tenant).order_by(one.c.case_no, one.c.number)
    with store.writing(tenant) as connection:
        for table in reversed(t.STATE):
            connection.execute(table.delete().where(table.c.tenant == tenant))
        count = 0
        for case_no, rows in groupby(connection.execute(query), key=lambda row: str(row.case_no)):
            end = Chain(0, FIRST)
            for row in rows:
                events.apply(connection, tenant, row.data.get("set", {}))
                end, count = Chain(row.number, row.hash), count + 1
            if case_no:
                mine = (t.cases.c.tenant == tenant, t.cases.c.case_no == case_no)
                connection.execute(update(t.cases).where(*mine).values(events=end.events, head=end.head))
    return count


def case_numbers(connection: Connection, tenant: str) -> list[str]:
    """Return the numbers of all cases that have events or a row of state, in order."""
    found: set[str] = set()
    for table in (t.event, *_OF_CASE):
        query = select(table.c.case_no).distinct().where(table.c.tenant == tenant, table.c.case_no != NO_CASE)
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _compared(connection: Connection, tenant: str, tables: Sequence[Table], cases: Sequence[str]) -> Iterator[str]:
    one = t.event
    query = select(one).where(one.c.tenant == tenant, one.c.case_no.in_(cases)).order_by(one.c.case_no, one.c.number)
    wanted: State = {table: {} for table in tables}
    yield from _played(connection.execute(query), wanted, tenant)
    for table in tables:
        rows = select(table).where(table.c.tenant == tenant)
        if "case_no" in table.c:
            rows = rows.where(table.c.case_no.in_(cases))
        there = {_key(table, dict(row)): dict(row) for row in connection.execute(rows).mappings()}
        yield from _different(table, wanted[table], there)


def _played(rows: Iterable[Row[Any]], state: State, tenant: str) -> Iterator[str]:
    """Apply events to a state in memory; yield what belongs to another chain."""
    for row in rows:
        for name, changes in row.data.get("set", {}).items():
            table = _NAMED.get(name)
            for change in changes:
                if table not in state or change.get("case_no", row.case_no) != row.case_no:
                    yield f"event {row.number} of {_chain(row.case_no)} changes {name}, which is not its own"
                else:
                    _change(table, state[table], {"tenant": tenant, **change})
        if row.case_no and (case := state[t.cases].get((tenant, row.case_no))):
            case.update(events=row.number, head=row.hash)


def _change(table: Table, state: dict[Key, Json], change: Json) -> None:
    values = {name: read(table, name, value) for name, value in change.items() if name != "gone"}
    key = _key(table, values)
    if change.get("gone"):
        state.pop(key, None)
    else:
        state.setdefault(key, dict.fromkeys(table.c.keys())).update(values)


def _key(table: Table, row: Json) -> Key:
    return ("tenant" in row and row["tenant"], *(row[name] for name in key_of(table)))


def _different(table: Table, wanted: dict[Key, Json], there: dict[Key, Json]) -> Iterator[str]:
    for key in sorted(wanted.keys() | there.keys(), key=str):
        named = f"{table.name} {'/'.join(map(str, key[1:] or key))}"
        if key not in there:
            yield f"{named}: is not there, and the events leave it"
        elif key not in wanted:
            yield f"{named}: is there, and no event leaves it"
        elif columns := [name for name in wanted[key] if wanted[key][name] != there[key][name]]:
            yield f"{named}: {', '.join(columns)}: not as the events leave it"


def _chain(case_no: str) -> str:
    return f"case {case_no}" if case_no else "the tenant"


def _batches(listed: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
