"""Statements on rows of any table, each made once: what is asked thousands of times is not put together every time.

A function here returns a statement, or a statement with its values, as ``Connection.execute`` takes both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from priorauth.ledger import tables as t
from priorauth.ledger.events import Json, key_of


def chosen(tenant: str, table: Table, where: Mapping[str, Any]) -> tuple[Select[Any], Json]:
    """Return the query of a tenant's rows with these values, in the order of the key."""
    return _chosen(table, tuple(where)), _of(tenant, where)


def highest(tenant: str, table: Table, where: Mapping[str, Any]) -> tuple[Select[Any], Json]:
    """Return the query of the highest number of a tenant's rows with these values."""
    return _highest(table, tuple(where)), _of(tenant, where)


def changed(tenant: str, table: Table, key: tuple[Any, ...], row: Mapping[str, Any]) -> tuple[Update, Json]:
    """Return the statement that leaves columns of a row so."""
    here = _of(tenant, dict(zip(key_of(table), key, strict=True)))
    return _changed(table, tuple(row)), {**here, **{f"new_{name}": value for name, value in row.items()}}


def removed(tenant: str, table: Table, key: tuple[Any, ...]) -> tuple[Delete, Json]:
    """Return the statement that takes a row away."""
    return _removed(table), _of(tenant, dict(zip(key_of(table), key, strict=True)))


@cache
def of_case(table: Table, *left_out: str) -> Select[Any]:
    """Return the query of a case's rows by ``of_tenant`` and ``of_case_no``, without some columns, by their key.

    Of a large table by ``of_received`` too: the part in which they are.
    """
    columns = [column for column in table.c if column.name not in left_out]
    names = ("case_no", "received") if table in t.PARTED else ("case_no",)
    return select(*columns).where(_same(table, names)).order_by(*table.primary_key)


@cache
def said() -> Select[Any]:
    """Return the query of a case's events as :func:`of_case` has them, their data as they are written."""
    left_out = {"previous", "hash", "data"}
    columns = [column for column in t.event.c if column.name not in left_out]
    written = type_coerce(t.event.c.data, Text).label("data")
    return select(*columns, written).where(_same(t.event, ("case_no", "received"))).order_by(*t.event.primary_key)


@cache
def inserted(table: Table) -> Insert:
    """Return the statement that appends rows."""
    return insert(table).inline()


@cache
def inserted_once(table: Table, dialect: str) -> Insert:
    """Return the statement that appends a row, unless another transaction has just appended the same."""
    made = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return made(table).on_conflict_do_nothing()


@cache
def counted(dialect: str) -> ReturningInsert[Any]:
    """Return the statement that counts a case of a year, from 1, and gives the number after it."""
    one = t.counter
    made = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(one)
    next_ = made.on_conflict_do_update(index_elements=[one.c.tenant, one.c.year], set_={"next": one.c.next + 1})
    return next_.returning(one.c.next)


@cache
def kept() -> Select[Any]:
    """Return the query that finds bytes by ``of_tenant`` and ``of_sha256``, and does not read them."""
    return select(t.blob.c.size).where(_same(t.blob, ("sha256",)))


@cache
def content() -> Select[Any]:
    """Return the query of bytes by ``of_tenant`` and ``of_sha256``."""
    return select(t.blob.c.bytes).where(_same(t.blob, ("sha256",)))


@cache
def _chosen(table: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(table).where(_same(table, names)).order_by(*table.primary_key)


@cache
def _highest(table: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(func.max(table.c.number)).where(_same(table, names))


@cache
def _changed(table: Table, names: tuple[str, ...]) -> Update:
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    return update(table).where(_same(table, key_of(table))).values(values)


@cache
def _removed(table: Table) -> Delete:
    return delete(table).where(_same(table, key_of(table)))


def _same(table: Table, names: tuple[str, ...]) -> ColumnElement[bool]:
    listed = (table.c[name] for name in ("tenant", *names))
    return and_(*(column == bindparam(f"of_{column.name}", type_=column.type) for column in listed))


def _of(tenant: str, where: Mapping[str, Any]) -> Json:
    return {"of_tenant": tenant, **{f"of_{name}": value for name, value in where.items()}}
