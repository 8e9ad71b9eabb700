"""Facts in sentences."""

from __future__ import annotations

import pytest

from priorauth.documents.pages import Page, Reading, Word
from priorauth.documents.understood import understood
from tests.documents.notes import note, proposed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "A1c 8.4 % (10/1/2026), 8.9 % (7/2/2026)",
            [("hba1c", "8.4 %", "2026-10-01", "stated"), ("hba1c", "8.9 %", "2026-07-02", "stated")],
        ),
        ("HbA1c 7.4 %.", [("hba1c", "7.4 %", None, "stated")]),
        (
            "Woke at 03:10 on 9/22/26 with a meter reading of 44.",
            [
                ("hypoglycemia", "44 mg/dL", "2026-09-22", "stated"),
                ("nocturnal_hypoglycemia", "yes", "2026-09-22", "stated"),
            ],
        ),
        (
            "Hospitalized 5/2/2026 to 5/6/2026 for DKA.",
            [
                ("diabetes_hospital_stay", "4 d", "2026-05-02", "stated"),
                ("ketoacidosis", "yes", "2026-05-02", "stated"),
            ],
        ),
        (
            "Has never been hospitalized for DKA.",
            [
                ("diabetes_hospital_stay", "none", "2026-10-06", "denied"),
                ("ketoacidosis", "none", "2026-10-06", "denied"),
            ],
        ),
        ("Wt 68.4 kg", [("body_weight", "68.4 kg", "2026-10-06", "stated")]),
        ("TDD runs about 46 units.", [("total_daily_insulin", "46 U/d", "2026-10-06", "stated")]),
        (
            "Pre-meal values swing from 58 to 262 within the same day.",
            [
                ("premeal_daily_range", "204 mg/dL", None, "stated"),
                ("wide_premeal_fluctuations", "yes", "2026-10-06", "stated"),
            ],
        ),
        ("The pump warranty expired on 6/30/2025.", [("warranty_ends_on", "2025-06-30", "2026-10-06", "stated")]),
        (
            "Deferoxamine 2 g subcutaneously over 10 hours by ambulatory pump.",
            [
                ("infusion_drug", "deferoxamine", "2026-10-06", "stated"),
                ("infusion_route", "subcutaneous", "2026-10-06", "stated"),
            ],
        ),
    ],
)
def test_a_sentence_says_its_facts(text: str, wanted: list[tuple[str, str, str | None, str]]) -> None:
    assert proposed(text) == sorted(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "If A1c stays above 8 % we will start a pump.",
        "A1c goal is under 7 %.",
        "Pt instructed to check BG 4 times a day.",
        "Mother had DKA and wears a pump.",
        "She is at risk of severe hypoglycemia and DKA.",
        "Patients who use pumps have fewer severe lows.",
        "A1c 84 % (10/1/2026)",
        "Start Dexcom G7.",
        "eGFR 58",
        "GMI 7.7 %",
        "A1c 7.3 % crossed out",
    ],
)
def test_what_only_looks_like_a_fact_is_not_proposed(text: str) -> None:
    assert proposed(text) == []


def test_what_was_not_proposed_is_kept_with_its_reason() -> None:
    found = understood(note("If DKA recurs call us."))
    assert [(one.fact, "hypothesis" in one.by) for one in found.left] == [("ketoacidosis", True)]


def test_a_denial_is_shown_with_what_it_denies() -> None:
    found = understood(note("No active infection, and she denies any history of DKA."))
    assert {one.quote for one in found.facts if one.polarity == "denied"} >= {"denies any history of DKA"}


def test_a_figure_that_was_recognised_badly_is_proposed_as_perhaps() -> None:
    text = "CLINIC NOTE\nDate of service: 10/06/2026\nA1c today 8.4 %"
    at = text.index("8.4")
    for sure, wanted in ((0.95, "sure"), (0.4, "hedged")):
        page = Page(number=1, text=text, how="ocr", words=(Word("8.4", at, None, sure),))
        found = understood(Reading(sha256="", kind="tiff", reader="", pages=(page,)))
        assert [one.certainty for one in found.facts if one.fact == "hba1c"] == [wanted]


def test_the_number_of_a_question_is_no_value() -> None:
    assert [row for row in proposed('4  Fingersticks per day      "lots"') if row[0] == "glucose_tests_per_day"] == []
