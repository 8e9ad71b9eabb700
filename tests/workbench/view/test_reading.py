"""Reading first: the marks of open criteria wait for her own finding on the case page too, where the plan wants it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from priorauth.ledger.acts.findings import NoteFinding
from priorauth.ledger.store import Store
from priorauth.workbench.view import case as cases
from priorauth.workbench.view.reading import reads_first
from tests.ledger import house
from tests.workbench.director import CRITERION, with_director
from tests.workbench.view.test_deciding import visiting


def test_who_reads_first_is_the_plans_to_say() -> None:
    for wanted, expected in ((True, True), (["masshealth"], True), (["husky"], False), (False, False)):
        visit: Any = SimpleNamespace(plan={"settings": {"read_first": wanted}}, role="director")
        whole: Any = SimpleNamespace(head=SimpleNamespace(payer="masshealth"))
        assert reads_first(visit, whole) is expected
        visit.role = "nurse"
        assert not reads_first(visit, whole)


def test_a_case_shows_a_director_no_mark_of_an_open_criterion_before_her_finding(store: Store) -> None:
    with visiting(store, read_first=True) as (_, visit):
        number = with_director(store)
        (made,) = cases.seen(visit, number).shown
        says = {str(one.id): (one.says, one.why, one.value) for one in made.open if one.id}
        assert set(says.values()) == {("your finding first", "", "")}
        assert all(row.counts and not row.ground for one in made.open if one.id for row in one.rows)
        act = NoteFinding(case=number, subject=CRITERION, finding="not-shown", why="It is too old.")
        house.done(store, act, house.DIRECTOR)
        (made,) = cases.seen(visit, number).shown
        says = {str(one.id): (one.says, one.why, one.value) for one in made.open}
        assert says[CRITERION][0] == "missing"


def test_a_nurse_sees_every_mark(store: Store) -> None:
    with visiting(store, house.NURSE, read_first=True) as (_, visit):
        (made,) = cases.seen(visit, with_director(store)).shown
        assert "your finding first" not in {one.says for one in made.open}
