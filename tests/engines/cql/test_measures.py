"""Forms over measurements and events as calls of the shared CQL library."""

from __future__ import annotations

import pytest

from tests.engines.cql.written import written


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("latest hba1c within 12 months > 7.0 %", """PA.Latest("hba1c", "within 12 months", '>', 70, 90)"""),
        (
            "daily average of glucose_self_test within 30 days >= 3.5 /d",
            """PA.Average("glucose_self_test", "within 30 days", '>=', 7, 2)""",
        ),
        (
            "count of hypoglycemia between 54 mg/dL and 69 mg/dL >= 2",
            """PA.CountRows("hypoglycemia", "up to the request", 'between', 54, 69, '>=', 2, 1)""",
        ),
        (
            "days with glucose_self_test within 30 days >= 70 %",
            """PA.DaysWith("glucose_self_test", "within 30 days", null, 0, 0, true, '>=', 70, 1)""",
        ),
        (
            "any c_peptide <= 1.1 ng/mL with fasting_glucose <= 225 mg/dL",
            """PA.AnyRow("c_peptide", "up to the request", '<=', 110, "fasting_glucose", '<=', 225)""",
        ),
        (
            "at least 2 of urine_albumin_creatinine_ratio > 30 mg/g at least 3 months apart",
            """PA.Spaced("urine_albumin_creatinine_ratio", "up to the request", '>', 30, 0, 3, 'month', '>=', 2, 1)""",
        ),
        ("no severe_hypoglycemia within 6 months", 'PA.NoRow("severe_hypoglycemia", "within 6 months")'),
        (
            "longest gap between prescriber_visit within 12 months <= 3 months",
            """PA.Gap("prescriber_visit", "within 12 months", '<=', 3, 'month')""",
        ),
    ],
)
def test_a_leaf_is_one_call(line: str, expected: str) -> None:
    assert written(line) == expected


def test_a_comparison_over_time_is_made_on_each_side_and_on_both() -> None:
    said = written("count of hypoglycemia within 6 months no worse than before prior_approval by 1")
    assert said.count("PA.NoWorse(") == 3
    assert '"within 6 months as long before prior_approval"' in said
    assert said.count('if "hypoglycemia".both then') == 2
