"""Hints: what speaks of a condition or a statement elsewhere than where it would be proved: it ends silence.

Procedures, encounters, orders, devices, episodes of care, flags and the conclusions of reports speak by their codes and
by their words, diagnoses by words too. Which codes and words those are is the vocabulary's to say (``codes``,
``hint_codes``, ``hint_words``). Each makes a mention, never more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.facts.rows import UNREAD, Answer, Period, Row, Source
from priorauth.fhir import dated
from priorauth.fhir.elements import NamedConcept, Resource
from priorauth.fhir.forms import DocumentReference
from priorauth.fhir.prescriptions import DeviceRequest, ServiceRequest
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import (
    Claim,
    Condition,
    Device,
    DiagnosticReport,
    Encounter,
    EpisodeOfCare,
    Flag,
    Procedure,
)
from priorauth.record.chart import Chart, codings
from priorauth.record.readers.conditions import HINT, course_of
from priorauth.record.readers.documents import own
from priorauth.record.readers.orders import HINTED, authored
from priorauth.values.dates import FIRST_DAY, LAST_DAY, When

_WORDS: Final = "named by words"


class Spoken(NamedTuple):
    """What one resource says in codes and words, and when."""

    resource: Resource
    concepts: tuple[NamedConcept, ...]
    when: When | None = None
    words: str = ""
    coded: bool = True
    """Whether its codes are a hint; those of a diagnosis are read as what they are."""


def rows(chart: Chart) -> Iterator[Row]:
    """Yield the mentions of every resource that only hints."""
    for spoken in _spoken(chart):
        listed = codings(*spoken.concepts)
        told = chart.codes.told(" | ".join([*[concept.words for concept in spoken.concepts], spoken.words.lower()]))
        if not told and not chart.codes.any_known(listed):
            continue
        facts: dict[str, str] = {}
        if spoken.coded:
            facts |= dict.fromkeys((*chart.codes.facts(listed), *chart.codes.hints(listed)), HINT)
            facts.pop(HINTED, None)  # an order for a sensor is read where orders are
            if isinstance(spoken.resource, DocumentReference):  # and a document where documents are
                facts = {fact: ground for fact, ground in facts.items() if fact not in own(chart.vocabulary)}
        else:
            facts |= dict.fromkeys(
                (fact for fact in chart.codes.hints(listed) if chart.vocabulary[fact].kind != "condition"), HINT
            )
        facts = dict.fromkeys(told, _WORDS) | facts
        for fact, ground in facts.items():
            yield from _mention(chart, fact, _dated(chart, spoken), ground)


def claimed(chart: Chart, claim: Claim) -> Iterator[Row]:
    """Yield the mentions of a claim's own diagnoses by their words."""
    for diagnosis in claim.diagnosis:
        concept = diagnosis.diagnosis_codeable_concept
        if concept is not None:
            for fact in chart.codes.spoken(concept):
                yield from _mention(chart, fact, Spoken(claim, (concept,)), _WORDS)


def _mention(chart: Chart, name: str, spoken: Spoken, ground: str) -> Iterator[Row]:
    """Yield one mention, unless it is older than the days for which the vocabulary says that such a hint counts."""
    fact, ref = chart.vocabulary[name], name_of(spoken.resource)
    last = chart.day if spoken.when is None else spoken.when.last
    until = LAST_DAY if fact.hint_days is None else last + fact.hint_days
    if fact.kind == "condition":
        yield Period(name, Source.RECORD, ref, FIRST_DAY, last, until, until, low=0, high=1, ground=ground)
    elif fact.kind in ("attestation", "judgment") and until >= chart.day:
        yield Answer(name, Source.RECORD, ref, UNREAD, FIRST_DAY, max(last, chart.day), ground=ground)


def _dated(chart: Chart, spoken: Spoken) -> Spoken:
    """Return what a diagnosis says with its days: most are read as what they are, and hint at nothing more."""
    if not isinstance(spoken.resource, Condition):
        return spoken
    course = course_of(chart, spoken.resource)
    return spoken._replace(when=When(course.start_first, course.start_last))


def _spoken(chart: Chart) -> Iterator[Spoken]:
    """Yield what may hint, resource by resource."""
    for condition in chart.record.all(Condition):
        yield Spoken(condition, _all(condition.code), coded=False)
    for procedure in chart.record.all(Procedure):
        yield Spoken(procedure, _all(procedure.code), _performed(chart, procedure))
    for encounter in chart.record.all(Encounter):
        concepts = (*encounter.type, *encounter.reason_code, *_all(encounter.service_type))
        start, _ = dated.start_and_end(encounter.period, f"{name_of(encounter)}: period", chart.warnings)
        yield Spoken(encounter, concepts, start)
    for order in chart.record.all(ServiceRequest):
        if not order.do_not_perform:
            yield Spoken(order, _all(order.code), authored(chart, order))
    for wanted in chart.record.all(DeviceRequest):
        yield Spoken(wanted, _all(wanted.code_codeable_concept), authored(chart, wanted))
    for device in chart.record.all(Device):
        yield Spoken(device, _all(device.type), words=" | ".join(name.name for name in device.device_name))
    for episode in chart.record.all(EpisodeOfCare):
        yield Spoken(episode, tuple(episode.type))
    for flag in chart.record.all(Flag):
        yield Spoken(flag, _all(flag.code))
    for report in chart.record.all(DiagnosticReport):
        yield Spoken(report, tuple(report.conclusion_code), words=report.conclusion)
    for paper in chart.record.all(DocumentReference):
        yield Spoken(paper, _all(paper.type))


def _all(concept: NamedConcept | None) -> tuple[NamedConcept, ...]:
    return () if concept is None else (concept,)


def _performed(chart: Chart, procedure: Procedure) -> When | None:
    place = f"{name_of(procedure)}: performed"
    if procedure.performed_date_time:
        return dated.read_or_warn(procedure.performed_date_time, place, chart.warnings)
    return dated.start_and_end(procedure.performed_period, place, chart.warnings)[0]
