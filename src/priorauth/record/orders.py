"""Orders for devices and services: for the pump, for supplies, for education, and as hints that a sensor is worn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.facts.rows import Answer, Period, Row, Source
from priorauth.record import dated
from priorauth.record.chart import Chart, codings
from priorauth.record.codes import plain, system_of
from priorauth.record.elements import Concept
from priorauth.record.prescriptions import DeviceRequest, ServiceRequest
from priorauth.record.references import name_of
from priorauth.record.structs import Claim
from priorauth.record.tables import PUMP_SUPPLIES
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, When

IN_FORCE: Final = {"active", "completed", "on-hold", "unknown", ""}
ORDERED: Final = {"order", "original-order", "reflex-order", "filler-order", "instance-order", ""}
HINTED: Final = "cgm_use"


def hcpcs(concept: Concept | None) -> set[str]:
    """Give the HCPCS codes of an order."""
    return {plain(coding.code) for coding in codings(concept) if system_of(coding.system) == "hcpcs"}


def device_orders(chart: Chart, product: str | None) -> list[DeviceRequest]:
    """Give the orders for a product that are not revoked, the newest first."""
    found = [
        order for order in _devices(chart) if product is not None and product in hcpcs(order.code_codeable_concept)
    ]
    return sorted(found, key=lambda order: (order.authored_on, order.id), reverse=True)


def pump_order(chart: Chart, product: str | None) -> Iterator[Answer]:
    """Give the day on which the newest order for the product was written."""
    for order in device_orders(chart, product):
        when = _authored(chart, order)
        if when is not None:
            yield _on("prescription_signed_on", chart, name_of(order), when)
            return


def rows(chart: Chart) -> Iterator[Row]:
    """Give the rows of orders that hold for every request of the member."""
    lessons = {
        plain(chart.vocabulary.derivations[name]) for name in ("education_lesson_single", "education_lesson_group")
    }
    supplies = [order for order in _devices(chart) if hcpcs(order.code_codeable_concept) & set(PUMP_SUPPLIES)]
    education = [order for order in _services(chart) if hcpcs(order.code) & lessons]
    yield from _latest("supplies_order_signed_on", chart, supplies)
    yield from _latest("education_order_signed_on", chart, education)
    ordered: list[tuple[DeviceRequest | ServiceRequest, Concept | None]] = [
        *((order, order.code_codeable_concept) for order in _devices(chart)),
        *((order, order.code) for order in _services(chart)),
    ]
    for order, code in ordered:
        if HINTED in chart.codes.facts(codings(code)):
            when = _authored(chart, order)
            yield sensor_hint(name_of(order), When(FIRST_DAY, chart.day) if when is None else when)


def claimed(chart: Chart, claim: Claim) -> Iterator[Row]:
    """Give the hints of a claim's own items."""
    for item in claim.item:
        if HINTED in chart.codes.facts(codings(item.product_or_service)):
            yield sensor_hint(name_of(claim), When(chart.day, chart.day))


def sensor_hint(ref: str, when: When) -> Period:
    """Give a hint: what is ordered need not be worn."""
    return Period(HINTED, Source.RECORD, ref, when.first, when.last, LAST_DAY, LAST_DAY, low=0, high=1)


def _devices(chart: Chart) -> list[DeviceRequest]:
    return [one for one in chart.record.all(DeviceRequest) if one.status in IN_FORCE and one.intent in ORDERED]


def _services(chart: Chart) -> list[ServiceRequest]:
    return [
        one
        for one in chart.record.all(ServiceRequest)
        if one.status in IN_FORCE and one.intent in ORDERED and not one.do_not_perform
    ]


def _latest(fact: str, chart: Chart, orders: list[DeviceRequest] | list[ServiceRequest]) -> Iterator[Answer]:
    found = [(when, name_of(order)) for order in orders if (when := _authored(chart, order)) is not None]
    if found:
        when, ref = max(found, key=lambda one: (one[0].last, one[0].first, one[1]))
        yield _on(fact, chart, ref, when)


def _authored(chart: Chart, order: DeviceRequest | ServiceRequest) -> When | None:
    return dated.read_or_warn(order.authored_on, f"{name_of(order)}: authoredOn", chart.warnings)


def _on(fact: str, chart: Chart, ref: str, when: When) -> Answer:
    """Give a date attribute, known since the record's day."""
    text = dates.iso(when.first) if when.exact else f"{dates.iso(when.first)}..{dates.iso(when.last)}"
    return Answer(fact, Source.RECORD, ref, text, chart.day, chart.day, None, when.first, when.last)
