"""Which day belongs to which value."""

from __future__ import annotations

import re

import pytest

from priorauth.documents.understand import days, ties
from priorauth.values import dates

OWN = dates.day("2026-10-06")


def tied(text: str) -> str | None:
    match = re.search(r"A1c.*?(\d\.\d)( %)?", text)
    assert match is not None
    day = ties.value_day(text, days.found(text, OWN), match.start(), match.start(1), match.end())
    return None if day is None else day.said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A1c 8.4 % (10/01/2026)", "2026-10-01"),
        ("A1c 8.4 % H on 10/01/2026", "2026-10-01"),
        ("A1c, collected 10/01/2026: 8.4 %", "2026-10-01"),
        ("10/01/2026  A1c 8.4 %", "2026-10-01"),
        ("Labs 10/01/2026 (outside): K 4.1, A1c 8.4 %", "2026-10-01"),
        ("POC A1c today 8.4 %", "2026-10-06"),
        ("A1c 8.4 % in August", "2026-08"),
        ("A1c 8.4 %; next visit 1/4/2027", None),
        ("T1DM since 2004, A1c 8.4 %", None),
        ("A1c 8.4 %", None),
    ],
)
def test_a_value_has_the_day_that_stands_beside_it(text: str, wanted: str | None) -> None:
    assert tied(text) == wanted


def test_an_event_is_of_each_day_that_is_listed() -> None:
    text = "Two ED visits for low sugar this summer: June 30 and July 19"
    found = ties.event_days(text, days.found(text, OWN), 4, 14)
    assert [day.said for day in found] == ["2026-06-30", "2026-07-19"]


def test_what_holds_since_a_day_says_so() -> None:
    text = "T1DM (dx 2004), seen 2026"
    day = ties.since(text, days.found(text, OWN), 4)
    assert day is not None
    assert day.said == "2004"
