"""Coded episodes: events that a diagnosis tells of, each counted once, and stays in hospital for them.

A diagnosis counts once per encounter, or once per day where no encounter is named. An entry on the problem list repeats
what an encounter says and counts only where the record has no other coded event of that fact, and then once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.facts.rows import Event, Measurement, Row, Source
from priorauth.record import dated
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.conditions import NOT_SO, TENTATIVE, onset
from priorauth.record.elements import Concept
from priorauth.record.references import name_of
from priorauth.record.structs import Condition, Encounter
from priorauth.record.tables import ACUTE_CARE, INPATIENT
from priorauth.values.dates import FIRST_DAY, When

NOT_HELD: Final = {"planned", "cancelled", "entered-in-error"}
STAY: Final = "diabetes_hospital_stay"
STAYED_FOR: Final = {"ketoacidosis", "hypoglycemia", "severe_hypoglycemia"}
_PROBLEM: Final = "problem-list-item"
_AT_ENCOUNTER: Final = "encounter-diagnosis"


class Sighting(NamedTuple):
    """One mention of an event: in which encounter, when, and whether only on the problem list."""

    fact: str
    ref: str
    encounter: str | None
    when: When
    problem: bool


def rows(chart: Chart) -> Iterator[Row]:
    """Give events and stays."""
    encounters = _Encounters(chart)
    sightings = [*_of_conditions(chart, encounters), *_of_encounters(chart, encounters)]
    sightings.sort(
        key=lambda one: (one.fact, one.problem, one.encounter is None, one.when.first, one.when.last, one.ref)
    )
    counted: dict[str, set[object]] = {}
    for sighting in sightings:
        seen = counted.setdefault(sighting.fact, set())
        if sighting.problem and seen:
            continue
        day = (sighting.when.first, sighting.when.last)
        keys = {day} if sighting.encounter is None else {sighting.encounter}
        if seen.isdisjoint(keys):
            yield Event(sighting.fact, Source.RECORD, sighting.ref, *day, sighting.when.minute)
        seen |= keys | {day}
    yield from _stays(chart, encounters)


class _Encounters:
    """The encounters of a chart that took place, and the diagnoses made in each."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.held = [one for one in chart.record.all(Encounter) if one.status not in NOT_HELD]
        self.of_condition: dict[int, str] = {}
        self.made_in: dict[str, list[Condition]] = {}
        for condition in chart.record.all(Condition):
            key = chart.references.key(condition.encounter, condition)
            if key is not None and _stands(condition):
                self.made_in.setdefault(key, []).append(condition)
        for encounter in self.held:
            for condition in self.conditions(encounter):
                self.of_condition.setdefault(id(condition), name_of(encounter))

    def conditions(self, encounter: Encounter) -> Iterator[Condition]:
        """Give the conditions that an encounter names as diagnosis or reason."""
        references = [*(one.condition for one in encounter.diagnosis), *encounter.reason_reference]
        for reference in references:
            found = self.chart.references.find(reference, encounter)
            if isinstance(found, Condition) and _stands(found):
                yield found

    def when(self, encounter: Encounter) -> When | None:
        """Give the start of an encounter."""
        place = f"{name_of(encounter)}: period"
        return dated.start_and_end(encounter.period, place, self.chart.warnings)[0]


def _stands(condition: Condition) -> bool:
    return not has_code([condition.verification_status], NOT_SO | TENTATIVE)


def _events(chart: Chart, *concepts: Concept | None) -> Iterator[str]:
    return (fact for fact in chart.codes.facts(codings(*concepts)) if chart.vocabulary[fact].kind == "event")


def _of_conditions(chart: Chart, encounters: _Encounters) -> Iterator[Sighting]:
    held = {name_of(encounter): encounter for encounter in encounters.held}
    for condition in chart.record.all(Condition):
        facts = list(_events(chart, condition.code)) if _stands(condition) else []
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
        yield from (Sighting(fact, place, key, when, problem) for fact in facts)


def _of_encounters(chart: Chart, encounters: _Encounters) -> Iterator[Sighting]:
    """Give what encounters of acute care name as their reason; the reason of an office visit may be long past."""
    for encounter in encounters.held:
        if encounter.class_ is None or encounter.class_.code not in ACUTE_CARE:
            continue
        when = encounters.when(encounter)
        if when is not None:
            ref = name_of(encounter)
            yield from (Sighting(fact, ref, ref, when, False) for fact in _events(chart, *encounter.reason_code))


def _stays(chart: Chart, encounters: _Encounters) -> Iterator[Measurement]:
    """Give the days of each inpatient stay for ketoacidosis or hypoglycemia, from its first day to its last."""
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
            yield Measurement(STAY, Source.RECORD, ref, start.first, start.last, start.minute, max(0, low), high)
