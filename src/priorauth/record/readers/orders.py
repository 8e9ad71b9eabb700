"""Orders for devices and services: for the pump, for supplies, for education, and as hints that a sensor is worn.

Drafts, plans and what was revoked are out (see :mod:`counts`); of an order in doubt its date settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.facts.rows import Answer, Period, Row, Source, mentioned
from priorauth.fhir import dated
from priorauth.fhir.elements import NamedConcept
from priorauth.fhir.prescriptions import DeviceRequest, ServiceRequest
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim
from priorauth.record.chart import Chart, codings
from priorauth.record.codes import plain, system_of
from priorauth.record.tables import PUMP_SUPPLIES
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, When

HINTED: Final = "cgm_use"


def hcpcs(concept: NamedConcept | None) -> set[str]:
    """Return the HCPCS codes of an order."""
    return {plain(coding.code) for coding in codings(concept) if system_of(coding.system) == "hcpcs"}


def device_orders(chart: Chart, product: str | None) -> list[DeviceRequest]:
    """Return the orders for a product that are not revoked, the newest first."""
    found = [
        order for order in _devices(chart) if product is not None and product in hcpcs(order.code_codeable_concept)
    ]
    return sorted(found, key=lambda order: (order.authored_on, order.id), reverse=True)


def service_orders(chart: Chart, product: str | None) -> list[ServiceRequest]:
    """Return the orders for a service that name a product and are not revoked."""
    return [order for order in _services(chart) if product is not None and product in hcpcs(order.code)]


def pump_order(chart: Chart, product: str | None) -> Iterator[Answer]:
    """Yield the day on which the newest order for the product was written."""
    orders = device_orders(chart, product)
    for order in sorted(orders, key=lambda order: chart.doubt(order) is not None):
        when = authored(chart, order)
        if when is not None:
            yield _on("prescription_signed_on", chart, order, when)
            return


def rows(chart: Chart) -> Iterator[Row]:
    """Yield the rows of orders that hold for every request of the member."""
    lessons = {
        plain(chart.vocabulary.derivations[name]) for name in ("education_lesson_single", "education_lesson_group")
    }
    supplies = [order for order in _devices(chart) if hcpcs(order.code_codeable_concept) & set(PUMP_SUPPLIES)]
    education = [order for order in _services(chart) if hcpcs(order.code) & lessons]
    yield from _latest("supplies_order_signed_on", chart, supplies)
    yield from _latest("education_order_signed_on", chart, education)
    ordered: list[tuple[DeviceRequest | ServiceRequest, NamedConcept | None]] = [
        *((order, order.code_codeable_concept) for order in _devices(chart)),
        *((order, order.code) for order in _services(chart)),
    ]
    for order, code in ordered:
        if HINTED in chart.codes.facts(codings(code)):
            when = authored(chart, order)
            yield sensor_hint(name_of(order), When(FIRST_DAY, chart.day) if when is None else when)


def claimed(chart: Chart, claim: Claim) -> Iterator[Row]:
    """Yield the hints of a claim's own items."""
    for item in claim.item:
        if HINTED in chart.codes.facts(codings(item.product_or_service)):
            yield sensor_hint(name_of(claim), When(chart.day, chart.day))


def sensor_hint(ref: str, when: When) -> Period:
    """Return a hint: what is ordered need not be worn."""
    return Period(
        HINTED, Source.RECORD, ref, when.first, when.last, LAST_DAY, LAST_DAY, low=0, high=1, ground="an order only"
    )


def _devices(chart: Chart) -> list[DeviceRequest]:
    return chart.record.all(DeviceRequest)


def _services(chart: Chart) -> list[ServiceRequest]:
    return [one for one in chart.record.all(ServiceRequest) if not one.do_not_perform]


def _latest(fact: str, chart: Chart, orders: list[DeviceRequest] | list[ServiceRequest]) -> Iterator[Answer]:
    sure = [order for order in orders if chart.doubt(order) is None]
    found = [(when, order) for order in sure or orders if (when := authored(chart, order)) is not None]
    if found:
        when, order = max(found, key=lambda one: (one[0].last, one[0].first, name_of(one[1])))
        yield _on(fact, chart, order, when)


def authored(chart: Chart, order: DeviceRequest | ServiceRequest) -> When | None:
    """Return when an order was written, None where that is not known."""
    return dated.read_or_warn(order.authored_on, f"{name_of(order)}: authoredOn", chart.warnings)


def _on(fact: str, chart: Chart, order: DeviceRequest | ServiceRequest, when: When) -> Answer:
    """Return a date attribute, known since the record's day."""
    text = dates.iso(when.first) if when.exact else f"{dates.iso(when.first)}..{dates.iso(when.last)}"
    row = Answer(fact, Source.RECORD, name_of(order), text, chart.day, chart.day, None, when.first, when.last)
    ground = chart.doubt(order)
    return row if ground is None else mentioned(row, ground)
