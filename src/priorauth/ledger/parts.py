"""The parts of the large tables, one a month, which PostgreSQL is given ahead of time. SQLite has none.

A row whose month has no part goes into a default part and is lost nowhere; but a month cannot be parted any more once
rows of it stand there. So parts are made months ahead, and what is astray is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from priorauth.ledger.guards import PARTS, of_part
from priorauth.ledger.store import Store
from priorauth.ledger.tables import PARTED

AHEAD: Final = 3
"""How many months after this one a running server makes parts for."""
A_YEAR: Final = 12
"""How many months an upgrade makes, by whoever owns the tables; a server whose user does not lives on these."""
MOST_COUNTED: Final = 1000
_LOCK: Final = 7032002
_BRIEF: Final = "SET LOCAL lock_timeout = '2s'"
"""To make a part waits for whoever writes, and whoever comes then waits for it: not for long."""
_THERE: Final = """SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relispartition AND n.nspname = current_schema()"""
_DECEMBER: Final = 12


class Parts(Struct, frozen=True):
    """What was made, and of which parts there are none: the user may not make them, or rows stand in the default."""

    made: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def ahead(store: Store, now: datetime, months: int = AHEAD) -> Parts:
    """Make the parts of this month and of those that follow it; what cannot be made now is tried again another time."""
    if store.dialect == "sqlite":
        return Parts()
    first = (now - timedelta(days=1)).date()  # in the plan's zone it may be yesterday
    wanted = list(_months(first, months + 1))
    with store.engine.connect() as connection:
        there = set(connection.execute(text(_THERE)).scalars())
    made: list[str] = []
    lacking: list[str] = []
    for month in wanted:
        names = [name for name in _names(month) if name not in there]
        if names:
            (made if _made(store, month) else lacking).extend(names)
    return Parts(tuple(made), tuple(lacking))


def _made(store: Store, month: date) -> bool:
    """Make the parts of a month, all or none; whether they are there."""
    try:
        with store.engine.connect() as connection:
            connection.execute(text(_BRIEF))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            of_days(connection, (month,))
            connection.commit()
    except DBAPIError:
        return False
    return True


def of_days(connection: Connection, days: Iterable[date]) -> None:
    """Make the parts of the months of some days, where there are none; raises DBAPIError where that cannot be."""
    there = set(connection.execute(text(_THERE)).scalars())
    for month in sorted({day.replace(day=1) for day in days}):
        for table, name in zip(PARTED, _names(month), strict=True):
            if name not in there:
                until = next_month(month)
                span = f"FROM ('{month.isoformat()}') TO ('{until.isoformat()}')"
                connection.execute(text(f'CREATE TABLE "{name}" PARTITION OF "{table.name}" FOR VALUES {span}'))
                for statement in of_part(name):
                    connection.exec_driver_sql(statement)


def astray(connection: Connection, tenant: str) -> int:
    """Return how many rows of a tenant stand in the default parts, counted up to 1,000 a table; they alarm."""
    if connection.dialect.name == "sqlite":
        return 0
    found = 0
    for table in PARTED:
        some = f'SELECT 1 FROM "{table.name}_default" WHERE tenant = :tenant LIMIT {MOST_COUNTED}'  # noqa: S608 - ours
        query = text(f"SELECT count(*) FROM ({some}) AS found")  # noqa: S608 - as above
        found += int(connection.execute(query, {"tenant": tenant}).scalar_one())
    return found


def next_month(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return date(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1)


def _months(first: date, count: int) -> Iterator[date]:
    month = first.replace(day=1)
    for _ in range(count):
        yield month
        month = next_month(month)


def _names(month: date) -> tuple[str, ...]:
    return tuple(f"{table.name}_{month.year}_{month.month:02}" for table in PARTED)


__all__ = ["AHEAD", "A_YEAR", "PARTS", "Parts", "ahead", "astray", "next_month", "of_days"]
