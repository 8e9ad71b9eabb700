"""The windows of a leaf as SQL: the first and the last day of a span, each between two days, and when one is unknown.

Spans are written with both ends included. Where all members share one request date and a window counts from it, the
days are worked out here and stand in the SQL as dates; else they are columns of ``seat``.
"""

from __future__ import annotations

from dataclasses import dataclass

from priorauth.engines.sql import pieces
from priorauth.engines.sql.pieces import Pair
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration


@dataclass(frozen=True, slots=True)
class Day:
    """A day in SQL, with its number where it is known now."""

    text: str
    number: int | None = None

    def moved(self, length: Duration, sign: str) -> Day:
        """Move it by a calendar length."""
        if self.number is None:
            return Day(pieces.shifted(self.text, length, sign))
        shift = dates.minus if sign == "-" else dates.plus
        return known(shift(self.number, length))

    def next(self) -> Day:
        """Return the day after."""
        return Day(pieces.next_day(self.text)) if self.number is None else known(self.number + 1)


def known(number: int) -> Day:
    """Return a day that is known now."""
    return Day(pieces.date(min(number, LAST_DAY)), number)


FIRST, LAST = known(FIRST_DAY), known(LAST_DAY)


def latest_of(one: Day, two: Day) -> Day:
    """Return the later of two days."""
    return _of(one, two, "greatest", FIRST)


def earliest_of(one: Day, two: Day) -> Day:
    """Return the earlier of two days."""
    return _of(one, two, "least", LAST)


def _of(one: Day, two: Day, name: str, neutral: Day) -> Day:
    if one.number is not None and two.number is not None:
        return known(max(one.number, two.number) if name == "greatest" else min(one.number, two.number))
    if neutral in (one, two):
        return two if one == neutral else one
    return one if one == two else Day(f"{name}({one.text}, {two.text})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The date that an anchor stands for, as a span of days."""

    name: str
    first: Day
    last: Day
    may_miss: bool
    moves: str = "FALSE"
    """The condition that it is the day of the request and moves with it."""

    @property
    def missing(self) -> str:
        """The condition that it is unknown."""
        return f"{self.first.text} IS NULL" if self.may_miss else "FALSE"


NEVER_MISSING = ("request", "service", "pump_start")


@dataclass(frozen=True, slots=True)
class Frame:
    """The windows of a leaf: ``[from, to]``, each end between two days; the anchors that may be unknown; regimens."""

    from_first: Day
    from_last: Day
    to_first: Day
    to_last: Day
    missing: tuple[tuple[str, str], ...] = ()
    regimens: tuple[f.While, ...] = ()

    @property
    def constant(self) -> bool:
        """Whether it is the same for every member."""
        return all(day.number is not None for day in (self.from_first, self.from_last, self.to_first, self.to_last))

    @property
    def lost(self) -> str:
        """The condition that an anchor is unknown."""
        return " OR ".join(condition for _, condition in self.missing) or "FALSE"

    @property
    def which(self) -> str:
        """The name of the first anchor that is unknown, or NULL."""
        if not self.missing:
            return "NULL"
        return "CASE " + " ".join(f"WHEN {test} THEN {pieces.literal(name)}" for name, test in self.missing) + " END"

    @property
    def exact(self) -> str:
        """The condition that both ends are known."""
        same = [
            f"{one.text} = {two.text}"
            for one, two in ((self.from_first, self.from_last), (self.to_first, self.to_last))
            if one != two
        ]
        return " AND ".join(same) or "TRUE"

    @property
    def days(self) -> str:
        """How many days it holds at most."""
        if self.from_first.number is not None and self.to_last.number is not None:
            return str(self.to_last.number - self.from_first.number + 1)
        return f"(date_diff('day', {self.from_first.text}, {self.to_last.text}) + 1)"

    def member(self, first: str, last: str, text: str = "{}") -> Pair:
        """Return whether something on a day of ``first``..``last`` lies in the span; what surely does also may."""
        ends = [text.format(day.text) for day in (self.from_first, self.from_last, self.to_first, self.to_last)]
        can, sure = [], []
        if self.from_first != FIRST:
            can.append(f"{last} >= {ends[0]}")
        if self.to_last != LAST:
            can.append(f"{first} <= {ends[3]}")
        if self.from_last != FIRST:
            sure.append(f"{first} >= {ends[1]}")
        if self.to_first != LAST:
            sure.append(f"{last} <= {ends[2]}")
        can_hold = " AND ".join(can) or "TRUE"
        surely = " AND ".join(sure) or "TRUE"
        return Pair(f"({can_hold})", f"NOT ({surely})")


@dataclass(frozen=True, slots=True)
class Anchors:
    """The anchors of one run; ``as_of`` is the request date that all members share, None where each has its own."""

    as_of: int | None
    used: dict[str, None]

    def today(self) -> Day:
        """Return the request date."""
        return Day("s.as_of") if self.as_of is None else known(self.as_of)

    def anchor(self, name: str) -> Anchor:
        """Return an anchor; its columns are then part of ``seat``."""
        if name == "request":
            return Anchor(name, self.today(), self.today(), may_miss=False, moves="TRUE")
        self.used[name] = None
        moves = f"s.{name}_moves" if name in NEVER_MISSING else "FALSE"
        return Anchor(name, Day(f"s.{name}_first"), Day(f"s.{name}_last"), name not in NEVER_MISSING, moves)

    def frame(self, windows: tuple[f.Window, ...]) -> Frame:
        """Lay the windows of a leaf over each other."""
        anchored = any(isinstance(window, f.Within | f.Before) for window in windows)
        end = LAST if anchored else self.today()
        frame = Frame(FIRST, FIRST, end, end)
        missing, regimens = [], []
        for window in windows:
            if isinstance(window, f.While):
                regimens.append(window)
                continue
            anchor = self.anchor(window.anchor)
            if anchor.may_miss:
                missing.append((anchor.name, anchor.missing))
            frame = _meet(frame, self._one(window, anchor))
        ends = frame.from_first, frame.from_last, frame.to_first, frame.to_last
        return Frame(*ends, tuple(missing), tuple(regimens))

    def _one(self, window: f.Within | f.Since | f.Before, anchor: Anchor) -> Frame:
        match window:
            case f.Within(length=length):
                low = (anchor.first.moved(length.duration, "-"), anchor.last.moved(length.duration, "-"))
                return Frame(low[0].next(), low[1].next(), anchor.first, anchor.last)
            case f.Since():
                return Frame(anchor.first.next(), anchor.last.next(), self.today(), self.today())
            case f.Before():
                return Frame(FIRST, FIRST, anchor.first, anchor.last)

    def around(self, windows: tuple[f.Window, ...], name: str, *, endless: bool) -> tuple[Frame, Frame]:
        """Return the frames before and after an anchor known to the day: over equal spans, or all before."""
        anchor = self.anchor(name)
        unknown = (name, f"({anchor.missing} OR {anchor.first.text} <> {anchor.last.text})")
        first, today = anchor.first.text, self.today().text
        back = Day(f"CAST({first} - to_days(CAST(date_diff('day', {first}, {today}) AS INTEGER)) AS DATE)")
        start = FIRST if endless else Day(f"greatest({back.text}, {pieces.FIRST})").next()
        both = []
        for frame in (Frame(start, start, anchor.first, anchor.first), self._one(f.Since(name), anchor)):
            own = self.frame(windows)
            end = own if any(isinstance(window, f.Within | f.Before) for window in windows) else _open(own)
            met = _meet(end, frame)
            ends = met.from_first, met.from_last, met.to_first, met.to_last
            both.append(Frame(*ends, (unknown, *own.missing), own.regimens))
        return both[0], both[1]


def _open(frame: Frame) -> Frame:
    """Take away the end at the request, which a window with an anchor of its own does not have."""
    return Frame(frame.from_first, frame.from_last, LAST, LAST, frame.missing, frame.regimens)


def _meet(one: Frame, two: Frame) -> Frame:
    return Frame(
        latest_of(one.from_first, two.from_first),
        latest_of(one.from_last, two.from_last),
        earliest_of(one.to_first, two.to_first),
        earliest_of(one.to_last, two.to_last),
    )
