"""Synthetic members: what is drawn for each hangs together."""

from __future__ import annotations

import numpy as np

from priorauth.synthetic import numbers
from priorauth.synthetic.cohort import INJECTIONS, ORAL, PROFILES, TYPE_1, TYPE_2, draw
from priorauth.values.dates import day

AS_OF = day("2026-11-20")


def test_members_hang_together() -> None:
    cohort = draw(np.random.default_rng(4), numbers.load(), "registry", AS_OF, 0, 20_000)
    first, second = cohort.kind == TYPE_1, cohort.kind == TYPE_2
    assert not (first & (cohort.regimen == ORAL)).any()
    assert cohort.hba1c[first].mean() > cohort.hba1c[second].mean() + 0.5
    assert cohort.age[first].mean() < cohort.age[second].mean() - 15
    assert np.corrcoef(cohort.adherence[first], cohort.hba1c[first])[0, 1] < -0.15
    assert 0.45 < (first & (cohort.regimen > INJECTIONS)).sum() / first.sum() < 0.63
    assert (cohort.onset >= cohort.born).all()
    assert (cohort.regimen_since >= cohort.onset)[cohort.diabetic].all()


def test_a_plan_has_mostly_members_without_diabetes_and_few_requests() -> None:
    shares = {}
    for profile in PROFILES:
        cohort = draw(np.random.default_rng(4), numbers.load(), profile, AS_OF, 0, 20_000)
        shares[profile] = (cohort.diabetic.mean(), cohort.requests.mean())
    assert shares["registry"][0] == 1.0
    assert abs(shares["plan"][0] - 0.105) < 0.01
    assert shares["plan"][1] < 0.01 < shares["registry"][1]
