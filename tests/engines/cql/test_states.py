"""Forms over regimens, conditions, statements and attributes as calls of the shared CQL library."""

from __future__ import annotations

import pytest

from tests.engines.cql.written import written


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("motivated", 'PA.Yes("motivated")'),
        ("age < 18 years on service", """PA.Age("birth_date", "day of service", '<', 18)"""),
        ("diabetes throughout 6 months", """PA.ConditionThroughout("diabetes", "day of request", 6, 'month')"""),
        (
            "insulin_injections >= 3 /d throughout 6 months before pump_start",
            """PA.RegimenThroughout("insulin_injections", "day of pump_start", 6, 'month', '>=', 30)""",
        ),
        ("birth_date < 2015-10-01", """PA.Has("birth_date", '<', 735872)"""),
        ("pump_trial lasts 3 months", """PA.Lasts("pump_trial", 3, 'month', "as of")"""),
        ("diabetes before service", 'PA.ConditionBefore("diabetes", "day of service")'),
        ("prescription_signed_on since service", 'PA.DateSince("prescription_signed_on", "day of service")'),
        (
            "service_until >= 3 months after service",
            """PA.DateAfter("service_until", "day of service", '>=', 3, 'month')""",
        ),
        ("prescription_signed_on within 12 months", 'PA.DateWithin("prescription_signed_on", "within 12 months")'),
        ("trial_outcome is completed", """PA.Is("trial_outcome", {'completed'}, {'ongoing'})"""),
    ],
)
def test_a_leaf_is_one_call(line: str, expected: str) -> None:
    assert written(line) == expected
