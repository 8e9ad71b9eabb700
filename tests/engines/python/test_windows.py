"""Windows: an open start, a closed end, months that clip, rows that may or may not be inside."""

from __future__ import annotations

import pytest

from priorauth.engines.python.windows import Span, frame, stretch
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.values import dates
from priorauth.values.truth import MET, NOT_MET, UNKNOWN
from tests.asking import criterion, view


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (10, 10, NOT_MET),
        (11, 11, MET),
        (20, 20, MET),
        (21, 21, NOT_MET),
        (5, 12, UNKNOWN),
        (1, 10, NOT_MET),
        (19, 25, UNKNOWN),
    ],
)
def test_the_start_is_open_and_the_end_is_closed(first: int, last: int, expected: object) -> None:
    assert Span(10, 10, 20, 20).member(first, last) == expected


def span(line: str, given: str = "{}", as_of: str = "2026-11-21") -> Span:
    test = criterion(line).test
    assert isinstance(test, Leaf)
    return frame(contents.windows_of(test.form), view(given, as_of)).span


def test_a_month_back_from_the_last_day_of_march_clips_to_february() -> None:
    assert dates.iso(span("any hypoglycemia within 1 month", as_of="2026-03-31").start_first) == "2026-02-28"


def test_windows_joined_are_met_together() -> None:
    joined = span("any hypoglycemia within 6 months since prior_approval", "prior_approval_on: [2026-07-24]")
    assert dates.iso(joined.start_first) == "2026-07-24"


def test_an_unknown_anchor_is_named() -> None:
    test = criterion("any hypoglycemia since enrollment").test
    assert isinstance(test, Leaf)
    assert frame(contents.windows_of(test.form), view()).missing == "enrollment"


def test_rows_count_only_on_the_days_of_the_regimen() -> None:
    test = criterion("any hypoglycemia while insulin_injections >= 3 /d").test
    assert isinstance(test, Leaf)
    seen = view(
        "{insulin_injections: [{value: 4 /d, from: 2026-01-01, until: 2026-06-30}, {value: 0 /d, from: 2026-07-01}], "
        "hypoglycemia: [2026-06-30, 2026-07-01, 2025-12-31]}"
    )
    where = frame(contents.windows_of(test.form), seen)
    assert [where.member(row) for row in seen.dated("hypoglycemia", "all")] == [MET, NOT_MET, UNKNOWN]


def test_a_window_is_placed_once_a_request_and_anew_for_another() -> None:
    test = criterion("any hypoglycemia within 1 month").test
    assert isinstance(test, Leaf)
    windows, seen = contents.windows_of(test.form), view()
    assert frame(windows, seen) is frame(windows, seen)
    other = view(as_of="2026-11-20")
    assert frame(windows, other).span != frame(windows, seen).span


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("insulin_injections >= 3 /d throughout 6 months before request", ("2026-05-22", "2026-11-21")),
        ("insulin_injections >= 3 /d on request", ("2026-11-21", "2026-11-21")),
        ("diabetes throughout 1 month before enrollment", None),
    ],
)
def test_a_regimen_is_judged_on_the_days_up_to_a_day_the_first_left_out(
    line: str, days: tuple[str, str] | None
) -> None:
    test = criterion(line).test
    assert isinstance(test, Leaf)
    assert isinstance(test.form, f.Throughout | f.On)
    found = stretch(test.form, view())
    assert (None if found is None else (dates.iso(found.first), dates.iso(found.last))) == days
    assert found is None or found.exact
