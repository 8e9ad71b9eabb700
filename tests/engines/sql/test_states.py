"""Ages, spans of a condition or a regimen, and statements in SQL: on the edge, the same as Python."""

from __future__ import annotations

from tests import asking
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, python, said, step


def test_a_birthday_on_the_day_of_the_request_counts() -> None:
    given = ["birth_date: 2005-11-21", "birth_date: 2005-11-22", "{}"]
    assert said("age < 21 years", *given) == ["not-met", "met", "unknown"]


def test_who_was_born_on_29_february_turns_eighteen_on_1_march() -> None:
    cases = [asking.case("birth_date: 2008-02-29", day) for day in ("2026-02-28", "2026-03-01")]
    rows = decided(policy(step("age >= 18 years", "one")), cases, VOCABULARY)
    assert [row["one"] for row in rows] == ["not-met", "met"]


def test_a_regimen_must_hold_from_the_first_day_of_the_stretch() -> None:
    given = [
        f"insulin_injections: [{{value: {value}, from: {day}}}]"
        for value, day in (("3 /d", "2026-05-22"), ("3 /d", "2026-05-23"), ("2 /d", "2026-05-22"))
    ]
    line = "insulin_injections >= 3 /d throughout 6 months"
    assert said(line, *given) == python(line, *given) == ["met", "unknown", "not-met"]


def test_a_trial_that_is_a_day_short_waits_until_it_has_lasted() -> None:
    cases = [asking.case(f"pump_trial: [{{from: {day}}}]") for day in ("2026-08-21", "2026-08-22")]
    done, short = decided(policy(step("pump_trial lasts 3 months", "one")), cases, VOCABULARY)
    assert (done["outcome"], done["decide_after"]) == ("approve", None)
    assert (short["outcome"], str(short["decide_after"])) == ("not-yet", "2026-11-22")


def test_a_later_statement_replaces_an_earlier_one_and_two_of_one_day_that_differ_are_a_conflict() -> None:
    given = [f"motivated: [{{is: yes, on: 2026-10-01}}, {{is: no, on: {day}}}]" for day in ("2026-10-02", "2026-10-01")]
    assert said("motivated", *given) == python("motivated", *given) == ["not-met", "conflict"]


def test_a_hint_at_what_nobody_documents_where_it_is_absent_is_judged_and_not_asked() -> None:
    hint, old = "{from: 2026-03-01, value: maybe}", "{from: 2020-01-01, until: 2020-02-01, value: maybe}"
    given = [f"end_stage_renal_disease: [{rows}]" for rows in (hint, old, f"{hint}, {{from: 2026-04-01}}")]
    made = policy(step("end_stage_renal_disease", "one"))
    rows = decided(made, [asking.case(one) for one in given], VOCABULARY)
    assert [row["one"] for row in rows] == python("end_stage_renal_disease", *given) == ["unknown", "unknown", "met"]
    assert [row["questions"] for row in rows] == ["", "end_stage_renal_disease", ""]
    throughout = policy(step("end_stage_renal_disease throughout 3 months", "one"))
    rows = decided(throughout, [asking.case(one) for one in given[:2]], VOCABULARY)
    assert [row["questions"] for row in rows] == ["", "end_stage_renal_disease"]


def test_a_beginning_that_an_answer_states_waits_and_an_order_of_that_day_is_asked() -> None:
    line = "{fact} throughout 6 months before pump_start"
    for fact, value in (("insulin_injections >= 3 /d", "value: 4 /d, "), ("frequent_dose_self_adjustment", "")):
        name = fact.partition(" ")[0]
        row = f"{value}from: {{}}, source: answer"
        given = [
            *(f"{name}: [{{{row.format(day)}}}]" for day in ("2026-05-22", "2026-05-23", "2026-08-31", "2026-06")),
            f"{name}: [{{{value}from: 2026-05-23}}]",
            f"{{{name}: [{{{row.format('2026-05-23')}}}], insulin_pump_use: [{{from: 2026-11-21}}]}}",
        ]
        cases = [asking.case(one) for one in given]
        rows = decided(policy(step(line.format(fact=fact), "one")), cases, VOCABULARY)
        after = [None, "2026-11-22", "2027-03-01", None, None, None]
        assert [row["decide_after"] and str(row["decide_after"]) for row in rows] == after
        assert [row["questions"] for row in rows] == ["", "", "", name, name, name]
        outcomes = ["approve", "not-yet", "not-yet", *["request-information"] * 3]
        assert [row["outcome"] for row in rows] == outcomes


def test_rows_that_cover_the_whole_stretch_settle_it_unless_one_says_something_else() -> None:
    line, whole = "frequent_dose_self_adjustment throughout 6 months", "from: 2025-01-01"
    rows = {
        f"{{{whole}}}": "met",
        f"{{{whole}, value: no}}": "not-met",
        f"{{{whole}, value: maybe}}": "unknown",
        "{from: 2026-05-22}": "met",
        "{from: 2026-05-23}": "unknown",
        f"{{{whole}, until: 2026-11-21}}": "met",
        f"{{{whole}, until: 2026-11-20}}": "not-met",
        f"{{{whole}}}, {{from: 2025-03-01}}": "met",
        f"{{{whole}}}, {{from: 2025-03-01, value: no}}": "not-met",
        f"{{{whole}, value: no}}, {{from: 2026-09-01}}": "not-met",
        f"{{{whole}}}, {{{whole}, value: no, source: answer}}": "conflict",
    }
    given = [f"frequent_dose_self_adjustment: [{row}]" for row in rows]
    assert said(line, *given) == python(line, *given) == list(rows.values())
