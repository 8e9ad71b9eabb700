"""The store: one database, SQLite or PostgreSQL, opened, migrated and checked; transactions in the name of a tenant.

A writing transaction on SQLite takes the lock at its beginning, so that what it read is still so when it writes. On
PostgreSQL it is told its tenant, and row-level security shows it no other's rows.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock, local
from time import sleep
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from priorauth.errors import Fault, LedgerRefused
from priorauth.ledger.guards import SETTING

DEFAULT: Final = "sqlite:///priorauth.db"
BUSY_SECONDS: Final = 5
OWNERS: Final = 0o600
"""Who may read a ledger's file: its owner."""
CACHE_KIB: Final = 32 * 1024
"""How much of a SQLite file each connection may keep in memory."""
_TRIES_A_SECOND: Final = 50
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    f"PRAGMA cache_size = -{CACHE_KIB}",
)


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. ``name`` is what errors call it: the file, or host and database, never a password.

    ``patience``: how many seconds PostgreSQL may spend on one statement, waiting for others among it; 0: as long as the
    database itself allows.
    """

    engine: Engine
    name: str
    patience: int = 0
    turn: AbstractContextManager[Any] = field(default_factory=nullcontext)
    """Whose turn it is to write, of the threads of this program."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def writing(self, tenant: str) -> Iterator[Connection]:
        """Return a transaction that writes in the name of a tenant; committed where the block ends without a fault."""
        with self.turn, self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                _told(connection, tenant, self.patience)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            try:
                connection.commit()
            except BaseException:
                connection.invalidate()  # SQLite leaves a transaction open whose commit failed: nobody is given it
                raise

    @contextmanager
    def reading(self, tenant: str) -> Iterator[Connection]:
        """Return a transaction that sees one state of the database and writes nothing."""
        with self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
                _told(connection, tenant, self.patience)
            try:
                yield connection
            finally:
                connection.rollback()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


class _Turn:
    """The turn of one thread after the other to write to a SQLite file, which one alone does at a time.

    Who waits for SQLite's own lock asks for it again after pauses that grow, and may be passed over; who waits
    here is woken. One that waits as long as SQLite would goes on to its lock, and is refused there.
    """

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._lock = RLock()
        self._held = local()

    def __enter__(self) -> None:
        """Wait for the turn."""
        self._taken().append(self._lock.acquire(timeout=BUSY_SECONDS))

    def __exit__(self, *_: object) -> None:
        """Give the turn to the next."""
        if self._taken().pop():
            self._lock.release()

    def _taken(self) -> list[bool]:
        """Return, of this thread's transactions, whether each has the turn."""
        if not hasattr(self._held, "taken"):
            self._held.taken = []
        found: list[bool] = self._held.taken
        return found


def _told(connection: Connection, tenant: str, patience: int) -> None:
    """Tell PostgreSQL whose transaction it is, and how long a statement of it may take."""
    told, values = f"SELECT set_config('{SETTING}', :tenant, true)", {"tenant": tenant}
    if patience:
        told, values["patience"] = f"{told}, set_config('statement_timeout', :patience, true)", f"{patience}s"
    connection.execute(text(told), values)


def connect(url: str = DEFAULT) -> Store:
    """Open a database without looking at what is in it; raises LedgerRefused where the URL is none of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise refused("the database", "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return Store(_sqlite(parsed.database), parsed.database or ":memory:", turn=_Turn())
    if kind != "postgresql":
        raise refused("the database", f"expected sqlite or postgresql, found {kind[:40]}")
    name = f"{parsed.host or 'localhost'}/{parsed.database}"
    try:
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True, pool_size=8
        )
    except (NoSuchModuleError, ImportError):
        raise refused(name, "needs psycopg: pip install 'priorauth[postgresql]'") from None
    return Store(engine, name)


def _sqlite(file: str | None) -> Engine:
    if not file or file == ":memory:":
        raise refused(":memory:", "expected a file: what is kept in memory alone is lost")
    try:
        there = Path(file).absolute().parent.is_dir()
    except OSError as fault:
        raise refused(file, f"cannot be opened: {fault.strerror}") from None
    if not there:
        raise refused(file, "the folder is not there")
    engine = create_engine(
        f"sqlite:///{file}", hide_parameters=True, pool_size=8, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "do_connect")
    def _made(*_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        """Make a file that is not there for its owner alone; what SQLite puts beside it takes that over."""
        if not Path(file).exists():
            with suppress(OSError):  # SQLite says what is wrong
                os.close(os.open(file, os.O_CREAT | os.O_WRONLY, OWNERS))

    @event.listens_for(engine, "connect")
    def _begin(connection: sqlite3.Connection, _: Any) -> None:  # noqa: ANN401 - SQLAlchemy's record of a connection
        connection.isolation_level = None  # we begin transactions ourselves
        for pragma in _PRAGMAS:
            _until_free(connection, pragma)

    @event.listens_for(engine, "begin")
    def _not_twice(_: Connection) -> None:
        """Begin nothing here: :meth:`Store.writing` and :meth:`Store.reading` say how."""

    return engine


def _until_free(connection: sqlite3.Connection, pragma: str) -> None:
    """Set a pragma. One program at a time gives a new file its mode, and SQLite itself does not wait for that."""
    for _ in range(BUSY_SECONDS * _TRIES_A_SECOND):
        try:
            connection.execute(pragma)
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            sleep(1 / _TRIES_A_SECOND)
        else:
            return
    connection.execute(pragma)


def refused(name: str, said: str) -> LedgerRefused:
    """Return the refusal of a database."""
    return LedgerRefused(Fault(name, None, said))


def plain(fault: DBAPIError) -> str:
    """Return what a database said, in one line and without the statement or its values."""
    said = str(fault.orig).strip() or type(fault.orig).__name__
    return said.splitlines()[0][:200]


__all__ = ["DEFAULT", "OperationalError", "Store", "connect", "plain", "refused"]


def upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insertion that may say what is done where the row is there already."""
    return inserted(connection.dialect.name, table)


def inserted(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return such an insertion for a kind of database."""
    made = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return made(table)
