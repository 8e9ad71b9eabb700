"""A view of a case: all of its rows, or those of one side (the answers, the coded record), with the dates to count
from.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.case import Case
from priorauth.facts.roles import roles
from priorauth.facts.rows import (
    MAYBE,
    OF_UNKNOWN,
    SETTLE,
    SIDES,
    UNREAD,
    Answer,
    Event,
    Measurement,
    Period,
    Row,
    Side,
    Source,
    Whole,
    mentioned,
)
from priorauth.facts.vocabulary import Vocabulary
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY, When

if TYPE_CHECKING:
    from priorauth.language.forms import Window

Dated = Measurement | Event
_OF: Mapping[Side, frozenset[Source]] = {side: frozenset(sources) for side, sources in SIDES.items()}


class Shelf(Struct, frozen=True, gc=False):
    """The rows of a fact that count on one side, and those of each shape among them, in the same order."""

    rows: tuple[Row, ...] = ()
    dated: tuple[Dated, ...] = ()
    """Measurements and events with a date."""
    undated: tuple[Dated, ...] = ()
    """Those without."""
    periods: tuple[Period, ...] = ()
    answers: tuple[Answer, ...] = ()
    wholes: tuple[Whole, ...] = ()
    sources: frozenset[Source] = frozenset()


_EMPTY: Final = Shelf()


class View(Struct):
    """Rows of a case by fact and side; anchors are read from all rows, whatever the side.

    What is found once is kept: each shelf, each anchor, and the frame of each window (:mod:`windows`).
    """

    case: Case
    vocabulary: Vocabulary
    settles: bool = False
    """Whether a clinician settled some criterion by name."""
    shelves: dict[tuple[str, Side], Shelf] = field(default_factory=dict)
    anchors: dict[str, When | None] = field(default_factory=dict)
    frames: dict[tuple[Window, ...], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look once for the words of clinicians, not at each criterion."""
        self.settles = any(fact.startswith(SETTLE) for fact in self.case.rows)

    @property
    def as_of(self) -> int:
        """The request date."""
        return self.case.as_of

    def shelf(self, fact: str, side: Side) -> Shelf:
        """Return the rows of a fact that count on a side, by shape; what is only shown never does."""
        found = self.shelves.get((fact, side))
        if found is None:
            rows = self.case.of(fact)
            found = self.shelves[fact, side] = _shelf(rows, side) if rows else _EMPTY
        return found

    def stated_by(self, fact: str, role: str) -> View:
        """Return the same, of a fact only what somebody of a role states; of whom it is not known, as mentions.

        Days to count from stay those of all rows.
        """
        self.birth()  # found before the rows are fewer
        rows = _stated_by(self.case.of(fact), role)
        case = replace(self.case, rows={**self.case.rows, fact: rows})
        return View(case, self.vocabulary, anchors=self.anchors, frames=self.frames)

    def rows(self, fact: str, side: Side) -> tuple[Row, ...]:
        """Return the rows that count on a side."""
        return self.shelf(fact, side).rows

    def dated(self, fact: str, side: Side) -> tuple[Dated, ...]:
        """Return measurements and events with a date; one without settles nothing."""
        return self.shelf(fact, side).dated

    def without_date(self, fact: str, side: Side) -> tuple[Dated, ...]:
        """Return measurements and events without a date."""
        return self.shelf(fact, side).undated

    def undated(self, fact: str, side: Side) -> bool:
        """Whether a measurement or event without a date is on file."""
        return bool(self.shelf(fact, side).undated)

    def periods(self, fact: str, source: Side) -> tuple[Period, ...]:
        """Return the periods of a regimen or condition."""
        return self.shelf(fact, source).periods

    def answers(self, fact: str, side: Side) -> tuple[Answer, ...]:
        """Return the statements of an attestation, attribute or judgment."""
        return self.shelf(fact, side).answers

    def wholes(self, fact: str, side: Side) -> tuple[Whole, ...]:
        """Return the statements of wholeness that close this side.

        One by a person closes answered and coded rows together, never one source alone.
        """
        found = self.shelf(fact, side).wholes
        return found if side == "all" else tuple([row for row in found if row.source is not Source.ANSWER])

    def whole(self, fact: str, side: Side, first: int, last: int) -> bool:
        """Whether the record of a fact is known to be complete over ``first``..``last``."""
        return self.first_open(fact, side, first) > last

    def first_open(self, fact: str, side: Side, first: int) -> int:
        """Return the first day from ``first`` on, and from birth on, on which the record may be incomplete."""
        need = max(first, self.born)
        wholes = self.wholes(fact, side)
        for row in sorted(wholes, key=lambda row: (row.first, row.last)) if wholes else ():
            if row.first <= need:
                need = max(need, row.last + 1)
        return need

    @property
    def born(self) -> int:
        """The first day that a record could have: the birth date, as early as it may be."""
        when = self.birth()
        return when.first if when else FIRST_DAY

    def birth(self) -> When | None:
        """Return the birth date as a span of days; None where it is unknown."""
        if "birth_date" not in self.anchors:
            self.anchors["birth_date"] = self.anchor_row("birth_date")
        return self.anchors["birth_date"]

    def two_sided(self, fact: str) -> bool:
        """Whether answers and record both have rows of a fact (statements of wholeness by a person are of neither)."""
        shelf = self.shelf(fact, "all")
        if len(shelf.sources) == 1 or shelf.sources.isdisjoint(_OF["answers"]):
            return False
        said = not shelf.wholes or any(not isinstance(row, Whole) for row in self.rows(fact, "answers"))
        return said and not shelf.sources.isdisjoint(_OF["record"])

    def silent(self, fact: str) -> bool:
        """Whether no source has a row of a fact; what only hints at a judgment ends silence too."""
        return not self.rows(fact, "all")

    def hinted(self, fact: str) -> bool:
        """Whether something on file speaks of a fact without settling it."""
        return any(
            row.low != row.high if isinstance(row, Period) else isinstance(row, Answer) and row.text == UNREAD
            for row in self.rows(fact, "all")
        )

    # ---- anchors

    def anchor(self, name: str) -> When | None:
        """Return the date an anchor stands for, as the span of days it may be; None where it is unknown."""
        if name not in self.anchors:
            self.anchors[name] = self._anchor(name)
        return self.anchors[name]

    def moves(self, name: str) -> bool:
        """Whether an anchor is the day of the request and moves with it, so that time alone fills its windows."""
        match name:
            case "request":
                return True
            case "service":
                return self.anchor_row("service_on") is None
            case "pump_start":
                return not self._pumps()
            case _:
                return False

    def _pumps(self) -> list[Period]:
        """Return the uses of a pump that go on."""
        return [row for row in self.periods("insulin_pump_use", "all") if row.low == 1 and row.ongoing]

    def _anchor(self, name: str) -> When | None:
        today = When(self.as_of, self.as_of)
        match name:
            case "request":
                return today
            case "service":
                return self.anchor_row("service_on") or today
            case "pump_start":
                return _start(self._pumps()) or today
            case "trial_start":
                return _start([row for row in self.periods("pump_trial", "all") if row.low == 1])
            case "prior_approval":
                dated = [row for row in self.dated("prior_approval_on", "all") if row.last < self.as_of]
                return max((When(row.first, row.last) for row in dated), default=None, key=lambda when: when.last)
            case _:
                return self.anchor_row(ANCHOR_FACTS[name])

    def anchor_row(self, fact: str) -> When | None:
        """Return the newest statement of a date attribute as a span of days."""
        stated = newest(self.answers(fact, "all"))
        if not stated or stated[0].low is None or stated[0].high is None:
            return None
        return When(min(row.low or ANY_DAY.first for row in stated), max(row.high or ANY_DAY.last for row in stated))


_DATED: Final = frozenset((Measurement, Event))
_PERIOD: Final = frozenset((Period,))
_ANSWER: Final = frozenset((Answer,))
_WHOLE: Final = frozenset((Whole,))
_source: Final = attrgetter("source")


def _shelf(rows: tuple[Row, ...], side: Side) -> Shelf:
    """Sort the rows of a fact that count on a side by their shape."""
    sources = frozenset(map(_source, rows))
    if not sources <= _OF[side]:
        rows = tuple([row for row in rows if row.source in _OF[side]])
        sources &= _OF[side]
    if not rows:
        return _EMPTY
    kinds = frozenset(map(type, rows))
    if kinds == _ANSWER:
        return Shelf(rows, answers=_shaped(rows, kinds, _ANSWER), sources=sources)
    if kinds == _PERIOD:
        return Shelf(rows, periods=_shaped(rows, kinds, _PERIOD), sources=sources)
    dated: tuple[Dated, ...] = _shaped(rows, kinds, _DATED)
    undated = [row for row in dated if row.first == FIRST_DAY and row.last == LAST_DAY]
    if undated:
        dated = tuple([row for row in dated if row.first != FIRST_DAY or row.last != LAST_DAY])
    periods: tuple[Period, ...] = _shaped(rows, kinds, _PERIOD)
    answers: tuple[Answer, ...] = _shaped(rows, kinds, _ANSWER)
    wholes: tuple[Whole, ...] = _shaped(rows, kinds, _WHOLE)
    return Shelf(rows, dated, tuple(undated), periods, answers, wholes, sources)


def _shaped(rows: tuple[Row, ...], kinds: frozenset[type], wanted: frozenset[type]) -> tuple[Any, ...]:
    """Return the rows of some shapes, in their order; mostly a fact has rows of one shape alone."""
    if kinds.isdisjoint(wanted):
        return ()
    return rows if kinds <= wanted else tuple([row for row in rows if type(row) in wanted])


def _stated_by(rows: tuple[Row, ...], role: str) -> tuple[Row, ...]:
    found: list[Row] = []
    for row in rows:
        words = row.author.split() if isinstance(row, Answer) and row.author is not None else None
        if words is not None and role in words:
            found.append(row)
        elif isinstance(row, Answer) and (words is None or role + MAYBE in words):
            found.append(row if row.text == UNREAD else mentioned(row, OF_UNKNOWN.format(role=roles()[role].say)))
    return tuple(found)


def newest(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """Return the newest statement; several where they were made at one time or their times may be the same."""
    if len(answers) <= 1:
        return answers
    best = max(answers, key=_when)
    if best.minute is not None and all(row.minute is not None for row in answers):
        return tuple(row for row in answers if row.minute == best.minute)
    latest = max(row.first for row in answers)
    return tuple(row for row in answers if row.last >= latest)


def _when(row: Answer) -> tuple[int, int]:
    return (row.minute if row.minute is not None else -1, row.last)


def _start(periods: list[Period]) -> When | None:
    if not periods:
        return None
    latest = max(periods, key=lambda row: (row.start_last, row.start_first))
    return When(latest.start_first, latest.start_last)
