"""Observations as rows: laboratory results, vital signs, readings of meters and sensors, coded states.

An observation counts by any LOINC code in its list of codes, or by those of its components. Cancelled ones, those
entered in error, those without a result yet, and preliminary ones with a final successor do not count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from priorauth.facts.rows import Event, Measurement, Row, Source
from priorauth.facts.rows import Period as PeriodRow
from priorauth.glucose.flags import Flag
from priorauth.glucose.readings import LATER_MEAL, METER, SENSOR, Reading
from priorauth.record import dated
from priorauth.record.chart import AnyConcept, Chart
from priorauth.record.codes import NOTHING, Hits, system_of
from priorauth.record.conditions import Course, lasting
from priorauth.record.elements import Quantity, Range
from priorauth.record.quantities import Amount
from priorauth.record.structs import Component, Observation, Specimen
from priorauth.record.tables import CONTROL_SOLUTION, LATER_MEALS, MEAL_AFTER, MEAL_BEFORE, MEAL_FASTING, MEAL_TAG
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY, When

NO_RESULT: Final = {"registered", "cancelled", "entered-in-error"}
PRELIMINARY: Final = "preliminary"
_ONLY_METER: Final = (METER,)
_DEVICES: Final = {METER, SENSOR}
_NULL: Final = b"null"
_DRAWN: Final = {"c_peptide", "fasting_glucose"}
_RECORD: Final = Source.RECORD
_made: Final = tuple.__new__  # a named tuple without the call of its own constructor
_CONTROL: Final = "control solution"


class Result(NamedTuple):
    """A result kept for what is derived from it: its row, and the observation or component that bears it."""

    row: Measurement
    quantity: Quantity
    ranges: tuple[Range, ...]


class Antibody(NamedTuple):
    """A result of a code of an attribute, such as an antibody."""

    fact: str
    ref: str
    when: When
    loinc: frozenset[str]
    body: Observation | Component


class Rate(NamedTuple):
    """A result of a code with which the vocabulary hints at a fact (``hint_below``)."""

    fact: str
    ref: str
    when: When
    quantity: Quantity


@dataclass(slots=True)
class Findings:
    """What the observations of one chart hold."""

    rows: list[Row] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    results: dict[str, list[Result]] = field(default_factory=dict)
    antibodies: list[Antibody] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    worn: list[tuple[str, str, When, Quantity]] = field(default_factory=list)
    sampled: list[Observation] = field(default_factory=list)
    """Glucose in a SampledData, many readings in one observation."""


def read(chart: Chart) -> Findings:
    """Read every observation of the chart."""
    reader = _Reader(chart, Findings())
    preliminary: list[Observation] = []
    for observation in chart.record.observations():
        if observation.status in NO_RESULT:
            continue
        if observation.status == PRELIMINARY:
            preliminary.append(observation)
            continue
        reader.observation(observation)
    final = _final(reader.findings) if preliminary else {}
    for observation in preliminary:
        if not reader.has_successor(observation, final):
            reader.observation(observation)
    return reader.findings


def _final(findings: Findings) -> dict[tuple[str, int], list[int | None]]:
    """Give the minutes of all final results, by fact and day."""
    found: dict[tuple[str, int], list[int | None]] = {}
    for row in findings.rows:
        if isinstance(row, Measurement | Event):
            found.setdefault((row.fact, row.first), []).append(row.minute)
    for antibody in findings.antibodies:
        found.setdefault((antibody.fact, antibody.when.first), []).append(antibody.when.minute)
    return found


@dataclass(slots=True)
class _Reader:
    chart: Chart
    findings: Findings
    copies: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)
    final_ids: set[tuple[str, str]] = field(default_factory=set)
    look: Callable[[str, str], Hits] = field(init=False)
    amount: Callable[[str, Quantity], Amount] = field(init=False)

    def __post_init__(self) -> None:
        self.look, self.amount = self.chart.codes.look, self.chart.scales.amount

    def observation(self, observation: Observation) -> None:
        hits = self.hits(observation.code)
        if observation.identifier:
            self.final_ids.update([(identifier.system, identifier.value) for identifier in observation.identifier])
        sampled = observation.value_sampled_data
        if sampled and bytes(sampled) != _NULL and not _DEVICES.isdisjoint(hits.facts):
            if observation.data_absent_reason is None:
                self.findings.sampled.append(observation)
            return
        if hits.facts == _ONLY_METER:
            if observation.data_absent_reason is None:
                ref = f"Observation/{observation.id}"
                self.reading(METER, ref, self.when(observation, ref), observation, observation.value_quantity)
            return
        if hits is not NOTHING:
            self.body(hits, observation, observation, observation.code)
            return
        for component in observation.component:
            inner = self.hits(component.code)
            if inner is not NOTHING:
                self.body(inner, observation, component, component.code)

    def hits(self, concept: AnyConcept | None) -> Hits:
        """Give what the codes stand for; the first code that stands for anything decides."""
        if concept is not None:
            for coding in concept.coding:
                found = self.look(coding.system, coding.code)
                if found is not NOTHING:
                    return found
        return NOTHING

    def body(
        self,
        hits: Hits,
        observation: Observation,
        body: Observation | Component,
        code: AnyConcept | None,
    ) -> None:
        """Read one coded value: of the observation itself, or of a component of it."""
        if body.data_absent_reason is not None:
            return
        ref = f"Observation/{observation.id}"
        when = self.when(observation, ref)
        for fact in hits.facts:
            kind = self.chart.vocabulary[fact].kind
            if kind == "measurement":
                self.measurement(fact, ref, when, observation, body)
            elif fact == METER:
                self.reading(METER, ref, when, observation, body.value_quantity)
            elif kind == "condition":
                self.worn(fact, ref, when, _loinc(code), body)
            elif kind == "attribute":
                self.findings.antibodies.append(Antibody(fact, ref, when, _loinc(code), body))
        for fact in hits.valued:
            self.state(fact, ref, when, _loinc(code), body.value_codeable_concept)
        if body.value_quantity is not None:
            self.findings.rates.extend(Rate(fact, ref, when, body.value_quantity) for fact in hits.below)

    def measurement(
        self, fact: str, ref: str, when: When, observation: Observation, body: Observation | Component
    ) -> None:
        quantity = body.value_quantity
        if quantity is None or quantity.value is None:
            return
        if fact == SENSOR:
            self.reading(SENSOR, ref, when, observation, quantity)
            return
        low, high, low_open, high_open, fault = self.amount(fact, quantity)
        row = Measurement(
            fact, _RECORD, ref, when.first, when.last, when.minute, low, high, low_open, high_open,
            self.specimen(observation, when) if fact in _DRAWN else None, fault,
        )  # fmt: skip
        self.findings.rows.append(row)
        self.findings.results.setdefault(fact, []).append(Result(row, quantity, body.reference_range))

    def reading(self, fact: str, ref: str, when: When, observation: Observation, quantity: Quantity | None) -> None:
        """Take a reading of a meter or sensor; exact copies and control solution are left out."""
        if quantity is None or quantity.value is None:
            return
        flags = 0
        if observation.component or observation.specimen is not None:
            marks = self.marks(observation)
            if marks is None:
                return
            flags = marks
        first, last, minute, of_day = when
        low, high, low_open, high_open, fault = self.amount(fact, quantity)
        rows, readings = self.findings.rows, self.findings.readings
        if of_day is not None:
            copy = (fact, minute if minute is not None else (first, of_day), low, high)
            seen = self.copies.get(copy)
            if seen is not None:
                self.copied(seen, ref)
                return
            self.copies[copy] = (len(rows), len(readings))
        row: Event | Measurement
        if fact == METER:
            row = Event(fact, _RECORD, ref, first, last, minute, low, high)
        else:
            row = Measurement(fact, _RECORD, ref, first, last, minute, low, high, low_open, high_open, None, fault)
        rows.append(row)
        readings.append(_made(Reading, (row, of_day, flags)))

    def copied(self, places: tuple[int, int], ref: str) -> None:
        """Let a reading that stands twice rest on the lesser of its two references, whichever came first."""
        at_row, at_reading = places
        reading = self.findings.readings[at_reading]
        if ref < reading.row.ref:
            row = msgspec.structs.replace(reading.row, ref=ref)
            self.findings.rows[at_row] = row
            self.findings.readings[at_reading] = reading._replace(row=row)

    def marks(self, observation: Observation) -> int | None:
        """Give the meal tags of a reading as flags; None where what was measured is control solution."""
        found = None if observation.specimen is None else self.chart.references.find(observation.specimen, observation)
        if isinstance(found, Specimen) and found.type is not None and _CONTROL in found.type.text.lower():
            return None
        meals: tuple[str, ...] = ()
        for component in observation.component:
            value = component.value_codeable_concept
            if value is None or component.code is None:
                continue
            codes = tuple([coding.code for coding in value.coding])
            if not CONTROL_SOLUTION.isdisjoint(codes) or (value.text and _CONTROL in value.text.lower()):
                return None
            for coding in component.code.coding:
                if coding.code in MEAL_TAG:
                    meals += codes
                    break
        return _meal_tags(meals) if meals else 0

    def worn(self, fact: str, ref: str, when: When, loinc: frozenset[str], body: Observation | Component) -> None:
        """Take a summary of a sensor: it was in use over its period, and nothing is said of the days after.

        Kept too for the share of days.
        """
        quantity = body.value_quantity
        if quantity is None or quantity.value is None or not quantity.value > 0:
            return
        if when != ANY_DAY:
            self.findings.rows.append(
                PeriodRow(fact, Source.RECORD, ref, when.first, when.first, when.last, LAST_DAY, low=1, high=1)
            )
        self.findings.worn.extend((code, ref, when, quantity) for code in sorted(loinc))

    def state(self, fact: str, ref: str, when: When, loinc: frozenset[str], value: AnyConcept | None) -> None:
        """Take a state that an observation says by its value: it held on that day."""
        if value is None or when == ANY_DAY:
            return
        if any(self.chart.codes.value_of_fact(fact, code, value.coding) for code in loinc):
            course = lasting(self.chart, fact, Course(FIRST_DAY, when.last, LAST_DAY, LAST_DAY))
            self.findings.rows.append(PeriodRow(fact, Source.RECORD, ref, *course))

    def when(self, observation: Observation, ref: str) -> When:
        """Say when an observation was made: effective, else when its specimen was drawn, else no later than issued."""
        text = observation.effective_date_time or observation.effective_instant
        if text:
            try:
                return dated.read(text)
            except ValueError:
                self.chart.warnings.append(f"{ref}: effective is no FHIR date; read as not given")
                return ANY_DAY
        if observation.effective_period is not None:
            place = f"{ref}: effectivePeriod"
            start, end = dated.start_and_end(observation.effective_period, place, self.chart.warnings)
            if start is not None and end is not None and end.minute_of_day == 0 and end.first > start.last:
                end = When(end.first - 1, end.last - 1)  # midnight ends the day before
            return dated.hull(start, end, self.chart.day) or (ANY_DAY if end is None else When(FIRST_DAY, end.last))
        drawn = self.drawn(observation)
        if drawn is not None:
            return drawn
        issued = dated.read_or_warn(observation.issued, f"{ref}: issued", self.chart.warnings)
        return ANY_DAY if issued is None else When(FIRST_DAY, issued.last)

    def drawn(self, observation: Observation) -> When | None:
        found = self.chart.references.find(observation.specimen, observation)
        if not isinstance(found, Specimen) or found.collection is None:
            return None
        place = f"Specimen/{found.id}: collection"
        if found.collection.collected_date_time:
            return dated.read_or_warn(found.collection.collected_date_time, place, self.chart.warnings)
        return dated.hull(*dated.start_and_end(found.collection.collected_period, place, self.chart.warnings))

    def specimen(self, observation: Observation, when: When) -> str | None:
        """Name the draw: the specimen, else the minute."""
        key = self.chart.references.key(observation.specimen, observation)
        return key or (None if when.minute is None else f"minute {when.minute}")

    def has_successor(self, observation: Observation, final: dict[tuple[str, int], list[int | None]]) -> bool:
        """Say whether a final result of the same fact and time, or with the same identifier, is on file."""
        if any((identifier.system, identifier.value) in self.final_ids for identifier in observation.identifier):
            return True
        when = self.when(observation, f"Observation/{observation.id}")
        concepts = [observation.code, *(component.code for component in observation.component)]
        facts = {fact for concept in concepts for fact in self.hits(concept).facts}
        return any(
            minute is None or when.minute in (None, minute)
            for fact in facts
            for minute in final.get((fact, when.first), ())
        )


def _loinc(concept: AnyConcept | None) -> frozenset[str]:
    if concept is None:
        return frozenset()
    return frozenset(coding.code for coding in concept.coding if system_of(coding.system) == "loinc")


@lru_cache(maxsize=1024)
def _meal_tags(codes: tuple[str, ...]) -> int:
    """Give the flags of meal codes; before and after at once is no tag."""
    listed = ((MEAL_BEFORE, Flag.BEFORE_MEAL), (MEAL_FASTING, Flag.FASTING), (MEAL_AFTER, Flag.AFTER_MEAL))
    found = sum(int(flag) for meals, flag in listed if not meals.isdisjoint(codes))
    if found & Flag.AFTER_MEAL and found != Flag.AFTER_MEAL:
        return 0
    return found | (0 if LATER_MEALS.isdisjoint(codes) else LATER_MEAL)
