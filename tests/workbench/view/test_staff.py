"""Who works on cases today: by name, without those whose role has ended or who hold none."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.acts import setup
from tests.ledger import house
from tests.workbench.house import Desk, both


@both
def test_a_colleague_whose_role_has_ended_is_offered_no_case(desk: Desk) -> None:
    house.done(desk.store, setup.AddPerson(person="gone", title="Gone Nurse"))
    house.done(
        desk.store, setup.GrantRole(person="gone", role="nurse", valid_from=house.FIRST, valid_until=date(2026, 11, 23))
    )
    page = desk.get("/queue", house.NURSE).text
    assert "Nora Nurse</option>" in page
    assert "Gone Nurse" not in page
    assert "Cora" not in page
