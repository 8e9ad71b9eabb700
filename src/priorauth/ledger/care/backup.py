"""A backup: every row of a tenant as it stood at one moment, in one file that either database can be made of again.
The keys that sign its tokens are left out.

It is taken while others write (one transaction that sees one state). A format of our own, and not the database's: it
needs no client and no superuser, moves a tenant between SQLite and PostgreSQL, and its every member has a checksum.
Columns are written as the database has them, so that a backup can be taken of any schema, before it is upgraded.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, to_builtins
from sqlalchemy import Connection, inspect, text

from priorauth.errors import LedgerRefused
from priorauth.ledger.care import archive
from priorauth.ledger.columns import canonical, written
from priorauth.ledger.schema import revision
from priorauth.ledger.store import Store, refused

KIND: Final = "backup"
FORMAT: Final = 1
_HELD: Final = 200
_OWN: Final = "alembic_version"
_LEFT_OUT: Final = "signing_key"
"""The keys that sign tokens of a few minutes: where a ledger has none, it makes new ones."""
_PARTS: Final = """SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relispartition AND n.nspname = current_schema()"""


class Columns(Struct, frozen=True):
    """The columns of a table in order, those of them that hold text, bytes, or yes or no, and its key."""

    names: tuple[str, ...]
    texts: tuple[str, ...]
    packed: tuple[str, ...]
    truths: tuple[str, ...]
    key: tuple[str, ...]


class Kept(Struct, frozen=True):
    """What a backup holds: the tenant, the schema, rows by table, and the sha256 of the file."""

    tenant: str
    schema: str
    rows: dict[str, int]
    sha256: str


def backup(store: Store, tenant: str, path: Path) -> Kept:
    """Write a backup; raises LedgerRefused. The same rows give the same bytes."""
    schema = revision(store)
    if schema is None:
        raise refused(store.name, "there is no ledger in it")
    rows: dict[str, int] = {}
    with store.reading(tenant) as connection, archive.writing(path) as file:
        tables = shape(connection)
        if not connection.execute(text("SELECT 1 FROM tenant WHERE tenant = :own"), {"own": tenant}).first():
            raise no_tenant(store, tenant)
        for name, columns in tables.items():
            rows[name] = 0
            file.add(f"{name}.ndjson", _lines(connection, tenant, name, columns, rows))
        described = {name: {"columns": columns, "rows": rows[name]} for name, columns in tables.items()}
        said = {"kind": KIND, "format": FORMAT, "schema": schema, "tenant": tenant}
        file.end({**said, "tables": to_builtins(described)})
    return Kept(tenant, schema, rows, archive.sha256(path))


def no_tenant(store: Store, tenant: str) -> LedgerRefused:
    """Return the refusal of a tenant that is not there."""
    return refused(store.name, f"no tenant is named {tenant[:64]}")


def shape(connection: Connection) -> dict[str, Columns]:
    """Return the tables of a database by name, in an order in which they can be filled."""
    found = inspect(connection)
    parts = set() if connection.dialect.name == "sqlite" else set(connection.execute(text(_PARTS)).scalars())
    tables: dict[str, Columns] = {}
    for name, _ in found.get_sorted_table_and_fkc_names():
        if name is None or name in (_OWN, _LEFT_OUT) or name in parts:
            continue
        columns = found.get_columns(name)
        kinds = {column["name"]: column["type"].__visit_name__.lower() for column in columns}
        tables[name] = Columns(
            tuple(kinds),
            tuple(column for column, kind in kinds.items() if kind in ("varchar", "text", "string")),
            tuple(column for column, kind in kinds.items() if kind in ("blob", "bytea", "large_binary")),
            tuple(column for column, kind in kinds.items() if kind == "boolean"),
            tuple(found.get_pk_constraint(name)["constrained_columns"]),
        )
    return tables


def _lines(connection: Connection, tenant: str, name: str, columns: Columns, rows: dict[str, int]) -> Iterator[bytes]:
    listed = ", ".join(f'"{column}"' for column in columns.names)
    # PostgreSQL orders text as the server's locale does, unless it is told
    plain = "" if connection.dialect.name == "sqlite" else ' COLLATE "C"'
    order = ", ".join(f'"{column}"{plain if column in columns.texts else ""}' for column in columns.key)
    query = text(f'SELECT {listed} FROM "{name}" WHERE tenant = :own ORDER BY {order}')  # noqa: S608 - the schema's names
    for row in connection.execute(query, {"own": tenant}, execution_options={"yield_per": _HELD}):
        rows[name] += 1
        one = {column: _value(column, value, columns) for column, value in zip(columns.names, row, strict=True)}
        yield canonical(one) + b"\n"


def _value(column: str, value: Any, columns: Columns) -> Any:  # noqa: ANN401 - a database's value as JSON
    match value:
        case None:
            return None
        case bytes() | memoryview():
            return base64.b64encode(value).decode()
        case datetime():
            return written(value)
        case date():
            return value.isoformat()
        case _:
            return bool(value) if column in columns.truths else value
