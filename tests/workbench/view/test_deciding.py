"""What a clinician weighs: the open criteria first, each judgment once, what is drafted of a reason and what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.workbench.signin import sessions
from priorauth.workbench.view import case as cases
from priorauth.workbench.view.deciding import Deciding, deciding
from priorauth.workbench.visit import Visit
from tests.ledger import house
from tests.workbench.director import CRITERION, office, with_director
from tests.workbench.house import Desk


@contextmanager
def visiting(store: Store, who: Who = house.DIRECTOR, **settings: Any) -> Iterator[tuple[Desk, Visit]]:
    """Yield a visit to a page of a plan whose offices write letters."""
    with office(store, **settings) as desk:
        begun = sessions.begin(store, who.tenant, str(who.person), desk.now, strong=False, role=who.role)
        request: Any = SimpleNamespace(path_params={}, query_params={}, app=None)
        yield desk, Visit(request, desk.running.service, begun.session, "decide")


def weighed(visit: Visit, number: str) -> Deciding:
    return deciding(visit, cases.seen(visit, number))


def test_what_the_outcome_rests_on_stands_first_and_a_fact_is_asked_once(store: Store) -> None:
    with visiting(store) as (_, visit):
        found = weighed(visit, with_director(store))
        assert CRITERION in [one.criterion.id for one in found.first]
        assert all(one.criterion.status != "met" for one in found.open)
        assert all(one.criterion.status == "met" for one in found.rest)
        asked = [each.fact for one in found.open for each in one.judgments if each.here]
        assert len(asked) == len(set(asked)) > 0
        assert not found.said


def test_of_a_reason_what_is_asked_and_found_is_drafted_and_nothing_else(store: Store) -> None:
    with visiting(store) as (_, visit):
        (one,) = (one for one in weighed(visit, with_director(store)).open if one.criterion.id == CRITERION)
        assert "HbA1c" in one.asks
        assert "8.7 %" in one.found
        assert not {"why_not", "would"} & set(one.__struct_fields__)


def test_what_is_open_before_any_criterion_is_weighed_too(store: Store) -> None:
    with visiting(store) as (_, visit):
        made = json.loads(house.example("ask"))
        entries = made["entry"]
        made["entry"] = [one for one in entries if one["resource"]["resourceType"] != "QuestionnaireResponse"]
        found = weighed(visit, with_director(store, json.dumps(made).encode()))
        assert found.asked
        assert all(not one.settles for one in found.open if one.criterion.anchor.startswith("scope-"))
