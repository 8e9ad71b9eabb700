"""What a proposal says, as rows: value, unit and dates read by the tables that read a record, or the ground why not."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, NamedTuple

from priorauth.documents.proposal import Proposal
from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Period, Row, Source, Whole, mentioned
from priorauth.facts.vocabulary import Fact
from priorauth.fhir.elements import Quantity
from priorauth.record.quantities import Amount, Scales
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, When
from priorauth.values.units import show

Told = Measurement | Event | Period | Answer
"""A row that says something of a fact, and not that its record is whole."""
_NUMBER: Final = r"\d{1,9}(?:\.\d{1,9})?|\.\d{1,9}"
_AMOUNT: Final = re.compile(
    rf"(?P<sign><=|>=|<|>)?\s*(?P<low>{_NUMBER})(?:\s*(?:-|to)\s*(?P<high>{_NUMBER}))?\s*(?P<unit>[^\d\s].*)?",
    re.ASCII,
)
_TIMES: Final = re.compile(r"(?P<count>\d+)\s*x", re.ASCII)
_YES: Final = ("yes", "")
_NO: Final = ("no", "none")
_SPELLED: Final = {"lbs": "lb", "pounds": "lb", "pound": "lb"}
_LONGEST: Final = 200

HOW_OFTEN: Final = "it says how often, and not on which days"
ANOTHER_VALUE: Final = "the value cannot be read as one of the fact"
ANOTHER_DAY: Final = "the date cannot be read, or cannot be true"


class Unread(ValueError):
    """A value or date that does not follow; its text is the ground."""


class Speaking(NamedTuple):
    """Who says it, where, and as of which days: ``as_of`` is the document's own, as wide as it is known.

    ``author``: the roles of whose paper it is, as words (see :mod:`priorauth.facts.roles`).
    """

    scales: Scales
    source: Source
    ref: str
    as_of: When
    author: str | None = None

    def fact(self, name: str) -> Fact:
        """Return a fact of the vocabulary."""
        return self.scales.vocabulary[name]


def when(text: str | None) -> When | None:
    """Return the days that a date stands for: ISO, a partial date, or ``first/last``; raises Unread."""
    if text is None or not text.strip():
        return None
    try:
        parts = [dates.read(part) for part in text[:_LONGEST].split("/")]
    except ValueError:
        raise Unread(ANOTHER_DAY) from None
    if len(parts) > 2 or parts[-1].last < parts[0].first or not all(part.believed for part in parts):  # noqa: PLR2004
        raise Unread(ANOTHER_DAY)
    return When(parts[0].first, parts[-1].last)


def rows(one: Proposal, by: Speaking) -> tuple[Row, ...]:
    """Return the rows that a proposal comes to where it counts; raises Unread.

    What was denied of a dated fact is a statement that there was none: that is a person's word, whoever has seen it.
    """
    fact = by.fact(one.fact)
    said = when(one.date)
    denied = one.polarity == "denied" or one.value.strip().lower() in _NO
    match fact.kind:
        case "measurement" | "event":
            return _none(one, by, said) if denied else (_dated(fact, one, by, said),)
        case "condition":
            return _absent(one, by, said) if denied else (_period(one, by, said, 1, 1),)
        case "regimen":
            amount = Amount(0, 0) if denied else amount_of(fact, one.value, by.scales)
            return (_period(one, by, said, amount.low, amount.high),)
        case _:
            return (_statement(fact, one, by, said, denied=denied),)


def unread(one: Proposal, by: Speaking, ground: str) -> Told:
    """Return a mention of a proposal whose value or date does not follow."""
    fact, (first, last) = by.fact(one.fact), by.as_of[:2]
    match fact.kind:
        case "measurement":
            return Measurement(fact.name, by.source, by.ref, FIRST_DAY, last, fault=ground)
        case "event":
            return mentioned(Event(fact.name, by.source, by.ref, FIRST_DAY, last), ground)
        case "regimen" | "condition":
            return anywhen(fact, by, ground)
        case _:
            return Answer(fact.name, by.source, by.ref, UNREAD, first, last, ground=ground)


def anywhen(fact: Fact, by: Speaking, ground: str) -> Period:
    """Return a mention of a condition or regimen that may have been at any time."""
    row = Period(fact.name, by.source, by.ref, FIRST_DAY, LAST_DAY, LAST_DAY, LAST_DAY)
    return mentioned(row, ground, regimen=fact.kind == "regimen")


# ---- numbers


def amount_of(fact: Fact, text: str, scales: Scales) -> Amount:
    """Return what a written value is in multiples of the resolution; raises Unread. Without a unit it is the fact's."""
    found = _AMOUNT.fullmatch(text.strip()[:_LONGEST])
    if found is None or (found["sign"] and found["high"]):
        raise Unread(ANOTHER_VALUE)
    low = _converted(fact, found["low"], found["unit"], found["sign"] or "", scales)
    if not found["high"]:
        return low
    high = _converted(fact, found["high"], found["unit"], "", scales)
    if low.low is None or high.high is None or high.high < low.low:
        raise Unread(ANOTHER_VALUE)
    return Amount(low.low, high.high)


def _converted(fact: Fact, value: str, unit: str | None, sign: str, scales: Scales) -> Amount:
    made = scales.amount(fact.name, _quantity(fact, value, unit, sign))
    if made.fault is not None:
        raise Unread(made.fault)
    return made


def _quantity(fact: Fact, value: str, unit: str | None, sign: str = "") -> Quantity:
    spelled = " ".join((unit or fact.unit or "1").split())
    return Quantity(value=Decimal(value), comparator=sign, unit=_SPELLED.get(spelled.lower(), spelled))


def written(fact: Fact, text: str, scales: Scales) -> tuple[Fraction, Fraction] | None:
    """Return the ends between which lies what a value was rounded from, in multiples; None where that says nothing.

    ``8 %`` of a resolution of 0.1 % is 75 to 85: a note rounds what a laboratory reports.
    """
    found = _AMOUNT.fullmatch(text.strip()[:_LONGEST])
    if found is None or found["sign"]:
        return None
    try:
        places = max(0, -int(Decimal(found["low"]).as_tuple().exponent))
        half = Decimal(5).scaleb(-places - 1)
        ends = (Decimal(found["low"]) - half, Decimal(found["high"] or found["low"]) + half)
        both = [scales.exact(fact.name, _quantity(fact, str(end), found["unit"])) for end in ends]
    except (InvalidOperation, ValueError):
        return None
    if both[0] is None or both[1] is None:
        return None
    low, high = sorted((both[0] / fact.resolution, both[1] / fact.resolution))
    return low, high


# ---- rows by kind


def _dated(fact: Fact, one: Proposal, by: Speaking, said: When | None) -> Measurement | Event:
    """Return a result or an event; one without a day was by that of the document."""
    first, last = (FIRST_DAY, by.as_of.last) if said is None else (said.first, said.last)
    if fact.kind == "measurement":
        low, high, low_open, high_open, _ = amount_of(fact, one.value, by.scales)
        return Measurement(fact.name, by.source, by.ref, first, last, None, low, high, low_open, high_open)
    if one.value.strip().lower() in _YES:
        return Event(fact.name, by.source, by.ref, first, last)
    if _TIMES.fullmatch(one.value.strip()):
        raise Unread(HOW_OFTEN)
    amount = amount_of(fact, one.value, by.scales)
    return Event(fact.name, by.source, by.ref, first, last, None, amount.low, amount.high)


def _stretch(one: Proposal, by: Speaking, said: When | None) -> tuple[When, When]:
    """Return when something began and ended: by the day as of which it is said, and not yet, where nothing tells."""
    start, end = when(one.since), when(one.until)
    as_of = said or by.as_of
    begun = start or When(FIRST_DAY, as_of.last if end is None else min(as_of.last, end.last))
    over = When(LAST_DAY, LAST_DAY) if end is None else end
    if over.last < begun.first:
        raise Unread(ANOTHER_DAY)
    return begun, When(max(over.first, begun.first), over.last)


def _period(one: Proposal, by: Speaking, said: When | None, low: int | None, high: int | None) -> Period:
    begun, over = _stretch(one, by, said)
    last = max(begun.last, begun.first)
    return Period(one.fact, by.source, by.ref, begun.first, min(last, over.last), over.first, over.last, low, high)


def _span(one: Proposal, by: Speaking, said: When | None) -> tuple[int, int] | None:
    """Return the days of which something is denied for certain: all up to the day of the document, or those it names.

    None where there are none.
    """
    start, end = when(one.since), when(one.until)
    if said is not None and by.fact(one.fact).kind in ("measurement", "event"):
        first, last = said.first if said.first < said.last else FIRST_DAY, said.last
    else:
        first, last = FIRST_DAY, (said or by.as_of).first
    first = first if start is None else start.last
    last = last if end is None else min(last, end.first)
    return (first, last) if first <= last else None


def _none(one: Proposal, by: Speaking, said: When | None) -> tuple[Row, ...]:
    span = _span(one, by, said)
    return () if span is None else (Whole(one.fact, Source.ANSWER, by.ref, *span),)


def _absent(one: Proposal, by: Speaking, said: When | None) -> tuple[Row, ...]:
    span = _span(one, by, said)
    if span is None:
        raise Unread(ANOTHER_DAY)
    first, last = span
    row = Period(one.fact, by.source, by.ref, first, first, last, last, 0, 0)
    return row, Whole(one.fact, Source.ANSWER, by.ref, first, last)


def _statement(fact: Fact, one: Proposal, by: Speaking, said: When | None, *, denied: bool) -> Answer:
    as_of, text = said or by.as_of, one.value.strip()
    low: int | None = None
    high: int | None = None
    if fact.kind == "attestation":
        if not denied and text.lower() not in _YES:
            raise Unread(ANOTHER_VALUE)
        text = "no" if denied else "yes"
    elif one.polarity == "denied":
        raise Unread("it says what it is not")
    elif fact.values == ("date",):
        day = when(text)
        if day is None:
            raise Unread(ANOTHER_DAY)
        low, high = day.first, day.last
    elif fact.values in (("number",), ("integer",)):
        low, high, *_ = amount_of(fact, text, by.scales)
        if low is None or high is None:
            raise Unread(ANOTHER_VALUE)
        text = show(low, fact.resolution)
    elif text not in fact.values:
        raise Unread(ANOTHER_VALUE)
    return Answer(fact.name, by.source, by.ref, text, as_of.first, as_of.last, None, low, high, author=by.author)
