"""Members nearly the same: of the same practice, with the field that differs; another practice's are not there."""

from __future__ import annotations

from priorauth.ledger.store import Store
from priorauth.workbench.drafts import near
from tests.ledger import house
from tests.ledger.conftest import address, migrated, postgresql, store, template, url

__all__ = ["address", "migrated", "postgresql", "store", "template", "url"]
SAID = {"family": "Synthetic", "given": "Ask", "born": "1999-06-19", "member_id": "M-ask"}


def test_a_member_who_differs_in_one_field_is_shown_with_it(store: Store) -> None:
    house.furnish(store)
    number = house.received(store, "ask")
    (found,) = near.near(store, house.COORDINATOR, {**SAID, "given": "Ash"})
    assert found.known.case == number
    assert found.differs == (("first names", "Ash", "Ask"),)
    assert near.near(store, house.COORDINATOR, SAID) == ()
    assert near.near(store, house.COORDINATOR, {"family": "Other", "born": "1970-01-01"}) == ()
    assert near.near(store, house.OTHER_CLINIC, {**SAID, "given": "Ash"}) == ()


def test_the_names_of_ones_own_cases_are_read_and_no_others(store: Store) -> None:
    house.furnish(store)
    number = house.received(store, "ask")
    assert near.members(store, house.COORDINATOR, (number,))[number].name == "Ask Synthetic"
    assert near.members(store, house.OTHER_CLINIC, (number,)) == {}
