"""Values held against units and bounds."""

from __future__ import annotations

import pytest

from priorauth.documents.understand import amounts, rules


def read(fact: str, value: str, unit: str | None) -> str | None:
    known = rules.load()
    return amounts.read(known.facts[fact], known.units, value, unit)


@pytest.mark.parametrize(
    ("fact", "value", "unit", "wanted"),
    [
        ("hba1c", "8.4", "%", "8.4 %"),
        ("hba1c", "71", "mmol/mol", "71 mmol/mol"),
        ("hba1c", "8.4", None, "8.4 %"),
        ("hba1c", "84", "%", None),
        ("hba1c", "71", None, None),
        ("hba1c", "< 7", "%", None),
        ("hba1c", "6.5-7", "%", None),
        ("c_peptide", "< 0.1", "ng/mL", "<0.1 ng/mL"),
        ("body_weight", "156", "lbs", "156 lb"),
        ("body_weight", "156", None, None),
        ("serum_creatinine", "68", "umol/L", "68 umol/L"),
        ("serum_creatinine", "68", None, None),
        ("life_expectancy", "6-8", "weeks", "6-8 weeks"),
        ("reservoir_volume", "300", "units", "300 units"),
    ],
)
def test_a_value_is_one_that_can_be(fact: str, value: str, unit: str | None, wanted: str | None) -> None:
    assert read(fact, value, unit) == wanted


def test_a_difference_is_that_of_two_numbers_in_order() -> None:
    known = rules.load()
    rule = known.facts["premeal_daily_range"]
    assert amounts.difference(rule, known.units, "58", "262") == "204 mg/dL"
    assert amounts.difference(rule, known.units, "262", "58") is None
