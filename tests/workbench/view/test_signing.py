"""Who signs: licences that are valid today and fit the plan, and what stands against her."""

from __future__ import annotations

from datetime import date

import pytest

from priorauth.ledger.acts import setup
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.server import reads
from priorauth.workbench.view.signing import signer
from tests.ledger import house
from tests.workbench.director import appealed, with_director
from tests.workbench.house import both
from tests.workbench.view.test_deciding import visiting


@both
def test_a_licence_that_ran_out_or_of_another_kind_is_not_offered(store: Store) -> None:
    with visiting(store) as (_, visit):
        number = with_director(store)
        for licence, kind, until in (("MA-1", "MD", date(2026, 11, 23)), ("MA-2", "RN", house.LAST)):
            act = setup.AddLicence(
                person="dora",
                licence=licence,
                kind=kind,
                state="MA",
                specialty="",
                valid_from=house.FIRST,
                valid_until=until,
            )
            house.done(store, act)
        found = signer(visit, reads.case(store, house.DIRECTOR, number))
        assert found.licences == ((house.LICENCE, "MD, endocrinology, MA MA-12345"),)
        assert found.against == ()


@pytest.mark.parametrize(("who", "may"), [(house.APPEALS, True), (house.BELOW, False), (house.DIRECTOR, False)])
def test_an_appeal_is_signed_by_nobody_who_was_there_nor_below_her(store: Store, who: Who, may: bool) -> None:  # noqa: FBT001 - a table
    with visiting(store, who) as (_, visit):
        _, number = appealed(store)
        assert (signer(visit, reads.case(store, who, number)).against == ()) is may
