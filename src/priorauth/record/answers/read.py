"""Answers as rows: what a questionnaire states, each kind of fact in its own shape, dated by when it was stated.

An answer that cannot be read as its kind is a mention of its fact. Of what a supplier says of a clinical fact the rows
are *shown*: :func:`heard` makes mentions of them, once all is known that it may repeat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct, structs

from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Period, Row, Source, Whole, mentioned
from priorauth.facts.vocabulary import Fact
from priorauth.fhir import dated
from priorauth.fhir.forms import Item, ItemAnswer
from priorauth.record.answers.scopes import NONE, VALUE, Scope, scopes
from priorauth.record.quantities import Amount, Scales
from priorauth.values.dates import FIRST_DAY, LAST_DAY, When
from priorauth.values.units import show

_YES_NO: Final = {True: "yes", False: "no"}


class Statement(Struct):
    """One questionnaire as a statement: who may settle what with it, when it was made, why it is in doubt if it is."""

    ref: str
    authored: When
    of_supplier: bool
    scales: Scales
    warnings: list[str]
    ground: str | None = None
    author: str | None = None
    """The roles of who fills it in, as words (see :mod:`priorauth.facts.roles`)."""

    def source(self, fact: Fact) -> Source:
        """Return whether the author can settle the fact: a supplier only what is about device, orders and documents."""
        if self.of_supplier and fact.asked_of != "supplier" and not fact.document:
            return Source.SHOWN
        return Source.ANSWER

    def warn(self, text: str) -> None:
        """Say something beside the decision."""
        self.warnings.append(f"{self.ref}: {text}")

    def unread(self, fact: Fact, part: str, wanted: str) -> Row:
        """Return a mention of a fact of which something was answered that cannot be read."""
        place = f"{fact.name}.{part}" if part else fact.name
        self.warn(f"{place}: expected {wanted}; it does not count")
        ground = f"{part or 'the answer'}: expected {wanted}"
        span = (FIRST_DAY, self.authored.last)
        source = self.source(fact)
        match fact.kind:
            case "measurement":
                return Measurement(fact.name, source, self.ref, *span, fault=ground)
            case "event":
                return mentioned(Event(fact.name, source, self.ref, *span), ground)
            case "regimen" | "condition":
                row = Period(fact.name, source, self.ref, *span, LAST_DAY, LAST_DAY)
                return mentioned(row, ground, regimen=fact.kind == "regimen")
            case _:
                return mentioned(stated(self, fact, UNREAD), ground)

    def date(self, answer: ItemAnswer | None, fact: Fact, part: str = "") -> When | None:
        """Read the date of an answer to a fact, or to a part of it."""
        if answer is None:
            return None
        place = f"{fact.name}.{part}" if part else fact.name
        text = answer.value_date or answer.value_date_time
        if not text:
            self.warn(f"{place}: expected a date; ignored")
            return None
        return dated.read_or_warn(text, f"{self.ref}: {place}", self.warnings)


def rows(statement: Statement, items: list[Item]) -> Iterator[Row]:
    """Yield the rows of every item; of a form in doubt, mentions."""
    ground = statement.ground
    if ground is None:
        yield from _rows(statement, items)
        return
    for row in _rows(statement, items):
        if not isinstance(row, Whole):
            yield mentioned(row, ground, regimen=statement.scales.vocabulary[row.fact].kind == "regimen")


def heard(found: Sequence[Row], fact: Fact) -> Sequence[Row]:
    """Make mentions of what a supplier says of a clinical fact; what only repeats a row that counts is left out."""
    if all(row.source is not Source.SHOWN for row in found):
        return found
    counted = [row for row in found if row.source is not Source.SHOWN]
    told = [
        mentioned(structs.replace(row, source=Source.ANSWER), _BY_SUPPLIER, regimen=fact.kind == "regimen")
        for row in found
        if row.source is Source.SHOWN and not isinstance(row, Whole) and not any(_repeats(row, one) for one in counted)
    ]
    return [*counted, *told]


_BY_SUPPLIER: Final = "said by the supplier, who cannot settle it"


def _repeats(row: Row, other: Row) -> bool:
    """Return whether a row says what another says: the same value, of the same days."""
    if isinstance(row, Answer):
        return isinstance(other, Answer) and row.text == other.text and row.text != UNREAD
    if isinstance(row, Measurement | Event):
        return isinstance(other, Measurement | Event) and _what(row) == _what(other) and row.fact == other.fact
    return isinstance(row, Period) and isinstance(other, Period) and row.ground is None and _span(row) == _span(other)


def _what(row: Measurement | Event) -> tuple[object, ...]:
    return row.first, row.last, row.low, row.high


def _span(row: Period) -> tuple[object, ...]:
    return row.start_first, row.start_last, row.end_first, row.end_last, row.low, row.high


def _rows(statement: Statement, items: list[Item]) -> Iterator[Row]:
    reading = scopes(items, statement.scales.vocabulary)
    if reading.unknown:
        statement.warn(f"ignored, no facts: {', '.join(reading.unknown)}")
    facts = statement.scales.vocabulary.facts
    for scope in reading.scopes:
        fact = facts[scope.fact]
        for token in scope.tokens:
            if token.part == NONE and token.answer.value_boolean is None:
                yield statement.unread(fact, NONE, "valueBoolean")
        match fact.kind:
            case "attestation":
                yield from _attestations(statement, fact, scope)
            case "attribute":
                yield from _attributes(statement, fact, scope)
            case "measurement":
                yield from _measurements(statement, fact, scope)
            case "event":
                yield from _events(statement, fact, scope)
            case "regimen" | "condition":
                yield from _periods(statement, fact, scope)
            case "judgment":
                yield from _judgments(statement, fact, scope)


def _judgments(statement: Statement, fact: Fact, scope: Scope) -> Iterator[Row]:
    """Yield mentions: a judgment is never read from the case, but what says yes is no silence."""
    for token in scope.of(VALUE):
        if token.answer.value_boolean is False:
            statement.warn(f"{fact.name}: a judgment is not read from the case; ignored")
        else:
            yield statement.unread(fact, "", "a judgment by a clinician of the payer, in a file of its own")


def stated(statement: Statement, fact: Fact, text: str, low: int | None = None, high: int | None = None) -> Answer:
    """Return the row of a statement."""
    when = statement.authored
    return Answer(
        fact.name, statement.source(fact), statement.ref, text, when.first, when.last, when.minute, low, high,
        author=statement.author,
    )  # fmt: skip


def _attestations(statement: Statement, fact: Fact, scope: Scope) -> Iterator[Row]:
    given = scope.of(VALUE)
    for token in given:
        if token.answer.value_boolean is None:
            yield statement.unread(fact, "", "valueBoolean")
        else:
            yield stated(statement, fact, _YES_NO[token.answer.value_boolean])
    if _none(statement, fact, scope, beside=bool(given)):
        yield stated(statement, fact, _YES_NO[False])


def _none(statement: Statement, fact: Fact, scope: Scope, *, beside: bool) -> bool:
    """Return whether a fact is said to be none at all; ``beside`` other answers to it that is ignored."""
    said = any(token.answer.value_boolean for token in scope.tokens if token.part == NONE)
    if said and beside:
        statement.warn(f"{fact.name}.none: said beside answers to {fact.name}; ignored")
    return said and not beside


def _attributes(statement: Statement, fact: Fact, scope: Scope) -> Iterator[Row]:
    for token in scope.of(VALUE):
        row = _attribute(statement, fact, token.answer)
        yield statement.unread(fact, "", _expected(fact)) if row is None else row


def _attribute(statement: Statement, fact: Fact, answer: ItemAnswer) -> Answer | None:
    match fact.values:
        case ("date",):
            text = answer.value_date or answer.value_date_time
            when = dated.read_or_warn(text, f"{statement.ref}: {fact.name}", statement.warnings)
            return None if when is None else stated(statement, fact, text[:10], when.first, when.last)
        case ("number",) | ("integer",):
            amount = _number(statement, fact, answer)
            if amount is None or amount.low is None or amount.high is None:
                return None
            return stated(statement, fact, show(amount.low, fact.resolution), amount.low, amount.high)
        case _:
            given = answer.value_coding.code if answer.value_coding is not None else answer.value_string
            return stated(statement, fact, given.strip()) if given.strip() in fact.values else None


def _expected(fact: Fact) -> str:
    match fact.values:
        case ("date",):
            return "valueDate"
        case ("number",):
            return "valueDecimal, valueInteger or a valueQuantity in its unit"
        case ("integer",):
            return "valueInteger or a valueQuantity in its unit"
        case listed:
            return f"one of {', '.join(listed)}"


def _number(statement: Statement, fact: Fact, answer: ItemAnswer) -> Amount | None:
    """Read a number: a quantity in its unit, or a bare number in the fact's own."""
    if answer.value_quantity is not None:
        amount = statement.scales.amount(fact.name, answer.value_quantity)
        if amount.fault is not None:
            statement.warn(f"{fact.name}: {amount.fault}")
        return amount
    bare = answer.value_decimal if answer.value_decimal is not None else answer.value_integer
    if bare is None:
        return None
    multiple = statement.scales.plain(fact.name, bare)
    return None if multiple is None else Amount(multiple, multiple)


def _measurements(statement: Statement, fact: Fact, scope: Scope) -> Iterator[Row]:
    given = False
    for group in scope.groups(VALUE, "date"):
        answer = group.get(VALUE)
        if answer is None:
            statement.warn(f"{fact.name}.date: belongs to no result; ignored")
            continue
        if answer.value_quantity is None or answer.value_quantity.value is None:
            yield statement.unread(fact, "", "a valueQuantity")
            continue
        given = True
        when = statement.date(group.get("date"), fact, "date") or When(FIRST_DAY, statement.authored.last)
        low, high, low_open, high_open, fault = statement.scales.amount(fact.name, answer.value_quantity)
        yield Measurement(
            fact.name, statement.source(fact), statement.ref, when.first, when.last, when.minute,
            low, high, low_open, high_open, None, fault,
        )  # fmt: skip
    yield from _wholes(statement, fact, scope, given=given)


def _events(statement: Statement, fact: Fact, scope: Scope) -> Iterator[Row]:
    given = False
    for token in scope.of(VALUE):
        when = statement.date(token.answer, fact)
        given = True
        if when is not None:
            yield Event(fact.name, statement.source(fact), statement.ref, when.first, when.last, when.minute)
        else:
            yield statement.unread(fact, "", "a date")
    yield from _wholes(statement, fact, scope, given=given)


def _wholes(statement: Statement, fact: Fact, scope: Scope, *, given: bool) -> Iterator[Row]:
    """Yield the statements of wholeness; none reaches beyond the day on which it was made."""
    limit = statement.authored.first

    def whole(first: int, last: int) -> Iterator[Row]:
        last = min(last, limit)
        if first <= last:
            yield Whole(fact.name, statement.source(fact), statement.ref, first, last)
        else:
            statement.warn(f"{fact.name}: complete over no day; ignored")

    if _none(statement, fact, scope, beside=given):
        yield from whole(FIRST_DAY, limit)
    spans = [scope, *(Scope(fact.name, span) for span in scope.spans)]
    for part in spans:
        names = ("complete_from", "complete_until") if part is scope else ("from", "until")
        for group in part.groups(*names):
            start = statement.date(group.get(names[0]), fact, names[0])
            end = statement.date(group.get(names[1]), fact, names[1])
            if (start is None and names[0] in group) or (end is None and names[1] in group):
                continue
            yield from whole(FIRST_DAY if start is None else start.last, limit if end is None else end.first)


def _periods(statement: Statement, fact: Fact, scope: Scope) -> Iterator[Row]:
    groups = scope.groups(VALUE, "from", "until")
    if _none(statement, fact, scope, beside=bool(groups)):
        if fact.kind == "condition":
            yield from _absent(statement, fact, None, None)
        else:
            yield Period(fact.name, statement.source(fact), statement.ref, low=0, high=0)
    for group in groups:
        start = statement.date(group.get("from"), fact, "from")
        end = statement.date(group.get("until"), fact, "until")
        if ("from" in group and start is None) or ("until" in group and end is None):
            yield statement.unread(fact, "from" if start is None and "from" in group else "until", "a date")
            continue
        if start is not None and end is not None and end.last < start.first:
            yield statement.unread(fact, "until", "a day on or after its start")
            continue
        answer = group.get(VALUE)
        if fact.kind == "regimen":
            amount = None if answer is None else _number(statement, fact, answer)
            if amount is None or amount.fault is not None:
                yield statement.unread(fact, "value", "a plausible number in a unit of the fact")
            else:
                yield _period(statement, fact, (start, end), amount.low, amount.high)
            continue
        present = True if answer is None else answer.value_boolean
        if present is None:
            yield statement.unread(fact, "value", "valueBoolean")
        elif present:
            yield _period(statement, fact, (start, end), 1, 1)
            if start is not None and start.first > FIRST_DAY:
                yield _not_before(statement, fact, start)
        else:
            yield from _absent(statement, fact, start, end)


def _period(
    statement: Statement, fact: Fact, span: tuple[When | None, When | None], low: int | None, high: int | None
) -> Period:
    """Return a span: without a start it began by the day of the statement, without an end it is still so."""
    start, end = span
    first = (FIRST_DAY, statement.authored.last) if start is None else (start.first, start.last)
    last = (LAST_DAY, LAST_DAY) if end is None else (end.first, end.last)
    if start is None and end is not None:
        first = (FIRST_DAY, min(first[1], end.last))
    return Period(
        fact.name, statement.source(fact), statement.ref, *first, max(last[0], first[0]), last[1], low=low, high=high
    )


def _not_before(statement: Statement, fact: Fact, start: When) -> Period:
    """Return what a stated beginning says of the days before it: what began on a day was not there until then."""
    return Period(
        fact.name, statement.source(fact), statement.ref,
        FIRST_DAY, FIRST_DAY, start.first - 1, start.last - 1, low=0, high=0,
    )  # fmt: skip


def _absent(statement: Statement, fact: Fact, start: When | None, end: When | None) -> Iterator[Row]:
    """Yield an absence: at no time of the span, and the record whole over it."""
    first = FIRST_DAY if start is None else start.first
    last = statement.authored.last if end is None else end.last
    if first > last:
        yield statement.unread(fact, "until", "a day on or after its start")
        return
    yield Period(
        fact.name, statement.source(fact), statement.ref,
        first, first if start is None else start.last, last if end is None else end.first, last, low=0, high=0,
    )  # fmt: skip
    sure = (first if start is None else start.last, last if end is None else end.first)
    if sure[0] <= sure[1]:
        yield Whole(fact.name, statement.source(fact), statement.ref, *sure)
