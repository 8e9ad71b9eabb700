"""Parts of the large tables are made ahead, guarded like the whole; what has no part is kept, and told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from priorauth.ledger import parts
from priorauth.ledger.guards import REFUSED
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store, connect
from priorauth.ledger.tables import PARTED
from tests.ledger.house import NOW, TENANT, furnish, received
from tests.servers import Server

THERE = [f"{table.name}_2026_{month:02}" for month in (11, 12) for table in PARTED]


@pytest.fixture
def held(postgresql: Server, template: str) -> Iterator[Store]:
    """A furnished plan on PostgreSQL."""
    with postgresql.like(template) as url:
        store = connect(url)
        furnish(store)
        yield store
        store.close()


def count(store: Store, table: str) -> Any:
    with store.reading(TENANT) as connection:
        return connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar()


def astray(store: Store) -> int:
    with store.reading(TENANT) as connection:
        return parts.astray(connection, TENANT)


def test_the_parts_of_the_months_to_come_are_made_once_and_rows_go_into_theirs(held: Store) -> None:
    made = parts.ahead(held, NOW, 1)
    assert (list(made.made), made.lacking) == (THERE, ())
    assert parts.ahead(held, NOW, 1) == parts.Parts()
    received(held, "ask")
    assert (count(held, "submission_2026_11"), count(held, "event_2026_11") > 1, astray(held)) == (1, True, 0)


def test_the_last_night_of_a_month_has_its_part_where_the_plan_is_still_in_the_month_before(held: Store) -> None:
    assert parts.ahead(held, NOW.replace(month=12, day=1, hour=3), 0).made[0] == "submission_2026_11"


def test_a_part_is_guarded_like_the_whole(held: Store) -> None:
    parts.ahead(held, NOW, 0)
    received(held, "ask")
    for table in PARTED:
        name = f"{table.name}_2026_11"
        for act in ("TRUNCATE {} CASCADE", "DELETE FROM {}", "UPDATE {} SET case_no = 'x'"):
            with pytest.raises(DBAPIError, match=REFUSED), held.writing(TENANT) as connection:
                connection.execute(text(act.format(name)))
        with held.reading("another") as connection:
            query = text(f'SELECT count(*) FROM "{name}"')
            assert connection.execute(query).scalar() == 0


def test_a_month_without_its_part_is_kept_in_the_default_and_told_and_the_next_ones_are_made(held: Store) -> None:
    received(held, "ask")
    assert (
        astray(held)
        == count(held, "event_default") + count(held, "run_default") + count(held, "submission_default")
        > 2
    )
    found = parts.ahead(held, NOW, 1)
    assert (list(found.lacking), list(found.made)) == (THERE[:3], THERE[3:])
    received(held, "approve")
    assert count(held, "submission_default") == 2
    received(held, "not-yet", now=NOW + timedelta(days=10))
    assert count(held, "submission_2026_12") == 1


def test_whoever_does_not_own_the_tables_makes_none_and_works_on(held: Store, postgresql: Server) -> None:
    url = make_url(held.engine.url.render_as_string(hide_password=False))
    postgresql.sql("DO $$ BEGIN CREATE ROLE clerk LOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    with held.engine.connect() as connection:
        connection.execute(text("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO clerk"))
        connection.execute(text("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO clerk"))
        connection.commit()
    clerk = connect(url.set(username="clerk").render_as_string(hide_password=False))
    found = parts.ahead(clerk, NOW, 1)
    assert (found.made, list(found.lacking)) == ((), THERE)
    assert parts.ahead(held, NOW, 1).lacking == ()
    received(clerk, "ask")
    assert (count(held, "submission_2026_11"), count(clerk, "submission"), astray(clerk)) == (1, 1, 0)
    clerk.close()


def test_a_file_has_no_parts(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert parts.ahead(store, NOW) == parts.Parts()
    with store.reading(TENANT) as connection:
        assert parts.astray(connection, TENANT) == 0
    store.close()


@given(st.dates(date(1900, 1, 1), date(2199, 11, 30)))
def test_the_next_month_begins_after_a_day_and_at_most_a_month_later(day: date) -> None:
    found = parts.next_month(day)
    assert (found.day, (found - timedelta(days=1)).month) == (1, day.month)
    assert timedelta(0) < found - day <= timedelta(days=31)
