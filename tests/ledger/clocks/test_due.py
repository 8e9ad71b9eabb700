"""Clocks end when a lawyer who counts by hand says so, and no order of events or clock of a machine changes that."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import DAY, MOMENT, Calendar
from priorauth.ledger.clocks.load import shipped
from priorauth.ledger.clocks.rules import Amount, Clock, Figure, Source
from tests.ledger.clocks.drawn import CALENDARS, CLOCKS, NEW_YORK, histories, mix, moments
from tests.ledger.clocks.reading import WORKED, calendar_of, events, moment

MANY = 100
OCCASIONS: Final[dict[str, str]] = WORKED["occasions"]
ROWS: Final = [(row, name) for row in WORKED["rows"] for name in row["clocks"]]


@pytest.mark.parametrize(("row", "name"), ROWS, ids=lambda one: str(one) if isinstance(one, str) else "")
def test_a_clock_ends_over_each_occasion_when_the_calendar_says(row: dict[str, str], name: str) -> None:
    clock = shipped().clocks[name]
    calendar = calendar_of(clock)
    for occasion, text in OCCASIONS.items():
        at = moment(text, calendar)
        found = d.due(clock, (h.Received(at), h.Completed(at)), calendar)
        assert found == d.Due(moment(row[occasion], calendar)), occasion


def test_every_clock_that_is_shipped_stands_in_one_row_of_the_worked_examples() -> None:
    assert Counter(name for _, name in ROWS) == Counter(list(shipped().clocks))


@pytest.mark.parametrize("case", WORKED["cases"], ids=lambda case: case["says"])
def test_what_happens_moves_a_clock_as_worked_by_hand(case: dict[str, Any]) -> None:
    clock = shipped().clocks[case["clock"]]
    calendar = calendar_of(clock)
    now = moment(case["now"], calendar) if "now" in case else None
    happened = events(case["happened"], calendar)
    expected: d.Stand
    if "due" in case:
        expected = d.Due(moment(case["due"], calendar))
    elif "stopped" in case:
        expected = d.Stopped(*(moment(text, calendar) for text in case["stopped"]))
    else:
        expected = d.NotBegun(case["needs"])
    assert d.due(clock, happened, calendar, now) == expected
    assert d.due(clock, happened[::-1], calendar, now) == expected


def test_half_of_seven_days_is_in_the_middle_of_what_runs() -> None:
    clock = shipped().clocks["uh-std"]
    received = moment("2026-11-02 00:00", NEW_YORK)
    assert d.half(clock, (h.Received(received),), NEW_YORK) == moment("2026-11-06 00:00", NEW_YORK) - MOMENT / 2


def test_half_of_forty_eight_hours_of_indiana_leaves_thanksgiving_and_the_weekend_out() -> None:
    clock = shipped().clocks["cs-in-std"]
    calendar = calendar_of(clock)
    received = moment("2026-11-25 16:10", calendar)
    assert d.half(clock, (h.Received(received),), calendar) == moment("2026-11-30 16:10", calendar)


def test_half_of_a_clock_that_stood_still_leaves_that_out() -> None:
    clock = shipped().clocks["an-erisa-std"]
    happened = events(
        ["received 2026-11-02 00:00", "asked 2026-11-05 00:00 until 2026-12-20", "answered 2026-12-05 00:00"], NEW_YORK
    )
    # 3 days, then from 5 December the 12 that are left and the rest of the day of the answer: 16 in all, half are 8
    assert d.due(clock, happened, NEW_YORK) == d.Due(moment("2026-12-17", NEW_YORK))
    assert d.half(clock, happened, NEW_YORK) == moment("2026-12-10 00:00", NEW_YORK) - MOMENT / 2


def test_half_of_a_clock_that_has_not_begun_is_not_known() -> None:
    clock = shipped().clocks["cs-ga-std"]
    received = (h.Received(moment("2026-11-02 00:00", NEW_YORK)),)
    assert d.half(clock, received, NEW_YORK) == d.NotBegun("the last needed item")


@pytest.mark.parametrize(
    ("clock", "line", "said"),
    [
        ("uh-std", "extended 2026-11-05 09:00 by 14 for member-asks", None),
        ("uh-std", "extended 2026-11-05 09:00 by 15 for member-asks", "expected in all at most 14 calendar days"),
        ("uh-std", "extended 2026-11-05 09:00 by 14 for provider-asks", "expected a ground of member-asks, non-"),
        ("uh-std", "extended 2026-11-10 09:00 by 14 for member-asks", "its notice came after the clock had ended"),
        ("uh-std", "extended 2026-11-05 09:00 by 0 for member-asks", "expected at least 1 day"),
        ("uh-bdrug-std", "extended 2026-11-03 09:00 by 14 for member-asks", "this clock has no extension"),
        ("cs-ga-std", "extended 2026-11-03 09:00 by 14 for member-asks", "the clock has not begun: it needs the last"),
    ],
)
def test_an_extension_that_would_not_count_is_refused_with_the_reason(clock: str, line: str, said: str | None) -> None:
    received = events(["received 2026-11-02 10:00"], NEW_YORK)
    (event,) = events([line], NEW_YORK)
    assert isinstance(event, h.Extended)
    found = d.may_extend(shipped().clocks[clock], received, event, NEW_YORK)
    assert found is None if said is None else found is not None and found.startswith(said)


def test_a_clock_is_not_extended_more_often_than_once_where_the_law_says_once() -> None:
    happened = events(
        ["received 2026-11-02 10:00", "extended 2026-11-05 09:00 by 15 for outside-the-plans-control"], NEW_YORK
    )
    event = h.Extended(moment("2026-11-06 09:00", NEW_YORK), 1, "missing-information")
    found = d.may_extend(shipped().clocks["an-erisa-std"], happened, event, NEW_YORK)
    assert found == "it was extended as often as it may be, 1"


def test_a_second_request_for_haste_counts_from_itself_once_the_first_was_refused() -> None:
    happened = events(
        [
            "received 2026-11-02 10:00",
            "expedite-asked 2026-11-03 10:00",
            "expedite-refused 2026-11-04 10:00",
            "expedite-asked 2026-11-05 10:00",
        ],
        NEW_YORK,
    )
    clock = shipped().clocks["uh-exp"]
    assert d.due(clock, happened, NEW_YORK) == d.Due(moment("2026-11-08 10:00", NEW_YORK))
    assert d.due(clock, happened[:3], NEW_YORK) == d.Due(moment("2026-11-06 10:00", NEW_YORK))


def test_a_notice_in_the_last_moment_of_a_clock_still_extends_it_and_a_question_still_stops_it() -> None:
    clock = shipped().clocks["an-erisa-std"]
    received = h.Received(moment("2026-11-02 10:00", NEW_YORK))
    last = moment("2026-11-17", NEW_YORK)
    for late, extended, stopped in ((0, "2026-12-02", True), (1, "2026-11-17", False)):
        at = last + late * MOMENT
        event = h.Extended(at, 15, "missing-information")
        assert d.due(clock, (received, event), NEW_YORK) == d.Due(moment(extended, NEW_YORK))
        found = d.due(clock, (received, h.Asked(at, at + 45 * DAY)), NEW_YORK)
        assert isinstance(found, d.Stopped) is stopped


def test_a_question_holds_up_to_the_last_moment_to_answer_and_no_longer() -> None:
    clock = shipped().clocks["an-erisa-std"]
    by = moment("2026-12-27", NEW_YORK)
    happened = (h.Received(moment("2026-11-02 10:00", NEW_YORK)), h.Asked(moment("2026-11-12 09:00", NEW_YORK), by))
    assert isinstance(d.due(clock, happened, NEW_YORK, by), d.Stopped)
    assert d.due(clock, happened, NEW_YORK, by + MOMENT) == d.Due(moment("2027-01-01", NEW_YORK))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="with its time zone"):
        d.due(shipped().clocks["uh-std"], (h.Received(dt.datetime(2026, 11, 2, 10)),), NEW_YORK)  # noqa: DTZ001 - the fault


# ---- properties


def end(clock: Clock, happened: h.Happened, calendar: Calendar) -> dt.datetime | None:
    """Give when a clock ends, at the latest where it stands still."""
    found = d.course(clock, happened, calendar)
    return None if isinstance(found, d.NotBegun) else found.ends


@settings(max_examples=MANY, deadline=None)
@given(CLOCKS, CALENDARS, histories(), st.integers(0, 60 * 24 * 30), st.integers(0, 60 * 24 * 60))
def test_waiting_for_an_answer_never_brings_an_end_forward(
    clock: Clock, calendar: Calendar, happened: h.Happened, wait: int, longer: int
) -> None:
    before = end(clock, happened, calendar)
    last = max(event.at for event in happened) + dt.timedelta(minutes=1)
    asked = h.Asked(last, last + dt.timedelta(minutes=wait))
    after = end(clock, (*happened, asked), calendar)
    if before is None or after is None:
        assert before == after
        return
    if clock.question.then is None:
        assert after >= before
    # a longer wait for the same question never ends sooner, with a time of its own to decide after the answer too
    more = end(
        clock,
        (*happened, msgspec.structs.replace(asked, answer_by=asked.answer_by + dt.timedelta(minutes=longer))),
        calendar,
    )
    assert more is not None
    assert more >= after


@settings(max_examples=MANY, deadline=None)
@given(CLOCKS, CALENDARS, histories(), st.integers(0, 40), st.sampled_from(sorted(shipped().grounds)))
def test_an_extension_never_shortens(
    clock: Clock, calendar: Calendar, happened: h.Happened, days: int, ground: str
) -> None:
    last = max(event.at for event in happened)
    before = end(clock, happened, calendar)
    after = end(clock, (*happened, h.Extended(last, days, ground)), calendar)
    assert (before is None and after is None) or (before is not None and after is not None and after >= before)


@settings(max_examples=MANY, deadline=None)
@given(
    moments(),
    st.integers(0, 60 * 24 * 14),
    st.integers(1, 60 * 24 * 60),
    CALENDARS,
    st.sampled_from(["hours", "counted hours", "calendar days", "business days"]),
)
def test_a_stopped_stretch_moves_the_end_by_its_own_length(
    received: dt.datetime, asked: int, waited: int, calendar: Calendar, unit: str
) -> None:
    clock = stopping(unit)
    notice = received + dt.timedelta(minutes=asked)
    answer = notice + dt.timedelta(minutes=waited)
    plain = end(clock, (h.Received(received),), calendar)
    assert plain is not None
    if notice > plain:
        return
    moved = end(clock, (h.Received(received), h.Asked(notice, answer)), calendar)
    assert moved is not None
    match unit:
        case "hours":
            assert moved - plain == answer - notice
        case "counted hours":
            assert calendar.counted_time(plain, moved) == calendar.counted_time(notice, answer)
        case "calendar days":
            assert calendar.day(moved) - calendar.day(plain) == calendar.day(answer) - calendar.day(notice)
        case _:
            days = [calendar.day(one) for one in (plain, moved, notice, answer)]
            assert calendar.business_days(*days[:2]) == calendar.business_days(*days[2:])


def stopping(unit: str) -> Clock:
    """Give a clock of a unit that every question stops."""
    clock = shipped().clocks["an-erisa-std"]
    count = 240 if "hours" in unit else 10
    source = Source("made up", verified=False)
    within = Figure(msgspec.convert({"count": count, "unit": unit}, Amount), source)
    question = msgspec.structs.replace(clock.question, times=None)
    return msgspec.structs.replace(clock, within=within, question=question)


@settings(max_examples=MANY, deadline=None)
@given(CLOCKS, CALENDARS, histories())
def test_no_clock_ends_or_is_half_gone_before_the_request_was_received(
    clock: Clock, calendar: Calendar, happened: h.Happened
) -> None:
    received = min(event.at for event in happened if isinstance(event, h.Received))
    found = d.course(clock, happened, calendar)
    if isinstance(found, d.NotBegun):
        return
    half = d.half(clock, happened, calendar)
    assert isinstance(half, dt.datetime)
    assert received <= found.begins <= half <= found.ends
    assert all(since <= until for since, until in found.runs)


@settings(max_examples=MANY, deadline=None)
@given(CLOCKS, CALENDARS, histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(
    clock: Clock, calendar: Calendar, happened: h.Happened, order: Any
) -> None:
    shuffled = list(happened)
    order.shuffle(shuffled)
    assert d.course(clock, tuple(shuffled), calendar) == d.course(clock, happened, calendar)


@settings(max_examples=MANY, deadline=None)
@given(CLOCKS, CALENDARS, histories(), st.sampled_from(["UTC", "Asia/Tokyo", "America/Anchorage", "Pacific/Apia"]))
def test_the_time_zone_of_the_machine_and_of_the_moments_changes_nothing(
    clock: Clock, calendar: Calendar, happened: h.Happened, zone: str
) -> None:
    before = d.course(clock, happened, calendar)
    old = os.environ.get("TZ")
    try:
        os.environ["TZ"] = zone
        time.tzset()
        elsewhere = tuple(
            msgspec.structs.replace(event, at=event.at.astimezone(dt.timezone(DAY / 3))) for event in happened
        )
        assert d.course(clock, happened, calendar) == before
        assert d.course(clock, elsewhere, calendar) == before
    finally:
        os.environ.pop("TZ", None) if old is None else os.environ.__setitem__("TZ", old)
        time.tzset()


def test_what_is_drawn_is_mixed() -> None:
    found = mix()
    print(found)
    assert set(found) >= {"runs", "stands still", "not begun", "moved by a question", "moved by an extension"}
    assert min(found.values()) >= 5
