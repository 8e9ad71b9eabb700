"""The schema of a database: made, brought up to date, and refused where it is newer than this program.

Alembic's revisions stand in ``migrations/versions``; there is no way down.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from priorauth.ledger.faults import said
from priorauth.ledger.store import DEFAULT, Store, connect, plain, refused

_FOLDER: Final = Path(__file__).with_name("migrations")
logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)


def open_store(url: str = DEFAULT, patience: int = 0) -> Store:
    """Open a database, make or bring up its schema, and check that it is whole; raises LedgerRefused.

    ``patience`` is that of the store: an upgrade takes the time that it takes.
    """
    return replace(_opened(url, upgrade), patience=patience)


def open_whole(url: str = DEFAULT) -> Store:
    """Open a database that is there and has the schema of this program, and change nothing; raises LedgerRefused."""
    return _opened(url, _as_it_is)


def open_any(url: str = DEFAULT) -> Store:
    """Open a database that is there, of any schema we know, and change nothing; raises LedgerRefused."""
    return _opened(url, _known)


def _opened(url: str, then: Callable[[Store], object]) -> Store:
    store = connect(url)
    try:
        if then is not upgrade:
            _there(store)
        whole(store)
        then(store)
    except SQLAlchemyError as fault:
        store.close()
        raise refused(store.name, f"cannot be opened: {said(fault)}") from None
    except BaseException:
        store.close()
        raise
    return store


def _there(store: Store) -> None:
    if store.dialect == "sqlite" and not Path(store.name).is_file():
        raise refused(store.name, "there is no such file: priorauth ledger upgrade --db URL makes an empty ledger")


def _known(store: Store) -> str:
    """Return the revision of a database; refuses one that this program does not know."""
    now = revision(store)
    if now is None:
        raise refused(store.name, "there is no ledger in it: priorauth ledger upgrade --db URL makes an empty one")
    if now not in revisions():
        raise refused(store.name, f"its schema {now} is newer than this priorauth: install the newer one")
    return now


def _as_it_is(store: Store) -> None:
    now = _known(store)
    if now != head():
        raise refused(
            store.name, f"its schema {now} is older than this priorauth: back it up, then priorauth ledger upgrade"
        )


def whole(store: Store) -> None:
    """See that the pages of a SQLite file hold together; raises LedgerRefused. A PostgreSQL server sees to its own."""
    if store.dialect != "sqlite":
        return
    try:
        with store.engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    except OperationalError as fault:
        raise refused(store.name, f"cannot be opened: {said(fault)}") from None
    except DBAPIError as fault:
        found = plain(fault)
    if found != "ok":
        told = " ".join(str(found).replace("*** in database main ***", "").split())[:120]
        raise refused(store.name, f"is damaged ({told}); restore a backup: priorauth ledger restore FILE --db URL")


def revision(store: Store) -> str | None:
    """Return the revision of a database; None where it has no schema."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Return the revision that this program works with."""
    found = ScriptDirectory(str(_FOLDER)).get_current_head()
    if found is None:
        raise AssertionError("there is always a revision")
    return found


def revisions() -> tuple[str, ...]:
    """Return the revisions that this program knows, the oldest first."""
    return tuple(one.revision for one in ScriptDirectory(str(_FOLDER)).walk_revisions())[::-1]


def upgrade(store: Store, to: str = "head") -> None:
    """Bring the schema up to a revision; raises LedgerRefused where the database is newer than this program."""
    if revision(store) is not None and _known(store) == head():
        return
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    with store.engine.connect() as connection:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(7032001)"))  # two servers that start at once
        if MigrationContext.configure(connection).get_current_revision() != head():
            config.attributes["connection"] = connection
            command.upgrade(config, to)
        connection.commit()
