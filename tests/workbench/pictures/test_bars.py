"""Counts as bars: each long by its number, a link to what it counts, and a row of the table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.workbench.pictures.bars import Count, counts
from priorauth.workbench.pictures.svg import Picture
from tests.workbench.pictures import seen

COUNTS = st.builds(
    Count,
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=80),
    st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1e12)),
    st.sampled_from(["/queue", "/metrics/2026?line=a&kept=no"]),
)


def made(*found: Count) -> Picture:
    picture = counts("Turnaround", found)
    assert picture is not None
    return picture


def test_a_bar_is_as_long_as_its_number_and_leads_to_its_cases() -> None:
    picture = made(Count("kept", 40, "/metrics/kept"), Count("missed", 10, "/metrics/missed"))
    for drawn in seen.both(picture):
        links = seen.groups(seen.root(drawn), "count")
        assert [one.get("href") for one in links] == ["/metrics/kept", "/metrics/missed"]
        long, short = ([*(box for box in seen.boxes(one) if box.said == "rect")][1] for one in links)
        assert (long.right - long.left) == pytest.approx(4 * (short.right - short.left), abs=0.4)
    assert picture.table.rows == (("kept", "40"), ("missed", "10"))


def test_what_is_not_known_is_not_nought() -> None:
    picture = made(Count("kept", None, "/a"), Count("missed", 0, "/b"), Count("late", 1, "/c", "1 of 4,000"))
    assert [row[1] for row in picture.table.rows] == ["not known", "0", "1 of 4,000"]
    unknown, nought, _ = seen.groups(seen.root(picture.wide), "count")
    assert ["stroke-dasharray" in one.attrib for one in unknown][1:] != [
        "stroke-dasharray" in one.attrib for one in nought
    ][1:]


def test_every_link_is_large_enough_to_be_pressed_and_has_a_name() -> None:
    for drawn in seen.both(made(Count("kept", 40, "/a"), Count("missed", 10, "/b"))):
        assert seen.root(drawn).get("role") == "group"
        for one in seen.groups(seen.root(drawn), "count"):
            ground = next(seen.boxes(one))
            assert ground.bottom - ground.top >= 24
            assert one.get("aria-label") in ("kept: 40", "missed: 10")


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://a.example/", "//a.example/", "/\\a.example", "", "a b"]
)
def test_a_link_to_anywhere_else_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="expected a link to a page of this house"):
        made(Count("kept", 1, link))


@pytest.mark.parametrize("number", [-1, float("nan"), float("inf")])
def test_a_number_that_cannot_be_counted_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="expected a number from 0 on"):
        made(Count("kept", number, "/a"))


@settings(max_examples=40)
@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_every_count_stands_once_on_the_paper(found: list[Count]) -> None:
    picture = made(*found)
    assert picture == made(*found)
    assert len(picture.table.rows) == len(found)
    for drawn in seen.both(picture):
        assert len(seen.groups(seen.root(drawn), "count")) == len(found)
        assert seen.beyond(drawn) == []
        assert seen.touching(drawn) == []
        assert seen.plain(drawn.replace("javascript:", ""))


def test_without_counts_there_is_no_picture() -> None:
    assert counts("Turnaround", ()) is None
