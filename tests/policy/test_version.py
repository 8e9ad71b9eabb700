"""A version of a policy: what it says of itself, and on which days it is in force."""

from __future__ import annotations

from datetime import date

from priorauth.policy.catalog import open_catalog
from priorauth.policy.version import Version

POLICY = "caresource/insulin-infusion-pump"


def test_a_version_is_in_force_from_its_first_day_to_its_last_both_included() -> None:
    old, new = open_catalog().listed(POLICY)
    assert [old.holds(date(2026, 4, day)) for day in (29, 30)] == [True, True]
    assert not old.holds(date(2026, 5, 1))
    assert not old.holds(date(2025, 2, 25))
    assert new.holds(date(2026, 5, 1))
    assert new.holds(date(2099, 1, 1))


def test_a_version_says_what_its_policy_says() -> None:
    policy = open_catalog().versions(POLICY)[-1]
    made = Version.of(policy)
    assert (made.policy, made.version, made.sha256) == (policy.id, policy.version, policy.sha256)
    assert made.products == policy.products
