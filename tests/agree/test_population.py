"""Python and DuckDB say the same, in large: as many drawn members as an hour allows (`make agree`)."""

from __future__ import annotations

import os

import pytest

from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from tests.draw import AS_OF, Draw
from tests.population.agreement import differences
from tests.population.held import decided

CATALOG = open_catalog()
POLICIES = list(CATALOG.all())
EACH = int(os.environ.get("PRIORAUTH_AGREE", "5000"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [101, 102])
@pytest.mark.parametrize("policy", POLICIES, ids=[f"{policy.id} {policy.version}" for policy in POLICIES])
def test_python_and_duckdb_say_the_same_of_many_drawn_members(policy: Policy, seed: int) -> None:
    draw = Draw(policy, CATALOG.vocabulary, seed)
    cases = [draw.case() for _ in range(EACH)]
    rows = decided(policy, cases, CATALOG.vocabulary, CATALOG.common, as_of=AS_OF)
    assert differences(policy, cases, rows, CATALOG)[:20] == []
