"""What both databases keep alike: moments, JSON in one form, packed bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from priorauth.ledger.columns import Canonical, Moment, Packed, canonical, written
from priorauth.ledger.store import Store

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones())  # noqa: DTZ001 - drawn


@pytest.fixture
def kept(store: Store) -> Iterator[Any]:
    """A table of the three types in the database; gives what comes back of what is written."""
    table = Table("kept", MetaData(), Column("at", Moment), Column("json", Canonical), Column("bytes", Packed))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN") if store.dialect == "sqlite" else None
        table.create(connection)

        def back(**row: Any) -> Any:
            connection.execute(table.delete())
            connection.execute(insert(table), row)
            return connection.execute(select(table)).one()

        yield back
        connection.rollback()


def test_a_moment_comes_back_in_utc_to_the_microsecond(kept: Any) -> None:
    at = datetime(2026, 11, 27, 11, 10, 0, 1, timezone(timedelta(hours=-5)))
    found = kept(at=at).at
    assert found == at
    assert found.utcoffset() == timedelta(0)
    assert kept(at=None).at is None


def test_a_moment_without_a_zone_is_not_kept(kept: Any) -> None:
    with pytest.raises((StatementError, ValueError), match="a moment with a zone"):
        kept(at=datetime(2026, 11, 27, 16, 10))  # noqa: DTZ001 - the point


def test_json_comes_back_as_it_was_and_bytes_too(kept: Any) -> None:
    value = {"b": [1, None, True, "ä"], "a": {"z": 1.5}}
    found = kept(json=value, bytes=b"\x00\xff" * 1000)
    assert found.json == value
    assert found.bytes == b"\x00\xff" * 1000
    assert kept(json=None, bytes=None).bytes is None


def test_json_has_one_form_whatever_the_order_in_which_it_was_made() -> None:
    assert canonical({"b": 1, "a": (1, date(2026, 11, 27))}) == b'{"a":[1,"2026-11-27"],"b":1}'
    assert canonical({"a": [1, date(2026, 11, 27)], "b": 1}) == canonical({"b": 1, "a": (1, date(2026, 11, 27))})


def test_a_moment_is_written_the_same_in_every_zone() -> None:
    at = datetime(2026, 11, 27, 16, 10, tzinfo=UTC)
    assert written(at) == "2026-11-27T16:10:00.000000Z"
    assert canonical({"at": at.astimezone(timezone(timedelta(hours=9)))}) == canonical({"at": at})


@given(MOMENTS, MOMENTS)
def test_written_moments_sort_as_time_does(first: datetime, second: datetime) -> None:
    one, two = first.astimezone(UTC), second.astimezone(UTC)  # in the hour that a zone leaves out, only this compares
    assert (written(first) < written(second)) == (one < two)
    assert datetime.fromisoformat(written(first)) == one


def test_bytes_are_smaller_where_they_are_kept() -> None:
    engine = create_engine("sqlite://")
    packed = Packed().process_bind_param(b"[" + b"0," * 10_000 + b"0]", engine.dialect)
    assert packed is not None
    assert len(packed) < 200
