"""The tables of the desks: no secret in them, filled in order, and two people to a proposal."""

from __future__ import annotations

import pytest
from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from priorauth.ledger import desk
from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from tests.ledger.house import NOW, TENANT, furnish

PROPOSED = {
    "tenant": TENANT, "proposal": "1", "kind": "reading", "subject": "hba1c", "data": {}, "why": "a newer text",
    "proposed_by": "nina", "proposed_at": NOW,
}  # fmt: skip


def test_they_can_be_filled_in_the_order_in_which_they_are_listed() -> None:
    there: set[Table] = {*t.STATE}
    for table in desk.DESK:
        named = {key.column.table for column in table.c for key in column.foreign_keys}
        assert named <= there | {table}, table.name
        there.add(table)


def test_they_are_no_part_of_a_case_so_that_nothing_of_them_is_handed_out_with_one() -> None:
    assert [table.name for table in desk.DESK if "case_no" in table.c] == []


@pytest.mark.parametrize(
    "other",
    [
        {"decided_by": "nina", "decided_at": NOW, "outcome": "accepted"},
        {"decided_by": "nora", "decided_at": NOW},
        {"outcome": "accepted"},
        {"decided_by": "nora", "decided_at": NOW, "outcome": "perhaps"},
    ],
)
def test_a_proposal_is_decided_by_somebody_else_and_whole(store: Store, other: dict[str, object]) -> None:
    furnish(store)
    with pytest.raises(IntegrityError), store.writing(TENANT) as connection:
        connection.execute(insert(t.proposal), {**PROPOSED, **other})


def test_a_proposal_is_accepted_by_another_or_withdrawn_by_herself(store: Store) -> None:
    furnish(store)
    with store.writing(TENANT) as connection:
        accepted = {"decided_by": "nora", "decided_at": NOW, "outcome": "accepted"}
        withdrawn = {"proposal": "2", "decided_by": "nina", "decided_at": NOW, "outcome": "withdrawn"}
        connection.execute(insert(t.proposal), {**PROPOSED, **accepted})
        connection.execute(insert(t.proposal), {**PROPOSED, **withdrawn})
