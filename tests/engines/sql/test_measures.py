"""Windows and measures over dated rows in SQL: on the edge, the same as Python."""

from __future__ import annotations

import pytest

from tests import asking
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, python, said, step

EDGES = ("2025-11-21", "2025-11-22", "2026-11-21", "2026-11-22")


@pytest.mark.parametrize("shared", [True, False])
def test_a_window_opens_on_the_day_after_and_closes_on_the_day_of_the_request(*, shared: bool) -> None:
    whole = "{whole: true, from: 2020-01-01, until: 2026-11-21, source: record}"
    given = [f"ketoacidosis: [{{on: {day}}}, {whole}]" for day in EDGES]
    found = said("any ketoacidosis within 12 months", *given, shared=shared)
    assert found == python("any ketoacidosis within 12 months", *given)
    assert found == ["not-met", "met", "met", "not-met"]


def test_the_newest_result_decides_and_exactly_seven_is_not_above_seven() -> None:
    given = [
        "hba1c: [{on: 2026-01-10, value: 9.1 %}, {on: 2026-10-02, value: 7.0 %}]",
        "hba1c: [{on: 2026-01-10, value: 6.1 %}, {on: 2026-10-02, value: 7.1 %}]",
        "{}",
    ]
    assert said("latest hba1c > 7.0 %", *given) == ["not-met", "met", "unknown"]


def test_too_few_on_file_are_too_few_only_where_the_record_is_whole() -> None:
    whole = "{whole: true, from: 2026-05-22, until: 2026-11-21, source: answer}"
    given = [
        "hypoglycemia: [{on: 2026-06-01}, {on: 2026-07-01}]",
        "hypoglycemia: [{on: 2026-06-01}]",
        f"hypoglycemia: [{{on: 2026-06-01}}, {whole}]",
    ]
    assert said("count of hypoglycemia within 6 months >= 2", *given) == ["met", "unknown", "not-met"]


def test_a_gap_a_day_longer_than_allowed_is_told_from_one_as_long_as_allowed() -> None:
    visits = "prescriber_visit: [2026-01-10, {second}, {{whole: true, from: 2025-11-22, until: 2026-11-21}}]"
    given = [visits.format(second=day) for day in ("2026-07-10", "2026-07-11")]
    line = "longest gap between prescriber_visit within 12 months <= 6 months"
    assert said(line, *given) == python(line, *given) == ["met", "not-met"]


def test_a_measurement_that_fails_is_not_asked_again_and_one_that_passes_only_wants_what_was_drawn_with_it() -> None:
    one, two = "c_peptide_percent_of_lower_limit", "fasting_glucose_with_c_peptide"
    line = f"any {one} <= 110 % within 12 months with {two} <= 225 mg/dL"
    asked = {
        f"{one}: [{{on: 2026-10-01, value: 140 %}}]": "",
        f"{{{one}: [{{on: 2026-10-01, value: 90 %}}], {two}: [{{on: 2026-10-01, value: 260 mg/dL}}]}}": "",
        f"{one}: [{{on: 2026-10-01, value: 90 %}}]": two,
        f"{{{one}: [{{on: 2026-10-01, value: 90 %}}], {two}: [{{on: 2026-10-01, value: '>200 mg/dL'}}]}}": two,
        f"{one}: [{{on: 2026-10-01, value: '>90 %'}}]": f"{one} {two}",
        f"{one}: [{{on: 2026-10-01, value: 140 %}}, {{value: 90 %}}]": f"{one} {two}",
        f"{one}: [{{on: 2025-10-01, value: 140 %}}]": f"{one} {two}",
        f"{one}: [{{on: 2025-11, value: 140 %}}]": f"{one} {two}",
    }
    rows = decided(policy(step(line, "one")), [asking.case(given) for given in asked], VOCABULARY)
    assert [row["questions"] for row in rows] == list(asked.values())
    assert {row["one"] for row in rows} == {"unknown"}
    outcomes = ["request-information" if names else "clinical-review" for names in asked.values()]
    assert [row["outcome"] for row in rows] == outcomes


def test_none_or_too_few_of_a_record_that_is_whole_are_not_asked_again() -> None:
    whole = "{whole: true, from: 2020-01-01, until: %s, source: answer}"
    newest = [
        f"hba1c: [{{on: 2024-10-01, value: 8 %}}, {whole % '2026-11-21'}]",
        f"hba1c: [{{on: 2024-10-01, value: 8 %}}, {whole % '2026-11-01'}]",
        f"hba1c: [{{value: 8 %}}, {whole % '2026-11-21'}]",
        "{}",
    ]
    rows = decided(
        policy(step("latest hba1c within 12 months > 7.0 %", "one")),
        [asking.case(given) for given in newest],
        VOCABULARY,
    )
    assert [row["questions"] for row in rows] == ["", "hba1c", "hba1c", "hba1c"]
    assert [row["outcome"] for row in rows] == ["clinical-review", *["request-information"] * 3]
    fasting = "fasting_glucose: [{on: 2026-11-01, value: 240 mg/dL}, {on: 2026-11-02, value: 240 mg/dL}, %s]"
    few = [fasting % (whole % day) for day in ("2026-11-21", "2026-11-01")]
    line = "share of fasting_glucose above 200 mg/dL within 30 days >= 25 % of at least 3"
    rows = decided(policy(step(line, "one")), [asking.case(given) for given in few], VOCABULARY)
    assert [row["questions"] for row in rows] == ["", "fasting_glucose"]
