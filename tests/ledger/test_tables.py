"""The tables: each is a tenant's, and is what is so, what happened or what is in hand; events carry what is so."""

from __future__ import annotations

from sqlalchemy import Table

from priorauth.ledger import tables as t
from priorauth.ledger.events import key_of

BESIDE = {"counter", "outbox"}
"""Neither state nor history: the next number of a year, and what leaves the house."""


def test_every_row_bears_its_tenant_and_its_key_begins_with_it() -> None:
    for table in t.METADATA.sorted_tables:
        assert not table.c.tenant.nullable, table.name
        if table is not t.outbox:
            assert next(iter(table.primary_key)).name == "tenant", table.name


def test_a_table_is_of_state_of_history_of_desks_or_of_the_border_and_none_is_forgotten() -> None:
    groups = (t.STATE, t.APPENDED, t.DESK, t.BORDER)
    named = [one.name for group in groups for one in group]
    assert len(named) == len(set(named))
    assert {table.name for table in t.METADATA.sorted_tables} == {*named, *BESIDE}


def test_state_tables_are_filled_in_an_order_in_which_what_they_name_is_there() -> None:
    there: set[Table] = set()
    for table in t.STATE:
        named = {key.column.table for column in table.c for key in column.foreign_keys}
        assert named <= there | {table}, table.name
        there.add(table)


def test_a_row_of_state_can_be_named_by_an_event() -> None:
    for table in t.STATE:
        assert set(key_of(table)) <= set(table.c.keys())
        assert t.tenant is table or key_of(table)


def test_references_stay_within_a_tenant() -> None:
    for table in t.METADATA.sorted_tables:
        for constraint in table.foreign_key_constraints:
            assert constraint.column_keys[0] == "tenant", (table.name, constraint.name)


def test_what_is_parted_by_day_has_the_day_in_its_key() -> None:
    for table in t.PARTED:
        assert "received" in table.primary_key.columns
