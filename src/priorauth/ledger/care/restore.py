"""A ledger made of a backup, in a database that holds nothing of the tenant, and verified before it is said to be done.

The guards of the database look at what is so now; what was decided years ago was right by what was so then. So they
stand aside while rows are copied, and are back before the transaction ends.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from priorauth.errors import Fault, LedgerRefused
from priorauth.ledger import parts
from priorauth.ledger.care import archive
from priorauth.ledger.care.backup import FORMAT, KIND, Columns, shape
from priorauth.ledger.care.verify import Verified, verify
from priorauth.ledger.faults import said
from priorauth.ledger.schema import revision, revisions, upgrade
from priorauth.ledger.store import Store, connect, refused

_AT_ONCE: Final = 100
_SEQUENCE: Final = """SELECT setval(pg_get_serial_sequence('outbox', 'number'),
    greatest((SELECT coalesce(max(number), 0) FROM outbox), nextval(pg_get_serial_sequence('outbox', 'number'))))"""


def restore(path: Path, url: str) -> tuple[str, Verified]:
    """Make a ledger of a backup; return its tenant and what was verified. Raises LedgerRefused."""
    with archive.reading(path, KIND) as file:
        _known(file)
        store = connect(url)
        try:
            return _restored(file, store)
        except SQLAlchemyError as fault:
            raise refused(store.name, f"cannot be written: {said(fault)}; nothing was restored") from None
        finally:
            store.close()


def _known(file: archive.Read) -> None:
    if file.manifest["format"] != FORMAT or file.manifest["schema"] not in revisions():
        schema = str(file.manifest["schema"])[:40]
        raise refused(str(file.path), f"its schema {schema} is newer than this priorauth: install the newer one")


def _restored(file: archive.Read, store: Store) -> tuple[str, Verified]:
    tenant, schema = str(file.manifest["tenant"]), str(file.manifest["schema"])
    if revision(store) is None:
        upgrade(store, schema)
    if revision(store) != schema:
        raise refused(store.name, "expected an empty database")
    try:
        with store.writing(tenant) as connection:
            _filled(file, store, connection, tenant)
    except IntegrityError as fault:
        if "unique" in str(fault.orig).lower():
            raise refused(store.name, "expected an empty database: another tenant uses the same numbers") from None
        raise refused(str(file.path), "its rows do not belong together; nothing was restored") from None
    upgrade(store)
    found = verify(store, tenant)
    if found.faults:
        told = "was restored as it was, and the backup was taken of a ledger that is not whole:"
        raise LedgerRefused(*(Fault(store.name, None, line) for line in (told, *found.faults)))
    return tenant, found


def _filled(file: archive.Read, store: Store, connection: Connection, tenant: str) -> None:
    """Copy every row, with the guards aside."""
    described = file.manifest["tables"]
    here = shape(connection)
    if missing := described.keys() - here.keys():
        raise refused(str(file.path), f"has a table that schema {file.manifest['schema']} has not: {min(missing)}")
    # in the order of the database, in which they can be filled
    tables = {name: msgspec.convert(described[name]["columns"], Columns) for name in here if name in described}
    for name in tables:
        if connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first():  # noqa: S608 - checked above
            raise refused(store.name, "expected an empty database: there are rows of this tenant in it")
    if connection.dialect.name != "sqlite":
        parts.of_days(connection, _days(file))
    guards = _aside(connection, tuple(tables))
    for name, columns in tables.items():
        _copied(file, connection, name, columns, tenant)
    for statement in guards:
        connection.exec_driver_sql(statement)
    if store.dialect != "sqlite":
        connection.execute(text(_SEQUENCE))


def _days(file: archive.Read) -> set[date]:
    """Return the days on which the cases of a backup came."""
    return {date.fromisoformat(msgspec.json.decode(line)["received"]) for line in file.lines("cases.ndjson")}


def _copied(file: archive.Read, connection: Connection, name: str, columns: Columns, tenant: str) -> None:
    listed = ", ".join(f'"{column}"' for column in columns.names)
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f'INSERT INTO "{name}" ({listed}) VALUES ({", ".join(mark for _ in columns.names)})'  # noqa: S608 - the schema's names
    rows = _rows(file, name, columns, tenant)
    count = 0
    while some := list(islice(rows, _AT_ONCE)):
        connection.exec_driver_sql(statement, some)
        count += len(some)
    if count != file.manifest["tables"][name]["rows"]:
        raise refused(str(file.path), f"{name}: expected {file.manifest['tables'][name]['rows']} rows, found {count}")


def _rows(file: archive.Read, name: str, columns: Columns, tenant: str) -> Iterator[tuple[Any, ...]]:
    for line in file.lines(f"{name}.ndjson"):
        row = msgspec.json.decode(line)
        if row["tenant"] != tenant:
            raise refused(str(file.path), f"{name}: holds a row of another tenant")
        yield tuple(
            base64.b64decode(row[column]) if column in columns.packed and row[column] is not None else row[column]
            for column in columns.names
        )


def _aside(connection: Connection, tables: tuple[str, ...]) -> list[str]:
    """Put the guards of the tables aside; return the statements that set them again."""
    if connection.dialect.name != "sqlite":
        for name in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        back = [f'ALTER TABLE "{name}" ENABLE TRIGGER USER' for name in tables]
        return [
            "SET CONSTRAINTS ALL IMMEDIATE",
            *back,
        ]  # what waits for the end has to be seen to before a table changes
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    guards = [(str(name), str(sql)) for name, sql in found]
    for name, _ in guards:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [sql for _, sql in guards]
