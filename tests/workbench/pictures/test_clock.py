"""Clocks as bars: the one that binds first and in words, half and now where they are, stretches that stand still."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks.binding import Binding, binding
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.happened import Happened
from priorauth.ledger.clocks.rules import Clock
from priorauth.workbench.pictures.clock import Bar, bars, clock
from priorauth.workbench.pictures.svg import Picture
from tests.ledger.clocks.drawn import CALENDARS, CLOCKS, NEW_YORK, histories
from tests.ledger.clocks.reading import events, moment
from tests.ledger.clocks.test_binding import clocks
from tests.workbench.pictures import seen


def found(names: tuple[str, ...], lines: list[str], now: str) -> tuple[tuple[Bar, ...], Picture]:
    at = moment(now, NEW_YORK)
    made = bars(clocks(*names), events(lines, NEW_YORK), NEW_YORK, at)
    picture = clock(made, NEW_YORK, at)
    assert picture is not None
    return made, picture


def test_the_clock_that_binds_stands_first_and_says_so() -> None:
    received = ["received 2026-11-20 09:10", "completed 2026-11-20 09:10"]
    made, picture = found(("mh-std-state", "mh-std"), received, "2026-11-24 12:00")
    assert [(one.name, one.binds) for one in made] == [("federal 7 days", True), ("Massachusetts 15 days", False)]
    for drawn in seen.both(picture):
        first = next(one for one in seen.boxes(seen.root(drawn)) if one.said not in seen.DRAWN)
        assert first.said.startswith("binds: federal 7 days: until")
    assert [row[-1] for row in picture.table.rows] == ["yes", "no"]


def test_a_clock_that_stands_still_is_hatched_while_it_does() -> None:
    made, picture = found(
        ("an-erisa-std",),
        ["received 2026-11-20 09:10", "asked 2026-11-24 10:00 until 2026-12-10 17:00"],
        "2026-11-29 12:00",
    )
    assert made[0].stops == ((moment("2026-11-24 10:00", NEW_YORK), moment("2026-12-10 17:00", NEW_YORK)),)
    for drawn in seen.both(picture):
        (still,) = seen.groups(seen.root(drawn), "still")
        (whole,) = (next(seen.boxes(one)) for one in seen.groups(seen.root(drawn), "whole"))
        (now,) = (next(seen.boxes(one)) for one in seen.groups(seen.root(drawn), "now"))
        stretch = next(seen.boxes(still))
        assert whole.left < stretch.left < now.left < stretch.right < whole.right


def test_asking_does_not_stop_the_clock_of_massachusetts() -> None:
    asked = ["received 2026-11-20 09:10", "asked 2026-11-24 10:00 until 2026-12-10 17:00"]
    made, _ = found(("mh-std",), asked, "2026-11-25 12:00")
    assert made[0].stops == ()


def test_a_clock_that_has_not_begun_has_words_and_no_bar() -> None:
    made, picture = found(("mh-std-state",), ["received 2026-11-20 09:10"], "2026-11-24 12:00")
    assert (made[0].begun, made[0].ends, made[0].binds) == (None, None, False)
    assert not seen.groups(seen.root(picture.wide), "whole")
    assert "it needs a complete request" in picture.wide


def test_a_missed_clock_says_what_it_means() -> None:
    _, picture = found(("mh-std",), ["received 2026-11-01 09:10"], "2026-11-24 12:00")
    assert "overdue since Sun 8 Nov 2026" in picture.wide


def test_of_a_decided_case_no_clock_binds() -> None:
    made, _ = found(("mh-std",), ["received 2026-11-20 09:10", "decided 2026-11-21 09:00"], "2026-11-24 12:00")
    assert not made[0].binds


def test_without_clocks_there_is_no_picture() -> None:
    at = moment("2026-11-24 12:00", NEW_YORK)
    assert bars((), (), NEW_YORK, at) == ()
    assert clock((), NEW_YORK, at) is None


@settings(max_examples=40)
@given(
    all_of=st.lists(CLOCKS, min_size=1, max_size=4, unique_by=lambda one: one.id),
    happened=histories(),
    calendar=CALENDARS,
    later=st.integers(0, 60 * 24 * 60),
)
def test_every_clock_stands_once_on_the_paper(
    all_of: list[Clock], happened: Happened, calendar: Calendar, later: int
) -> None:
    now = happened[0].at + dt.timedelta(minutes=later)
    made = bars(all_of, happened, calendar, now)
    bound = binding(tuple(all_of), happened, calendar, now)
    assert [one.binds for one in made].count(True) == isinstance(bound, Binding)
    picture = clock(made, calendar, now)
    assert picture == clock(made, calendar, now)
    assert picture is not None
    assert len(picture.table.rows) == len(all_of)
    for drawn in seen.both(picture):
        assert len(seen.groups(seen.root(drawn), "clock")) == len(all_of)
        assert seen.beyond(drawn) == []
        assert seen.touching(drawn) == []
        assert seen.plain(drawn)
    for one in made:
        if one.begun is not None and one.ends is not None and one.half is not None:
            assert one.begun <= one.half <= one.ends
            assert all(one.begun <= since < until <= one.ends for since, until in one.stops)


def test_hostile_words_stay_words() -> None:
    made, _ = found(("mh-std",), ["received 2026-11-20 09:10"], "2026-11-24 12:00")
    worse = tuple(structs.replace(one, name="<script>", says="</text><script>" + "W" * 500) for one in made)
    picture = clock(worse, NEW_YORK, moment("2026-11-24 12:00", NEW_YORK))
    assert picture is not None
    for drawn in seen.both(picture):
        assert "<script" not in drawn
        assert seen.beyond(drawn) == []


def test_half_of_a_clock_is_where_the_ledger_has_it() -> None:
    happened = events(["received 2026-11-20 09:10"], NEW_YORK)
    at = moment("2026-11-24 12:00", NEW_YORK)
    (one,) = bars(clocks("mh-std"), happened, NEW_YORK, at)
    assert one.half == d.half(clocks("mh-std")[0], happened, NEW_YORK, at)
