"""The page of which text decides today says what the program does, and leaves no payer out."""

from __future__ import annotations

from priorauth.policy.catalog import open_catalog
from priorauth.values import dates
from tools import today

CATALOG = open_catalog()
FOUND = list(today.decided())


def test_the_table_in_the_docs_is_not_stale() -> None:
    text = today.PAGE.read_text("utf-8")
    assert today.filled(text) == text


def test_every_payer_has_a_request() -> None:
    assert {asked.payer for asked in FOUND} == {name.partition("/")[0] for name in CATALOG.policies}


def test_the_text_that_decides_is_in_force_that_day() -> None:
    day = dates.day(str(today.listed()["day"]))
    for asked in FOUND:
        policy = asked.found["policy"]
        (found,) = [one for one in CATALOG.versions(policy["id"]) if one.sha256 == policy["sha256"]]
        assert found.effective.first <= day
        assert found.effective.last is None or day <= found.effective.last


def test_a_text_that_a_newer_one_replaces_decides_nothing() -> None:
    replaced = [asked for asked in FOUND if asked.found["policy"]["currency"] == "superseded"]
    assert replaced
    assert {asked.found["outcome"] for asked in replaced} == {"clinical-review"}
