"""Windows and measures over dated rows in SQL: on the edge, the same as Python."""

from __future__ import annotations

import pytest

from tests.population.small import python, said

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
