"""Which facts are worth asking a chart for."""

from __future__ import annotations

import pytest

from priorauth import determine
from priorauth.exchange.crd.undecided import policy_of, undecided
from priorauth.policy.catalog import open_catalog
from tests.exchange.crd.hooking import example

CATALOG = open_catalog()


def of(name: str) -> set[str]:
    return set(undecided(determine(example(name))[0], CATALOG))


def test_what_is_asked_is_undecided_and_what_is_shown_is_not() -> None:
    assert "hba1c" in of("ask")
    assert "hba1c" not in of("approve")


def test_what_silence_alone_decides_is_undecided() -> None:
    made = determine(example("approve"))[0]
    assert set(made.assumed) <= of("approve")


def test_where_the_request_belongs_elsewhere_nothing_is() -> None:
    bundle = example("ask")
    bundle["entry"][0]["resource"]["item"][0]["productOrService"]["coding"][0]["code"] = "E0250"
    made = determine(bundle)[0]
    assert made.outcome == "not-applicable"
    assert list(undecided(made, CATALOG)) == []


@pytest.mark.parametrize("name", ["ask", "medicare", "replacement"])
def test_the_policy_is_the_version_that_was_applied(name: str) -> None:
    applied = determine(example(name))[0].policy
    assert applied is not None
    found = policy_of(applied, CATALOG)
    assert (found.id, found.version) == (applied.id, applied.version)
