"""Roles that two admins grant: one proposes, another grants or refuses; the right is ended by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.proposals import EndRole, ProposeRole, RefuseProposal
from priorauth.ledger.acts.setup import AddPerson, GrantRole
from priorauth.ledger.care.verify import verify
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from tests.ledger.house import ADMIN, FIRST, NOW, NURSE, SYSTEM, TENANT, done, furnish, refused
from tests.ledger.standing import rows

SECOND = Who(TENANT, "ada", "admin")
PROPOSED = ProposeRole(person="nora", role="director", valid_from=FIRST, why="she is a physician now")
GRANT = GrantRole(person="nora", role="director", valid_from=FIRST, second="adam")


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    done(store, AddPerson(person="ada", title="Ada"))
    done(store, GrantRole(person="ada", role="admin", valid_from=FIRST))
    return store


def test_what_one_admin_proposes_another_grants(plan: Store) -> None:
    done(plan, PROPOSED, ADMIN)
    done(plan, GRANT, SECOND)
    (found,) = rows(plan, t.proposal)
    assert (found["outcome"], found["decided_by"]) == ("accepted", "ada")
    assert rows(plan, t.role, person="nora", role="director")[0]["granted_by"] == ["ada", "adam"]
    assert verify(plan, TENANT).faults == ()


def test_nobody_grants_what_she_has_proposed_herself_nor_something_else_than_was_proposed(plan: Store) -> None:
    done(plan, PROPOSED, ADMIN)
    assert refused(plan, GRANT, ADMIN).code == "no-right"
    longer = GrantRole(person="nora", role="director", valid_from=FIRST - timedelta(days=1), second="adam")
    assert refused(plan, longer, SECOND).code == "no-right"
    assert rows(plan, t.role, person="nora", role="director") == []


def test_what_was_refused_or_taken_back_cannot_be_granted(plan: Store) -> None:
    for who, outcome in ((SECOND, "refused"), (ADMIN, "withdrawn")):
        number = done(plan, PROPOSED, ADMIN).more["proposal"]
        done(plan, RefuseProposal(proposal=number, why="no licence"), who, NOW + timedelta(minutes=1))
        assert rows(plan, t.proposal, proposal=number)[0]["outcome"] == outcome
        assert refused(plan, GRANT, SECOND).code == "no-right"
        assert refused(plan, RefuseProposal(proposal=number, why="again"), who).code == "not-found"
        later = NOW + timedelta(hours=1)
        again = done(plan, PROPOSED, ADMIN, later).more["proposal"]
        assert again != number
        done(plan, RefuseProposal(proposal=again, why="tidy"), SECOND, later)


def test_a_proposal_names_somebody_a_role_of_two_and_why_and_stands_once(plan: Store) -> None:
    said = {"person": "nora", "role": "director", "valid_from": FIRST, "why": "so"}
    for wrong in ({"role": "nurse"}, {"person": "nobody"}, {"why": " "}, {"valid_until": date(2019, 1, 1)}):
        assert refused(plan, ProposeRole(**{**said, **wrong}), ADMIN).code in ("invalid", "not-found"), wrong  # type: ignore[arg-type]
    assert refused(plan, PROPOSED, NURSE).code == "no-right"
    assert refused(plan, PROPOSED, SYSTEM).code == "invalid"
    done(plan, PROPOSED, ADMIN)
    assert refused(plan, PROPOSED, SECOND).reason == "the same is proposed already"


def test_a_role_is_ended_by_one_admin_and_one_that_has_not_begun_is_taken_away(plan: Store) -> None:
    end = EndRole(person="dora", role="director", valid_from=FIRST, last=NOW.date(), why="she leaves")
    done(plan, end, ADMIN)
    assert rows(plan, t.role, person="dora")[0]["valid_until"] == NOW.date()
    assert refused(plan, end, ADMIN).code == "invalid"
    done(plan, EndRole(person="dora", role="director", valid_from=FIRST, last=date(2019, 1, 1), why="a slip"), ADMIN)
    assert rows(plan, t.role, person="dora") == []
    assert refused(plan, end, ADMIN).code == "not-found"
    assert verify(plan, TENANT).faults == ()


def test_no_admin_takes_her_own_right(plan: Store) -> None:
    end = EndRole(person="adam", role="admin", valid_from=FIRST, last=NOW.date(), why="I leave")
    assert refused(plan, end, ADMIN).code == "no-right"
    done(plan, end, SECOND)
