"""Which clocks may be extended: those whose law says so, on the grounds of their own list, while the case is open."""

from __future__ import annotations

from priorauth.ledger.store import Store
from priorauth.server import reads
from priorauth.workbench.view.timing import longer
from tests.ledger import house
from tests.ledger.standing import adverse
from tests.workbench.director import with_director
from tests.workbench.view.test_deciding import visiting


def test_a_clock_names_its_grounds_and_a_decided_case_has_none(store: Store) -> None:
    with visiting(store) as (_, visit):
        number = with_director(store)
        (one,) = longer(visit, reads.case(store, house.DIRECTOR, number))
        assert (one.rule, one.most.partition(" (")[0]) == ("mh-std", "14 calendar days")
        assert [ground for ground, _ in one.grounds] == [
            "member-asks", "provider-asks", "information-in-members-interest",
        ]  # fmt: skip
        house.done(store, adverse(number), house.DIRECTOR)
        assert longer(visit, reads.case(store, house.DIRECTOR, number)) == ()
