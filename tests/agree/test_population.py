"""Python and DuckDB say the same, in large: as many drawn members as an hour allows (`make agree`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor

import pytest

from priorauth.policy.catalog import open_catalog
from tests.population.agreement import Tally, drawn

NAMES = [f"{policy.id} {policy.version}" for policy in open_catalog().all()]
SEEDS = (101, 102)
EACH = int(os.environ.get("PRIORAUTH_AGREE", "5000"))
Ask = Callable[[str, int], Tally]


@pytest.fixture(scope="module")
def ask(request: pytest.FixtureRequest, processes: ProcessPoolExecutor) -> Ask:
    """Hand everything that was chosen to the processes at once; each test waits for its own."""
    waiting: dict[tuple[str, int], Future[Tally]] = {}
    for item in request.session.items:
        if isinstance(item, pytest.Function) and item.path == request.path:
            policy, seed = str(item.callspec.params["policy"]), int(str(item.callspec.params["seed"]))
            waiting[policy, seed] = processes.submit(drawn, policy, EACH, seed)
    return lambda policy, seed: waiting[policy, seed].result()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("policy", NAMES)
def test_python_and_duckdb_say_the_same_of_many_drawn_members(policy: str, seed: int, ask: Ask, tally: Tally) -> None:
    found = ask(policy, seed)
    tally.add(found)
    assert found.members == EACH
    assert len(found.outcomes) > 1
    assert found.differ[:20] == []
