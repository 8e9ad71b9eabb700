"""Observations as rows: laboratory results, vital signs, readings of meters and sensors, coded states.

An observation counts by any LOINC code in its list of codes, or by those of its components. Cancelled ones, those
entered in error, those without a result yet, and preliminary ones with a final successor do not count. What speaks of a
result and cannot be read as one is a mention of it (see :mod:`priorauth.record.readers.mentions`). Plain glucose is
read last, when all is known that says whether its sample was drawn fasting (see
:mod:`priorauth.record.readers.fasting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from priorauth.facts.rows import Event, Measurement, Row, Source
from priorauth.facts.rows import Period as PeriodRow
from priorauth.fhir import counts
from priorauth.fhir.elements import Quantity, Range
from priorauth.fhir.structs import Component, DiagnosticReport, Observation, Specimen
from priorauth.glucose.flags import Flag
from priorauth.glucose.readings import LATER_MEAL, METER, SENSOR, Reading
from priorauth.record.chart import AnyConcept, Chart
from priorauth.record.codes import NOTHING, Hits, system_of
from priorauth.record.quantities import Amount
from priorauth.record.readers import fasting
from priorauth.record.readers.conditions import Course, lasting
from priorauth.record.readers.fasting import Fasting
from priorauth.record.readers.mentions import BY_WORDS, Mentions, Rate
from priorauth.record.readers.observed import made, of_another, says, specimen, written
from priorauth.record.tables import CONTROL_SOLUTION, LATER_MEALS, MEAL_AFTER, MEAL_BEFORE, MEAL_FASTING, MEAL_TAG
from priorauth.values.dates import ANY_DAY, FIRST_DAY, LAST_DAY, When

FINAL: Final = {"final", "amended", "corrected"}
PRELIMINARY: Final = "preliminary"
REGISTERED: Final = "registered"
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


class Drawn(NamedTuple):
    """A result that counts only if its sample was drawn fasting; the body is the observation or a component of it.

    ``ground`` says why it is no more than a mention, where it is in doubt.
    """

    observation: Observation
    body: Observation | Component
    facts: tuple[str, ...]
    ground: str | None = None


class Antibody(NamedTuple):
    """A result of a code of an attribute, such as an antibody."""

    fact: str
    ref: str
    when: When
    loinc: frozenset[str]
    body: Observation | Component


class Findings(Struct):
    """What the observations of one chart hold."""

    rows: list[Row] = msgspec.field(default_factory=list)
    readings: list[Reading] = msgspec.field(default_factory=list)
    results: dict[str, list[Result]] = msgspec.field(default_factory=dict)
    antibodies: list[Antibody] = msgspec.field(default_factory=list)
    rates: list[Rate] = msgspec.field(default_factory=list)
    worn: list[tuple[str, str, When, Quantity]] = msgspec.field(default_factory=list)
    sampled: list[Observation] = msgspec.field(default_factory=list)
    """Glucose in a SampledData, many readings in one observation."""


def read(chart: Chart) -> Findings:
    """Read every observation of the chart, then what reports hold."""
    reader = _Reader(chart, Findings())
    preliminary: list[Observation] = []
    for observation in chart.record.observations():
        if observation.specimen is not None and of_another(chart, observation):
            continue
        if observation.status in FINAL and not counts.modified(observation):
            reader.observation(observation)
            continue
        ground = counts.standing(observation)
        if ground == counts.OUT or (observation.status == REGISTERED and not says(observation)):
            continue
        if fasting.is_status(observation.code):
            reader.fasting.told(observation, sure=ground is None)
        if ground is None:
            preliminary.append(observation)
        else:
            reader.in_doubt(observation, ground)
    final = _final(reader) if preliminary else {}
    reader.read_drawn()
    for observation in preliminary:
        if not reader.has_successor(observation, final):
            reader.observation(observation)
    reader.read_drawn()
    for report in chart.record.all(DiagnosticReport):
        reader.mentions.report(report)
    return reader.findings


def _final(reader: _Reader) -> dict[tuple[str, int], list[int | None]]:
    """Return the minutes of all final results, by fact and day; those too of which fasting is not known yet."""
    found: dict[tuple[str, int], list[int | None]] = {}
    findings = reader.findings
    for one in reader.drawn:
        if one.ground is None:
            when = made(reader.chart, one.observation, f"Observation/{one.observation.id}")
            for fact in one.facts:
                found.setdefault((fact, when.first), []).append(when.minute)
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
    drawn: list[Drawn] = field(default_factory=list)
    fasting: Fasting = field(init=False)
    mentions: Mentions = field(init=False)
    hits: Callable[[AnyConcept | None], Hits] = field(init=False)
    amount: Callable[[str, Quantity], Amount] = field(init=False)

    def __post_init__(self) -> None:
        self.mentions = Mentions(self.chart, self.findings.rows, self.findings.rates)
        self.fasting = Fasting(self.chart)
        self.hits, self.amount = self.chart.codes.hits, self.chart.scales.amount

    def observation(self, observation: Observation) -> None:
        hits = self.hits(observation.code)
        said = observation.value_string
        if not said and observation.value_codeable_concept is not None:
            said = observation.value_codeable_concept.text
        if said and (facts := self.chart.codes.told(said.lower())):
            states = [fact for fact in facts if self.chart.vocabulary[fact].kind not in ("measurement", "event")]
            self.mentions.give(states, f"Observation/{observation.id}", observation, BY_WORDS)
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
                self.reading(METER, ref, made(self.chart, observation, ref), observation, observation.value_quantity)
                if observation.value_quantity is None or observation.value_quantity.value is None:
                    self.mentions.unread(METER, ref, observation, observation)
            return
        if hits is not NOTHING:
            self.body(hits, observation, observation, observation.code)
            own = set(hits.facts)
        else:
            own = None
            if facts := self.chart.codes.fasting(observation.code):
                self.drawn.append(Drawn(observation, observation, facts))
            elif observation.code is not None:
                if observation.status != PRELIMINARY and fasting.is_status(observation.code):
                    self.fasting.told(observation)
                self.mentions.by_words(observation.code, observation)
        for component in observation.component:
            inner = self.hits(component.code)
            if inner is not NOTHING and (own is None or not own.isdisjoint(inner.facts)):
                self.body(inner, observation, component, component.code)
            elif own is None and inner is NOTHING and (facts := self.chart.codes.fasting(component.code)):
                self.drawn.append(Drawn(observation, component, facts))

    def in_doubt(self, observation: Observation, ground: str) -> None:
        """Take an observation in doubt as a mention, once it is known of what."""
        facts = self.chart.codes.fasting(observation.code) if self.hits(observation.code) is NOTHING else ()
        if facts:
            self.drawn.append(Drawn(observation, observation, facts, ground))
        else:
            self.mentions.mention(observation, ground)

    def read_drawn(self) -> None:
        """Read the results that count only if their sample was drawn fasting: all that is said of fasting is known."""
        drawn, self.drawn = self.drawn, []
        for observation, body, facts, ground in drawn:
            ref = f"Observation/{observation.id}"
            if not self.fasting.is_so(observation):
                if ground is not None:
                    self.mentions.mention(observation, ground)
                elif body is observation and observation.code is not None:
                    self.mentions.by_words(observation.code, observation)
            elif ground is not None:
                self.mentions.give(facts, ref, observation, ground)
            elif body.data_absent_reason is None:
                when = made(self.chart, observation, ref)
                for fact in facts:
                    self.measurement(fact, ref, when, observation, body)

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
        when = made(self.chart, observation, ref)
        for fact in hits.facts:
            kind = self.chart.vocabulary[fact].kind
            if kind == "measurement":
                self.measurement(fact, ref, when, observation, body)
            elif fact == METER:
                self.reading(METER, ref, when, observation, body.value_quantity)
                self.mentions.unread(fact, ref, observation, body)
            elif kind == "condition":
                self.worn(fact, ref, when, _loinc(code), body)
            elif kind == "attribute":
                self.findings.antibodies.append(Antibody(fact, ref, when, _loinc(code), body))
        for fact in hits.valued:
            self.state(fact, ref, when, _loinc(code), body.value_codeable_concept)
        if hits.below:
            quantity = body.value_quantity or written(body.value_string)
            self.mentions.rates.extend(Rate(fact, ref, when, quantity) for fact in hits.below)

    def measurement(
        self, fact: str, ref: str, when: When, observation: Observation, body: Observation | Component
    ) -> None:
        quantity = body.value_quantity
        if quantity is None or quantity.value is None:
            self.mentions.unread(fact, ref, observation, body)
            return
        if fact == SENSOR:
            self.reading(SENSOR, ref, when, observation, quantity)
            return
        low, high, low_open, high_open, fault = self.amount(fact, quantity)
        row = Measurement(
            fact, _RECORD, ref, *self.mentions.since(when), when.minute, low, high, low_open, high_open,
            specimen(self.chart, observation, when) if fact in _DRAWN else None, fault,
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
        if fault is not None:
            self.mentions.give((fact,), ref, observation, fault)
            return
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
        """Return the meal tags of a reading as flags; None where what was measured is control solution."""
        found = None if observation.specimen is None else self.chart.references.find(observation.specimen, observation)
        if isinstance(found, Specimen) and found.type is not None and _CONTROL in found.type.text.lower():
            return None
        return marks(observation.component)

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

    def has_successor(self, observation: Observation, final: dict[tuple[str, int], list[int | None]]) -> bool:
        """Whether a final result of the same fact and time, or with the same identifier, is on file."""
        if any((identifier.system, identifier.value) in self.final_ids for identifier in observation.identifier):
            return True
        when = made(self.chart, observation, f"Observation/{observation.id}")
        concepts = [observation.code, *(component.code for component in observation.component)]
        facts = {fact for concept in concepts for fact in self.hits(concept).facts or self.chart.codes.fasting(concept)}
        return any(
            minute is None or when.minute in (None, minute)
            for fact in facts
            for minute in final.get((fact, when.first), ())
        )


def marks(components: Iterable[Component]) -> int | None:
    """Return the meal tags of the components of a reading as flags; None where they speak of control solution."""
    meals: tuple[str, ...] = ()
    for component in components:
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


def _loinc(concept: AnyConcept | None) -> frozenset[str]:
    if concept is None:
        return frozenset()
    return frozenset(coding.code for coding in concept.coding if system_of(coding.system) == "loinc")


@lru_cache(maxsize=1024)
def _meal_tags(codes: tuple[str, ...]) -> int:
    """Return the flags of meal codes; before and after at once is no tag."""
    listed = ((MEAL_BEFORE, Flag.BEFORE_MEAL), (MEAL_FASTING, Flag.FASTING), (MEAL_AFTER, Flag.AFTER_MEAL))
    found = sum(int(flag) for meals, flag in listed if not meals.isdisjoint(codes))
    if found & Flag.AFTER_MEAL and found != Flag.AFTER_MEAL:
        return 0
    return found | (0 if LATER_MEALS.isdisjoint(codes) else LATER_MEAL)
