"""What crosses the border of the house: kept and found again, each in one statement or one short transaction.

Names and moments are given by who asks: nothing here reads a clock or throws dice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Insert, Table, delete, select, update

from priorauth.ledger import tables as t
from priorauth.ledger.border import LONGEST
from priorauth.ledger.columns import canonical
from priorauth.ledger.store import Store, inserted, upsert

Row = dict[str, Any]
ACTIVE: Final = "active"
"""The status of a subscription whose endpoint has answered."""


class Answered(NamedTuple):
    """What was answered to an ask."""

    status: int
    answer: bytes
    case_no: str | None


def seen(  # noqa: PLR0913, PLR0917 - whose token it is, and until when
    store: Store, tenant: str, issuer: str, token: str, ends: datetime, now: datetime
) -> bool:
    """Keep a token that may be used once; return whether it was used before. Those that are over are taken away."""
    one = t.used_token
    used = hashlib.sha256(canonical([issuer, token])).hexdigest()
    with store.writing(tenant) as connection:
        connection.execute(delete(one).where(one.c.tenant == tenant, one.c.ends_at <= now))
        row = {"tenant": tenant, "used": used, "ends_at": ends}
        made = upsert(connection, one).values(row).on_conflict_do_nothing().returning(one.c.used)
        return connection.execute(made).first() is None  # PostgreSQL counts no rows of such an insertion


def signing_keys(store: Store, tenant: str) -> list[Row]:
    """Return the keys that sign the tokens of a tenant: number, key, made_at; the oldest first."""
    return found(store, tenant, t.signing_key)


def keep_signing_key(store: Store, tenant: str, number: int, key: Mapping[str, Any], now: datetime) -> None:
    """Keep a new key that signs, unless another server kept one of that number; all but the one before it go."""
    one = t.signing_key
    with store.writing(tenant) as connection:
        connection.execute(delete(one).where(one.c.tenant == tenant, one.c.number < number - 1))
        row = {"tenant": tenant, "number": number, "key": dict(key), "made_at": now}
        connection.execute(upsert(connection, one).values(row).on_conflict_do_nothing())


def key_of(operation: str, version: str, body: bytes) -> str:
    """Return by what an ask is known: the same bytes to the same operation of the same version are the same ask."""
    return hashlib.sha256(f"{operation} {version}\n".encode() + body).hexdigest()


def answered(store: Store, tenant: str, client: str, sha256: str) -> Answered | None:
    """Return what was answered to an ask; None where it was never answered."""
    one = t.ask
    query = select(one.c.status, one.c.answer, one.c.case_no).where(
        one.c.tenant == tenant, one.c.client == client, one.c.sha256 == sha256
    )
    with store.reading(tenant) as connection:
        row = connection.execute(query).first()
    return Answered(*row) if row else None


def keep(store: Store, tenant: str, table: Table, row: Mapping[str, Any]) -> None:
    """Keep a row of one of these tables; where its key is known, it takes the place of the one before."""
    with store.writing(tenant) as connection:
        put(connection, tenant, table, row)


def put(connection: Connection, tenant: str, table: Table, row: Mapping[str, Any]) -> None:
    """Keep a row within a transaction that is open already."""
    connection.execute(_kept(connection.dialect.name, table, tuple(sorted(row))), {"tenant": tenant, **row})


@lru_cache(maxsize=64)
def _kept(dialect: str, table: Table, columns: tuple[str, ...]) -> Insert:
    """Return the statement that keeps a row of some columns, over the one before where its key is known."""
    made = inserted(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {name: made.excluded[name] for name in columns if name not in keys}
    if rest:
        return made.on_conflict_do_update(index_elements=keys, set_=rest)
    return made.on_conflict_do_nothing(index_elements=keys)


def found(store: Store, tenant: str, table: Table, **where: Any) -> list[Row]:  # noqa: ANN401 - values of columns
    """Return the rows of one of these tables, by key."""
    with store.reading(tenant) as connection:
        return rows(connection, tenant, table, **where)


def rows(connection: Connection, tenant: str, table: Table, **where: Any) -> list[Row]:  # noqa: ANN401 - as above
    """Return rows within a transaction that is open already."""
    query = select(table).where(table.c.tenant == tenant, *(table.c[name] == value for name, value in where.items()))
    return [dict(row) for row in connection.execute(query.order_by(*table.primary_key)).mappings()]


def trace(store: Store, tenant: str, case_no: str, numbers: Iterable[tuple[str, str, int]]) -> None:
    """Keep the numbers by which a case is known: kind, value, and item (0: the whole case)."""
    with store.writing(tenant) as connection:
        for kind, value, item in numbers:
            row = {"value": as_kept(value), "kind": kind, "case_no": case_no, "item": item}
            put(connection, tenant, t.traced, row)


def as_kept(value: str) -> str:
    """Return a number as it is kept and looked for."""
    return value[:LONGEST]


def cases_of(store: Store, tenant: str, value: str) -> list[Row]:
    """Return what a number is of: kind, case and item; nothing where nobody knows it."""
    return found(store, tenant, t.traced, value=as_kept(value))


def change(
    store: Store,
    tenant: str,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    **was: Any,  # noqa: ANN401 - values of columns
) -> bool:
    """Change a row; return whether it was there, as ``was`` says where it says anything."""
    with store.writing(tenant) as connection:
        same = [table.c[name] == value for name, value in {"tenant": tenant, **key, **was}.items()]
        return connection.execute(update(table).where(*same).values(dict(values))).rowcount > 0


def purge(store: Store, tenant: str, before: Mapping[str, datetime]) -> dict[str, int]:
    """Take away what is older than the plan keeps it, by table: ``hook_call``, ``ask``, ``feedback``, ``form_error``.

    Contexts go when they end.
    """
    gone: dict[str, int] = {}
    moments = {t.hook_call: "at", t.ask: "at", t.feedback: "at", t.form_error: "at", t.context: "ends_at"}
    with store.writing(tenant) as connection:
        for table, moment in moments.items():
            if (until := before.get(table.name)) is not None:
                said = delete(table).where(table.c.tenant == tenant, table.c[moment] < until)
                gone[table.name] = connection.execute(said).rowcount
    return gone
