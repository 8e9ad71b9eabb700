"""Reads the worked examples: moments of a plan's wall clock, and what happened in a line of words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.load import shipped
from priorauth.ledger.clocks.rules import Clock
from priorauth.values import strict_yaml

WORKED: Final = cast("dict[str, Any]", strict_yaml.read_file(Path(__file__).parent / "worked.yaml"))
SIMPLE: Final[dict[str, Callable[[dt.datetime], h.Event]]] = {
    "received": h.Received,
    "completed": h.Completed,
    "answered": h.Answered,
    "expedite-asked": h.ExpediteAsked,
    "expedite-granted": h.ExpediteGranted,
    "expedite-refused": h.ExpediteRefused,
    "decided": h.Decided,
}
EVENT: Final = re.compile(
    r"(?P<kind>[a-z-]+) (?P<at>[\d-]+ [\d:]+)(?: until (?P<until>.+)| by (?P<days>\d+) for (?P<ground>.+))?"
)


def calendar_of(clock: Clock) -> Calendar:
    """Give the calendar of a clock's first state."""
    state = clock.states[0] if clock.states else None
    return Calendar(shipped().zones[state or "other"], state)


def moment(text: str, calendar: Calendar) -> dt.datetime:
    """Read a moment of the plan's wall clock; a day alone is its end."""
    if " " not in text:
        return calendar.end_of(dt.date.fromisoformat(text))
    local = dt.datetime.fromisoformat(text)
    return calendar.start_of(local.date()) + on_the_wall(local, calendar)


def on_the_wall(local: dt.datetime, calendar: Calendar) -> dt.timedelta:
    """Count the time since midnight minute by minute: another way than the program's."""
    start = calendar.start_of(local.date())
    near = local.hour * 60 + local.minute
    for minutes in range(max(near - 60, 0), near + 61):  # an hour may be lost or there twice
        if calendar.local(start + dt.timedelta(minutes=minutes)).replace(tzinfo=None, fold=0) == local:
            return dt.timedelta(minutes=minutes)
    raise AssertionError(f"{local} is not on the wall")


def events(lines: list[str], calendar: Calendar) -> h.Happened:
    """Read what happened."""
    found: list[h.Event] = []
    for line in lines:
        match = EVENT.fullmatch(line)
        assert match, line
        at = moment(match["at"], calendar)
        if match["kind"] == "asked":
            found.append(h.Asked(at, moment(match["until"], calendar)))
        elif match["kind"] == "extended":
            found.append(h.Extended(at, int(match["days"]), match["ground"]))
        else:
            found.append(SIMPLE[match["kind"]](at))
    return tuple(found)
