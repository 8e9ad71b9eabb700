"""Columns, keys and references of one shape, tried on metadata of their own."""

from __future__ import annotations

import pytest
from sqlalchemy import MetaData, Table

from priorauth.ledger import shapes


@pytest.fixture
def one(monkeypatch: pytest.MonkeyPatch) -> Table:
    """A table of no ledger; the ledger's own metadata stays as it is."""
    monkeypatch.setattr(shapes, "METADATA", MetaData(naming_convention=shapes.METADATA.naming_convention))
    return shapes.table(
        "letter",
        ("case_no", "number"),
        shapes.of_case(),
        shapes.number(),
        shapes.name("kind"),
        shapes.words("says", needed=False),
        shapes.moment("at"),
        shapes.to("person", "kind", deferred=True),
    )


def test_the_key_of_a_table_begins_with_the_tenant(one: Table) -> None:
    assert [column.name for column in one.primary_key] == ["tenant", "case_no", "number"]


def test_a_column_is_needed_unless_it_is_said_not_to_be(one: Table) -> None:
    assert [column.name for column in one.c if column.nullable] == ["says"]


def test_a_reference_is_to_rows_of_the_same_tenant(one: Table) -> None:
    (found,) = one.foreign_key_constraints
    assert found.column_keys == ["tenant", "kind"]
    assert [key.target_fullname for key in found.elements] == ["person.tenant", "person.kind"]
    assert (found.deferrable, found.initially) == (True, "DEFERRED")


def test_an_index_of_a_part_says_the_same_of_its_rows_in_both_databases(one: Table) -> None:
    shapes.part("ix_letter_silent", "says IS NULL", one.c.tenant, one.c.at)
    (found,) = one.indexes
    assert {str(found.dialect_options[name]["where"]) for name in ("sqlite", "postgresql")} == {"says IS NULL"}
