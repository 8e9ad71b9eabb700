"""Ranks are cases, samples are the same at every count, and a share of nothing is not known."""

from __future__ import annotations

import pytest

from priorauth.ledger.measured import hours, percentile, sample, share


@pytest.mark.parametrize(("percent", "found"), [(1, 10), (50, 20), (51, 30), (75, 30), (76, 40), (99, 40), (100, 40)])
def test_a_percentile_is_the_time_of_a_case(percent: int, found: int) -> None:
    assert percentile([10, 20, 30, 40], percent) == found


def test_a_share_of_nothing_is_unknown_and_of_something_none_is_nought() -> None:
    assert share(0, 0) is None
    assert share(0, 3) == 0.0
    assert share(1, 3) == 33.33


def test_hours_are_told_to_two_digits() -> None:
    assert hours(3_600_000_000 * 1.5) == 1.5
    assert hours(100) == 0.0


def test_the_sample_is_the_same_in_whatever_order_cases_are_found() -> None:
    numbers = [f"26-{one:04}" for one in range(1, 401)]
    found = sample(numbers)
    assert found == sample(reversed(numbers))
    assert len(found) == 20  # one in 20 of 400
    assert list(found) == sorted(found)


def test_a_sample_has_a_least_size_and_never_more_than_there_is() -> None:
    assert len(sample(f"26-{one:04}" for one in range(40))) == 5
    assert sample(["26-0001", "26-0002"]) == ("26-0001", "26-0002")
    assert sample([]) == ()
