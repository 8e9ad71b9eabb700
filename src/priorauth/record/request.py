"""A request is one item of a claim: what is asked for, of whom, when; with every row known for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from priorauth.facts.rows import Answer, Period, Row, Source
from priorauth.record import dated
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.claims import Asked
from priorauth.record.codes import system_of
from priorauth.record.elements import Concept, Extension
from priorauth.record.references import name_of
from priorauth.record.structs import Claim, ClaimItem, Condition, Diagnosis
from priorauth.record.tables import CERTIFICATION, INSULIN_PUMPS
from priorauth.values import dates
from priorauth.values.units import show

_HCPCS: Final = re.compile(r"[A-V]\d{4}", re.ASCII)
_ASKED_FIRST: Final = ("request_kind", "request_channel", "request_received_on", "service_on")
"""Where an answer stands, nothing is assumed from the request."""
_CERTIFICATION_URL: Final = "extension-certificationType"


@dataclass(frozen=True, slots=True)
class Request:
    """One item of a Claim.

    ``item`` is its place in the claim by sequence, from 1. ``payer`` is the value of a ``urn:priorauth:payer``
    identifier; ``payer_names`` are the names and other identifiers (``system|value``) by which a catalog may know the
    payer. Days are day numbers. ``rows`` holds every row known for this request, by fact.
    """

    item: int
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


def items(claim: Claim) -> list[ClaimItem]:
    """Give the items in the order of their sequence."""
    return sorted(claim.item, key=lambda item: item.sequence)


def product_of(concept: Concept | None) -> str | None:
    """Give the HCPCS code of a product; a code of no system counts where it looks like one."""
    for coding in codings(concept):
        code = coding.code.strip().upper()
        if code and (system_of(coding.system) == "hcpcs" or (not coding.system and _HCPCS.fullmatch(code))):
            return code
    return None


def insulin_pumps(claim: Claim) -> int:
    """Count the items that are insulin pumps."""
    return sum(product_of(item.product_or_service) in INSULIN_PUMPS for item in claim.item)


def service_day(chart: Chart, asked: Asked, item: ClaimItem) -> int | None:
    """Give the day of service that an item names, None where it names none."""
    place = f"{name_of(asked.claim)}: item {item.sequence}"
    when = dated.read_or_warn(item.serviced_date, f"{place}: servicedDate", chart.warnings)
    if when is None and item.serviced_period is not None:
        when = dated.read_or_warn(item.serviced_period.start, f"{place}: servicedPeriod.start", chart.warnings)
    return None if when is None else when.first


def member(chart: Chart) -> Iterator[Answer]:
    """Give what the Patient says: date of birth and sex."""
    stated = (Source.RECORD, name_of(chart.patient))
    if chart.born is not None:
        born = (chart.born.first, chart.born.last)
        yield Answer("birth_date", *stated, chart.patient.birth_date, chart.day, chart.day, None, *born)
    if chart.sex is not None:
        yield Answer("sex", *stated, chart.sex, chart.day, chart.day)


def rows(chart: Chart, asked: Asked, item: ClaimItem, known: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Give the rows of the request itself; ``known`` are all other rows by fact, answers among them."""
    ref = name_of(asked.claim)
    day = asked.created.first
    answered = {fact for fact in _ASKED_FIRST if any(row.source is Source.ANSWER for row in known.get(fact, ()))}

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
    if "request_received_on" not in answered:
        yield said("request_received_on", dates.iso(day), day, day)
    if "request_channel" not in answered:
        yield said("request_channel", "electronic")
    yield said("request_form_complete", "yes")
    if (diagnosis := primary_diagnosis(chart, asked.claim)) is not None:
        yield said("primary_diagnosis", diagnosis)
    yield from member(chart)
    if "request_kind" not in answered:
        kind = _kind(asked.claim, item)
        if kind is None and not any(_on_pump(row, day) for row in known.get("insulin_pump_use", ())):
            kind = "initial"
        if kind is not None:
            yield said("request_kind", kind)


def _quantity(chart: Chart, asked: Asked, item: ClaimItem, said: Callable[..., Answer]) -> Iterator[Answer]:
    """Give how many are asked for: of an insulin pump, all that the request asks for in its items together."""
    pump = product_of(item.product_or_service) in INSULIN_PUMPS
    counted = (
        [one for one in asked.claim.item if product_of(one.product_or_service) in INSULIN_PUMPS] if pump else [item]
    )
    amounts = [1 if one.quantity is None or one.quantity.value is None else one.quantity.value for one in counted]
    value = sum(amounts, start=Decimal(0))
    multiple = chart.scales.plain("quantity_requested", value)
    if multiple is not None:
        yield said(
            "quantity_requested", show(multiple, chart.scales.resolution("quantity_requested")), multiple, multiple
        )


def primary_diagnosis(chart: Chart, claim: Claim) -> str | None:
    """Give the value of the principal diagnosis, else of the first; an ICD-10-CM code of no value is ``other``."""
    found = _primary(claim.diagnosis)
    if found is None:
        return None
    pointed = chart.references.find(found.diagnosis_reference, claim)
    listed = codings(found.diagnosis_codeable_concept, pointed.code if isinstance(pointed, Condition) else None)
    value = chart.codes.value("primary_diagnosis", listed)
    if value is None and any(system_of(coding.system) == "icd10cm" for coding in listed):
        return "other"
    return value


def _primary(diagnoses: list[Diagnosis]) -> Diagnosis | None:
    ordered = sorted(diagnoses, key=lambda one: one.sequence)
    principal = [one for one in ordered if has_code(one.type, {"principal"})]
    return next(iter([*principal, *(one for one in ordered if one.sequence == 1)]), None)


def _kind(claim: Claim, item: ClaimItem) -> str | None:
    """Give the kind that the extension certificationType names, on the item or else on the claim."""
    for extensions in (item.extension, claim.extension):
        for code in _certifications(extensions):
            if code in CERTIFICATION:
                return CERTIFICATION[code]
    return None


def _certifications(extensions: list[Extension]) -> Iterator[str]:
    for extension in extensions:
        if extension.url.endswith(_CERTIFICATION_URL):
            yield from (coding.code for coding in codings(extension.value_codeable_concept))


def _on_pump(row: Row, day: int) -> bool:
    """Say whether a row shows an insulin pump in use on a day, or perhaps so."""
    return (
        isinstance(row, Period)
        and row.source in (Source.RECORD, Source.ANSWER, Source.LEDGER)
        and row.high == 1
        and row.start_first <= day <= row.end_last
    )
