"""When an observation was made, on which sample, and in which element its value stands."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import msgspec

from priorauth.fhir import dated
from priorauth.fhir.elements import Quantity
from priorauth.fhir.structs import Component, DiagnosticReport, Observation, Specimen
from priorauth.record.chart import Chart
from priorauth.record.claims import is_of
from priorauth.values.dates import ANY_DAY, FIRST_DAY, When

_WRITTEN: Final = re.compile(r"\s*(<=|>=|<|>|≤|≥)?\s*(\d{1,6}(?:\.\d{1,6})?)(?![\d.,/-])", re.ASCII)
_SIGNS: Final = {"≤": "<=", "≥": ">="}


def made(chart: Chart, observation: Observation, ref: str) -> When:
    """Return when an observation was made: effective, else when its specimen was drawn, else no later than issued."""
    text = observation.effective_date_time or observation.effective_instant
    if text:
        return dated.read_or_warn(text, f"{ref}: effective", chart.warnings) or ANY_DAY
    if observation.effective_period is not None:
        place = f"{ref}: effectivePeriod"
        start, end = dated.start_and_end(observation.effective_period, place, chart.warnings)
        if start is not None and end is not None and end.minute_of_day == 0 and end.first > start.last:
            end = When(end.first - 1, end.last - 1)  # midnight ends the day before
        return dated.hull(start, end, chart.day) or (ANY_DAY if end is None else When(FIRST_DAY, end.last))
    collected = drawn(chart, observation)
    if collected is not None:
        return collected
    issued = dated.read_or_warn(observation.issued, f"{ref}: issued", chart.warnings)
    return ANY_DAY if issued is None else When(FIRST_DAY, issued.last)


def drawn(chart: Chart, observation: Observation) -> When | None:
    """Return when the specimen of an observation was collected, None where it does not say."""
    found = chart.references.find(observation.specimen, observation)
    if not isinstance(found, Specimen) or found.collection is None:
        return None
    place = f"Specimen/{found.id}: collection"
    if found.collection.collected_date_time:
        return dated.read_or_warn(found.collection.collected_date_time, place, chart.warnings)
    return dated.hull(*dated.start_and_end(found.collection.collected_period, place, chart.warnings))


def of_another(chart: Chart, observation: Observation) -> bool:
    """Return whether what was tested is a sample of somebody else."""
    found = chart.references.find(observation.specimen, observation)
    if not isinstance(found, Specimen) or found.subject is None:
        return False
    if is_of(chart.record, chart.patient, found.subject, found):
        return False
    chart.warnings.append(f"Observation/{observation.id}: its specimen is of somebody else; it does not count")
    return True


def specimen(chart: Chart, observation: Observation, when: When) -> str | None:
    """Return the name of the draw: the specimen, else the minute."""
    key = chart.references.key(observation.specimen, observation)
    return key or (None if when.minute is None else f"minute {when.minute}")


def says(body: Observation | Component) -> str:
    """Return in which element a value stands, "" where there is none."""
    if body.value_quantity is not None:
        return "valueQuantity"
    if body.value_string:
        return "valueString"
    if body.value_codeable_concept is not None:
        return "valueCodeableConcept"
    for name, value in (("valueInteger", body.value_integer), ("valueBoolean", body.value_boolean)):
        if value is not None:
            return name
    for name, raw in (("valueRange", body.value_range), ("valueRatio", body.value_ratio)):
        if raw:
            return name
    return ""


def written(text: str) -> Quantity:
    """Return the number that a text begins with, with its comparator (``>59 mL/min``); none where there is none."""
    found = _WRITTEN.match(text)
    if found is None:
        return Quantity()
    return Quantity(value=Decimal(found[2]), comparator=_SIGNS.get(found[1] or "", found[1] or ""))


def is_dated(observation: Observation) -> bool:
    """Return whether an observation says when it was made."""
    return bool(observation.effective_date_time or observation.effective_instant or observation.effective_period)


def at(observation: Observation, report: DiagnosticReport) -> Observation:
    """Return an observation the time of the report that holds it."""
    return msgspec.structs.replace(
        observation,
        effective_date_time=report.effective_date_time, effective_period=report.effective_period, issued=report.issued,
    )  # fmt: skip
