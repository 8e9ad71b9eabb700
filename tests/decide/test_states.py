"""States on a day, over a stretch of days, and as last stated."""

from __future__ import annotations

import pytest

from priorauth.decide.finding import Why
from priorauth.values import dates
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.asking import ask


def test_six_months_of_injections_need_every_day_of_them() -> None:
    line = "insulin_injections >= 3 /d throughout 6 months"
    assert ask(line, "insulin_injections: [{value: 3 /d, from: 2026-05-22}]").truth == MET
    assert ask(line, "insulin_injections: [{value: 3 /d, from: 2026-05-23}]").truth == UNKNOWN


def test_a_regimen_below_the_number_on_one_day_fails_the_stretch() -> None:
    given = (
        "insulin_injections: [{value: 4 /d, from: 2025-01-01, until: 2026-07-31}, {value: 2 /d, from: 2026-08-01, "
        "until: 2026-08-01}, {value: 4 /d, from: 2026-08-02}]"
    )
    assert ask("insulin_injections >= 3 /d throughout 6 months", given).truth == NOT_MET


def test_a_stated_end_says_that_it_ended() -> None:
    given = "current_authorization: [{from: 2026-01-01, until: 2026-11-20}]"
    assert ask("current_authorization", given).truth == NOT_MET
    assert ask("current_authorization", given, "2026-11-20").truth == MET


def test_a_trial_of_three_months_is_met_on_the_day_the_third_month_ends() -> None:
    given = "pump_trial: [{from: 2026-09-14}]"
    assert ask("pump_trial lasts 3 months", given, "2026-12-14").truth == MET
    early = ask("pump_trial lasts 3 months", given, "2026-12-13")
    assert (early.why, dates.iso(early.wait or 1)) == (Why.TIME, "2026-12-14")


def test_a_trial_stopped_early_has_not_lasted() -> None:
    assert ask("pump_trial lasts 3 months", "pump_trial: [{from: 2026-08-01, until: 2026-10-01}]").truth == NOT_MET


def test_of_two_statements_the_newer_counts() -> None:
    given = "motivated: [{is: no, on: 2026-10-01}, {is: yes, on: 2026-10-02}]"
    assert ask("motivated", given).truth == MET


@pytest.mark.parametrize(("born", "expected"), [("2005-11-21", NOT_MET), ("2005-11-22", MET), ("2005", UNKNOWN)])
def test_the_day_of_the_twenty_first_birthday_ends_being_under_twenty_one(born: str, expected: object) -> None:
    assert ask("age < 21 years", f"birth_date: {born}").truth == expected


def test_a_trial_still_going_on_has_no_outcome_yet() -> None:
    found = ask("trial_outcome is completed", "trial_outcome: ongoing")
    assert (found.truth, found.why, found.asks) == (UNKNOWN, Why.PENDING, ("trial_outcome",))


def test_a_document_that_is_too_old_is_missing_not_refuted() -> None:
    found = ask("documented clinical_notes_dated within 12 months", "clinical_notes_dated: 2025-11-21")
    assert (found.truth, found.why, found.asks) == (UNKNOWN, Why.OUTSIDE, ("clinical_notes_dated",))
    assert ask("documented clinical_notes_dated within 12 months", "clinical_notes_dated: 2025-11-22").truth == MET


def test_a_pump_used_before_enrollment_was_used_on_an_earlier_day() -> None:
    given = "{{enrolled_on: 2024-01-01, insulin_pump_use: [{{from: {day}}}]}}"
    assert ask("insulin_pump_use before enrollment", given.format(day="2023-12-31")).truth == MET
    assert ask("insulin_pump_use before enrollment", given.format(day="2024-01-01")).truth == NOT_MET


def test_a_judgment_not_given_is_not_refused() -> None:
    assert ask("refused medically_necessary_by_definition").truth == NOT_MET
    assert ask("refused medically_necessary_by_definition", "medically_necessary_by_definition: no").truth == MET
