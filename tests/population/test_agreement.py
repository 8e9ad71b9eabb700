"""Python and DuckDB say the same of every drawn case: every numbered criterion, the outcome, what is asked."""

from __future__ import annotations

from collections import Counter

import pytest

from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.population.agreement import differences
from tests.population.held import decided

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
NAMES = [f"{policy.id} {policy.version}" for policy in POLICIES]
EACH = 240


@pytest.mark.parametrize("policy", POLICIES, ids=NAMES)
def test_python_and_duckdb_say_the_same_of_drawn_members(policy: Policy) -> None:
    draw = Draw(policy, CATALOG.vocabulary, 29)
    cases = mixed(draw, EACH)
    rows = decided(policy, cases, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
    assert differences(policy, cases, rows, CATALOG)[:20] == []
    outcomes = Counter(row["outcome"] for row in rows)
    assert min(outcomes[name] for name in ("approve", "request-information", "clinical-review")) >= EACH // 40, outcomes


def test_members_may_each_have_a_request_date_of_their_own() -> None:
    policy = next(one for one in POLICIES if one.payer == "masshealth")
    draw = Draw(policy, CATALOG.vocabulary, 31)
    cases = mixed(draw, 40)
    cases = [type(case)(case.as_of - place, case.rows) for place, case in enumerate(cases)]
    rows = decided(policy, cases, CATALOG.vocabulary, CATALOG.common)
    assert differences(policy, cases, rows, CATALOG)[:20] == []
