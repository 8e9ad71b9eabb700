"""Which day a proposal has."""

from __future__ import annotations

import pytest

from priorauth.documents.understood import understood
from tests.documents.notes import note, proposed


@pytest.mark.parametrize(
    ("text", "fact", "days"),
    [
        ("07/07/26: Cr 0.94, ALP 171. CrCl (C-G) 90 mL/min.", "creatinine_clearance", ["2026-07-07"]),
        ("Cr 1.9 (9/1/2026) -> 0.9 (9/4/2026)", "serum_creatinine", ["2026-09-01", "2026-09-04"]),
        ("Sensor (9/20-10/3): active 88.6 %", "cgm_days_worn_percent", ["2026-10-03"]),
        ("DKA 8/19/2026.", "ketoacidosis", ["2026-08-19"]),
        ("Diagnosed 08/19/2022 when she presented in DKA.", "ketoacidosis", ["2022-08-19"]),
        ("Diagnosed 08/19/2022. Had DKA.", "ketoacidosis", [None]),
        ("Seen 8/1/2026 and again on 9/1/2026 in clinic.", "prescriber_visit", ["2026-08-01", "2026-09-01"]),
        ("T1DM since 2004.", "type_1_diabetes", ["2026-10-06"]),
        ("A1c 8.4 %.", "hba1c", [None]),
    ],
)
def test_a_fact_has_the_day_that_the_text_ties_to_it(text: str, fact: str, days: list[str | None]) -> None:
    found = [one.date for one in understood(note(text)).facts if one.fact == fact]
    assert [day for day in found if fact != "prescriber_visit" or day != "2026-10-06"] == days


def test_what_is_to_come_is_none() -> None:
    assert proposed("Pump start 11/30/2026.") == []


def test_what_was_at_diagnosis_has_its_day_where_the_note_says_it() -> None:
    assert ("ketoacidosis", "yes", "2024-01", "stated") in proposed(
        "Dx type 1 diabetes, Jan 2024. At diagnosis was in DKA."
    )
    assert ("ketoacidosis", "yes", None, "stated") in proposed("T1DM. At diagnosis was in DKA.")
