"""Days as people write them: whole, partial, relative to the document, and none where the text says none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.understand import days
from priorauth.values import dates

OWN = dates.day("2026-10-06")


def said(text: str, own: int | None = OWN) -> list[str]:
    return [day.said for day in days.found(text, own)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("on 9/22/26", "2026-09-22"),
        ("07/08/2026", "2026-07-08"),
        ("21-SEP-2026", "2026-09-21"),
        ("19 Dec 2001", "2001-12-19"),
        ("March 20, 2026", "2026-03-20"),
        ("2026-10-06", "2026-10-06"),
        ("since 02/2025", "2025-02"),
        ("since February 2025", "2025-02"),
        ("diagnosed in 2004", "2004"),
        ("July 23", "2026-07-23"),
        ("December 24", "2025-12-24"),
        ("in May", "2026-05"),
        ("in the spring", "2026-03/2026-06"),
        ("yesterday", "2026-10-05"),
        ("today", "2026-10-06"),
        ("last Thursday", "2026-10-01"),
        ("3 months earlier", "2026-07"),
        ("2 days ago", "2026-10-04"),
        ("last week", "2026-09-29/2026-10-05"),
        ("between July 1 and July 31, 2026", "2026-07-01/2026-07-31"),
        ("08 May 2026 - 05 Aug 2026", "2026-05-08/2026-08-05"),
        ("Feb 3-16", "2026-02-03/2026-02-16"),
        ("2020 to 5/2021", "2020/2021-05"),
        ("1/6/88", "1988-01-06"),
    ],
)
def test_a_day_is_read_as_it_is_written(text: str, wanted: str) -> None:
    assert said(text) == [wanted]


@pytest.mark.parametrize("text", ["BP 118/72", "1:10", "8.4 %", "E0784", "555-0144", "13/45/2026", "2/30/2026"])
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert said(text) == []


def test_a_day_without_a_year_is_none_where_the_document_has_no_day() -> None:
    assert said("July 23, and yesterday, 3 months ago", None) == []


def test_a_document_that_shows_days_above_twelve_first_writes_the_day_first() -> None:
    assert days.is_day_first("Sample 17/06/2026, before 05/06/2025")
    assert not days.is_day_first("Sample 06/17/2026, before 05/06/2025")
    assert [day.said for day in days.found("05/06/2025", OWN, day_first=True)] == ["2025-06-05"]


@given(st.dates(min_value=dt.date(1950, 1, 1), max_value=dt.date(2026, 12, 31)))
def test_every_day_is_read_back_however_it_is_written(day: dt.date) -> None:
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y", "%B %d, %Y", "%d %b %Y"):
        assert said(day.strftime(form)) == [day.isoformat()]


@given(st.text(max_size=60), st.none() | st.integers(min_value=dates.EARLIEST + 40000, max_value=dates.LATEST - 40000))
def test_any_text_has_days_in_order_within_it(text: str, own: int | None) -> None:
    ends = 0
    for day in days.found(text, own):
        assert ends <= day.start < day.end <= len(text)
        assert day.first <= day.last
        ends = day.end
