"""How a year is counted: data that names only what the query has, and a year of the plan's own days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite

from priorauth.ledger.allowed import states
from priorauth.ledger.columns import Moment
from priorauth.ledger.decided import behind, counting, microseconds, requests, span, spelled
from priorauth.ledger.store import Store

WHEN = span("plan", 2026, ZoneInfo("America/New_York"), datetime(2027, 3, 1, tzinfo=UTC))


def test_a_year_begins_and_ends_with_the_plans_own_days() -> None:
    assert WHEN.begins == datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert WHEN.ends == datetime(2027, 1, 1, 5, tzinfo=UTC)


def test_every_share_names_columns_of_the_decided_requests() -> None:
    columns = set(requests(WHEN).selected_columns.keys())
    for one in (*counting().shares, *counting().times):
        assert {*one.of, *one.counted} <= columns


def test_every_state_that_is_counted_is_a_state_in_which_a_case_is_closed() -> None:
    assert set(counting().results) <= {name for name, state in states().states.items() if not state.open}


def test_the_nine_public_elements_are_the_list_six_shares_and_two_times_twice_told() -> None:
    assert 1 + len(counting().shares) + len(counting().times) == 9


def test_a_query_is_told_with_its_values_in_either_database() -> None:
    query = behind(requests(WHEN), {"line": (None,), "payer": ("masshealth", None), "result": ("approved",)})
    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]  # SQLAlchemy's own
        text = spelled(query, dialect)
        assert "'masshealth'" in text
        assert "decided.line IS NULL" in text
        assert "2026-01-01" in text


def test_a_moment_is_told_in_microseconds_exactly_by_either_database(store: Store) -> None:
    moments = [
        datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 11, 24, 14, 0, 0, 1, tzinfo=UTC),
        datetime(2024, 2, 29, tzinfo=UTC),
        datetime(1970, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC),
    ]
    row = select(*(literal(one, Moment()).label(f"at_{number}") for number, one in enumerate(moments))).subquery()
    query = select(*(microseconds(column, store.dialect) for column in row.c))
    with store.reading("plan") as connection:
        found = tuple(connection.execute(query).one())
    assert found == tuple((one - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for one in moments)
