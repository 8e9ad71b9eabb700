"""Histories of requests drawn around weekends, holidays and changes of the hour, for clocks of every kind."""

from __future__ import annotations

import datetime as dt
import warnings
from collections import Counter
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NonInteractiveExampleWarning

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.load import shipped
from priorauth.ledger.clocks.rules import Clock

NEW_YORK: Final = Calendar("America/New_York")
CALENDARS: Final = st.sampled_from(
    [
        NEW_YORK,
        Calendar("America/Indiana/Indianapolis", "IN"),
        Calendar("America/New_York", "WV"),
        Calendar("America/Los_Angeles", "CA"),
        Calendar("America/New_York", "GA", frozenset({dt.date(2026, 11, 23)}), frozenset({dt.date(2026, 11, 27)})),
    ]
)
ALL: Final = list(shipped().clocks.values())
CLOCKS: Final = st.one_of(
    st.sampled_from(ALL),
    st.sampled_from([clock for clock in ALL if clock.question.effect == "stops"]),
    st.sampled_from([clock for clock in ALL if clock.question.effect == "not-begun"]),
)
"""Every clock, those that a question stops and those that begin later more often."""
STARTS: Final = [
    dt.datetime(2026, 10, 29, 12, tzinfo=dt.UTC),
    dt.datetime(2026, 11, 24, 5, tzinfo=dt.UTC),
    dt.datetime(2026, 12, 29, 23, tzinfo=dt.UTC),
    dt.datetime(2027, 3, 11, 7, tzinfo=dt.UTC),
    dt.datetime(2028, 2, 26, 4, tzinfo=dt.UTC),
]
GROUNDS: Final = [*sorted(shipped().grounds), *["member-asks", "missing-information"] * 3]


def minutes(most: int) -> st.SearchStrategy[dt.timedelta]:
    """Draw a stretch of minutes."""
    return st.integers(0, most).map(lambda count: dt.timedelta(minutes=count))


@st.composite
def moments(draw: st.DrawFn) -> dt.datetime:
    """Draw a moment within four days of an occasion."""
    return draw(st.sampled_from(STARTS)) + draw(minutes(4 * 24 * 60))


@st.composite
def histories(draw: st.DrawFn) -> h.Happened:
    """Draw what happened to a request; a machine's clock may have jumped back by hours."""
    at = draw(moments())
    found: list[h.Event] = [h.Received(at)]
    if draw(st.integers(0, 3)):
        found.append(h.Completed(at + draw(minutes(60 * 24 * 5)) - draw(minutes(60 * 5))))
    for _ in range(draw(st.integers(0, 2))):
        at += draw(st.one_of(minutes(60 * 12), minutes(60 * 24 * 4)))
        asked = h.Asked(at, at + draw(minutes(60 * 24 * 50)))
        found.append(asked)
        if draw(st.booleans()):
            at += draw(minutes(60 * 24 * 20))
            found.append(h.Answered(at))
        if draw(st.integers(0, 3)):
            found.append(h.Extended(at, draw(st.integers(1, 20)), draw(st.sampled_from(GROUNDS))))
    if draw(st.integers(0, 5)) == 0:
        found += [h.ExpediteAsked(at), h.ExpediteGranted(at + draw(minutes(60)))]
    return tuple(found)


def mix() -> Counter[str]:
    """Count what becomes of 200 drawn histories."""
    found: Counter[str] = Counter()

    @settings(
        max_examples=200,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CLOCKS, CALENDARS, histories())
    def count(clock: Clock, calendar: Calendar, happened: h.Happened) -> None:
        way = d.course(clock, happened, calendar)
        if isinstance(way, d.NotBegun):
            found["not begun"] += 1
            return
        found["runs" if way.stop is None else "stands still"] += 1
        found["moved by a question"] += way.asked
        found["moved by an extension"] += way.extended

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NonInteractiveExampleWarning)
        count()
    return found
