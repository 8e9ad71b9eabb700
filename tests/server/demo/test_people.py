"""People of the demo."""

from __future__ import annotations

from priorauth.ledger.allowed import rights
from priorauth.ledger.store import Store
from priorauth.ledger.work import Done, perform
from priorauth.server.demo import people
from tests.ledger.house import NOW


def test_somebody_holds_every_role_that_people_hold() -> None:
    assert {one.role for one in people.PEOPLE} == set(rights().roles) - {"rule", "system"}


def test_the_plan_is_set_up_by_acts_that_are_done(store: Store) -> None:
    for act in people.acts(NOW):
        assert isinstance(perform(store, act, people.system(), NOW), Done)


def test_whoever_decides_is_called_made_up() -> None:
    for one in people.PEOPLE:
        assert "demo" in one.title.lower()
    assert people.who("carla").organisation == people.CLINICS[0]
