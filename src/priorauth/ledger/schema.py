"""The schema of a database: made, brought up to date, and refused where it is newer than this program.

Alembic's revisions stand in ``migrations/versions``; there is no way down.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from priorauth.ledger.store import DEFAULT, Store, connect, plain, refused

_FOLDER: Final = Path(__file__).with_name("migrations")
logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)


def open_store(url: str = DEFAULT) -> Store:
    """Open a database, make or bring up its schema, and check that it is whole; raises LedgerRefused."""
    store = connect(url)
    try:
        whole(store)
        upgrade(store)
    except DBAPIError as fault:
        store.close()
        raise refused(store.name, f"cannot be opened: {plain(fault)}") from None
    except BaseException:
        store.close()
        raise
    return store


def whole(store: Store) -> None:
    """See that the pages of a SQLite file hold together; raises LedgerRefused. A PostgreSQL server sees to its own."""
    if store.dialect != "sqlite":
        return
    try:
        with store.engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    except DBAPIError as fault:
        found = plain(fault)
    if found != "ok":
        said = str(found).splitlines()[0][:120]
        raise refused(store.name, f"is damaged ({said}); restore a backup: priorauth ledger restore FILE --db URL")


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


def upgrade(store: Store, to: str = "head") -> None:
    """Bring the schema up to a revision; raises LedgerRefused where the database is newer than this program."""
    now = revision(store)
    known = {one.revision for one in ScriptDirectory(str(_FOLDER)).walk_revisions()}
    if now is not None and now not in known:
        raise refused(store.name, f"its schema {now} is newer than this priorauth: install the newer one")
    if now == head():
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
