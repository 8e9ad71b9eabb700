"""An appeal beside what is appealed: every criterion of both runs, what is different, what is new."""

from __future__ import annotations

from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.files import File
from priorauth.ledger.store import Store
from priorauth.server import reads
from priorauth.workbench.view.appeal import review
from tests.ledger import house
from tests.ledger.standing import adverse
from tests.workbench.director import CRITERION, with_director
from tests.workbench.pages.test_judging import newer_result
from tests.workbench.view.test_deciding import visiting


def test_a_new_result_turns_its_criterion_and_is_marked_as_new(store: Store) -> None:
    with visiting(store, house.APPEALS) as (_, visit):
        base = with_director(store)
        house.done(store, adverse(base), house.DIRECTOR)
        files = (File(title="lab.json", media="application/fhir+json", content=newer_result(), kind="resources"),)
        number = str(house.done(store, Appeal(case=base, fast=True, files=files), house.COORDINATOR).case)
        found = review(visit, reads.case(store, house.APPEALS, number), "")
        assert (found.base, found.level, found.fast, [one.name for one in found.new]) == (base, 1, True, ["lab.json"])
        (turned,) = (one for one in found.criteria if one.id == CRITERION)
        assert (turned.before_says, turned.after_says, turned.other) == ("missing", "shown", True)
        assert any("missing before, shown now" in one for one in found.different)
        assert not [one for one in found.criteria if one.id == "II.A.T.8.a" and one.before == one.after == "unknown"]


def test_a_second_level_counts_from_the_first_case(store: Store) -> None:
    with visiting(store, house.APPEALS) as (_, visit):
        base = with_director(store)
        house.done(store, adverse(base), house.DIRECTOR)
        first = str(house.done(store, Appeal(case=base), house.COORDINATOR).case)
        act = DecideAdversely(case=first, licence=f"{house.LICENCE}-apu", reasons=(house.REASON,))
        house.done(store, act, house.APPEALS)
        second = str(house.done(store, Appeal(case=first), house.COORDINATOR).case)
        found = review(visit, reads.case(store, house.APPEALS, second), "not she")
        assert (found.base, found.level, found.reviewer) == (first, 2, "not she")
        assert found.clock == ()
