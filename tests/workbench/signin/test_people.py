"""Who may sign in, and what a plan has set."""

from __future__ import annotations

from datetime import date, timedelta

from priorauth.ledger.acts.setup import AddPerson, GrantRole
from priorauth.ledger.store import Store
from priorauth.workbench.signin import people
from tests.ledger.house import NOW, TENANT, done, furnish


def _plan(store: Store) -> people.Plan:
    with store.reading(TENANT) as connection:
        found = people.plan(connection, TENANT)
    assert found is not None
    return found


def test_a_plan_has_its_settings_and_defaults_where_it_says_nothing(store: Store) -> None:
    furnish(store, session_hours="8")
    of = _plan(store)
    assert (of.number("session_hours"), of.number("session_idle_minutes")) == (8, 30)
    assert of.day(NOW.replace(hour=3)) == date(2026, 11, 23)
    with store.reading("other") as connection:
        assert people.plan(connection, "other") is None


def test_a_person_has_the_roles_that_she_holds_today_in_one_order(store: Store) -> None:
    furnish(store)
    today = NOW.date()
    done(store, GrantRole(person="nina", role="analyst", valid_from=today, valid_until=today))
    done(store, GrantRole(person="nina", role="coordinator", valid_from=today + timedelta(days=1)))
    with store.reading(TENANT) as connection:
        of = _plan(store)
        roles = [people.person(connection, of, "nina", NOW + timedelta(days=days)) for days in (0, 1)]
    assert [one and one.roles for one in roles] == [("nurse", "analyst"), ("coordinator", "nurse")]


def test_everybody_is_who_works_here_and_holds_a_role_by_name(store: Store) -> None:
    furnish(store)
    done(store, AddPerson(person="aaa", title="Aa No Role"))
    done(store, AddPerson(person="otto", title="Otto", organisation="other-clinic", active=False))
    with store.reading(TENANT) as connection:
        found = people.everybody(connection, _plan(store), NOW)
        assert people.person(connection, _plan(store), "otto", NOW) is None
        assert people.person(connection, _plan(store), "aaa", NOW) is not None
    assert [one.person for one in found] == ["adam", "apu", "cora", "dirk", "dora", "nina", "nora"]
