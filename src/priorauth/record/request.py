"""A request is one item of a claim: what is asked for, of whom, when; with every row known for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from msgspec import Struct

from priorauth.facts.rows import Answer, Event, Period, Row, Source, mentioned
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.fhir import dated
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim, ClaimItem, Condition, Diagnosis
from priorauth.record.chart import AnyConcept, Chart, codings, has_code
from priorauth.record.claims import Asked, certifications, withdrawn
from priorauth.record.codes import matches, plain, system_of
from priorauth.record.readers.responses import decided
from priorauth.record.tables import CERTIFICATION, CONTINUES, INITIAL, INSULIN_PUMPS, REVIEWED_ANEW
from priorauth.record.words import Words
from priorauth.values import dates
from priorauth.values.units import show

_LEVEL_II: Final = re.compile(r"[A-Z]\d{4}$", re.ASCII)
_ASKED_FIRST: Final = ("request_kind", "request_channel", "request_received_on", "service_on")
"""Where an answer stands, nothing is assumed from the request."""
NOT_FIRST: Final = (
    "pump_trial", "pump_trial_months", "trial_outcome", "prior_approval_on", "disposable_pump_approved",
    "automated_system_approved", "current_authorization", "rental_months_used", "current_pump_works",
    "current_pump_repairable", "warranty_ends_on", "pump_ownership", "replacement_reason", "repair_cost",
    "replacement_cost", "reservoir_change_interval",
)  # fmt: skip
"""Facts that nobody states of a member who never had a pump: a first request need not be one for a first pump."""
PUMP: Final = "insulin_pump_use"
KIND: Final = "request_kind"
FIRST: Final = "initial"
"""The kind of a request that says none, where nothing on file speaks of an earlier pump."""


class Request(Struct, frozen=True):
    """One item of a Claim.

    ``item`` is its place in the claim by sequence, from 1; ``sequence`` is the sequence itself. ``payer`` is the value
    of a ``urn:priorauth:payer`` identifier; ``payer_names`` are the names and other identifiers (``system|value``) by
    which a catalog may know the payer. Days are day numbers. ``rows`` holds every row known for this request, by fact.
    """

    item: int
    sequence: int
    claim: str
    claim_identifiers: tuple[str, ...]
    payer: str | None
    payer_names: tuple[str, ...]
    product: str | None
    insulin_pumps_in_request: int
    requested_on: int
    received_on: int
    service_on: int
    expedited: bool
    rows: Mapping[str, tuple[Row, ...]]
    warnings: tuple[str, ...] = ()
    plan: str | None = None
    """The plan by its ``Coverage.class``, for readings that a plan sets."""
    words: tuple[Words, ...] = ()
    """What the order and the claim's item say in words: to be shown beside a question, never evidence."""


def items(claim: Claim) -> list[tuple[int, ClaimItem]]:
    """Return the items that are not withdrawn, each with its place, in the order of their sequence."""
    ordered = sorted(claim.item, key=lambda item: item.sequence)
    return [(place, item) for place, item in enumerate(ordered, 1) if not withdrawn(item)]


def product_of(concept: AnyConcept | None) -> str | None:
    """Return the HCPCS code of a product; a code of no system counts where it looks like one."""
    for coding in codings(concept):
        code = coding.code.strip().upper()
        if _LEVEL_II.match(code) and (system_of(coding.system) == "hcpcs" or not coding.system):
            return code
    return None


def insulin_pumps(claim: Claim) -> int:
    """Count the items that are insulin pumps."""
    return sum(product_of(item.product_or_service) in INSULIN_PUMPS for _, item in items(claim))


def service_day(chart: Chart, asked: Asked, item: ClaimItem) -> int | None:
    """Return the day of service that an item names, None where it names none."""
    place = f"{name_of(asked.claim)}: item {item.sequence}"
    when = dated.read_or_warn(item.serviced_date, f"{place}: servicedDate", chart.warnings)
    if when is None and item.serviced_period is not None:
        when = dated.read_or_warn(item.serviced_period.start, f"{place}: servicedPeriod.start", chart.warnings)
    return None if when is None else when.first


def member(chart: Chart) -> Iterator[Answer]:
    """Yield what the Patient says: date of birth and sex."""
    ground = chart.doubt(chart.patient)
    for row in _member(chart):
        yield row if ground is None else mentioned(row, ground)


def _member(chart: Chart) -> Iterator[Answer]:
    stated = (Source.RECORD, name_of(chart.patient))
    if chart.born is not None:
        born = (chart.born.first, chart.born.last)
        yield Answer("birth_date", *stated, chart.patient.birth_date, chart.day, chart.day, None, *born)
    if chart.sex is not None:
        yield Answer("sex", *stated, chart.sex, chart.day, chart.day)


def rows(chart: Chart, asked: Asked, item: ClaimItem, known: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Yield the rows of the request itself; ``known`` are all other rows by fact, answers among them."""
    ref = name_of(asked.claim)
    day = asked.created.first
    said_so = (Source.ANSWER, Source.DOCUMENT)
    answered = {fact for fact in _ASKED_FIRST if any(row.source in said_so for row in known.get(fact, ()))}

    def said(fact: str, text: str, low: int | None = None, high: int | None = None) -> Answer:
        return Answer(fact, Source.RECORD, ref, text, day, day, None, low, high)

    product = product_of(item.product_or_service)
    if product is not None:
        yield said("product_code", product)
        if (category := chart.codes.value("pump_category", codings(item.product_or_service))) is not None:
            yield said("pump_category", category)
    yield from _quantity(chart, asked, item, said)
    if (bought := chart.codes.value("purchase_or_rental", codings(*item.modifier))) is not None:
        yield said("purchase_or_rental", bought)
    service = service_day(chart, asked, item)
    if service is None and "service_on" not in answered:
        service = day
    if service is not None:
        yield said("service_on", dates.iso(service), service, service)
    if item.serviced_period is not None and (end := item.serviced_period.end) is not None:
        place = f"{name_of(asked.claim)}: item {item.sequence}: servicedPeriod.end"
        if (until := dated.read_or_warn(end, place, chart.warnings)) is not None:
            yield said("service_until", end, until.first, until.last)
    if "request_received_on" not in answered:
        yield said("request_received_on", dates.iso(day), day, day)
    if "request_channel" not in answered:
        yield said("request_channel", "electronic")
    yield said("request_form_complete", "yes")
    if (diagnosis := primary_diagnosis(chart, asked.claim)) is not None:
        yield said("primary_diagnosis", diagnosis)
    yield from member(chart)
    certification = _certification(asked.claim, item)
    again = _approved_before(chart, product)
    if "request_kind" not in answered and (kind := _kind(certification, known, day, again)) is not None:
        yield said("request_kind", kind)
    if CERTIFICATION.get(certification) in REVIEWED_ANEW:
        yield said("review_asked_anew", "yes")
    response = decided(chart, asked)
    if response is not None:
        row = Answer("already_decided", Source.RECORD, name_of(response), "yes", day, day)
        ground = chart.doubt(response)
        yield row if ground is None else mentioned(row, ground)
    served = [row.high for row in known.get("service_on", ()) if isinstance(row, Answer) and row.high is not None]
    if chart.died is not None and chart.died < max([service or day, *served]):
        yield Answer("died_before_service", Source.RECORD, name_of(chart.patient), "yes", day, day)


def _quantity(chart: Chart, asked: Asked, item: ClaimItem, said: Callable[..., Answer]) -> Iterator[Answer]:
    """Yield how many are asked for: of an insulin pump, all that the request asks for in its items together."""
    pump = product_of(item.product_or_service) in INSULIN_PUMPS
    every = [one for _, one in items(asked.claim)]
    counted = [one for one in every if product_of(one.product_or_service) in INSULIN_PUMPS] if pump else [item]
    amounts = [1 if one.quantity is None or one.quantity.value is None else one.quantity.value for one in counted]
    value = sum(amounts, start=Decimal(0))
    multiple = chart.scales.plain("quantity_requested", value)
    if multiple is not None:
        yield said(
            "quantity_requested", show(multiple, chart.scales.resolution("quantity_requested")), multiple, multiple
        )


def primary_diagnosis(chart: Chart, claim: Claim) -> str | None:
    """Return the value of the principal diagnosis, else of the first; an ICD-10-CM code of no value is ``other``."""
    found = _primary(claim.diagnosis)
    if found is None:
        return None
    pointed = chart.references.find(found.diagnosis_reference, claim)
    if found.diagnosis_reference is not None and (pointed is None or chart.doubt(pointed) is not None):
        return None
    listed = codings(found.diagnosis_codeable_concept, pointed.code if isinstance(pointed, Condition) else None)
    value = chart.codes.value("primary_diagnosis", listed)
    if value is None and any(system_of(coding.system) == "icd10cm" for coding in listed):
        return "other"
    return value


def _primary(diagnoses: list[Diagnosis]) -> Diagnosis | None:
    ordered = sorted(diagnoses, key=lambda one: one.sequence)
    principal = [one for one in ordered if has_code(one.type, {"principal"})]
    return next(iter([*principal, *(one for one in ordered if one.sequence == 1)]), None)


def _certification(claim: Claim, item: ClaimItem) -> str:
    """Return the code of the extension certificationType, on the item or else on the claim; "" where there is none.

    Of several, the first that is known counts; where none is, the first.
    """
    for extensions in (item.extension, claim.extension):
        codes = certifications(extensions)
        if codes:
            return next((code for code in codes if code in CERTIFICATION), codes[0] or "?")
    return ""


def _kind(certification: str, known: Mapping[str, Sequence[Row]], day: int, again: Sequence[str]) -> str | None:
    """Return the kind of a request by its certification type; None where it is not known and has to be asked.

    A first request is one for a first pump only where nothing on file speaks of an earlier one, and of whatever product
    only where no approval of it is on file: ``again`` are the facts that such an approval settles.
    """
    meant = CERTIFICATION.get(certification, "")
    if meant in CONTINUES:
        return "continued"
    if certification not in ("", INITIAL):
        return None
    if any(of_earlier(row, day) for fact in (PUMP, *NOT_FIRST) for row in known.get(fact, ())):
        return None
    if any(isinstance(row, Event) for fact in again for row in known.get(fact, ())):
        return None
    return FIRST


def _approved_before(chart: Chart, product: str | None) -> list[str]:
    """Return the facts that an earlier approval of a product settles."""
    code = plain(product or "")
    return [fact.name for fact in approvable(chart.vocabulary) if matches(fact.approved, "hcpcs", code)]


@lru_cache(maxsize=8)
def approvable(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts that earlier approvals of their products settle."""
    return tuple(fact for fact in vocabulary.facts.values() if fact.approved)


def of_earlier(row: Row, day: int) -> bool:
    """Whether a row speaks of an earlier pump: of one in use on a day, perhaps so, or of what nobody has without."""
    if row.fact == PUMP:
        return isinstance(row, Period) and row.high != 0 and row.start_first <= day <= row.end_last
    return row.fact in NOT_FIRST
