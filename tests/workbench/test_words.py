"""The words of pages: days, moments and spans as a person reads them; every word that is used is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from priorauth.decide.decided import Role
from priorauth.engines.python.finding import Status
from priorauth.ledger.allowed import states
from priorauth.workbench import pages, rights, words

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def sent_on() -> Iterator[tuple[str, str]]:
    """Yield the words with which pages send a browser on, each with its module."""
    for file in sorted(Path(pages.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "see":
                for said in node.args[1:]:
                    if isinstance(said, ast.Constant):
                        yield str(said.value), file.name


def test_every_word_with_which_a_page_sends_on_is_said() -> None:
    found = list(sent_on())
    assert len(found) > 20
    assert [one for one in found if one[0] not in words.SAID] == []


def test_everything_in_the_head_is_a_page_or_comes_with_its_group() -> None:
    coming = {"policies", "admin"}
    assert {name for name, _ in words.NAV} - set(rights.table().pages) <= coming


def test_every_role_state_and_status_has_its_word() -> None:
    assert set(rights.people()) < set(words.ROLE)
    assert set(states().states) <= set(words.STATE)
    for status in get_args(Status):
        for role in (None, *get_args(Role)):
            assert words.status(status, role)


def test_a_word_is_a_sentence_and_ends_as_one() -> None:
    for said in (*words.SAID.values(), *(text for _, text in words.GLOSSARY)):
        assert re.fullmatch(r"[A-Z].*\.", said), said


@given(st.dates())
@example(date(2026, 11, 7))
def test_a_day_is_written_with_the_name_of_its_month(day: date) -> None:
    said = words.day(day)
    assert words.day(day.isoformat()) == said
    number, month, year = said.split()
    assert (int(number), year) == (day.day, f"{day.year:04}")
    assert month == ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][day.month - 1]


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_day_is_empty(nothing: str | None) -> None:
    assert words.day(nothing) == ""


def test_a_moment_is_written_in_the_zone_of_the_plan_and_names_it() -> None:
    assert words.moment(NOW, NEW_YORK) == "Tue 24 Nov 2026 09:00 EST"
    assert words.moment(NOW, NEW_YORK, named=False) == "Tue 24 Nov 2026 09:00"
    assert words.moment(NOW.replace(month=7), NEW_YORK) == "Fri 24 Jul 2026 10:00 EDT"
    assert words.moment(None, NEW_YORK) == ""


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        (0, "1 min"),
        (0.5, "30 min"),
        (1, "1 h"),
        (9.9, "9 h"),
        (47.9, "47 h"),
        (48, "2 days"),
        (96, "4 days"),
        (-0.01, "overdue since 1 min"),
        (-2, "overdue since 2 h"),
        (-72, "overdue since 3 days"),
    ],
)
def test_what_is_left_is_said_in_minutes_hours_or_days(hours: float, says: str) -> None:
    assert words.left(NOW + timedelta(hours=hours), NOW, NEW_YORK) == says


def test_without_a_clock_nothing_is_left() -> None:
    assert words.left(None, NOW, NEW_YORK) == "no clock"


@given(MOMENTS, st.timedeltas(timedelta(days=-400), timedelta(days=400)))
@example(datetime(2026, 10, 31, 4, 30, tzinfo=UTC), timedelta(hours=48))
def test_a_span_is_never_nothing_and_never_one_of_many(now: datetime, span: timedelta) -> None:
    said = words.left(now + span, now, NEW_YORK)
    found = re.fullmatch(r"(overdue since )?([1-9]\d*) (min|h|days)", said)
    assert found is not None, said
    assert bool(found[1]) == (span < timedelta())
    assert found[3] != "days" or int(found[2]) >= 2
    assert found[3] != "days" or abs(abs(span) / timedelta(days=1) - int(found[2])) <= 1.1
