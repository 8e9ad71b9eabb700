"""The appeal as its reviewer sees it: what was decided first, what is new, and whether she may decide it."""

from __future__ import annotations

from priorauth.ledger.store import Store
from tests.ledger import house
from tests.workbench.director import appealed, office


def test_a_reviewer_sees_the_first_decision_and_the_clock_of_her_level(store: Store) -> None:
    with office(store) as desk:
        base, number = appealed(store)
        page = desk.get(f"/c/{number}/appeal/review", house.APPEALS).text
        assert f"Appeal {number} of {base}" in page
        assert "first appeal" in page
        assert "Fair hearing at the Board of Hearings: decide by" in page
        assert house.REASON.why_not in page
        assert "You may." in page
        assert "Weigh and decide" in page


def test_who_decided_first_or_stands_below_her_is_told_that_she_may_not(store: Store) -> None:
    with office(store) as desk:
        _, number = appealed(store)
        page = desk.get(f"/c/{number}/appeal/review", house.BELOW).text
        assert "You may not: an appeal is decided neither by the first reviewer nor by somebody below her" in page
        assert "Weigh and decide" not in page
        assert "You may" in desk.get(f"/c/{number}/appeal/review", house.DIRECTOR).text


def test_a_case_that_is_no_appeal_has_no_such_page(store: Store) -> None:
    with office(store) as desk:
        base, _ = appealed(store)
        assert desk.get(f"/c/{base}/appeal/review", house.APPEALS).status_code == 404
