"""What speaks of a result and cannot be read as one: a mention of it (see :mod:`priorauth.facts.rows`).

An observation in doubt, a value that is no quantity, a code by words alone, a report that holds its results in itself
or names none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from msgspec import Struct, field

from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Row, Source, mentioned
from priorauth.facts.rows import Period as PeriodRow
from priorauth.fhir import counts
from priorauth.fhir.elements import NamedConcept, Quantity
from priorauth.fhir.structs import Component, DiagnosticReport, Observation
from priorauth.record.chart import AnyConcept, Chart
from priorauth.record.codes import Hits
from priorauth.record.readers.observed import at, is_dated, made, says, written
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY, When

BY_WORDS: Final = "named by words or by a code that is not known"
NO_RESULT: Final = "without a result"
_CONTAINED: Final = "contained in a report"
_RECORD: Final = Source.RECORD


class Rate(NamedTuple):
    """A result of a code with which the vocabulary hints at a fact (``hint_below``)."""

    fact: str
    ref: str
    when: When
    quantity: Quantity


class Mentions(Struct):
    """Takes mentions from the observations and reports of one chart, into rows of facts and rates."""

    chart: Chart
    rows: list[Row] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)

    def by_words(self, code: NamedConcept, observation: Observation) -> None:
        """Take what only its words name as a mention."""
        if observation.data_absent_reason is not None:
            return
        ref = f"Observation/{observation.id}"
        facts = self.chart.codes.spoken(code)
        if facts:
            self.give(facts, ref, observation, BY_WORDS)
        for fact in self.chart.codes.below(code):
            quantity = observation.value_quantity or written(observation.value_string)
            self.rates.append(Rate(fact, ref, made(self.chart, observation, ref), quantity))

    def mention(self, observation: Observation, ground: str, ref: str = "") -> None:
        """Take an observation in doubt as a mention of all that it speaks of."""
        ref = ref or f"Observation/{observation.id}"
        parts: list[tuple[NamedConcept | None, Observation | Component]] = [(observation.code, observation)]
        parts += [(component.code, component) for component in observation.component]
        for code, body in parts:
            hits = self.hits(code)
            facts = hits.facts + hits.valued
            if not facts and code is not None:
                facts = self.chart.codes.spoken(code)
            self.give(facts, ref, observation, ground)
            if body.data_absent_reason is None:
                quantity = body.value_quantity or Quantity()
                when = made(self.chart, observation, ref)
                self.rates.extend(Rate(fact, ref, when, quantity) for fact in hits.below)

    def give(self, facts: Iterable[str], ref: str, observation: Observation, ground: str) -> None:
        """Give a mention of each fact, in the shape of its rows."""
        when = made(self.chart, observation, ref)
        for fact in facts:
            kind = self.chart.vocabulary[fact].kind
            if kind == "event":
                row: Row = mentioned(Event(fact, _RECORD, ref, when.first, when.last, when.minute), ground)
            elif kind == "condition":
                row = PeriodRow(
                    fact, _RECORD, ref, FIRST_DAY, when.last, LAST_DAY, LAST_DAY, low=0, high=1, ground=ground
                )
            elif kind == "measurement":
                row = Measurement(fact, _RECORD, ref, *self.since(when), when.minute, fault=ground)
            else:
                row = Answer(fact, _RECORD, ref, UNREAD, when.first, when.last, when.minute, ground=ground)
            self.rows.append(row)

    def since(self, when: When) -> tuple[int, int]:
        """Return the days on which an observation may have been made; one without a date, by the record's day."""
        return (FIRST_DAY, self.chart.day) if when == ANY_DAY else (when.first, when.last)

    def report(self, report: DiagnosticReport) -> None:
        """Take the results that a report contains, and a report of a result that it does not give, as mentions."""
        ground = self.chart.doubt(report)
        inner = [one for one in self.chart.references.contained(report) if isinstance(one, Observation)]
        for observation in inner:
            standing = counts.standing(observation)
            if standing != counts.OUT:
                dated_so = observation if is_dated(observation) else at(observation, report)
                self.mention(dated_so, standing or ground or _CONTAINED, f"DiagnosticReport/{report.id}")
        on_file = [self.chart.references.has_reading(one) for one in report.result]
        if not inner and not any(on_file) and report.code is not None:
            said = Observation(id=report.id, code=report.code)
            hits = self.hits(report.code)
            facts = hits.facts or self.chart.codes.spoken(report.code)
            self.give(facts, f"DiagnosticReport/{report.id}", at(said, report), ground or NO_RESULT)

    def hits(self, concept: AnyConcept | None) -> Hits:
        """Return what the codes stand for."""
        return self.chart.codes.hits(concept)

    def unread(self, fact: str, ref: str, observation: Observation, body: Observation | Component) -> None:
        """Take a value that is no quantity, or the lack of any, as a mention; components may bear the result."""
        said = says(body)
        if said == "valueQuantity" and body.value_quantity is not None and body.value_quantity.value is not None:
            return
        if not said and observation.component and body is observation:
            own = {fact for part in observation.component for fact in self.hits(part.code).facts}
            if fact in own:
                return
        ground = f"{said} cannot be read as a result" if said else NO_RESULT
        self.give((fact,), ref, observation, ground)
