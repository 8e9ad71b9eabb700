"""Statements that are made once: the rows of a tenant by their values, changed, taken away, appended."""

from __future__ import annotations

from sqlalchemy import insert

from priorauth.ledger import statements
from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from tests.ledger.house import TENANT, furnish

ROW = {"tenant": TENANT, "kind": "clinic", "name": "X"}


def named(store: Store, **where: str) -> list[tuple[str, str]]:
    with store.reading(TENANT) as connection:
        rows = connection.execute(*statements.chosen(TENANT, t.organisation, where)).all()
    return [(row.organisation, row.name) for row in rows]


def test_a_statement_is_made_once_whatever_its_values() -> None:
    first, _ = statements.chosen("a", t.cases, {"case_no": "26-0001"})
    again, values = statements.chosen("b", t.cases, {"case_no": "26-0002"})
    assert first is again
    assert values == {"of_tenant": "b", "of_case_no": "26-0002"}


def test_rows_are_found_by_their_values_in_the_order_of_their_key(store: Store) -> None:
    furnish(store)
    with store.writing(TENANT) as connection:
        connection.execute(statements.inserted(t.organisation), [{**ROW, "organisation": one} for one in ("y2", "y1")])
    assert named(store, name="X") == [("y1", "X"), ("y2", "X")]


def test_a_row_is_changed_and_taken_away_by_its_key_and_no_other_is(store: Store) -> None:
    furnish(store)
    with store.writing(TENANT) as connection:
        connection.execute(insert(t.organisation), [{**ROW, "organisation": one} for one in ("y1", "y2", "y3")])
        changed = statements.changed(TENANT, t.organisation, ("y2",), {"name": "Z"})
        assert connection.execute(*changed).rowcount == 1
        connection.execute(*statements.removed(TENANT, t.organisation, ("y3",)))
    assert named(store, name="X") == [("y1", "X")]
    assert named(store, name="Z") == [("y2", "Z")]


def test_a_row_that_is_there_already_can_be_left_as_it_is(store: Store) -> None:
    furnish(store)
    with store.writing(TENANT) as connection:
        for name in ("X", "Y"):
            once = statements.inserted_once(t.organisation, store.dialect)
            connection.execute(once, {**ROW, "organisation": "x", "name": name})
    assert named(store, organisation="x") == [("x", "X")]


def test_cases_of_a_year_are_counted_from_one(store: Store) -> None:
    furnish(store)
    first = {"tenant": TENANT, "year": 2026, "next": 2}
    with store.writing(TENANT) as connection:
        counted = [connection.execute(statements.counted(store.dialect), first).scalar_one() for _ in range(3)]
    assert counted == [2, 3, 4]


def test_the_highest_number_is_of_the_rows_with_these_values_and_nothing_of_none(store: Store) -> None:
    furnish(store)
    with store.reading(TENANT) as connection:
        found = connection.execute(*statements.highest(TENANT, t.document, {"case_no": "26-0001"})).scalar()
    assert found is None
