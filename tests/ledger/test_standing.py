"""The tables of what is so now: the case has its number, its end of the chain and its indices."""

from __future__ import annotations

from priorauth.ledger import standing
from priorauth.ledger import tables as t


def test_they_are_the_state_tables_of_the_ledger_in_its_own_metadata() -> None:
    assert t.STATE is standing.STATE
    for table in (*standing.STATE, standing.counter):
        assert t.METADATA.tables[table.name] is table
        assert getattr(t, table.name) is table


def test_only_the_counter_is_not_made_anew_from_events() -> None:
    made = {name for name in vars(standing) if name in t.METADATA.tables}
    assert made - {table.name for table in standing.STATE} == {"counter"}


def test_a_case_bears_the_end_of_its_chain_and_its_version() -> None:
    for name in ("events", "head", "version"):
        assert not standing.cases.c[name].nullable


def test_open_cases_are_found_by_queue_owner_and_clinic() -> None:
    found = {index.name for index in standing.cases.indexes}
    assert {"ix_cases_open", "ix_cases_queue", "ix_cases_owner", "ix_cases_organisation"} <= found
    assert {"ix_cases_climbs", "ix_cases_closed"} <= found
