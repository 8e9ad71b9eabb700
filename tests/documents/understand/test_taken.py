"""What is proposed once, and what was corrected."""

from __future__ import annotations

from tests.documents.notes import proposed


def test_what_is_said_twice_is_proposed_once() -> None:
    assert (
        len(proposed("T1DM since 2004. She has type 1 diabetes. A1c 8.4 % on 10/1/2026. A1c was 8.4 % (10/1/2026)."))
        == 2
    )


def test_a_number_that_a_correction_takes_back_is_not_proposed() -> None:
    text = "Low of 51 last Thursday after gym.\n\nADDENDUM: correction. The low last Thursday was 41, not 51."
    assert [value for fact, value, _, _ in proposed(text) if fact == "hypoglycemia"] == ["41 mg/dL"]


def test_a_result_without_a_day_gives_way_to_the_same_with_one() -> None:
    assert proposed("A1c 8.4 % (10/1/2026).\n\nA1c of 8.4 % is too high.") == [
        ("hba1c", "8.4 %", "2026-10-01", "stated")
    ]
