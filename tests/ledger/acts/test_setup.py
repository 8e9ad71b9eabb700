"""The plan and its people: who holds which role and licence, who stands above whom, and who may sign."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.proposals import ProposeRole
from priorauth.ledger.acts.setup import AddLicence, AddOrganisation, AddPerson, GrantRole, MaySign, SetUp
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from tests.ledger.house import ADMIN, FIRST, LAST, NOW, NURSE, SYSTEM, TENANT, done, furnish, refused
from tests.ledger.standing import rows

SECOND = Who(TENANT, "ada", "admin")


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    done(store, AddPerson(person="ada", title="Ada"))
    done(store, GrantRole(person="ada", role="admin", valid_from=FIRST))
    return store


def above(store: Store, person: str) -> set[str]:
    return {row["above"] for row in rows(store, t.above, person=person)}


def add(store: Store, person: str, supervisor: str | None) -> None:
    done(store, AddPerson(person=person, title=person.title(), supervisor=supervisor), ADMIN)


def test_the_zone_of_a_plan_is_one_that_there_is(store: Store) -> None:
    for zone in ("Boston", "", "../etc/passwd"):
        assert refused(store, SetUp(title="A plan", zone=zone)).code == "invalid"
    done(store, SetUp(title="A plan", zone="America/New_York"))


@pytest.mark.parametrize("value", [0, -1, 1.5, "soon", "", "0", True, None, "1" * 7, [30]])
def test_a_number_of_the_settings_is_a_whole_one_from_one_on(store: Store, value: object) -> None:
    said = refused(store, SetUp(title="A plan", zone="UTC", settings={"session_idle_minutes": value})).reason
    assert said == "the setting session_idle_minutes: expected a whole number from 1 on"
    done(store, SetUp(title="A plan", zone="UTC", settings={"session_idle_minutes": "20", "answer_days": 9}))


def test_nobody_does_anything_before_the_plan_is_set_up(store: Store) -> None:
    assert refused(store, AddPerson(person="x", title="X")).code == "not-found"
    assert refused(store, SetUp(title="A plan", zone="UTC"), ADMIN).code == "not-found"


def test_whoever_stands_above_her_stands_above_those_below_her(plan: Store) -> None:
    assert above(plan, "dirk") == {"dora"}
    add(plan, "bea", None)
    add(plan, "dora", "bea")
    assert (above(plan, "dora"), above(plan, "dirk")) == ({"bea"}, {"dora", "bea"})
    add(plan, "dora", None)
    assert (above(plan, "dora"), above(plan, "dirk")) == (set(), {"dora"})


def test_nobody_stands_above_herself(plan: Store) -> None:
    assert refused(plan, AddPerson(person="dora", title="Dora", supervisor="dora")).code == "invalid"
    assert refused(plan, AddPerson(person="dora", title="Dora", supervisor="dirk")).code == "invalid"
    assert refused(plan, AddPerson(person="dora", title="Dora", supervisor="nobody")).code == "not-found"
    assert above(plan, "dirk") == {"dora"}


@pytest.mark.parametrize("role", ["director", "appeals", "admin"])
def test_a_role_that_signs_or_grants_is_granted_by_two_admins(plan: Store, role: str) -> None:
    def grant(second: str | None) -> GrantRole:
        return GrantRole(person="nora", role=role, valid_from=FIRST, second=second)

    for second in (None, "adam", "nina", "nobody", "ada"):  # she has not proposed it
        assert refused(plan, grant(second), ADMIN).code == "no-right"
    done(plan, ProposeRole(person="nora", role=role, valid_from=FIRST, why="she is a physician"), SECOND)
    done(plan, grant("ada"), ADMIN)
    assert refused(plan, grant("ada"), ADMIN).code == "no-right"  # it was used
    (found,) = rows(plan, t.role, person="nora", role=role)
    assert found["granted_by"] == ["adam", "ada"]


def test_an_admin_of_yesterday_or_who_has_left_is_no_second(plan: Store) -> None:
    grant = GrantRole(person="nora", role="director", valid_from=FIRST, second="ada")
    done(plan, ProposeRole(person="nora", role="director", valid_from=FIRST, why="she is a physician"), SECOND)
    done(plan, GrantRole(person="ada", role="admin", valid_from=FIRST, valid_until=date(2026, 11, 23)))
    assert refused(plan, grant, ADMIN).code == "no-right"
    done(plan, GrantRole(person="ada", role="admin", valid_from=FIRST))
    done(plan, AddPerson(person="ada", title="Ada", active=False))
    assert refused(plan, grant, ADMIN).code == "no-right"
    done(plan, AddPerson(person="ada", title="Ada"))
    done(plan, grant, ADMIN)


@pytest.mark.parametrize("role", ["rule", "system", "doctor", ""])
def test_no_person_is_the_rule_or_the_system(plan: Store, role: str) -> None:
    assert refused(plan, GrantRole(person="nora", role=role, valid_from=FIRST), ADMIN).code == "invalid"


def test_roles_and_licences_are_of_people_who_are_there(plan: Store) -> None:
    assert refused(plan, GrantRole(person="nobody", role="nurse", valid_from=FIRST), ADMIN).code == "not-found"
    licence = {"licence": "1", "kind": "MD", "state": "MA", "specialty": "", "valid_from": FIRST, "valid_until": LAST}
    assert refused(plan, AddLicence(person="nobody", **licence), ADMIN).code == "not-found"  # type: ignore[arg-type]


def test_what_is_said_anew_takes_the_place_of_what_was_said(plan: Store) -> None:
    done(plan, AddOrganisation(organisation="clinic", kind="clinic", title="The clinic", npi="1999999992"), ADMIN)
    (found,) = rows(plan, t.organisation, organisation="clinic")
    assert (found["name"], found["npi"]) == ("The clinic", "1999999992")
    done(plan, MaySign(line="*", kind="MD", state="*"), ADMIN)
    assert len(rows(plan, t.may_sign)) == 1
    done(plan, MaySign(line="*", kind="MD", state="*", gone=True), ADMIN)
    assert rows(plan, t.may_sign) == []
    assert refused(plan, MaySign(line="*", kind="MD", state="*", gone=True), ADMIN).code == "not-found"


def test_a_nurse_manages_nobody(plan: Store) -> None:
    assert refused(plan, AddPerson(person="x", title="X"), NURSE, NOW).code == "no-right"


def test_what_is_set_up_after_something_else_is_never_of_an_earlier_moment(store: Store) -> None:
    furnish(store)
    done(store, AddOrganisation(organisation="late", kind="clinic", title="Late"), SYSTEM, NOW + timedelta(days=1))
    done(store, AddOrganisation(organisation="back", kind="clinic", title="Back"), SYSTEM, NOW - timedelta(days=9))
    one = t.event
    with store.reading(TENANT) as connection:
        query = select(one.c.at).where(one.c.case_no == "").order_by(one.c.number.desc()).limit(2)
        last, before = connection.execute(query).scalars()
    assert last == before == NOW + timedelta(days=1)
