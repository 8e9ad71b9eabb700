"""The drug that the pump will deliver: which, by which route, and whether the member is allergic to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from priorauth.facts.rows import Answer, Measurement, Period, Row, Source, Whole
from priorauth.fhir.elements import Reference
from priorauth.fhir.prescriptions import MedicationRequest
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import AllergyIntolerance, ClaimItem
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.claims import Asked
from priorauth.record.codes import Coded, matches, plain, system_of
from priorauth.record.readers.medications import Order
from priorauth.record.readers.timing import as_needed, by_the_hour
from priorauth.record.request import product_of
from priorauth.record.tables import INSULIN_PUMPS, NO_KNOWN_DRUG_ALLERGY, ORAL_ANTISPASMODICS, ORAL_ROUTES, ROUTES
from priorauth.values.dates import FIRST_DAY, LAST_DAY

DRUG: Final = "infusion_drug"
ROUTE: Final = "infusion_route"
ALLERGY: Final = "allergy_to_infusion_drug"
WEEKS: Final = "noninvasive_spasticity_treatment_weeks"
INSULIN: Final = "insulin"
_BROAD: Final = "other"
_REQUESTED: Final = "extension-requestedService"
_UNSURE: Final = {"unconfirmed", "presumed"}
_OVER: Final = {"inactive", "resolved"}
_WORD: Final = re.compile(r"[a-z]{4,}")
_WEEK: Final = 7


class Drug(Struct, frozen=True):
    """The drug of a request: its value, where that is said, and the order that says it."""

    value: str
    ref: str
    order: Order | None


def of_request(
    chart: Chart,
    asked: Asked,
    item: ClaimItem,
    orders: list[Order],
    known: Mapping[str, Sequence[Row]],
) -> Iterator[Row]:
    """Yield the rows of the drug of one item; ``known`` are all other rows by fact."""
    order = pump_order(chart, asked, item, orders)
    drug = _drug(chart, asked, product_of(item.product_or_service), order)
    if drug is not None:
        yield Answer(DRUG, Source.RECORD, drug.ref, drug.value, chart.day, chart.day)
    route = None if order is None else route_of(order)
    if order is not None and route is not None and order.sure and chart.codes.value(DRUG, order.codes) is not None:
        yield Answer(ROUTE, Source.RECORD, order.ref, route, chart.day, chart.day)
    if drug is None:
        drug = next(
            (
                Drug(row.text, row.ref, order)
                for row in sorted(
                    _answers(known.get(DRUG, ())), key=lambda row: (row.last, row.minute or 0), reverse=True
                )
            ),
            None,
        )
    yield from allergies(chart, drug)


def pump_order(chart: Chart, asked: Asked, item: ClaimItem, orders: list[Order]) -> Order | None:
    """Return the order for this pump: the one parenteral order that the item or the claim names, else the only one."""
    named, found = for_pump(chart, asked, item, orders)
    if named:
        return found[0] if _one_drug(chart, found) else None
    return found[0] if len(found) == 1 else None


def for_pump(chart: Chart, asked: Asked, item: ClaimItem, orders: list[Order]) -> tuple[bool, list[Order]]:
    """Return the parenteral orders that the item or else the claim names, and whether one does; else all that go on."""
    parenteral = [one for one in orders if isinstance(one.resource, MedicationRequest) and route_of(one) is not None]
    for pointed in (_named_by_item(chart, asked, item), _named_by_claim(chart, asked)):
        named = {id(resource) for resource in pointed}
        found = [one for one in parenteral if id(one.resource) in named]
        if found:
            return True, found
    return False, [one for one in parenteral if not one.inpatient and one.course.end_last >= chart.day]


def named(chart: Chart, asked: Asked, item: ClaimItem) -> list[object]:
    """Return the resources that the item or the claim names."""
    return [*_named_by_item(chart, asked, item), *_named_by_claim(chart, asked)]


def route_of(order: Order) -> str | None:
    """Return the parenteral, intrathecal or epidural route of an order; None where it has none, or several."""
    found = {
        ROUTES[coding.code] for dosage in order.dosages for coding in codings(dosage.route) if coding.code in ROUTES
    }
    return found.pop() if len(found) == 1 else None


def allergies(chart: Chart, drug: Drug | None) -> Iterator[Row]:
    """Yield the allergy to the drug: present, a hint, or absent where a list of allergies is on file without it."""
    listed = chart.record.all(AllergyIntolerance)
    none_known = {chart.vocabulary.derivations["no_known_allergy"], NO_KNOWN_DRUG_ALLERGY}
    free = [one for one in listed if has_code([one.code], none_known) and chart.doubt(one) is None]
    others = [one for one in listed if not has_code([one.code], none_known)]
    if drug is not None:
        meant = [(one, _is_to(chart, one, drug)) for one in others]
        for one, sure in meant:
            if sure is not False:
                unsure = has_code([one.verification_status], _UNSURE) or chart.doubt(one) is not None
                certain = sure is True and not unsure and not _past(one)
                yield Period(
                    ALLERGY, Source.RECORD, name_of(one), FIRST_DAY, chart.day, LAST_DAY, LAST_DAY,
                    low=1 if certain else 0, high=1,
                )  # fmt: skip
        if any(sure is not False for _, sure in meant):
            return
    plain_others = [one for one in others if chart.doubt(one) is None]
    ref = min((name_of(one) for one in free or (plain_others if drug is not None else ())), default=None)
    if ref is not None:
        yield Period(ALLERGY, Source.RECORD, ref, FIRST_DAY, FIRST_DAY, LAST_DAY, LAST_DAY, low=0, high=0)
        yield Whole(ALLERGY, Source.RECORD, ref, FIRST_DAY, LAST_DAY)


def spasticity_weeks(chart: Chart, orders: list[Order]) -> Iterator[Measurement]:
    """Yield the whole weeks of the longest unbroken order of an oral antispasmodic, dated by its end."""
    best: tuple[int, int, Order] | None = None
    for order in orders:
        if order.inpatient or not order.sure or not _antispasmodic(chart, order) or not _taken_by_mouth(order):
            continue
        end = min(order.course.end_first, max(chart.day, order.course.start_last))
        days = end - order.course.start_last
        if days >= 0 and (best is None or (days, end, order.ref) > (best[0], best[1], best[2].ref)):
            best = (days, end, order)
    if best is not None:
        days, end, order = best
        weeks = days // _WEEK * int(1 / chart.scales.resolution(WEEKS))
        exact = order.course.start_first == order.course.start_last and order.course.end_first == order.course.end_last
        yield Measurement(WEEKS, Source.RECORD, order.ref, end, end, None, weeks, weeks if exact else None)


def _drug(chart: Chart, asked: Asked, product: str | None, order: Order | None) -> Drug | None:
    if product in INSULIN_PUMPS:
        return Drug(INSULIN, name_of(asked.claim), order)
    if order is None or not order.sure:
        return None
    value = chart.codes.value(DRUG, order.codes)
    return None if value is None else Drug(value, order.ref, order)


def _answers(known: Iterable[Row]) -> Iterator[Answer]:
    for row in known:
        if isinstance(row, Answer) and row.source is Source.ANSWER:
            yield row


def _one_drug(chart: Chart, found: list[Order]) -> bool:
    return len({chart.codes.value(DRUG, order.codes) or order.ref for order in found}) == 1


def _named_by_item(chart: Chart, asked: Asked, item: ClaimItem) -> list[object]:
    references: list[Reference | None] = [
        extension.value_reference for extension in item.extension if extension.url.endswith(_REQUESTED)
    ]
    references += [
        info.value_reference for info in asked.claim.supporting_info if info.sequence in item.information_sequence
    ]
    return [chart.references.find(reference, asked.claim) for reference in references]


def _named_by_claim(chart: Chart, asked: Asked) -> list[object]:
    return [chart.references.find(info.value_reference, asked.claim) for info in asked.claim.supporting_info]


def _is_to(chart: Chart, allergy: AllergyIntolerance, drug: Drug) -> bool | None:
    """Whether an allergy is to the drug, by code or by name; None where the allergy or the drug cannot be told."""
    concepts = [allergy.code, *(reaction.substance for reaction in allergy.reaction)]
    listed = codings(*concepts)
    words = " | ".join(concept.words for concept in concepts if concept is not None)
    broad = drug.value.startswith(_BROAD)
    wanted = chart.vocabulary[DRUG].value_codes.get(drug.value, {})
    ordered = () if drug.order is None or drug.value == INSULIN else drug.order.codes
    if any((system_of(one.system), plain(one.code)) in _pairs(ordered) for one in listed):
        return True
    if any(matches(wanted, system_of(one.system), plain(one.code)) for one in listed):
        return None if broad else True
    names = set(_WORD.findall(drug.order.words)) if drug.order is not None and ordered else set()
    if not broad:
        names.add(drug.value)
    if any(name in words for name in names):
        return True
    told = words.strip(" |") != "" or any(system_of(one.system) in ("rxnorm", "atc") for one in listed)
    return False if told and names else None


def _pairs(listed: Iterable[Coded]) -> set[tuple[str, str]]:
    return {(system, plain(one.code)) for one in listed if (system := system_of(one.system))}


def _past(allergy: AllergyIntolerance) -> bool:
    return has_code([allergy.clinical_status], _OVER)


def _antispasmodic(chart: Chart, order: Order) -> bool:
    if any(system_of(one.system) == "atc" and plain(one.code).startswith(ORAL_ANTISPASMODICS) for one in order.codes):
        return True
    return chart.codes.value(DRUG, order.codes) in ("baclofen", "other-antispasmodic")


def _taken_by_mouth(order: Order) -> bool:
    """Return whether every dosage is by mouth, neither only as needed nor by the hour."""
    if any(as_needed(dosage) or by_the_hour(dosage) for dosage in order.dosages):
        return False
    routes = [coding.code for dosage in order.dosages for coding in codings(dosage.route)]
    return bool(routes) and all(code in ORAL_ROUTES for code in routes)
