"""Of several clocks the earliest binds; a miss means what the law says; a question has a day that fits."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.binding import Binding, answer_by, asking_holds, binding, end_of, least_answer, missed
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.load import shipped
from priorauth.ledger.clocks.rules import Clock
from tests.ledger.clocks.drawn import CALENDARS, CLOCKS, NEW_YORK, histories
from tests.ledger.clocks.reading import calendar_of, events, moment

RECEIVED = events(["received 2026-11-02 10:00"], NEW_YORK)


def clocks(*names: str) -> tuple[Clock, ...]:
    return tuple(shipped().clocks[name] for name in names)


def bound(found: Binding | d.NotBegun) -> Binding:
    assert isinstance(found, Binding)
    return found


def test_of_the_two_of_massachusetts_the_federal_one_binds() -> None:
    both = clocks("mh-std", "mh-std-state")
    found = bound(binding(both, (*RECEIVED, h.Completed(RECEIVED[0].at)), NEW_YORK))
    assert (found.clock.id, found.at, found.asking, found.verified) == (
        "mh-std", moment("2026-11-09", NEW_YORK), "runs-on", True,
    )  # fmt: skip
    assert found.since == RECEIVED[0].at
    assert found.beside == ((both[1], d.Due(moment("2026-11-17", NEW_YORK))),)


def test_of_two_the_one_that_has_begun_binds_also_where_it_stands_still() -> None:
    happened = (*RECEIVED, h.Asked(moment("2026-11-05 10:00", NEW_YORK), moment("2026-12-20", NEW_YORK)))
    found = bound(binding(clocks("cs-ga-std", "cs-fed-std"), happened, NEW_YORK))
    assert found.clock.id == "cs-fed-std"
    assert found.stand == d.Stopped(
        moment("2026-11-05 10:00", NEW_YORK), moment("2026-12-20", NEW_YORK), moment("2027-01-01", NEW_YORK)
    )
    assert not found.verified  # the stop rests on a figure from memory


def test_where_none_has_begun_what_is_needed_is_said() -> None:
    assert binding(clocks("cs-ga-std"), RECEIVED, NEW_YORK) == d.NotBegun("the last needed item")


def test_a_length_that_was_read_is_verified_until_an_extension_from_memory_moves_it() -> None:
    extended = (*RECEIVED, h.Extended(RECEIVED[0].at, 5, "outside-the-plans-control"))
    found = [bound(binding(clocks("cs-fed-std"), happened, NEW_YORK)).verified for happened in (RECEIVED, extended)]
    assert found == [True, False]


def test_without_clocks_nothing_binds() -> None:
    with pytest.raises(ValueError, match="at least one clock"):
        binding((), RECEIVED, NEW_YORK)


@settings(max_examples=100, deadline=None)
@given(st.lists(CLOCKS, min_size=1, max_size=4), CALENDARS, histories(), st.permutations(range(4)))
def test_the_clock_that_binds_never_ends_later_than_another(
    several: list[Clock], calendar: Calendar, happened: h.Happened, order: list[int]
) -> None:
    found = binding(tuple(several), happened, calendar)
    ends = [end_of(d.due(clock, happened, calendar)) for clock in several]
    begun = [end for end in ends if end is not None]
    if isinstance(found, d.NotBegun):
        assert begun == []
        return
    assert found.at == min(begun)
    again = tuple(several[place] for place in order if place < len(several))
    assert bound(binding(again, happened, calendar)).clock == found.clock


# ---- missed


def test_a_decision_in_the_last_moment_is_in_time_and_one_after_it_is_not() -> None:
    clock = shipped().clocks["uh-std"]
    last = moment("2026-11-09", NEW_YORK)
    for late in (0, 1):
        at = last + dt.timedelta(microseconds=late)
        found = missed(clock, (*RECEIVED, h.Decided(at)), NEW_YORK, at + dt.timedelta(days=1))
        assert (found is not None) == bool(late)
        assert (missed(clock, RECEIVED, NEW_YORK, at) is not None) == bool(late)


def test_a_missed_clock_of_masshealth_gives_a_right_until_a_day() -> None:
    found = missed(shipped().clocks["mh-std"], RECEIVED, NEW_YORK, moment("2026-11-10 08:00", NEW_YORK))
    assert found is not None
    assert found.clock.missed.means == "hearing-right"
    assert found.use_by == moment("2027-03-02", NEW_YORK)  # 120 days: 28, 31, 31, 28 and 2
    assert found.at == moment("2026-11-09", NEW_YORK)


@pytest.mark.parametrize(
    ("clock", "means", "verified"),
    [
        ("uh-std", "adverse-by-lapse", True),
        ("mco-std", "adverse-by-lapse", True),
        ("cs-ga-std", "authorized-by-law", True),
        ("cs-in-std", "authorized-by-law", False),
        ("hu-std", "hearing-right", False),
        ("an-ct-std", "deemed-exhausted", True),
        ("an-erisa-std", "deemed-exhausted", False),
        ("cs-oh-std", "none", False),
    ],
)
def test_what_a_miss_means_is_as_the_law_of_the_line_says(clock: str, means: str, *, verified: bool) -> None:
    found = shipped().clocks[clock].missed
    assert (found.means, found.source.verified) == (means, verified)


def test_a_clock_that_stands_still_or_has_not_begun_is_not_missed_until_its_day_is_over() -> None:
    asked = (*RECEIVED, h.Asked(moment("2026-11-12 10:00", NEW_YORK), moment("2026-12-27", NEW_YORK)))
    clock = shipped().clocks["an-erisa-std"]
    assert missed(clock, asked, NEW_YORK, moment("2026-12-20 10:00", NEW_YORK)) is None
    found = missed(clock, asked, NEW_YORK, moment("2027-01-02 00:00", NEW_YORK))
    assert found is not None
    assert found.late_by == dt.timedelta(microseconds=1)
    assert missed(shipped().clocks["cs-ga-std"], RECEIVED, NEW_YORK, moment("2027-01-02", NEW_YORK)) is None


# ---- asking


def test_asking_holds_erisa_once_and_medicare_advantage_never() -> None:
    at = moment("2026-11-05 10:00", NEW_YORK)
    erisa = shipped().clocks["an-erisa-std"]
    assert asking_holds(erisa, RECEIVED, NEW_YORK, at)
    assert not asking_holds(
        erisa, (*RECEIVED, h.Asked(at, at + dt.timedelta(days=1))), NEW_YORK, at + dt.timedelta(days=2)
    )
    assert not asking_holds(shipped().clocks["uh-std"], RECEIVED, NEW_YORK, at)
    assert asking_holds(shipped().clocks["cs-ga-std"], RECEIVED, NEW_YORK, at)
    urgent = shipped().clocks["an-erisa-urg"]
    assert [asking_holds(urgent, RECEIVED, NEW_YORK, RECEIVED[0].at + dt.timedelta(hours=n)) for n in (24, 25)] == [
        True,
        False,
    ]


def test_a_law_that_gives_a_least_time_to_answer_is_followed() -> None:
    at = moment("2026-11-05 10:00", NEW_YORK)
    assert least_answer(shipped().clocks["uh-std"], NEW_YORK, at) is None
    assert answer_by(clocks("an-erisa-std"), RECEIVED, NEW_YORK, at) == moment("2026-12-20", NEW_YORK)
    assert answer_by(clocks("an-erisa-urg"), RECEIVED, NEW_YORK, RECEIVED[0].at) == moment("2026-11-04 10:00", NEW_YORK)


def test_the_four_days_of_masshealth_do_not_reach_beyond_the_federal_clock() -> None:
    both = clocks("mh-std", "mh-std-state")
    early, late = (moment(text, NEW_YORK) for text in ("2026-11-03 10:00", "2026-11-07 10:00"))
    assert answer_by(both, RECEIVED, NEW_YORK, early) == moment("2026-11-07", NEW_YORK)
    assert answer_by(both, RECEIVED, NEW_YORK, late) == moment("2026-11-09", NEW_YORK)


def test_where_no_law_says_half_of_what_is_left_is_given() -> None:
    at = moment("2026-11-04 10:00", NEW_YORK)
    found = answer_by(clocks("uh-exp"), RECEIVED, NEW_YORK, at)
    assert found == moment("2026-11-04 22:00", NEW_YORK)
    late = moment("2026-11-06 10:00", NEW_YORK)
    assert answer_by(clocks("uh-exp"), RECEIVED, NEW_YORK, late) is None


def test_where_nothing_runs_on_and_no_law_says_the_day_is_not_made_up() -> None:
    assert answer_by(clocks("cs-ga-std"), RECEIVED, NEW_YORK, RECEIVED[0].at) is None


def test_a_clock_of_indiana_binds_before_the_federal_one() -> None:
    calendar = calendar_of(shipped().clocks["cs-in-std"])
    happened = events(["received 2026-11-23 16:10"], calendar)
    found = bound(binding(clocks("cs-fed-std", "cs-in-std"), happened, calendar))
    assert (found.clock.name, found.at) == ("Indiana", moment("2026-11-25 16:10", calendar))
