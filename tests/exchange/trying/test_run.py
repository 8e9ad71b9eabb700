"""Our tests as a client: a good server passes, and of a server with one thing spoiled that thing is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from priorauth.errors import InputRefused
from priorauth.exchange.trying.checks.subscriptions import parameter
from priorauth.exchange.trying.found import CHECKS, Result, texts
from priorauth.exchange.trying.run import chosen, run
from priorauth.exchange.trying.shapes import COVERAGE, PAS, objects, resources
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.store import Store
from tests.exchange.trying.served import Tried, tried
from tests.exchange.trying.spoiling import Exchanged, Spoil, spoiled
from tests.ledger import house
from tests.ledger.conftest import copied

Json = dict[str, Any]
SILENT = {
    "cards.suggestions": "no card has a suggestion",
    "submit.denied": "no item is answered A3",
    "subscription.notified": "--wait",
}
"""What a good server is not asked for, and the beginning of why."""


@pytest.fixture(scope="module")
def good(request: pytest.FixtureRequest) -> Iterator[Tried]:
    with copied(request.getfixturevalue("migrated")) as store, tried(store) as found:
        yield found


def faults(results: list[Result]) -> list[str]:
    return [f"{one.name}: {one.found}" for one in results if one.stand == "failed"]


def test_each_check_has_its_text_and_each_text_its_check() -> None:
    assert set(texts()) == set(CHECKS)
    assert chosen() == list(texts())


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = list(run(good.session(version)))
    assert faults(found) == []
    passed = [one.name for one in found if one.stand == "passed"]
    assert len(passed) > 90
    groups = {one.partition(".")[0] for one in passed}
    assert {"smart", "metadata", "discovery", "order-sign", "cards", "coverage", "package", "next", "submit"} <= groups
    assert {"inquire", "subscription", "cancel", "update", "hooks", "actions", "errors"} <= groups
