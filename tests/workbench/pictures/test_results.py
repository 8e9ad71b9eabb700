"""Results over time: each is drawn once or named beside the picture, against its threshold and its window."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from priorauth.decide.decided import Evidence, Refused
from priorauth.facts.rows import Measurement, Source
from priorauth.policy.catalog import open_catalog
from priorauth.workbench.pictures.lanes import days
from priorauth.workbench.pictures.results import BESIDE, SHOWN, Course, Result, Threshold, courses, number, results
from priorauth.workbench.pictures.svg import Picture
from tests.workbench.pictures import seen
from tests.workbench.pictures.test_windows import example

DATES = st.sampled_from([None, "2026-11-01", "2025-01-01..2025-12-31", "1980-03-04", "2026-09-01..", "2031-01-01"])
VALUES = st.sampled_from([None, "8.1 %", "> 14 %", "< 4.0 %", "7.0 to 7.4 %", "complete", "999999 %", "0 %"])


def course(name: str, *, whole: bool = True) -> Course:
    made, policy, case = example(name)
    found = courses(made, policy, open_catalog().vocabulary, case if whole else None)
    return next(one for one in found if one.fact == "hba1c")


def picture(found: Course) -> Picture:
    drawn = results(found, "2026-11-20")
    assert drawn is not None
    return drawn


def test_a_result_that_is_too_old_stands_hollow_above_its_threshold() -> None:
    found = course("ask")
    assert found.thresholds == (Threshold(7.0, "above 7.0 %"),)
    for drawn in seen.both(picture(found)):
        (row,) = seen.groups(seen.root(drawn), "row")
        (line,) = seen.groups(seen.root(drawn), "threshold")
        square, threshold = next(seen.boxes(row)), next(seen.boxes(line))
        assert row.get("class") == "row refused"
        assert square.bottom < threshold.top
    assert picture(found).table.rows == (
        ("8.7 %", "15 Jul 2025", "no: too old", "laboratory result (Observation/a1c-1)"),
    )


def test_with_the_rows_of_the_run_results_that_were_not_needed_are_there_too() -> None:
    assert [one.row.value for one in course("approve", whole=False).results] == ["8.4 %"]
    assert [row[0:3:2] for row in picture(course("approve")).table.rows] == [
        ("8.9 %", "not needed"),
        ("8.6 %", "not needed"),
        ("8.4 %", "yes"),
    ]


@pytest.mark.parametrize(("ref", "ground"), [("document 3#page=2&at=7", BESIDE), ("QuestionnaireResponse/s", SHOWN)])
def test_a_result_that_is_only_shown_says_why_it_changes_nothing(ref: str, ground: str) -> None:
    made, policy, case = example("approve")
    row = structs.replace(case.of("hba1c")[-1], source=Source.SHOWN, ref=ref)
    more = structs.replace(case, rows={**case.rows, "hba1c": (*case.of("hba1c"), row)})
    found = next(one for one in courses(made, policy, open_catalog().vocabulary, more) if one.fact == "hba1c")
    (shown,) = [one.row for one in found.results if one.row.reference == ref]
    assert isinstance(shown, Refused)
    assert shown.ground == ground


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8.1 %", (8.1, 8.1)),
        ("> 14 %", (14.0, None)),
        (">= 14.0 %", (14.0, None)),
        ("< 4.0 %", (None, 4.0)),
        ("7.0 to 7.4 %", (7.0, 7.4)),
        ("12", (12.0, 12.0)),
        ("present", (None, None)),
        ("2026-11-20", (None, None)),
        ("9" * 400, (None, None)),
        (None, (None, None)),
    ],
)
def test_a_value_is_read_as_rows_bear_it(value: str | None, expected: tuple[float | None, float | None]) -> None:
    assert number(value) == expected


@settings(max_examples=40)
@given(
    rows=st.lists(st.tuples(DATES, VALUES, st.booleans()), min_size=1, max_size=20),
    thresholds=st.lists(st.sampled_from([7.0, 7.1, 8.0, 110.0]), min_size=1, unique=True),
)
def test_every_result_is_drawn_once_on_the_paper(
    rows: list[tuple[str | None, str | None, bool]], thresholds: list[float]
) -> None:
    made = [
        Refused(f"Observation/{place}", date, value, "too old", None, "laboratory result", "HbA1c")
        if refused
        else Evidence(f"Observation/{place}", date, value, "laboratory result", "HbA1c")
        for place, (date, value, refused) in enumerate(rows)
    ]
    shown = tuple(Result(row, days(row.date), *number(row.value)) for row in made)
    lines = tuple(Threshold(at, f"above {at} %") for at in thresholds)
    found = picture(Course("hba1c", "HbA1c", shown, lines, ()))
    assert len(found.table.rows) == len(rows)
    for drawn in seen.both(found):
        assert len(seen.groups(seen.root(drawn), "row")) == len(rows)
        assert seen.beyond(drawn) == []
        assert seen.touching(drawn) == []
        assert seen.plain(drawn)
    assert found == picture(Course("hba1c", "HbA1c", shown, lines, ()))


@settings(max_examples=30)
@given(number_of=st.integers(0, len(seen.policies()) - 1), seed=st.integers(0, 10_000))
def test_each_result_that_a_determination_names_is_on_its_course(number_of: int, seed: int) -> None:
    policy = seen.policies()[number_of]
    made, case = seen.drawn(policy, seed)
    for one in courses(made, policy, open_catalog().vocabulary, case):
        on_file = {row.ref for row in case.of(one.fact) if isinstance(row, Measurement)}
        assert on_file == {each.row.reference for each in one.results}


def test_hostile_text_stays_text() -> None:
    found = course("ask")
    (one,) = found.results
    worse = structs.replace(one.row, reference="<script>", kind='"><script>', ground="<b>&")
    drawn = picture(structs.replace(found, name="</title><script>", results=(structs.replace(one, row=worse),)))
    for each in seen.both(drawn):
        assert "<script" not in each
        assert seen.root(each) is not None


def test_without_results_there_is_no_picture() -> None:
    assert results(structs.replace(course("ask"), results=()), "2026-11-20") is None
