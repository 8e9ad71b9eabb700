"""Coded episodes: events that a diagnosis tells of, each counted once, and stays in hospital for them.

A diagnosis counts once per encounter, or once per day where no encounter is named. An entry on the problem list repeats
what an encounter says and counts only where the record has no other coded event of that fact, and then once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.facts.rows import Event, Measurement, Row, Source, mentioned
from priorauth.fhir import dated
from priorauth.fhir.elements import NamedConcept
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Condition, Encounter
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.readers.conditions import TENTATIVE, onset
from priorauth.record.tables import ACUTE_CARE, INPATIENT
from priorauth.values.dates import FIRST_DAY, When

STAY: Final = "diabetes_hospital_stay"
STAYED_FOR: Final = frozenset({"ketoacidosis", "hypoglycemia", "severe_hypoglycemia"})
_PROBLEM: Final = "problem-list-item"
_AT_ENCOUNTER: Final = "encounter-diagnosis"


class Sighting(NamedTuple):
    """One mention of an event: in which encounter, when, and whether only on the problem list."""

    fact: str
    ref: str
    encounter: str | None
    when: When
    problem: bool
    ground: str | None = None
    """Why it is no more than a mention, where it is in doubt."""


def rows(chart: Chart) -> Iterator[Row]:
    """Yield events and stays."""
    encounters = _Encounters(chart)
    sightings = [*_of_conditions(chart, encounters), *_of_encounters(chart, encounters)]
    sightings.sort(
        key=lambda one: (
            *(one.fact, one.ground is not None, one.problem, one.encounter is None),
            *(one.when.first, one.when.last, one.ref),
        )
    )
    counted: dict[str, set[object]] = {}
    for sighting in sightings:
        seen = counted.setdefault(sighting.fact, set())
        if sighting.problem and seen:
            continue
        day = (sighting.when.first, sighting.when.last)
        keys = {day} if sighting.encounter is None else {sighting.encounter}
        if seen.isdisjoint(keys):
            row = Event(sighting.fact, Source.RECORD, sighting.ref, *day, sighting.when.minute)
            yield row if sighting.ground is None else mentioned(row, sighting.ground)
        seen |= keys | {day}
    yield from _stays(chart, encounters)


class _Encounters:
    """The encounters of a chart that took place, and the diagnoses made in each."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.held = list(chart.record.all(Encounter))
        self.of_condition: dict[int, str] = {}
        self.made_in: dict[str, list[Condition]] = {}
        for condition in chart.record.all(Condition):
            key = chart.references.key(condition.encounter, condition)
            if key is not None:
                self.made_in.setdefault(key, []).append(condition)
        for encounter in self.held:
            for condition in self.conditions(encounter):
                self.of_condition.setdefault(id(condition), name_of(encounter))

    def conditions(self, encounter: Encounter) -> Iterator[Condition]:
        """Yield the conditions that an encounter names as diagnosis or reason."""
        references = [*(one.condition for one in encounter.diagnosis), *encounter.reason_reference]
        for reference in references:
            found = self.chart.references.find(reference, encounter)
            if isinstance(found, Condition):
                yield found

    def doubt(self, encounter: Encounter, facts: frozenset[str]) -> str | None:
        """Return why it is in doubt that an encounter was for one of some facts, None where it is not."""
        if ground := self.chart.doubt(encounter):
            return ground
        named = [*self.conditions(encounter), *self.made_in.get(name_of(encounter), ())]
        grounds = [_ground(self.chart, one) for one in named if not facts.isdisjoint(_events(self.chart, one.code))]
        if None in grounds or not facts.isdisjoint(_events(self.chart, *encounter.reason_code)):
            return None
        return next(iter(grounds), None)

    def when(self, encounter: Encounter) -> When | None:
        """Return the start of an encounter."""
        place = f"{name_of(encounter)}: period"
        return dated.start_and_end(encounter.period, place, self.chart.warnings)[0]


def _ground(chart: Chart, condition: Condition) -> str | None:
    """Return why a diagnosis is in doubt, None where it stands."""
    if ground := chart.doubt(condition):
        return ground
    if has_code([condition.verification_status], TENTATIVE):
        return "not confirmed"
    begun = onset(chart, condition, name_of(condition))
    return "begins after the request" if begun is not None and begun.first > chart.day else None


def _events(chart: Chart, *concepts: NamedConcept | None) -> Iterator[str]:
    return (fact for fact in chart.codes.facts(codings(*concepts)) if chart.vocabulary[fact].kind == "event")


def _of_conditions(chart: Chart, encounters: _Encounters) -> Iterator[Sighting]:
    held = {name_of(encounter): encounter for encounter in encounters.held}
    for condition in chart.record.all(Condition):
        facts = list(_events(chart, condition.code))
        if not facts:
            continue
        key = encounters.of_condition.get(id(condition)) or chart.references.key(condition.encounter, condition)
        problem = (
            key is None
            and has_code(condition.category, {_PROBLEM})
            and not has_code(condition.category, {_AT_ENCOUNTER})
        )
        place = name_of(condition)
        when = onset(chart, condition, place)
        if when is None:
            visit = encounters.when(held[key]) if key in held else None
            recorded = dated.read_or_warn(condition.recorded_date, f"{place}: recordedDate", chart.warnings)
            when = visit or recorded or When(FIRST_DAY, chart.day)
        ground = _ground(chart, condition)
        yield from (Sighting(fact, place, key, when, problem, ground) for fact in facts)


def _of_encounters(chart: Chart, encounters: _Encounters) -> Iterator[Sighting]:
    """Yield what encounters of acute care name as their reason; the reason of an office visit may be long past."""
    for encounter in encounters.held:
        if encounter.class_ is None or encounter.class_.code not in ACUTE_CARE:
            continue
        when = encounters.when(encounter)
        if when is not None:
            ref = name_of(encounter)
            ground = chart.doubt(encounter)
            facts = _events(chart, *encounter.reason_code)
            yield from (Sighting(fact, ref, ref, when, False, ground) for fact in facts)


def _stays(chart: Chart, encounters: _Encounters) -> Iterator[Measurement]:
    """Yield the days of each inpatient stay for ketoacidosis or hypoglycemia, from its first day to its last."""
    for encounter in encounters.held:
        if encounter.class_ is None or encounter.class_.code not in INPATIENT:
            continue
        ref = name_of(encounter)
        named = [one.code for one in (*encounters.conditions(encounter), *encounters.made_in.get(ref, ()))]
        if STAYED_FOR.isdisjoint(_events(chart, *encounter.reason_code, *named)):
            continue
        start, end = dated.start_and_end(encounter.period, f"{ref}: period", chart.warnings)
        if start is not None:
            low, high = (
                (max(0, chart.day - start.last), None)
                if end is None
                else (end.first - start.last, end.last - start.first)
            )
            row = Measurement(STAY, Source.RECORD, ref, start.first, start.last, start.minute, max(0, low), high)
            ground = encounters.doubt(encounter, STAYED_FOR)
            yield row if ground is None else mentioned(row, ground)
