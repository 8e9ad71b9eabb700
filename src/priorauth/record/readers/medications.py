"""Orders for drugs: which drug, over which days, and how often. Prescriptions and statements of what is taken, alike.

Drafts, plans, cancelled orders and those entered in error are out (see :mod:`counts`). A statement that rests on a
prescription of the same Bundle says nothing of its own. A drug that is named only by words, or by the display or the
identifier of a reference, and an order or a product in doubt, make a hint.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field

from priorauth.facts.rows import Period, Source
from priorauth.fhir import dated
from priorauth.fhir.elements import NamedConcept, Reference
from priorauth.fhir.elements import Period as Span
from priorauth.fhir.prescriptions import Dosage, Medication, MedicationRequest, MedicationStatement
from priorauth.fhir.references import name_of
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.codes import Coded, plain, system_of
from priorauth.record.readers.conditions import Course
from priorauth.record.readers.timing import per_day
from priorauth.record.tables import (
    INGREDIENT_NAMES,
    INSULIN_ATC_ROLES,
    INSULIN_ROLES,
    INSULIN_WORDS,
    NOT_INSULIN_WORDS,
)
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration, Unit, When

TREATED: Final = "insulin_treatment"
_OVER: Final = {"completed", "stopped"}
_HELD: Final = {"on-hold", "unknown"}
_UNITS: Final[dict[str, Unit]] = {"d": "day", "wk": "week", "mo": "month", "a": "year"}
_LONGEST: Final = 10_000
_DEEPEST: Final = 3
"""A kit holds products, a product ingredients, an ingredient may be a product again."""
_WORDS: Final = "a drug named by words only"
_UNSURE: Final = "on hold, or its status is unknown"
_INSULIN: Final = re.compile(rf"\b(?:{'|'.join(INSULIN_WORDS)})\b")
_SUPPLY: Final = re.compile(rf"\b(?:{'|'.join(NOT_INSULIN_WORDS)})s?\b")


class Order(Struct, frozen=True):
    """One order: its drug by codes and words, its days, its instructions.

    ``sure`` is false where the order may not be followed now (on hold, status unknown). ``ground`` says why it is no
    more than a mention, where it is in doubt.
    """

    resource: MedicationRequest | MedicationStatement
    ref: str
    codes: tuple[Coded, ...]
    words: str
    course: Course
    dosages: tuple[Dosage, ...]
    sure: bool
    inpatient: bool
    ground: str | None = None


def orders(chart: Chart) -> list[Order]:
    """Return every order for a drug."""
    return [*_prescribed(chart), *_stated(chart)]


def role(order: Order) -> str | None:
    """Return the part an insulin plays: bolus, basal, mixed, inhaled; ``unnamed`` or ``unread`` if not known.

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
    """Yield the days of treatment with insulin; an order that only its words call insulin is a hint."""
    for order in listed:
        kind = role(order)
        if kind is not None and not order.inpatient:
            ground = order.ground or (_WORDS if kind == "unread" else None if order.sure else _UNSURE)
            low = 1 if ground is None else 0
            yield Period(TREATED, Source.RECORD, order.ref, *order.course, low=low, high=1, ground=ground)


class _Drug(Struct):
    """What an order names: concepts that are read, what only names a product, and why that is in doubt."""

    concepts: list[NamedConcept] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    ground: str | None = None


def _drug(chart: Chart, resource: MedicationRequest | MedicationStatement) -> _Drug:
    """Return the drug as coded, with its ingredients."""
    drug = _Drug()
    if resource.medication_codeable_concept is not None:
        drug.concepts.append(resource.medication_codeable_concept)
    _product(chart, resource.medication_reference, resource, drug, 0)
    return drug


def _product(
    chart: Chart, reference: Reference | None, owner: MedicationRequest | MedicationStatement | Medication,
    drug: _Drug, depth: int,
) -> None:  # fmt: skip
    if reference is None or depth > _DEEPEST:
        return
    found = chart.references.find(reference, owner)
    if not isinstance(found, Medication):
        withdrawn = isinstance(chart.references.find(reference, owner, hidden=True), Medication)
        said = reference.identifier.value if reference.identifier is not None else ""
        if not withdrawn:
            drug.named += [text for text in (reference.display, INGREDIENT_NAMES.get(said, said)) if text]
        return
    drug.ground = drug.ground or chart.doubt(found)
    if found.code is not None:
        drug.concepts.append(found.code)
    for ingredient in found.ingredient:
        if ingredient.item_codeable_concept is not None:
            drug.concepts.append(ingredient.item_codeable_concept)
        _product(chart, ingredient.item_reference, found, drug, depth + 1)


def _prescribed(chart: Chart) -> Iterator[Order]:
    for one in chart.record.all(MedicationRequest):
        if one.do_not_perform:
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
        if any(
            isinstance(chart.references.find(reference, one), MedicationRequest)
            for reference in (*one.based_on, *one.derived_from)
        ):
            continue
        ref = name_of(one)
        withdrawn = any(
            isinstance(chart.references.find(reference, one, hidden=True), MedicationRequest)
            for reference in (*one.based_on, *one.derived_from)
        )
        start, end = dated.start_and_end(one.effective_period, f"{ref}: effectivePeriod", chart.warnings)
        if start is None:
            start = dated.read_or_warn(one.effective_date_time, f"{ref}: effectiveDateTime", chart.warnings)
        if start is None:
            asserted = dated.read_or_warn(one.date_asserted, f"{ref}: dateAsserted", chart.warnings)
            start = None if asserted is None else When(FIRST_DAY, asserted.last)
        ground = "rests on a prescription that does not count" if withdrawn else None
        inpatient = has_code([one.category], {"inpatient"})
        yield _order(chart, one, one.dosage, (start, end), inpatient=inpatient, ground=ground)


def _order(  # noqa: PLR0913  # what prescriptions and statements say in elements of other names
    chart: Chart,
    one: MedicationRequest | MedicationStatement,
    dosages: list[Dosage],
    span: tuple[When | None, When | None],
    *,
    inpatient: bool,
    ground: str | None = None,
) -> Order:
    start, end = span
    drug = _drug(chart, one)
    bounds = [bounds_of(chart, dosage, name_of(one)) for dosage in dosages]
    starts = [first for first, _ in bounds if first is not None]
    ends = [last for _, last in bounds if last is not None]
    if starts:
        start = min(starts, key=_span_of)
    begun = start or When(FIRST_DAY, chart.day)
    ground = chart.doubt(one) or drug.ground or ground
    lengths = [_length(dosage) for dosage in dosages]
    if ends and len(ends) == len(bounds):
        end = max(ends, key=_span_of)
    if lengths and None not in lengths and begun.first > FIRST_DAY:
        longest = max(
            (length for length in lengths if length is not None), key=lambda one: dates.plus(begun.first, one)
        )
        lasted = When(dates.plus(begun.first, longest), dates.plus(begun.last, longest))
        end = lasted if end is None else min(end, lasted, key=_span_of)
    return Order(
        one, name_of(one), tuple(codings(*drug.concepts)),
        " | ".join([*(concept.words for concept in drug.concepts), *drug.named]).lower(),
        course(chart, begun, end, one.status), tuple(dosages), one.status not in _HELD and ground is None, inpatient,
        ground,
    )  # fmt: skip


def _span_of(when: When) -> tuple[int, int]:
    return when.first, when.last


def _length(dosage: Dosage) -> Duration | None:
    """Return the length of time that a timing is bound to: in days or weeks, or as long as so many doses last."""
    repeat = None if dosage.timing is None else dosage.timing.repeat
    if repeat is not None and repeat.count is not None:
        rate = per_day(dosage)
        most = max(repeat.count, repeat.count_max or 0, 0)
        days = math.ceil(most / rate.low) if rate is not None and rate.low > 0 else 1
        return Duration(min(max(days, 1), _LONGEST), "day")
    length = None if repeat is None else repeat.bounds_duration
    unit = None if length is None else _UNITS.get(length.code or length.unit)
    if length is None or unit is None or length.value is None or not 0 < length.value < _LONGEST:
        return None
    return Duration(math.ceil(length.value), unit)


def course(chart: Chart, start: When, end: When | None, status: str) -> Course:
    """Return over which days an order runs: until its end; if over with no end given, until the record's day."""
    if end is not None:
        return Course(start.first, start.last, max(end.first, start.first), max(end.last, start.first))
    if status in _OVER:
        return Course(start.first, start.last, start.first, max(start.last, chart.day))
    return Course(start.first, start.last, LAST_DAY, LAST_DAY)


def bounds_of(chart: Chart, dosage: Dosage, ref: str) -> tuple[When | None, When | None]:
    """Return the days that a timing is bound to."""
    repeat = None if dosage.timing is None else dosage.timing.repeat
    span: Span | None = None if repeat is None else repeat.bounds_period
    return dated.start_and_end(span, f"{ref}: boundsPeriod", chart.warnings)
