"""Rows are the few shapes in which facts reach the engine; every row keeps its fact, its source and its resource.

A partial date is a span of days, a comparator is an open interval, so one rule serves exact and inexact data. Values
are whole multiples of the fact's resolution (see :mod:`priorauth.values.units`). Days and minutes are those of
:mod:`priorauth.values.dates`. The same columns stand in the tables of a population.

A *mention* is a row of what speaks of a fact and cannot settle it: any number from nothing to everything, a condition
that may be present, an event that may have happened, a statement that says neither. It ends silence, and keeps open
what the newest row decides. ``mentioned`` makes one of any row; ``ground`` (of a measurement, ``fault``) says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, Literal, TypeVar

import msgspec

from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY
from priorauth.values.interval import Interval

UNREAD: Final = "?"
"""The text of a statement that is a mention: it says neither yes nor no, and no value."""

MAYBE: Final = "?"
"""What the name of a role ends with that the author of a statement may have."""

OF_UNKNOWN: Final = "nothing on file says whether {role} states it"
"""Why a statement is no more than a mention for a line that asks for a role of its author."""

SETTLE: Final = "settle."
"""What the facts begin with that are a clinician's word on one criterion; its outline id follows."""

NEVER: Final = LAST_DAY - 1
"""The last day of an event that may not have happened: no window reaches so far, and it never counts for certain."""


class Source(StrEnum):
    """Who says so."""

    RECORD = "record"
    ANSWER = "answer"
    JUDGMENT = "judgment"
    LEDGER = "ledger"
    DOCUMENT = "document"
    """A letter, a note, a fax: what it says, once a person of the plan has seen it and said so."""
    PROPOSAL = "proposal"
    """What a document says as far as software can tell, seen by nobody: a mention, on no side of its own."""
    SHOWN = "shown"
    """An answer of someone who cannot settle this fact (the supplier on a clinical fact): shown, never counted."""

    __hash__ = str.__hash__


Side = Literal["all", "answers", "record", "judgment"]
"""Whose rows are read: everybody's, the answers alone, the record alone, the payer's clinicians'."""

SIDES: Mapping[Side, tuple[Source, ...]] = {
    "all": (Source.RECORD, Source.ANSWER, Source.JUDGMENT, Source.LEDGER, Source.DOCUMENT, Source.PROPOSAL),
    "answers": (Source.ANSWER,),
    "record": (Source.RECORD, Source.LEDGER, Source.DOCUMENT),
    "judgment": (Source.JUDGMENT,),
}
"""The sources that count on each side, for every engine; what stands nowhere is shown and never counted."""


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """A dated number: a laboratory result, a reading, a cost.

    ``low``/``high`` are whole multiples of the resolution, both None where the unit could not be converted
    (``fault`` then says why). ``specimen`` joins results of one draw.
    """

    fact: str
    source: Source
    ref: str
    first: int = ANY_DAY.first
    last: int = ANY_DAY.last
    minute: int | None = None
    low: int | None = None
    high: int | None = None
    low_open: bool = False
    high_open: bool = False
    specimen: str | None = None
    fault: str | None = None

    @property
    def value(self) -> Interval:
        """What is known of the number."""
        return Interval(self.low, self.high, self.low_open, self.high_open)


class Event(msgspec.Struct, frozen=True, gc=False):
    """Something that happened: a test, a visit, an episode. Some carry a number, such as the lowest glucose."""

    fact: str
    source: Source
    ref: str
    first: int = ANY_DAY.first
    last: int = ANY_DAY.last
    minute: int | None = None
    low: int | None = None
    high: int | None = None
    ground: str | None = None

    @property
    def value(self) -> Interval:
        """What is known of the number."""
        return Interval(self.low, self.high)


class Period(msgspec.Struct, frozen=True, gc=False):
    """A regimen or a condition over a span of days.

    It began on a day of ``start_first``..``start_last`` and ended on one of ``end_first``..``end_last`` (that day
    included; LAST_DAY where it still holds). Of a condition, 1 is present, 0 absent, 0..1 a hint that settles nothing.
    """

    fact: str
    source: Source
    ref: str
    start_first: int = FIRST_DAY
    start_last: int = FIRST_DAY
    end_first: int = LAST_DAY
    end_last: int = LAST_DAY
    low: int | None = 1
    high: int | None = 1
    ground: str | None = None

    @property
    def value(self) -> Interval:
        """What is known of the number."""
        return Interval(self.low, self.high)

    @property
    def ongoing(self) -> bool:
        """Whether it still holds, as far as the row says."""
        return self.end_last == LAST_DAY


class Answer(msgspec.Struct, frozen=True, gc=False):
    """A statement: of an attestation or judgment ``yes`` or ``no``, of an attribute its value.

    ``text`` is a code or ``yes``/``no``; for an attribute that is a date or a number it is how that was written, with
    ``low``/``high`` its days or its whole multiples of the resolution. ``first``..``last`` and ``minute`` say when it
    was stated: of two, the newer counts.
    """

    fact: str
    source: Source
    ref: str
    text: str
    first: int = ANY_DAY.first
    last: int = ANY_DAY.last
    minute: int | None = None
    low: int | None = None
    high: int | None = None
    ground: str | None = None
    author: str | None = None
    """The roles of who says so, as words (see :mod:`priorauth.facts.roles`); None: nothing is known of them."""

    @property
    def value(self) -> Interval:
        """What is known of the number or the day."""
        return Interval(self.low, self.high)


class Whole(msgspec.Struct, frozen=True, gc=False):
    """A statement that the record of a fact is complete over ``first``..``last``, both days included.

    From a device download the source is RECORD and closes the record alone; stated by a person it closes answered and
    coded rows together.
    """

    fact: str
    source: Source
    ref: str
    first: int
    last: int


Row = Measurement | Event | Period | Answer | Whole


def ground_of(row: Row) -> str | None:
    """Return why a row settles nothing, None where it may; one without any date settles nothing either."""
    if type(row) is Measurement:  # the type itself: every row of a case is asked, and to ask for its kin takes longer
        return row.fault or (UNDATED if row.first == FIRST_DAY < row.last and row.low is not None else None)
    return getattr(row, "ground", None)  # a statement of wholeness has none


UNDATED: Final = "without a date"

Told = TypeVar("Told", bound=Measurement | Event | Period | Answer)
_Kept = TypeVar("_Kept", bound=Row)


def mentioned(row: Told, ground: str, *, regimen: bool = False) -> Told:
    """Return what a row comes to where it cannot settle its fact; a statement of wholeness then says nothing at all.

    ``regimen`` says of a period that it is of a number, not of a condition.
    """
    change = msgspec.structs.replace
    if isinstance(row, Measurement):
        return change(row, low=None, high=None, low_open=False, high_open=False, fault=ground)
    if isinstance(row, Event):
        return change(row, last=NEVER, minute=None, low=None, high=None, ground=ground)
    if isinstance(row, Period):
        return change(row, low=0, high=None if regimen else 1, ground=ground)
    return change(row, text=UNREAD, low=None, high=None, ground=ground)


def each_once(rows: Iterable[_Kept]) -> tuple[_Kept, ...]:
    """Return rows in their order, those that are equal once. Where no two are of one resource, none are equal."""
    listed = tuple(rows)
    return listed if len({row.ref for row in listed}) == len(listed) else tuple(dict.fromkeys(listed))


def shown_date(first: int, last: int) -> tuple[int, int] | None:
    """Return the span to print, or None for a row without a date."""
    return None if (first, last) == (FIRST_DAY, LAST_DAY) else (first, last)
