"""A measure held against itself before a day: the evaluator says of each patient found what the solver said."""

from __future__ import annotations

import pytest

from priorauth.engines.solver.no_worse import MOST_SHARED
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.assurance.one_line import laid


@pytest.mark.parametrize(
    "line",
    [
        "latest hba1c no worse than before prior_approval by 0.3 %",
        "count of hypoglycemia no worse than before prior_approval by 1",
        "daily average of glucose_self_test no worse than before prior_approval",
        "share of fasting_glucose above 200 mg/dL no worse than before prior_approval by 10 %",
        "spread of premeal_glucose no worse than before prior_approval by 20 mg/dL",
    ],
)
def test_each_verdict_has_a_patient_of_whom_the_evaluator_says_the_same(line: str) -> None:
    assert laid(line).verdicts() == {verdict: verdict for verdict in (MET, NOT_MET, UNKNOWN)}


def test_two_shares_are_compared_of_few_readings_only() -> None:
    line = laid("share of fasting_glucose above 200 mg/dL no worse than before prior_approval by 10 %")
    found = line.find(line.truth.met)
    assert found is not None
    assert len(found.case.of("fasting_glucose")) <= 2 * MOST_SHARED
