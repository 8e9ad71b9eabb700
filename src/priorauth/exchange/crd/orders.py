"""The orders of a call: what each hook is about, what is ordered, and by which HCPCS codes it may be billed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from priorauth.exchange.crd.pool import Pool, codings, name_of, text
from priorauth.exchange.crd.request import Asked, dispatched
from priorauth.exchange.wire import Fault, Json, listed
from priorauth.fhir.references import tail
from priorauth.record.codes import system_of

CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "DeviceRequest": ("codeCodeableConcept", "codeReference"),
    "ServiceRequest": ("code",),
    "MedicationRequest": ("medicationCodeableConcept", "medicationReference"),
    "NutritionOrder": (),
    "VisionPrescription": (),
    "CommunicationRequest": (),
}
"""By type of order the elements that say what is ordered."""
WHOSE: Final = ("subject", "patient")
_BILLING: Final = "/ext-billing-options"
_LEVEL_II: Final = re.compile(r"[A-Z]\d{4}", re.ASCII)


class Order(Struct, frozen=True):
    """What is asked about: the resource to be answered on, and the order that says what is wanted.

    The two differ for an appointment, which is made for an order. ``codes`` are the HCPCS codes by which it may be
    billed, those that it says of itself first; ``said`` how people call it.
    """

    resource: Json
    order: Json
    codes: tuple[str, ...]
    said: str

    @property
    def name(self) -> str:
        """The resource that is answered on, as ``DeviceRequest/1``."""
        return name_of(self.resource)


def orders(asked: Asked, pool: Pool) -> list[Order]:
    """Return what a call is about; raises Fault where it is another patient's."""
    found = [_order(one, pool) for one in _about(asked, pool)]
    for one in found:
        for resource in (one.resource, one.order):
            if (whose := _whose(resource)) is not None and whose != f"Patient/{asked.patient}":
                said = f"{name_of(resource)} is of another patient than context.patientId"
                raise Fault(422, "business-rule", said, f"{resource['resourceType']}.subject")
    return found


def missing(asked: Asked, pool: Pool) -> list[str]:
    """Return the orders that a call names and does not bring, as ``Type/id``."""
    named = dispatched(asked.context) if asked.hook == "order-dispatch" else []
    return [tail(one) for one in named if pool.find(one) is None and tail(one).partition("/")[0] in CODES]


def based_on(asked: Asked, pool: Pool) -> list[str]:
    """Return the orders for which appointments are made and that a call does not bring."""
    made = pool.all("Appointment") if asked.hook == "appointment-book" else []
    named = [text(one.get("reference")) for appointment in made for one in listed(appointment, "basedOn")]
    return [tail(one) for one in named if tail(one) and pool.find(one) is None]


def things(asked: Asked, pool: Pool) -> list[str]:
    """Return the devices and drugs that say what is ordered and that a call does not bring."""
    found = [
        tail(text(held.get("reference")))
        for one in _about(asked, pool)
        for element in CODES.get(one["resourceType"], ())
        if element.endswith("Reference") and isinstance(held := one.get(element), dict) and pool.find(held, one) is None
    ]
    return [one for one in found if one]


def _about(asked: Asked, pool: Pool) -> Iterator[Json]:
    """Yield the resources that a call is about."""
    if asked.hook == "order-dispatch":
        found = [pool.find(one) for one in dispatched(asked.context)]
        yield from (one for one in found if one is not None and one["resourceType"] in CODES)
        return
    held = asked.context.get("appointments" if asked.hook == "appointment-book" else "draftOrders")
    kinds = {"Appointment"} if asked.hook == "appointment-book" else set(CODES)
    drafts = [entry["resource"] for entry in listed(held, "entry") if entry["resource"]["resourceType"] in kinds]
    if asked.hook == "order-select":
        chosen = {tail(one) or one for one in asked.context["selections"]}
        drafts = [one for one in drafts if name_of(one) in chosen or one.get("id") in chosen]
    yield from drafts


def _whose(resource: Json) -> str | None:
    """Return whose an order is; None where it does not say, or says it in a way that cannot be held against an id."""
    held = [resource.get(element) for element in WHOSE]
    held += [one.get("actor") for one in listed(resource, "participant")]
    for one in held:
        named = tail(text(one.get("reference"))) if isinstance(one, dict) else ""
        if named.startswith("Patient/"):
            return named
    return None


def _order(resource: Json, pool: Pool) -> Order:
    order = resource
    if resource["resourceType"] == "Appointment":
        named = [pool.find(one, resource) for one in listed(resource, "basedOn")]
        order = next((one for one in named if one is not None and one["resourceType"] in CODES), resource)
    concepts = list(_concepts(order, pool))
    codes = [code for concept in concepts for one in (concept, *_billed(concept)) for code in _hcpcs(one)]
    return Order(resource, order, tuple(dict.fromkeys(codes)), _said(order, concepts, codes))


def _concepts(order: Json, pool: Pool) -> Iterator[Json]:
    """Yield the concepts that say what is ordered: its own, those of the device or drug that it names."""
    for element in CODES.get(order["resourceType"], ()):
        held = order.get(element)
        if not isinstance(held, dict):
            continue
        if not element.endswith("Reference"):
            yield held
        elif (found := pool.find(held, order)) is not None:
            yield from _of_thing(found, pool)
    if order["resourceType"] == "Appointment":
        yield from listed(order, "serviceType")


def _of_thing(found: Json, pool: Pool) -> Iterator[Json]:
    """Yield the concepts of a device, of its definition, or of a drug."""
    for element in ("type", "code"):
        if isinstance(one := found.get(element), dict):
            yield one
    definition = pool.find(found.get("definition"), found)
    if definition is not None and isinstance(one := definition.get("type"), dict):
        yield one


def _billed(concept: Json) -> Iterator[Json]:
    """Yield the codes by which a concept may be billed, where it lists them."""
    for extension in listed(concept, "extension"):
        if text(extension.get("url")).endswith(_BILLING):
            if isinstance(one := extension.get("valueCodeableConcept"), dict):
                yield one
            if isinstance(one := extension.get("valueCoding"), dict):
                yield {"coding": [one]}


def _hcpcs(concept: Json) -> Iterator[str]:
    """Yield the HCPCS codes of a concept; one of no system counts where it looks like one."""
    for coding in codings(concept):
        code, system = coding["code"].strip().upper(), text(coding.get("system"))
        if _LEVEL_II.fullmatch(code) and (not system or system_of(system) == "hcpcs"):
            yield code


def _said(order: Json, concepts: list[Json], codes: list[str]) -> str:
    """Return how people call what is ordered: in words where there are any, with its code."""
    words = [text(one.get("text")) for one in concepts]
    words += [text(coding.get("display")) for one in concepts for coding in codings(one)]
    called = next((one.strip() for one in words if one.strip()), "")[:80]
    code = codes[0] if codes else next((coding["code"] for one in concepts for coding in codings(one)), "")[:40]
    if called and code:
        return f"{called} ({code})"
    return called or code or name_of(order)
