"""The schema that the revisions make is the one that the tables say; older ledgers come up, newer ones are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from priorauth.errors import LedgerRefused
from priorauth.ledger import guards, schema
from priorauth.ledger.care.replay import replay
from priorauth.ledger.care.restore import restore
from priorauth.ledger.care.verify import verify
from priorauth.ledger.schema import head, open_any, open_store, open_whole, revisions, upgrade
from priorauth.ledger.store import Store, connect
from priorauth.ledger.tables import METADATA
from tests.ledger.conftest import DIALECTS

BACKUPS = Path(__file__).parents[1] / "data" / "ledger"
POSTGRESQL = {
    "checks and keys": """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "triggers": "SELECT tgrelid::regclass, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc, '' FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
    "policies": "SELECT tablename, policyname, qual || coalesce(with_check, '') FROM pg_policies",
    "forced": "SELECT relname, relrowsecurity::text, relforcerowsecurity::text FROM pg_class WHERE relrowsecurity",
    "columns": """SELECT table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema = current_schema()""",
}
SQLITE = {
    "triggers": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "tables": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL",
}
Fresh = Callable[[], str]


@pytest.fixture(params=DIALECTS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Makes empty databases of one kind; gives their URLs."""
    if request.param == "sqlite":
        numbers = iter(range(9))
        return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"
    running = request.getfixturevalue("postgresql")
    return lambda: str(running.fresh())


def described(connection: Connection) -> dict[str, set[tuple[str, ...]]]:
    """Describe what a database has beside rows, in its own words."""
    queries = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    return {
        what: {
            tuple(" ".join(str(part).split()) for part in row)
            for row in connection.execute(text(query.replace("::", "\\:\\:")))
            if "alembic_version" not in str(row[0])
        }
        for what, query in queries.items()
    }


def as_the_tables_say(store: Store) -> None:
    """Make a schema from the tables themselves, without a revision."""
    with store.engine.connect() as connection:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("BEGIN")
        METADATA.create_all(connection)
        for statement in guards.statements(store.dialect):
            connection.execute(text(statement.replace(":", "\\:")))
        connection.commit()


def ours(thing: Any, name: str | None, kind: str, *_: object) -> bool:
    """Leave out the parts that PostgreSQL has of a table, and Alembic's own table."""
    del thing
    return kind != "table" or not (name or "").endswith(("_default", "_of_tenants", "alembic_version"))


def test_the_revisions_make_what_the_tables_say(fresh: Fresh) -> None:
    migrated, said = open_store(fresh()), connect(fresh())
    as_the_tables_say(said)
    with migrated.engine.connect() as one, said.engine.connect() as other:
        options = {"compare_type": True, "compare_server_default": True, "include_object": ours}
        assert compare_metadata(MigrationContext.configure(one, opts=options), METADATA) == []
        found, wanted = described(one), described(other)
        for what, rows in wanted.items():
            assert found[what] == rows, what
    migrated.close()
    said.close()


def test_there_is_a_backup_of_every_schema() -> None:
    assert sorted(path.stem for path in BACKUPS.glob("*.backup")) == list(revisions())


@pytest.mark.parametrize("revision", revisions())
def test_a_ledger_of_every_schema_comes_up_with_what_is_in_it(revision: str, fresh: Fresh) -> None:
    url = fresh()
    tenant, found = restore(BACKUPS / f"{revision}.backup", url)
    assert found.faults == ()
    store = open_whole(url)
    assert schema.revision(store) == head()
    assert verify(store, tenant) == found
    assert [one for one in replay(store, tenant) if one.verdict == "alarm"] == []
    store.close()


def test_an_empty_database_has_no_ledger_until_it_is_made(fresh: Fresh) -> None:
    url = fresh()
    store = connect(url)
    assert schema.revision(store) is None
    store.close()
    for opened in (open_any, open_whole):
        with pytest.raises(LedgerRefused, match="there is no"):
            opened(url)
    store = open_store(url)
    assert schema.revision(store) == head()
    upgrade(store)
    store.close()
    open_whole(url).close()


def test_two_that_start_at_once_make_one_schema(fresh: Fresh) -> None:
    import threading

    url = fresh()
    faults: list[BaseException] = []

    def start() -> None:
        try:
            open_store(url).close()
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    starters = [threading.Thread(target=start) for _ in range(3)]
    for one in starters:
        one.start()
    for one in starters:
        one.join()
    assert faults == []


def test_an_older_ledger_is_refused_where_nothing_is_to_be_changed(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = fresh()
    open_store(url).close()
    monkeypatch.setattr(schema, "head", lambda: "0002")
    with pytest.raises(LedgerRefused, match=r"its schema \d+ is older than this priorauth: back it up"):
        open_whole(url)
    open_any(url).close()
