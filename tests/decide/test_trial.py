"""The cases beside each policy come out as their sentences say."""

from __future__ import annotations

import pytest

from priorauth.decide.trial import Trial, beside, run, trials
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy

CATALOG = open_catalog()


def _all() -> list[object]:
    return [
        pytest.param(policy, trial, id=f"{policy.id} {policy.version}: {trial.name}")
        for policy in CATALOG.all()
        for trial in (trials(beside(policy), CATALOG) if beside(policy).exists() else ())
    ]


@pytest.mark.parametrize(("policy", "trial"), _all())
def test_the_case_beside_the_policy_comes_out(policy: Policy, trial: Trial) -> None:
    assert list(run(policy, trial, CATALOG)) == []


def test_every_version_has_cases_beside_it() -> None:
    assert [policy.file for policy in CATALOG.all() if not beside(policy).exists()] == []
