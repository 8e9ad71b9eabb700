"""Reading a case: a FHIR R4 Bundle, with answers and perhaps judgments, becomes one request per item, in rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from priorauth.errors import InputRefused
from priorauth.facts.rows import Answer, Row, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import bundle, dated
from priorauth.fhir.bundle import Record
from priorauth.fhir.forms import QuestionnaireResponse
from priorauth.fhir.limits import MAX_BYTES
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim, ClaimItem, Patient
from priorauth.record import authors, derived, practice, request, supplies, together, words
from priorauth.record.answers import judgments as judging
from priorauth.record.answers import read
from priorauth.record.chart import Chart
from priorauth.record.claims import Asked, asked, unasked
from priorauth.record.codes import compiled
from priorauth.record.ordering import in_order
from priorauth.record.practice import Practice
from priorauth.record.quantities import scales
from priorauth.record.readers import (
    approvals,
    conditions,
    coverage,
    devices,
    documents,
    episodes,
    hints,
    infusion,
    labs,
    logs,
    medications,
    models,
    observations,
    orders,
    regimen,
    valued,
)
from priorauth.record.readers.medications import Order
from priorauth.record.request import Request
from priorauth.values.units import Units

if TYPE_CHECKING:
    from priorauth.glucose.logbook import Logbook

Judged = bytes | Mapping[str, object] | Sequence[bytes | Mapping[str, object]] | None
"""Judgments: a QuestionnaireResponse, as JSON bytes or parsed, or one of each of several clinicians."""

__all__ = ["CaseFile", "InputRefused", "Request", "read_bundle", "read_member", "read_record"]


class CaseFile(Struct, frozen=True):
    """A case as it was read: whose, what is asked (in item order), and what is said beside it.

    ``coverage`` is the reference of the Coverage under which is asked; ``judged_by`` names the clinicians of the
    judgments.
    """

    patient: str
    requests: tuple[Request, ...]
    warnings: tuple[str, ...]
    coverage: str
    judged_by: str | None = None


def read_bundle(  # noqa: PLR0913  # the public interface; all but the source are given by name
    source: bytes | Mapping[str, object],
    *,
    name: str = "bundle",
    vocabulary: Vocabulary,
    units: Units,
    judgments: Judged = None,
    judgments_name: str = "judgments",
    logbook: Logbook | None = None,
    beside: Sequence[Row] = (),
    draft: bool = False,
    max_bytes: int = MAX_BYTES,
) -> CaseFile:
    """Read a case; raises InputRefused with one line for each fault. ``name`` stands for the source in errors.

    ``logbook`` holds the glucose logs that came beside the Bundle, ``beside`` rows that people confirmed of documents;
    ``draft``: a claim that is still one is read too.
    """
    record = bundle.read(source, name, max_bytes=max_bytes)
    return read_record(
        record,
        vocabulary,
        units,
        judgments=judgments,
        judgments_name=judgments_name,
        logbook=logbook,
        beside=beside,
        draft=draft,
    )


def read_record(  # noqa: PLR0913  # as read_bundle
    record: Record,
    vocabulary: Vocabulary,
    units: Units,
    *,
    judgments: Judged = None,
    judgments_name: str = "judgments",
    logbook: Logbook | None = None,
    beside: Sequence[Row] = (),
    draft: bool = False,
) -> CaseFile:
    """Read a case from resources that are already decoded; raises InputRefused."""
    patient, claims = asked(record, draft=draft)
    codes, scale = compiled(vocabulary), scales(vocabulary, units)
    born = dated.read_or_warn(patient.birth_date, f"{name_of(patient)}: birthDate", record.warnings)
    judged: list[judging.Judgments] = []
    if judgments is not None:
        asking = [one.claim for one in claims]
        case = Chart(record, patient, codes, scale, claims[0].created.first, born, record.warnings)
        opened = judging.Open(record, patient, asking, practice.named(case, asking))
        each = [judgments] if isinstance(judgments, bytes | Mapping) else judgments
        judged = [judging.read(one, judgments_name, opened, vocabulary) for one in each]
    requests: list[Request] = []
    held = together.lines(one.claim for one in claims)
    charts: dict[int, tuple[Chart, _Clinical]] = {}
    for one in claims:
        day = one.created.first
        if day not in charts:
            chart = Chart(record, patient, codes, scale, day, born, record.warnings)
            charts[day] = (chart, _clinical(chart, logbook, held))
        chart, clinical = charts[day]
        rows = tuple(row for form in judged if any(claim is one.claim for claim in form.claims) for row in form.rows)
        requests.extend(_requests(chart, one, clinical, rows, beside))
    warnings = (*sorted(set(record.warnings)), *(() if logbook is None else logbook.warnings))
    return CaseFile(
        patient=name_of(patient),
        requests=tuple(_with_warnings(made, warnings) for made in requests),
        warnings=warnings,
        coverage=name_of(claims[0].coverage),
        judged_by=", ".join(dict.fromkeys(form.author for form in judged if form.claims)) or None,
    )


def read_member(
    record: Record, patient: Patient, day: int, vocabulary: Vocabulary, units: Units
) -> dict[str, tuple[Row, ...]]:
    """Read a member who asks for nothing, as of a day: every row that needs no request; raises InputRefused.

    Nobody is the prescriber or the supplier then, so that no visit counts as the prescriber's and every answer as the
    practice's.
    """
    one = unasked(record, patient, day)
    born = dated.read_or_warn(patient.birth_date, f"{name_of(patient)}: birthDate", record.warnings)
    chart = Chart(record, patient, compiled(vocabulary), scales(vocabulary, units), day, born, record.warnings)
    known: dict[str, Sequence[Row]] = dict(_grouped(_clinical(chart, None).rows))
    _add(known, [*coverage.rows(chart, one), *approvals.rows(chart, one), *request.member(chart)])
    answers = list(_answers(chart, one, practice.practice(chart, one.claim, None)))
    _add(known, answers)
    _make_certain(chart, known, ())
    _hear(chart, known, answers)
    _add(known, derived.rows(chart, known))
    return _sorted(known)


class _Clinical(Struct, frozen=True):
    """What holds for every request of the member: rows, the orders for drugs, and all that is asked for."""

    rows: list[Row]
    orders: list[Order]
    held: Sequence[together.Line]


def _clinical(chart: Chart, logbook: Logbook | None, held: Sequence[together.Line] = ()) -> _Clinical:
    findings = observations.read(chart)
    drugs = medications.orders(chart)
    states = list(conditions.rows(chart))
    by_orders = list(medications.treatment(drugs))
    treated = [*by_orders, *(row for row in states if row.fact == medications.TREATED)]
    rows: list[Row] = [
        *states,
        *by_orders,
        *findings.rows,
        *logs.rows(chart, findings, logbook),
        *labs.rows(chart, findings, treated),
        *episodes.rows(chart),
        *regimen.rows(chart, drugs),
        *infusion.spasticity_weeks(chart, drugs),
        *orders.rows(chart),
        *devices.rows(chart),
        *valued.rows(chart),
    ]
    return _Clinical([*rows, *_further(hints.rows(chart), rows)], drugs, held)


def _further(hinted: Iterable[Row], rows: Sequence[Row]) -> list[Row]:
    """Return the hints of resources that say nothing better of the same fact."""
    found = {(row.fact, row.ref): row for row in hinted}
    if found:
        facts = {fact for fact, _ in found}
        for row in rows:
            if row.fact in facts:
                found.pop((row.fact, row.ref), None)
    return list(found.values())


def _requests(
    chart: Chart, one: Asked, clinical: _Clinical, judged: Iterable[Row], beside: Sequence[Row]
) -> Iterator[Request]:
    """Yield the requests of one claim; ``beside`` are rows from beside the Bundle."""
    claim = one.claim
    shared = _sorted(
        _grouped(
            [
                *clinical.rows,
                *conditions.claimed(chart, claim),
                *orders.claimed(chart, claim),
                *hints.claimed(chart, claim),
                *coverage.rows(chart, one),
                *approvals.rows(chart, one),
            ]
        )
    )
    pumps = request.insulin_pumps(claim)
    for place, item in request.items(claim):
        product = request.product_of(item.product_or_service)
        team = practice.practice(chart, claim, product)
        known: dict[str, Sequence[Row]] = dict(shared)
        answers = list(_answers(chart, one, team))
        _add(
            known,
            [
                *answers,
                *beside,
                *practice.visits(chart, team),
                *authors.signed(chart, team, _papers(chart, team, product)),
            ],
        )
        _make_certain(chart, known, list(request.member(chart)))
        _hear(chart, known, answers)
        _yield_to_answers(known)
        _add(known, [*request.rows(chart, one, item, known), *valued.claimed(chart, claim, item)])
        _add(known, [*together.rows(chart, one, item, clinical.held, known), *models.rows(chart, one, item)])
        _add(known, supplies.rows(chart, one, clinical.held))
        _add(known, infusion.of_request(chart, one, item, clinical.orders, known))
        _add(known, [*derived.rows(chart, known), *judged])
        yield Request(
            item=place,
            sequence=item.sequence if item.sequence > 0 else place,
            claim=name_of(claim),
            claim_identifiers=tuple(f"{each.system}|{each.value}" for each in claim.identifier),
            payer=coverage.payer_of(one),
            payer_names=coverage.payer_names(one),
            plan=coverage.plan_of(one),
            product=product,
            insulin_pumps_in_request=pumps,
            requested_on=one.created.first,
            received_on=_stated(known.get("request_received_on", ()), one.created.first),
            service_on=request.service_day(chart, one, item) or _stated(known.get("service_on", ()), one.created.first),
            expedited=_stat(claim),
            rows=_sorted(known, shared),
            words=words.of_request(chart, claim, item, _ordered(chart, one, item, product, clinical.orders)),
        )


def _ordered(chart: Chart, one: Asked, item: ClaimItem, product: str | None, drugs: list[Order]) -> list[object]:
    """Return the orders for what an item asks for: of the pump, of drugs for it, and those that the claim names."""
    return [
        *orders.device_orders(chart, product),
        *orders.service_orders(chart, product),
        *(drug.resource for drug in infusion.for_pump(chart, one, item, drugs)[1]),
        *infusion.named(chart, one, item),
    ]


def _make_certain(chart: Chart, known: dict[str, Sequence[Row]], member: Sequence[Answer]) -> None:
    """Add the no that sex or age makes certain, in place of a supplier's, which says the same."""
    of_member = {
        fact: (*known.get(fact, ()), *(row for row in member if row.fact == fact)) for fact in ("sex", "birth_date")
    }
    for fact, rows in derived.certain(chart, {**known, **of_member}).items():
        known[fact] = (*(row for row in known.get(fact, ()) if row.source is not Source.SHOWN), *rows)


def _hear(chart: Chart, known: dict[str, Sequence[Row]], answers: Iterable[Row]) -> None:
    """Make mentions of what a supplier says of clinical facts."""
    for fact in {row.fact for row in answers if row.source is Source.SHOWN}:
        known[fact] = read.heard(known[fact], chart.vocabulary[fact])


def _yield_to_answers(known: dict[str, Sequence[Row]]) -> None:
    """Leave out what was only assumed from the coverage where somebody says it: these count where nothing else does."""
    for fact in coverage.ASSUMED:
        listed = known.get(fact, ())
        if any(row.source is Source.ANSWER for row in listed):
            known[fact] = [row for row in listed if row.source is not Source.RECORD]


def _papers(chart: Chart, team: Practice, product: str | None) -> Iterator[Row]:
    """Yield the rows of documents; the order for the pump itself comes before a paper that speaks of it."""
    ordered = list(orders.pump_order(chart, product))
    yield from ordered
    for row in documents.rows(chart, team.prescriber):
        if not ordered or row.fact != ordered[0].fact:
            yield row


def _answers(chart: Chart, one: Asked, team: Practice) -> Iterator[Row]:
    """Yield the rows of every questionnaire in the Bundle; one that does not count makes mentions."""
    stamped = dated.read_or_warn(chart.record.stamped, "Bundle.timestamp", chart.warnings)
    last = one.created.last + _LATEST if stamped is None else stamped.last
    for form in chart.record.all(QuestionnaireResponse):
        ref = name_of(form)
        authored = dated.read_or_warn(form.authored, f"{ref}: authored", chart.warnings)
        ground = chart.doubt(form)
        if authored is None or authored.last > last or (chart.born is not None and authored.first < chart.born.first):
            chart.warnings.append(f"{ref}: authored: expected a day from birth to that of the Bundle; does not count")
            ground = ground or "authored on no day on which it can have been"
        of_supplier = practice.is_supplier(chart, team, form.author, form)
        when = one.created if authored is None or authored.last > last else authored
        by = authors.author(chart, team, () if form.author is None else (form.author,), form)
        said = read.Statement(ref, when, of_supplier, chart.scales, chart.warnings, ground, by)
        yield from read.rows(said, form.item)


_LATEST: Final = 366
"""Days after a request on which a form may still have been filled in, where the Bundle does not say its own day."""


def _stat(claim: Claim) -> bool:
    return claim.priority is not None and any(coding.code == "stat" for coding in claim.priority.coding)


def _stated(rows: Iterable[Row], created: int) -> int:
    """Return a day that was stated: the newest answer, else the day of the claim."""
    stated = [
        (row.first, row.low)
        for row in rows
        if isinstance(row, Answer) and row.source is not Source.SHOWN
        if row.low is not None
    ]
    return max(stated)[1] if stated else created


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    known: dict[str, list[Row]] = {}
    for row in rows:
        if row.fact in known:
            known[row.fact].append(row)
        else:
            known[row.fact] = [row]
    return known


def _add(known: dict[str, Sequence[Row]], rows: Iterable[Row]) -> None:
    """Put rows beside those known; what is shared between requests is copied, never changed."""
    for fact, found in _grouped(rows).items():
        known[fact] = (*known.get(fact, ()), *found)


def _sorted(
    known: Mapping[str, Sequence[Row]], shared: Mapping[str, tuple[Row, ...]] | None = None
) -> dict[str, tuple[Row, ...]]:
    """Sort each fact's rows; those that are shared as they stand are sorted already."""
    done = shared or {}
    return {fact: done[fact] if found is done.get(fact) else in_order(found) for fact, found in sorted(known.items())}


def _with_warnings(made: Request, warnings: tuple[str, ...]) -> Request:
    return structs.replace(made, warnings=warnings)
