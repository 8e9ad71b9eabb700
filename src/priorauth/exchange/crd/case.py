"""The case of an order under a coverage: what the hook brought, with a Claim made for it, as a request would be sent.

So the same ``determine`` reads it, and what it says here it says of the request that follows. An order that is being
signed is read as it will stand when it is: active, and written today where it bears no day.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import Struct

from priorauth.exchange.crd.member import Cover
from priorauth.exchange.crd.orders import WHOSE, Order
from priorauth.exchange.crd.pool import Pool, name_of, text
from priorauth.exchange.crd.request import Asked
from priorauth.exchange.wire import Json, listed
from priorauth.fhir.references import tail
from priorauth.record.tables import INSULIN_PUMPS

HCPCS: Final = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem"
_NAMESPACE: Final = uuid.UUID("6f6f2f2c-5a0c-5d0e-9d5e-0d8f0b7a3c15")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MOST: Final = 1_000_000
_PERSONAL: Final = ("subject", "patient", "beneficiary")
_COVERED: Final = frozenset({"active", "cancelled", "entered-in-error"})
_FIRST, _UNKNOWN = "I", "UNK"


class Case(Struct, frozen=True):
    """An order under a coverage: by what it is known, and the Bundle that is decided."""

    order: Order
    cover: Cover
    product: str | None
    identity: str
    """By what the order under this coverage is known, whatever the day."""
    context: str
    """By what this answer is known: the coverage-assertion-id, and the context in which forms are opened."""


def cases(asked: Asked, order: Order, cover: Cover, tenant: str, client: str, product: str | None, day: date) -> Case:  # noqa: PLR0913, PLR0917 - what names a case
    """Return the case of an order under a coverage."""
    named = [
        tenant,
        client,
        asked.server or "",
        asked.patient,
        order.name if order.resource.get("id") else _sealed(order.resource),
        sorted(f"{one.get('system')}|{one.get('value')}" for one in listed(order.resource, "identifier")),
        product,
        cover.reference.get("reference") or _sealed(cover.resource),
    ]
    identity = _named("order", named)
    return Case(order, cover, product, identity, _named("context", [identity, day.isoformat()]))


def _named(kind: str, parts: list[Any]) -> str:
    return str(uuid.uuid5(_NAMESPACE, msgspec.json.encode([kind, *parts]).decode()))


def _sealed(resource: Json) -> str:
    plain = {key: value for key, value in resource.items() if key != "extension"}
    return str(uuid.uuid5(_NAMESPACE, msgspec.json.encode(plain, order="sorted").decode()))


def bundle(asked: Asked, case: Case, others: list[Order], pool: Pool, day: date) -> Json:
    """Return the Bundle of a case; ``others`` are the orders beside it that are asked for with it."""
    signing = asked.hook == "order-sign"
    resources = list(_resources(asked, case, pool, day, signing=signing))
    held = {name_of(one) for one in resources}
    claim = _claim(asked, case, others, held, day)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": one} for one in (claim, *resources)],
    }


def _resources(asked: Asked, case: Case, pool: Pool, day: date, *, signing: bool) -> Iterator[Json]:
    """Yield what is of this patient and coverage, each referring to the others by ``Type/id``."""
    patient = f"Patient/{asked.patient}"
    names = {name_of(one) for one in pool.all()} | {patient}
    drafts = {id(entry["resource"]) for entry in listed(asked.context.get("draftOrders"), "entry")}
    if pool.find(patient) is None:
        yield {"resourceType": "Patient", "id": asked.patient}
    cover = case.cover.resource
    for one in pool.all():
        if one is cover or not _belongs(one, patient):
            continue
        if signing and id(one) in drafts:
            yield _related({"authoredOn": day.isoformat(), **one, "status": "active"}, names)
        elif one["resourceType"] not in ("Claim", "ClaimResponse", "Appointment"):
            yield _related(one, names)
    yield from _cover(cover, patient, pool, names)


def _belongs(resource: Json, patient: str) -> bool:
    """Whether a resource is of the patient, or of nobody: of another patient's nothing is read."""
    if resource["resourceType"] == "Patient":
        return name_of(resource) == patient
    for element in _PERSONAL:
        held = resource.get(element)
        for one in held if isinstance(held, list) else [held]:
            if isinstance(one, dict) and (literal := text(one.get("reference"))):
                named = tail(literal) or literal
                if named.partition("/")[0] in ("Patient", "Group") and named != patient:
                    return False
                if literal.startswith("#"):
                    return False
    return True


def _cover(cover: Json, patient: str, pool: Pool, names: set[str]) -> Iterator[Json]:
    """Yield the coverage, and a payor that is named and not there."""
    made = _related({**cover, "beneficiary": {"reference": patient}}, names)
    if made.get("status") not in _COVERED:
        made["status"] = "active"
    made.setdefault("id", "coverage")
    made["payor"] = payors = []
    for place, payor in enumerate(listed(cover, "payor"), 1):
        if pool.find(payor, cover) is not None or (
            isinstance(payor.get("identifier"), dict) and not payor.get("reference")
        ):
            payors.append(_related(payor, names))
            continue
        stub: Json = {"resourceType": "Organization", "id": f"payor-{place}"}
        if text(payor.get("display")):
            stub["name"] = payor["display"]
        if isinstance(payor.get("identifier"), dict):
            stub["identifier"] = [payor["identifier"]]
        payors.append({"reference": f"Organization/payor-{place}"})
        yield stub
    if not payors:
        payors.append({"identifier": {"value": "unknown"}})
    yield made


def _related(value: Any, names: set[str]) -> Any:  # noqa: ANN401 - JSON
    """Copy JSON with references to what is here as ``Type/id``, whatever server they name."""
    if isinstance(value, dict):
        made = {key: _related(part, names) if isinstance(part, dict | list) else part for key, part in value.items()}
        literal = made.get("reference")
        if isinstance(literal, str) and "://" in literal and (named := tail(literal)) in names:
            made["reference"] = named
        return made
    return [_related(part, names) if isinstance(part, dict | list) else part for part in value]


# ---- the claim


def _claim(asked: Asked, case: Case, others: list[Order], held: set[str], day: date) -> Json:
    order = case.order.order
    made: Json = {
        "resourceType": "Claim",
        "id": case.context,
        "identifier": [{"system": "urn:priorauth:context", "value": case.context}],
        "status": "active",
        "type": {"coding": [{"system": f"{_TERMS}/claim-type", "code": "professional"}]},
        "use": "preauthorization",
        "patient": {"reference": f"Patient/{asked.patient}"},
        "created": day.isoformat(),
        "priority": {"coding": [{"system": f"{_TERMS}/processpriority", "code": _priority(order)}]},
        "insurance": [
            {"sequence": 1, "focal": True, "coverage": {"reference": _covered(case)}},
        ],
        "item": [_item(1, [case.product] if case.product else [], case.order)],
    }
    for payor in listed(case.cover.resource, "payor")[:1]:
        made["insurer"] = _related(payor, held)
    if provider := _provider(asked, order, held):
        made["provider"] = provider
    if diagnoses := list(_diagnoses(order, held)):
        made["diagnosis"] = diagnoses
    made["item"] += [_item(place, _beside(one), one) for place, one in enumerate(others, 2)]
    return made


def _covered(case: Case) -> str:
    return f"Coverage/{case.cover.resource.get('id') or 'coverage'}"


def _beside(order: Order) -> list[str]:
    """Return the codes of an order that stands beside another: those of pumps, which are counted, before all others."""
    return sorted(order.codes, key=lambda code: code not in INSULIN_PUMPS)


def _priority(order: Json) -> str:
    return "stat" if order.get("priority") == "stat" else "normal"


def _item(sequence: int, codes: list[str], order: Order) -> Json:
    """Return the item of the claim: what is ordered, how many, for when."""
    again = any(order.order.get(element) for element in ("priorRequest", "replaces", "priorPrescription"))
    ordered = {"coding": [{"system": HCPCS, "code": one} for one in codes]} if codes else {"text": order.said}
    code = {"code": _UNKNOWN if again else _FIRST, "system": "https://codesystem.x12.org/005010/1322"}
    made: Json = {
        "sequence": sequence,
        "extension": [
            {"url": f"{PAS}/extension-certificationType", "valueCodeableConcept": {"coding": [code]}},
            {"url": f"{PAS}/extension-requestedService", "valueReference": {"reference": name_of(order.order)}},
        ],
        "productOrService": ordered,
    }
    if (quantity := _quantity(order.order)) is not None:
        made["quantity"] = {"value": quantity}
    return {**made, **_served(order)}


def _quantity(order: Json) -> int | None:
    """Return how many are ordered; None where no whole number says it."""
    dispensed = order.get("dispenseRequest")
    found = [order.get("quantityQuantity"), dispensed.get("quantity") if isinstance(dispensed, dict) else None]
    found += [
        one.get("valueQuantity") for one in listed(order, "parameter") if "quantity" in str(one.get("code")).lower()
    ]
    return next((whole for each in found if isinstance(each, dict) and (whole := _whole(each.get("value")))), None)


def _whole(value: object) -> int:
    """Return a number of things; 0 of what is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 1 <= value <= _MOST:
        return 0
    return int(value) if value == int(value) else 0


def _served(order: Order) -> Json:
    """Return the day or the days for which is ordered, as far as they are whole days."""
    if order.resource["resourceType"] == "Appointment" and (day := _day(order.resource.get("start"))):
        return {"servicedDate": day}
    found = order.order
    if day := _day(found.get("occurrenceDateTime")):
        return {"servicedDate": day}
    timing = found.get("occurrenceTiming")
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    period = found.get("occurrencePeriod") or (repeat.get("boundsPeriod") if isinstance(repeat, dict) else None)
    if not isinstance(period, dict):
        return {}
    days = {end: day for end in ("start", "end") if (day := _day(period.get(end)))}
    return {"servicedPeriod": days} if "start" in days else {}


def _day(value: object) -> str:
    """Return the day of a date or a moment; "" of what is none."""
    found = text(value)[:10]
    if not _DAY.fullmatch(found):
        return ""
    try:
        date.fromisoformat(found)
    except ValueError:
        return ""
    return found


def _provider(asked: Asked, order: Json, held: set[str]) -> Json | None:
    """Return who is to supply: whom the call sends the order to, else whom the order names, else who ordered."""
    performer = order.get("performer")
    named = [
        asked.context.get("performer"),
        *(performer if isinstance(performer, list) else [performer]),
        order.get("requester"),
    ]
    for one in named:
        literal = one if isinstance(one, str) else text(one.get("reference")) if isinstance(one, dict) else ""
        if tail(literal) in held:
            return {"reference": tail(literal)}
    return None


def _diagnoses(order: Json, held: set[str]) -> Iterator[Json]:
    """Yield the reasons of an order as the diagnoses of the claim."""
    found: list[Json] = [{"diagnosisCodeableConcept": one} for one in listed(order, "reasonCode")]
    for one in listed(order, "reasonReference"):
        named = tail(text(one.get("reference")))
        if named.startswith("Condition/") and named in held:
            found.append({"diagnosisReference": {"reference": named}})
    yield from ({"sequence": place, **one} for place, one in enumerate(found, 1))


__all__ = ["HCPCS", "WHOSE", "Case", "bundle", "cases"]
