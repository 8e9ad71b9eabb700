"""Reading a case: a FHIR R4 Bundle, with its answers and perhaps a judgments file, becomes one request per item, in rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from priorauth.facts.case import by_fact
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.facts.vocabulary import Vocabulary
from priorauth.record import (
    answered,
    approvals,
    bundle,
    conditions,
    coverage,
    dated,
    derived,
    devices,
    documents,
    episodes,
    infusion,
    labs,
    logs,
    medications,
    observations,
    orders,
    practice,
    regimen,
    request,
)
from priorauth.record import judgments as judging
from priorauth.record.chart import Chart
from priorauth.record.claims import Asked, asked
from priorauth.record.codes import compiled
from priorauth.record.medications import Order
from priorauth.record.practice import Practice
from priorauth.record.limits import MAX_BYTES
from priorauth.record.quantities import Scales
from priorauth.record.references import name_of
from priorauth.record.refused import RefusedInput
from priorauth.record.request import Request
from priorauth.record.statements import QuestionnaireResponse
from priorauth.record.structs import Claim
from priorauth.values.dates import When
from priorauth.values.units import Units

__all__ = ["CaseFile", "RefusedInput", "Request", "read_bundle"]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it was read: whose, what is asked (in item order), and what is said beside it.

    ``coverage`` is the reference of the Coverage under which is asked; ``judged_by`` names the clinician of a judgments
    file.
    """

    patient: str
    requests: tuple[Request, ...]
    warnings: tuple[str, ...]
    coverage: str
    judged_by: str | None = None


def read_bundle(
    source: bytes | Mapping[str, object],
    *,
    name: str = "bundle",
    vocabulary: Vocabulary,
    units: Units,
    judgments: bytes | Mapping[str, object] | None = None,
    judgments_name: str = "judgments",
    max_bytes: int = MAX_BYTES,
) -> CaseFile:
    """Read a case; raises RefusedInput with one line for each fault. ``name`` stands for the source in errors."""
    record = bundle.read(source, name, max_bytes=max_bytes)
    patient, claims = asked(record)
    codes, scales = compiled(vocabulary), Scales(vocabulary, units)
    born = dated.read_or_warn(patient.birth_date, f"{name_of(patient)}: birthDate", record.warnings)
    judged = (
        None
        if judgments is None
        else judging.read(judgments, judgments_name, record, patient, vocabulary, [one.claim for one in claims])
    )
    requests: list[Request] = []
    charts: dict[int, tuple[Chart, _Clinical]] = {}
    for one in claims:
        day = one.created.first
        if day not in charts:
            chart = Chart(record, patient, codes, scales, day, born, record.warnings)
            charts[day] = (chart, _clinical(chart))
        chart, clinical = charts[day]
        rows = judged.rows if judged is not None and any(claim is one.claim for claim in judged.claims) else ()
        requests.extend(_requests(chart, one, clinical, rows))
    warnings = tuple(dict.fromkeys(record.warnings))
    return CaseFile(
        patient=name_of(patient),
        requests=tuple(_with_warnings(made, warnings) for made in requests),
        warnings=warnings,
        coverage=name_of(claims[0].coverage),
        judged_by=None if judged is None else judged.author,
    )


@dataclass(frozen=True, slots=True)
class _Clinical:
    """What holds for every request of the member: rows, and the orders for drugs."""

    rows: list[Row]
    orders: list[Order]


def _clinical(chart: Chart) -> _Clinical:
    findings = observations.read(chart)
    drugs = medications.orders(chart)
    states = list(conditions.rows(chart))
    treated = [*medications.treatment(drugs), *(row for row in states if row.fact == medications.TREATED)]
    rows: list[Row] = [
        *states,
        *(row for row in treated if row not in states),
        *findings.rows,
        *logs.rows(chart, findings.readings),
        *labs.rows(chart, findings, treated),
        *episodes.rows(chart),
        *regimen.rows(chart, drugs),
        *infusion.spasticity_weeks(chart, drugs),
        *orders.rows(chart),
        *devices.rows(chart),
    ]
    return _Clinical(rows, drugs)


def _requests(chart: Chart, one: Asked, clinical: _Clinical, judged: Iterable[Row]) -> Iterator[Request]:
    """Give the requests of one claim."""
    claim = one.claim
    shared: list[Row] = [
        *clinical.rows,
        *conditions.claimed(chart, claim),
        *orders.claimed(chart, claim),
        *coverage.rows(chart, one),
        *approvals.rows(chart, one),
    ]
    for place, item in enumerate(request.items(claim), 1):
        product = request.product_of(item.product_or_service)
        team = practice.practice(chart, claim, product)
        known = [*shared, *_answers(chart, one, team), *practice.visits(chart, team), *_papers(chart, team, product)]
        known.extend(request.rows(chart, one, item, known))
        known.extend(infusion.of_request(chart, one, item, product, clinical.orders, known))
        known.extend(derived.rows(chart, known))
        known.extend(judged)
        yield Request(
            item=place,
            claim=name_of(claim),
            claim_identifiers=tuple(f"{each.system}|{each.value}" for each in claim.identifier),
            payer=coverage.payer_of(one),
            payer_names=coverage.payer_names(one),
            product=product,
            insulin_pumps_in_request=request.insulin_pumps(claim),
            requested_on=one.created.first,
            received_on=_received(known, one.created.first),
            service_on=request.service_day(chart, one, item),
            expedited=_stat(claim),
            rows=by_fact(sorted(known, key=_order)),
        )


def _papers(chart: Chart, team: Practice, product: str | None) -> Iterator[Row]:
    """Give the rows of documents; the order for the pump itself comes before a paper that speaks of it."""
    ordered = list(orders.pump_order(chart, product))
    yield from ordered
    for row in documents.rows(chart, team.prescriber):
        if not ordered or row.fact != ordered[0].fact:
            yield row


def _answers(chart: Chart, one: Asked, team: Practice) -> Iterator[Row]:
    """Give the rows of every questionnaire in the Bundle; without a date it was filled in on the day of the claim."""
    for form in chart.record.all(QuestionnaireResponse):
        if form.status == "entered-in-error":
            continue
        ref = name_of(form)
        authored = dated.read_or_warn(form.authored, f"{ref}: authored", chart.warnings) or one.created
        of_supplier = practice.is_supplier(chart, team, form.author, form)
        statement = answered.Statement(ref, authored, of_supplier, chart.scales, chart.warnings)
        yield from answered.rows(statement, form.item)


def _stat(claim: Claim) -> bool:
    return claim.priority is not None and any(coding.code == "stat" for coding in claim.priority.coding)


def _received(rows: Iterable[Row], created: int) -> int:
    """Give the day of receipt: the newest answer, else the day of the claim."""
    stated = [
        (row.first, row.low)
        for row in rows
        if isinstance(row, Answer) and row.fact == "request_received_on" and row.source is not Source.SHOWN
        if row.low is not None
    ]
    return max(stated)[1] if stated else created


def _order(row: Row) -> tuple[str, int, int, int, str]:
    """Order rows by when they were, then by what they rest on, whatever the order of the Bundle."""
    if isinstance(row, Period):
        return row.fact, row.start_first, row.end_last, -1, row.ref
    if isinstance(row, Whole):
        return row.fact, row.first, row.last, -1, row.ref
    minute = -1 if row.minute is None else row.minute
    return row.fact, row.first, row.last, minute, row.ref


def _with_warnings(made: Request, warnings: tuple[str, ...]) -> Request:
    return dataclasses.replace(made, warnings=warnings)
