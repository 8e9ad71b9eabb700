"""States on a day, over a stretch of days, and as last stated."""

from __future__ import annotations

import pytest

from priorauth.engines.python.finding import Why
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


SINCE = "insulin_injections: [{{value: 4 /d, from: {day}, source: answer{more}}}]"
SIX_MONTHS = "insulin_injections >= 3 /d throughout 6 months before pump_start"


def test_a_beginning_that_an_answer_states_waits_until_the_window_is_full_and_is_not_asked_again() -> None:
    found = ask(SIX_MONTHS, SINCE.format(day="2026-06-20", more=""))
    assert (found.truth, found.why, found.asks) == (UNKNOWN, Why.TIME, ())
    assert dates.iso(found.wait or 1) == "2026-12-19"
    early, full = (
        ask(SIX_MONTHS, SINCE.format(day="2026-06-20", more=""), day) for day in ("2026-12-18", "2026-12-19")
    )
    assert (early.wait, early.truth, full.truth) == (found.wait, UNKNOWN, MET)
    adjusting = "frequent_dose_self_adjustment: [{from: 2026-08-31, source: answer}]"
    assert ask("frequent_dose_self_adjustment throughout 6 months", adjusting).why is Why.TIME


SINCE_JUNE = "{value: 4 /d, from: 2026-06-20, source: answer}"


@pytest.mark.parametrize(
    "rows",
    [
        "{value: 4 /d, from: 2026-06-20}",  # an order: its day is not known to be the beginning
        "{value: 4 /d, from: 2026-06, source: answer}",
        "{value: 4 /d, from: 2026-06-20, until: 2026-11-21, source: answer}",
        "{value: 4 /d, from: 2026-06-20, until: 2026-07-20, source: answer}, {value: 4 /d, from: 2026-08-01}",
        SINCE_JUNE + ", {value: 4 /d, from: 2026-01, until: 2026-05}",
        SINCE_JUNE + ", {value: 4 /d, from: 2026-05-30, until: 2026-06-02, mention: on hold}",
    ],
)
def test_what_is_no_stated_beginning_or_leaves_more_open_than_the_days_before_it_is_asked(rows: str) -> None:
    found = ask("insulin_injections >= 3 /d throughout 6 months", f"insulin_injections: [{rows}]")
    assert (found.truth, found.wait, found.asks) == (UNKNOWN, None, ("insulin_injections",))


UNTIL_JUNE = "{value: 2 /d, from: 2024-01-10, until: 2026-06-19, source: answer}"


@pytest.mark.parametrize(
    "before",
    [
        UNTIL_JUNE,
        "{value: 2 /d, from: 2024-01-10, until: 2026-06-19}",  # known by an order
        "{value: 2 /d, from: 2026-05-30, until: 2026-06-02, source: answer}",  # of some days nothing is said
        "{value: 4 /d, from: 2024-01-10, until: 2026-05-31}, {value: 2 /d, from: 2026-06-01, until: 2026-06-19}",
        "{value: 2 /d, from: 2024-01-10, source: answer}",  # the later beginning counts
    ],
)
def test_a_stated_beginning_after_days_that_fail_is_not_met_and_waits(before: str) -> None:
    given = f"insulin_injections: [{SINCE_JUNE}, {before}]"
    found = ask(SIX_MONTHS, given)
    assert (found.truth, found.why, found.asks, found.short_of_time) == (NOT_MET, Why.TIME, (), True)
    assert dates.iso(found.wait or 1) == "2026-12-19"
    assert [ask(SIX_MONTHS, given, day).truth == MET for day in ("2026-12-18", "2026-12-19")] == [False, True]


def test_a_condition_that_was_absent_until_a_stated_beginning_is_not_met_and_waits() -> None:
    line = "frequent_dose_self_adjustment throughout 6 months"
    since, absent = "{from: 2026-08-31, source: answer}", "{value: no, until: 2026-08-30}"
    for rows in (f"{since}, {absent}", f"{since}, {{from: 2025-01-01, until: 2026-06-30}}"):
        found = ask(line, f"frequent_dose_self_adjustment: [{rows}]")
        assert (found.truth, found.why, dates.iso(found.wait or 1)) == (NOT_MET, Why.TIME, "2027-03-01")
    record = ask(line, f"frequent_dose_self_adjustment: [{{from: 2026-08-31}}, {absent}]")
    assert (record.truth, record.why, record.wait) == (NOT_MET, None, None)


@pytest.mark.parametrize(
    "rows",
    [
        f"{{value: 4 /d, from: 2026-06-20}}, {UNTIL_JUNE}",  # an order: its day is not known to be the beginning
        f"{{value: 4 /d, from: 2026-06, source: answer}}, {UNTIL_JUNE}",
        f"{{value: 4 /d, from: 2026-06-20, until: 2026-11-21, source: answer}}, {UNTIL_JUNE}",
        f"{SINCE_JUNE}, {UNTIL_JUNE}, {{value: 2 /d, from: 2026-09-01, until: 2026-09-02}}",
        "{value: 2 /d, from: 2024-01-10, source: answer}",
    ],
)
def test_what_fails_and_has_no_stated_beginning_that_time_would_fill_does_not_wait(rows: str) -> None:
    found = ask(SIX_MONTHS, f"insulin_injections: [{rows}]")
    assert (found.truth, found.why, found.wait) == (NOT_MET, None, None)


def test_time_does_not_help_before_a_pump_that_is_in_use_already_or_a_service_day() -> None:
    since = SINCE.format(day="2026-06-20", more="")
    line = "insulin_injections >= 3 /d throughout 6 months before {}"
    for anchor, fixed in (
        ("pump_start", "insulin_pump_use: [{from: 2026-11-01}]"),
        ("service", "service_on: 2026-11-21"),
    ):
        moving, known = ask(line.format(anchor), since), ask(line.format(anchor), f"{{{since}, {fixed}}}")
        assert (moving.why, moving.asks) == (Why.TIME, ())
        assert (known.truth, known.wait, known.asks) == (UNKNOWN, None, ("insulin_injections",))
        before = f"insulin_injections: [{SINCE_JUNE}, {UNTIL_JUNE}]"
        moving, known = ask(line.format(anchor), before), ask(line.format(anchor), f"{{{before}, {fixed}}}")
        assert (moving.truth, moving.why) == (NOT_MET, Why.TIME)
        assert (known.truth, known.wait) == (NOT_MET, None)


def test_of_two_trials_that_run_the_one_that_is_over_first_is_waited_for() -> None:
    for given in (
        "pump_trial: [{from: 2026-09-14}, {from: 2026-10-20}]",
        "pump_trial: [{from: 2026-10-20}, {from: 2026-09-14}]",
    ):
        found = ask("pump_trial lasts 3 months", given)
        assert (found.why, dates.iso(found.wait or 1)) == (Why.TIME, "2026-12-14")


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        ("prescription_signed_on: 2026-11-20", MET, NOT_MET),
        ("prescription_signed_on: 2026-11-21", NOT_MET, NOT_MET),
        ("prescription_signed_on: 2026-11-22", NOT_MET, MET),
        ("prescription_signed_on: 2026-10", MET, NOT_MET),
        ("prescription_signed_on: 2026-11", UNKNOWN, UNKNOWN),
        ("prescription_signed_on: 2026-12", NOT_MET, MET),
    ],
)
def test_neither_before_nor_after_a_day_is_the_day_itself(given: str, before: object, after: object) -> None:
    assert ask("prescription_signed_on before service", given).truth == before
    assert ask("prescription_signed_on since service", given).truth == after
