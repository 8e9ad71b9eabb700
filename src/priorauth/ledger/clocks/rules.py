"""The rules of clocks as data: what ``policies/clocks.yaml`` and a tenant's own file say, each figure with its source.

No figure stands in Python. A figure that nobody has held against the text of the law bears ``verified`` False, and
whatever is said of it says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal, get_args

import msgspec

Unit = Literal["hours", "counted hours", "calendar days", "business days", "months", "years"]
"""Counted hours leave out weekends and holidays whole; months and years are for windows of filing and keeping."""
Urgency = Literal["standard", "expedited"]
Kind = Literal["pre-service", "concurrent", "retrospective", "part-b-drug", "without-authorization"]
"""What is asked for. ``without-authorization`` is an item that needs none and is asked about before it is given."""
Authority = Literal["federal", "state", "plan"]
Start = Literal["receipt", "complete-receipt", "last-needed-item"]
Effect = Literal["runs-on", "stops", "not-begun"]
"""What a question does: nothing; the clock stands from the question's notice until the answer or its day; nothing, for
the clock begins only with what was asked for."""
Meaning = Literal["adverse-by-lapse", "authorized-by-law", "hearing-right", "deemed-exhausted", "none"]
Party = Literal["plan", "member", "provider"]
From = Literal["receipt-of-notice", "mailing-of-notice", "notice", "request"]
"""What the time to file an appeal counts from; ``request`` is the day on which the service was asked for."""

UNITS: Final[tuple[str, ...]] = get_args(Unit)
URGENCIES: Final[tuple[str, ...]] = get_args(Urgency)
KINDS: Final[tuple[str, ...]] = get_args(Kind)
AUTHORITIES: Final[tuple[str, ...]] = get_args(Authority)
STARTS: Final[tuple[str, ...]] = get_args(Start)
EFFECTS: Final[tuple[str, ...]] = get_args(Effect)
MEANINGS: Final[tuple[str, ...]] = get_args(Meaning)
PARTIES: Final[tuple[str, ...]] = get_args(Party)
FROMS: Final[tuple[str, ...]] = get_args(From)
SECTIONS: Final = ("submission", "courses", "reports", "access", "deciders", "retention")
"""Duties that are no clock of a decision."""


class Amount(msgspec.Struct, frozen=True):
    """A length of time as a law says it: 7 calendar days, 48 counted hours."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        """Return it as it stands in the file."""
        return f"{self.count} {self.unit}"


class Source(msgspec.Struct, frozen=True):
    """Where something stands, and whether it was held against that text."""

    cite: str
    verified: bool


class Figure(msgspec.Struct, frozen=True):
    """A length of time with its source."""

    amount: Amount
    source: Source


class Extension(msgspec.Struct, frozen=True):
    """Who may lengthen a clock, by how much in all, on which grounds of a closed list, how often (None: no limit)."""

    by: Figure
    grounds: tuple[str, ...]
    who: Party
    times: int | None
    says: str


class Question(msgspec.Struct, frozen=True):
    """What asking the clinic does to a clock.

    ``ask_within``: asked later, it stops nothing. ``least``: the least time to answer. ``then``: the time to decide
    after the answer or its day, in place of what was left. ``times``: how many questions stop the clock.
    """

    effect: Effect
    source: Source
    says: str
    ask_within: Figure | None
    least: Figure | None
    then: Figure | None
    times: int | None
    figures: Mapping[str, Figure]
    """What else is counted around a question: the time to say that a request was filed wrongly, to mend a slip."""


class Missed(msgspec.Struct, frozen=True):
    """What the law makes of a clock that ran out; ``within`` is the time that it gives to use that right."""

    means: Meaning
    source: Source
    says: str
    within: Figure | None


class Notice(msgspec.Struct, frozen=True):
    """To whom a decision is told and what else is due around it, as ``written_after_oral``."""

    says: str
    source: Source
    figures: Mapping[str, Figure]


class Clock(msgspec.Struct, frozen=True):
    """One clock: whom it binds, when it starts, how long it runs, what moves it, and what a miss means.

    ``conditions`` are facts of a request without which it does not run; one that is not known is taken to hold, since
    a clock too many is safer than one too few.
    """

    id: str
    name: str
    lines: tuple[str, ...]
    states: tuple[str, ...]
    """Empty: every state."""
    kinds: tuple[Kind, ...]
    urgency: Urgency
    authority: Authority
    conditions: Mapping[str, str]
    starts: Start
    starts_source: Source
    within: Figure
    extension: Extension | None
    question: Question
    notice: Notice
    missed: Missed
    appeals: str | None
    notes: str
    read: str
    """Where the text was read."""
    file: str
    line: int


class Decided(msgspec.Struct, frozen=True):
    """How long a level of appeal has for one kind of request."""

    within: Figure
    urgency: Urgency
    kinds: tuple[Kind, ...]


class Level(msgspec.Struct, frozen=True):
    """One level of appeal.

    ``presumed`` is when a mailed notice counts as received; ``file`` None with ``automatic``: nobody has to file it.
    """

    id: str
    name: str
    counts_from: From | None
    file: Figure | None
    presumed: Figure | None
    automatic: bool
    decide: tuple[Decided, ...]
    extension: Extension | None
    figures: Mapping[str, Figure]
    says: str
    source: Source


class Appeals(msgspec.Struct, frozen=True):
    """The levels of appeal of a line of business, in their order, and where they lead outside of it."""

    id: str
    levels: tuple[Level, ...]
    external: tuple[Level, ...]
    read: str
    line: int


class Duty(msgspec.Struct, frozen=True):
    """Something with a day that is no clock of a decision: when to send, to report, to keep, who may decide."""

    id: str
    section: str
    lines: tuple[str, ...]
    states: tuple[str, ...]
    says: str
    figures: Mapping[str, Figure]
    source: Source
    read: str
    line: int


class Unclocked(msgspec.Struct, frozen=True):
    """Requests for which it is known that no clock runs, and what is done instead."""

    id: str
    lines: tuple[str, ...]
    states: tuple[str, ...]
    kinds: tuple[Kind, ...]
    says: str
    source: Source
    read: str
    line: int


class Line(msgspec.Struct, frozen=True):
    """A line of business: its name, and the states whose own clocks were entered (None: the state has none)."""

    id: str
    name: str
    states: tuple[str, ...] | None
    missing: str
    """What is said of a state, or of a whole line, whose clocks were not entered; empty: nothing is missing."""


class Profile(msgspec.Struct, frozen=True):
    """Which line of business and state a plan is of, by what a request says of it; the first that fits counts."""

    payer: str
    conditions: Mapping[str, tuple[str, ...]]
    line: str
    state: str | None
    """None: the state that the request names."""
    zone: str | None


class Book(msgspec.Struct, frozen=True):
    """Every rule of clocks: the shipped ones, with a tenant's own laid over them."""

    clocks: Mapping[str, Clock]
    appeals: Mapping[str, Appeals]
    duties: Mapping[str, Duty]
    unclocked: Mapping[str, Unclocked]
    lines: Mapping[str, Line]
    grounds: Mapping[str, str]
    profiles: tuple[Profile, ...]
    zones: Mapping[str, str]
    """The time zone of the plans of a state; ``other`` is that of a plan whose state has none here."""
    closed: frozenset[dt.date]
    """A tenant's own days that do not count."""
    counted: frozenset[dt.date]
    """Days that count although a list of holidays names them."""
