"""What the order and the claim's item say in words about what is asked: for a reader, beside a question.

Words settle nothing and are no rows. An order that is in doubt, not to be performed or out says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from priorauth.fhir import dated
from priorauth.fhir.elements import NamedConcept
from priorauth.fhir.prescriptions import DeviceRequest, Medication, MedicationRequest, ServiceRequest
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim, ClaimItem
from priorauth.record.chart import Chart
from priorauth.values.printable import one_line

LONGEST: Final = 200
"""Characters of one line."""
_Order = DeviceRequest | ServiceRequest | MedicationRequest


class Words(NamedTuple):
    """One line: the resource that says it, the day it bears as it is written, and the text."""

    reference: str
    date: str | None
    text: str


def of_request(chart: Chart, claim: Claim, item: ClaimItem, orders: Iterable[object]) -> tuple[Words, ...]:
    """Return the words of an item and of its orders, each line once, by date, then by reference; undated ones last."""
    found = {Words(name_of(claim), _day(claim.created), text) for text in _texts(item.product_or_service)}
    seen: set[int] = set()
    for order in orders:
        if isinstance(order, _Order) and id(order) not in seen:
            seen.add(id(order))
            if chart.doubt(order) is None and not getattr(order, "do_not_perform", False):
                reference, day = name_of(order), _day(order.authored_on)
                found.update(Words(reference, day, text) for text in _said(chart, order))
    return tuple(sorted(found, key=lambda one: (one.date is None, one.date or "", one.reference, one.text)))


def _said(chart: Chart, order: _Order) -> Iterator[str]:
    if isinstance(order, DeviceRequest):
        yield from _texts(order.code_codeable_concept)
    elif isinstance(order, ServiceRequest):
        yield from _texts(order.code)
    else:
        yield from _texts(order.medication_codeable_concept)
        product = chart.references.find(order.medication_reference, order)
        if isinstance(product, Medication):
            yield from _texts(product.code)
        elif order.medication_reference is not None:
            yield from _lines([order.medication_reference.display])


def _texts(concept: NamedConcept | None) -> Iterator[str]:
    if concept is not None:
        yield from _lines([concept.text, *(coding.display for coding in concept.coding)])


def _lines(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if text and (line := one_line(text, LONGEST)):
            yield line


def _day(text: str) -> str | None:
    """Return the day, month or year that a date or time begins with, as it is written; None where it is no date."""
    if not text:
        return None
    try:
        dated.read(text)
    except ValueError:
        return None
    return text.partition("T")[0]
