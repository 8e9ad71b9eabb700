"""What may be asked: the things of the last run with their facts, and until when, with what a law gives at least."""

from __future__ import annotations

from priorauth.ledger import opened
from priorauth.ledger.store import Store
from priorauth.workbench.view import asking
from tests.ledger.house import NOW, NURSE, furnish, received


def test_what_may_be_asked_is_what_the_run_asks_until_a_day_that_the_law_admits(store: Store) -> None:
    furnish(store)
    found = opened.read(store, NURSE, received(store, "ask"))
    assert found is not None
    result, tests = asking.things(found)
    assert (result.facts, result.one, result.says.paragraphs) == (("hba1c",), False, ("II.A.T.7",))
    assert tests.one
    until = asking.until(found, {}, NOW)
    assert until.least is not None
    assert NOW < until.least <= until.proposed
    assert until.least_cite


def test_of_a_case_of_which_nothing_is_asked_nothing_may_be_asked(store: Store) -> None:
    furnish(store, approve_by_rule=False)
    for name in ("approve", "conflict"):
        found = opened.read(store, NURSE, received(store, name))
        assert found is not None
        assert asking.things(found) == ()
