"""The people of a plan as its administrator sees them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from priorauth.ledger.acts.proposals import ProposeRole
from priorauth.ledger.acts.setup import AddPerson, GrantRole
from priorauth.ledger.events import Who
from tests.ledger.house import ADMIN, NOW, TENANT, done
from tests.workbench.house import Desk

TODAY = NOW.date()
pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def test_a_role_that_begins_another_day_is_not_held_today_and_one_that_is_over_is_gone(desk: Desk) -> None:
    days = timedelta(days=30)
    done(desk.store, AddPerson(person="lena", title="Lena Later"))
    done(desk.store, GrantRole(person="lena", role="nurse", valid_from=TODAY + days))
    done(desk.store, GrantRole(person="lena", role="manager", valid_from=TODAY - days, valid_until=TODAY - days / 2))
    page = desk.get("/admin/people/lena", ADMIN)
    assert page.status_code == 200, page.text
    assert "Lena Later" in page.text
    assert "24 Dec 2026" in page.text


def test_what_one_admin_proposed_waits_for_another_and_she_cannot_grant_it_herself(desk: Desk) -> None:
    done(desk.store, AddPerson(person="ada", title="Ada Second"))
    done(desk.store, GrantRole(person="ada", role="admin", valid_from=date(2020, 1, 1)))
    done(desk.store, ProposeRole(person="nora", role="director", valid_from=TODAY, why="she is a physician"), ADMIN)
    hers = desk.get("/admin/people", ADMIN).text
    others = desk.get("/admin/people", Who(TENANT, "ada", "admin")).text
    assert "Nora Nurse" in hers
    assert "Nora Nurse" in others
    assert hers.count(">Grant") < others.count(">Grant")
