"""Orders for drugs: which drug, over which days, and how often. Prescriptions and statements of what is taken, alike.

Drafts, plans, cancelled orders and those entered in error are no orders. A statement that rests on a prescription of
the same Bundle says nothing of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from priorauth.facts.rows import Period, Source
from priorauth.record import dated
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.codes import Coded, plain, system_of
from priorauth.record.conditions import Course
from priorauth.record.elements import NamedConcept, Reference
from priorauth.record.elements import Period as Span
from priorauth.record.orders import ORDERED
from priorauth.record.prescriptions import Dosage, Medication, MedicationRequest, MedicationStatement
from priorauth.record.references import name_of
from priorauth.record.tables import INSULIN_ATC_ROLES, INSULIN_ROLES, INSULIN_WORDS, NOT_INSULIN_WORDS
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration, Unit, When

TREATED: Final = "insulin_treatment"
_NO_ORDER: Final = {"cancelled", "entered-in-error", "draft", "intended", "not-taken"}
_OVER: Final = {"completed", "stopped"}
_HELD: Final = {"on-hold", "unknown"}
_UNITS: Final[dict[str, Unit]] = {"d": "day", "wk": "week", "mo": "month", "a": "year"}
_LONGEST: Final = 10_000
_INSULIN: Final = re.compile(rf"\b(?:{'|'.join(INSULIN_WORDS)})\b")
_SUPPLY: Final = re.compile(rf"\b(?:{'|'.join(NOT_INSULIN_WORDS)})s?\b")


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its drug by codes and words, its days, its instructions.

    ``sure`` is false where the order may not be followed now (on hold, status unknown).
    """

    resource: MedicationRequest | MedicationStatement
    ref: str
    codes: tuple[Coded, ...]
    words: str
    course: Course
    dosages: tuple[Dosage, ...]
    sure: bool
    inpatient: bool


def orders(chart: Chart) -> list[Order]:
    """Give every order for a drug."""
    return [*_prescribed(chart), *_stated(chart)]


def role(order: Order) -> str | None:
    """Give the part an insulin plays: bolus, basal, mixed, inhaled; ``unnamed`` or ``unread`` where that is not known.

    None where the drug is no insulin.
    """
    found = set()
    for coding in order.codes:
        system = system_of(coding.system)
        if system == "rxnorm" and coding.code in INSULIN_ROLES:
            found.add(INSULIN_ROLES[coding.code])
        elif system == "atc" and plain(coding.code).startswith("A10A"):
            found.add(INSULIN_ATC_ROLES.get(plain(coding.code)[:5], "unnamed"))
    named = found - {"unnamed"}
    if "mixed" in named or {"bolus", "basal"} <= named:
        return "mixed"
    if named:
        return min(named)
    if found:
        return "unnamed"
    return "unread" if _INSULIN.search(order.words) and not _SUPPLY.search(order.words) else None


def treatment(listed: list[Order]) -> Iterator[Period]:
    """Give the days of treatment with insulin; an order that only its words call insulin is a hint."""
    for order in listed:
        kind = role(order)
        if kind is not None and not order.inpatient:
            low = 1 if order.sure and kind != "unread" else 0
            yield Period(TREATED, Source.RECORD, order.ref, *order.course, low=low, high=1)


def drug(chart: Chart, resource: MedicationRequest | MedicationStatement) -> Iterator[NamedConcept]:
    """Give the drug as coded, and its ingredients."""
    if resource.medication_codeable_concept is not None:
        yield resource.medication_codeable_concept
    yield from _product(chart, resource.medication_reference, resource, 0)


def _product(
    chart: Chart, reference: Reference | None, owner: MedicationRequest | MedicationStatement | Medication, depth: int
) -> Iterator[NamedConcept]:
    found = chart.references.find(reference, owner)
    if not isinstance(found, Medication) or depth > 1:
        return
    if found.code is not None:
        yield found.code
    for ingredient in found.ingredient:
        if ingredient.item_codeable_concept is not None:
            yield ingredient.item_codeable_concept
        yield from _product(chart, ingredient.item_reference, found, depth + 1)


def _prescribed(chart: Chart) -> Iterator[Order]:
    for one in chart.record.all(MedicationRequest):
        if one.status in _NO_ORDER or one.intent not in ORDERED or one.do_not_perform:
            continue
        ref = name_of(one)
        validity = None if one.dispense_request is None else one.dispense_request.validity_period
        start, end = dated.start_and_end(validity, f"{ref}: dispenseRequest.validityPeriod", chart.warnings)
        written = dated.read_or_warn(one.authored_on, f"{ref}: authoredOn", chart.warnings)
        end = end if one.status == "completed" else None
        inpatient = has_code(one.category, {"inpatient"})
        yield _order(chart, one, one.dosage_instruction, (start or written, end), inpatient=inpatient)


def _stated(chart: Chart) -> Iterator[Order]:
    for one in chart.record.all(MedicationStatement):
        if one.status in _NO_ORDER or any(
            isinstance(chart.references.find(reference, one), MedicationRequest)
            for reference in (*one.based_on, *one.derived_from)
        ):
            continue
        ref = name_of(one)
        start, end = dated.start_and_end(one.effective_period, f"{ref}: effectivePeriod", chart.warnings)
        if start is None:
            start = dated.read_or_warn(one.effective_date_time, f"{ref}: effectiveDateTime", chart.warnings)
        if start is None:
            asserted = dated.read_or_warn(one.date_asserted, f"{ref}: dateAsserted", chart.warnings)
            start = None if asserted is None else When(FIRST_DAY, asserted.last)
        yield _order(chart, one, one.dosage, (start, end), inpatient=has_code([one.category], {"inpatient"}))


def _order(
    chart: Chart,
    one: MedicationRequest | MedicationStatement,
    dosages: list[Dosage],
    span: tuple[When | None, When | None],
    *,
    inpatient: bool,
) -> Order:
    start, end = span
    concepts = list(drug(chart, one))
    bounds = [bounds_of(chart, dosage, name_of(one)) for dosage in dosages]
    starts = [first for first, _ in bounds if first is not None]
    ends = [last for _, last in bounds if last is not None]
    if starts:
        start = min(starts, key=_span_of)
    begun = start or When(FIRST_DAY, chart.day)
    lengths = [_length(dosage) for dosage in dosages]
    if ends and len(ends) == len(bounds):
        end = max(ends, key=_span_of)
    elif lengths and None not in lengths and begun.first > FIRST_DAY:
        longest = max(
            (length for length in lengths if length is not None), key=lambda one: dates.plus(begun.first, one)
        )
        end = When(dates.plus(begun.first, longest), dates.plus(begun.last, longest))
    return Order(
        one, name_of(one), tuple(codings(*concepts)), " | ".join(concept.words for concept in concepts),
        course(chart, begun, end, one.status), tuple(dosages), one.status not in _HELD, inpatient,
    )  # fmt: skip


def _span_of(when: When) -> tuple[int, int]:
    return when.first, when.last


def _length(dosage: Dosage) -> Duration | None:
    """Give the length of time that a timing is bound to, in days or weeks."""
    repeat = None if dosage.timing is None else dosage.timing.repeat
    length = None if repeat is None else repeat.bounds_duration
    unit = None if length is None else _UNITS.get(length.code or length.unit)
    if length is None or unit is None or length.value is None or not 0 < length.value < _LONGEST:
        return None
    return Duration(math.ceil(length.value), unit)


def course(chart: Chart, start: When, end: When | None, status: str) -> Course:
    """Say over which days an order runs: until its end; when it is over and no end is given, until the record's day."""
    if end is not None:
        return Course(start.first, start.last, max(end.first, start.first), max(end.last, start.first))
    if status in _OVER:
        return Course(start.first, start.last, start.first, max(start.last, chart.day))
    return Course(start.first, start.last, LAST_DAY, LAST_DAY)


def bounds_of(chart: Chart, dosage: Dosage, ref: str) -> tuple[When | None, When | None]:
    """Give the days that a timing is bound to."""
    repeat = None if dosage.timing is None else dosage.timing.repeat
    span: Span | None = None if repeat is None else repeat.bounds_period
    return dated.start_and_end(span, f"{ref}: boundsPeriod", chart.warnings)
