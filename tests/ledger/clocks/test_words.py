"""Clocks in words: what a list, a page and a letter say; what was not verified says so."""

from __future__ import annotations

import datetime as dt

import pytest

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import words as w
from priorauth.ledger.clocks.binding import Binding, binding, missed
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.load import shipped
from priorauth.ledger.clocks.rules import Amount
from tests.ledger.clocks.drawn import NEW_YORK
from tests.ledger.clocks.reading import calendar_of, events, moment
from tests.ledger.clocks.test_binding import clocks

INDIANA = calendar_of(shipped().clocks["cs-in-std"])


def bound(names: tuple[str, ...], lines: list[str], calendar: Calendar = NEW_YORK) -> Binding:
    found = binding(clocks(*names), events(lines, calendar), calendar)
    assert isinstance(found, Binding)
    return found


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("mh-std", "7 days, runs on while asked"),
        ("mh-std-state", "15 days, begins when complete"),
        ("an-erisa-std", "15 days, stops while asked"),
        ("cs-in-std", "48 h (no weekends, no holidays), runs on while asked"),
        ("uh-exp", "72 h, runs on while asked"),
        ("cs-wv-std", "5 business days, begins when complete (not verified)"),
    ],
)
def test_a_list_shows_a_clock_in_a_few_words(clock: str, said: str) -> None:
    assert w.brief(shipped().clocks[clock]) == said


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("mh-std", "asking does not stop the clock"),
        ("uh-std", "asking does not stop the clock (not verified)"),
        ("cs-fed-retro", "the clock stands still from the question's notice until the answer or its day"),
        ("cs-ga-std", "the clock has not begun until what is asked for is here; once it has, asking does not stop it"),
    ],
)
def test_a_letter_says_what_asking_does(clock: str, said: str) -> None:
    assert w.asking(shipped().clocks[clock]) == said


def test_until_when_to_decide_is_said_with_the_hour_where_hours_run() -> None:
    found = bound(("cs-in-std",), ["received 2026-11-23 16:10"], INDIANA)
    assert w.decide_by(found, INDIANA) == "decide by Wed 25 Nov 2026 16:10 (Indiana 48 h)"
    assert w.decide_by(found, INDIANA, zone=True) == "decide by Wed 25 Nov 2026 16:10 EST (Indiana 48 h)"


def test_the_clocks_that_run_beside_are_named_with_their_days() -> None:
    found = bound(("cs-in-std", "cs-fed-std", "cs-ga-std"), ["received 2026-11-23 16:10"], INDIANA)
    assert w.decide_by(found, INDIANA) == (
        "decide by Wed 25 Nov 2026 16:10 (Indiana 48 h; federal Tue 8 Dec 2026; Georgia not begun)"
    )


def test_until_when_to_decide_is_a_day_where_days_run() -> None:
    found = bound(("mh-std",), ["received 2026-11-20 09:00"])
    assert w.decide_by(found, NEW_YORK) == "decide by Fri 27 Nov 2026 (federal 7 days)"
    assert w.cited(found, NEW_YORK) == "decide by Fri 27 Nov 2026 (7 days, 42 CFR 440.230(e)(1)(i))"


def test_a_figure_that_was_not_verified_says_so_where_it_binds() -> None:
    found = bound(("uh-retro", "uh-retro-clean"), ["received 2026-11-02 09:00"])
    assert w.decide_by(found, NEW_YORK) == (
        "decide by Wed 2 Dec 2026 (federal, clean claim 30 days, not verified; federal Fri 1 Jan 2027)"
    )
    assert w.cited(found, NEW_YORK) == "decide by Wed 2 Dec 2026 (30 days, 42 CFR 422.520, not verified)"


def test_a_clock_that_stands_still_says_since_when_and_how_long_at_most() -> None:
    lines = ["received 2026-11-02 09:00", "asked 2026-11-12 09:00 until 2026-12-27"]
    found = bound(("an-erisa-retro", "an-ct-retro"), lines)
    assert w.decide_by(found, NEW_YORK) == (
        "stands still since Thu 12 Nov 2026 09:00, until the answer or Sun 27 Dec 2026; "
        "then decide by Sat 16 Jan 2027 at the latest (federal 30 days; Connecticut stands still)"
    )


def test_how_one_clock_stands_is_one_sentence() -> None:
    clock = shipped().clocks["an-erisa-std"]
    at, by = moment("2026-11-12 09:00", NEW_YORK), moment("2026-12-27", NEW_YORK)
    assert w.stand(clock, d.Due(by), NEW_YORK) == "federal 15 days: until Sun 27 Dec 2026"
    assert w.stand(clock, d.Stopped(at, by, by), NEW_YORK) == (
        "federal 15 days: stands still since Thu 12 Nov 2026 09:00, until the answer or Sun 27 Dec 2026"
    )
    assert w.stand(clock, d.NotBegun("the request"), NEW_YORK) == "federal 15 days: not begun, it needs the request"


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("cs-ga-std", "overdue since Mon 9 Nov 2026 (Georgia 7 days): the service is authorized by law"),
        (
            "cs-in-urg",
            "overdue since Tue 3 Nov 2026 10:00 (Indiana 24 h): the service is authorized by law (not verified)",
        ),
        (
            "mh-std",
            "overdue since Mon 9 Nov 2026 (federal 7 days): the member may ask for a hearing, until Tue 2 Mar 2027",
        ),
        (
            "uh-std",
            "overdue since Mon 9 Nov 2026 (federal 7 days): it counts as an adverse decision and may be appealed",
        ),
        (
            "cs-oh-std",
            "overdue since Thu 12 Nov 2026 (Ohio 10 days): what the law makes of it was not read (not verified)",
        ),
    ],
)
def test_an_overdue_clock_says_what_the_law_makes_of_it(clock: str, said: str) -> None:
    lines = ["received 2026-11-02 10:00", "completed 2026-11-02 10:00"]
    found = missed(shipped().clocks[clock], events(lines, NEW_YORK), NEW_YORK, moment("2026-12-01", NEW_YORK))
    assert found is not None
    assert w.overdue(found, NEW_YORK) == said


def test_midnight_is_said_as_the_end_of_the_day_before() -> None:
    assert w.moment(moment("2026-11-05 00:00", NEW_YORK), NEW_YORK) == "Wed 4 Nov 2026"


def test_what_is_said_is_never_later_than_what_is_meant() -> None:
    at = moment("2026-11-05 10:00", NEW_YORK) + dt.timedelta(seconds=59)
    assert w.moment(at, NEW_YORK, zone=True) == "Thu 5 Nov 2026 10:00 EST"


def test_amounts_are_said_in_full_and_in_short() -> None:
    assert (w.amount(Amount(1, "business days")), w.counted(Amount(1, "business days"))) == ("1 business day",) * 2
    assert (w.amount(Amount(4, "months")), w.counted(Amount(48, "counted hours"))) == ("4 months", "48 counted hours")
    assert w.figure(shipped().clocks["uh-retro"].within) == "60 calendar days (42 CFR 422.520; not verified)"
    assert w.figure(shipped().clocks["uh-std"].within) == "7 calendar days (42 CFR 422.568(b))"
