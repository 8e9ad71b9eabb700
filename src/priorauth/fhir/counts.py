"""What counts: decided once, between the decoder and every reader, for each resource and for every reference to it.

A resource counts, or it is in doubt (what it says is a mention, with the ground), or it is out: withdrawn, refuted, not
done, superseded. Statuses are allow-lists. What is not on them, what is missing where FHIR demands it, and a modifier
that is not understood leave a resource in doubt. Claim and Coverage are held to theirs in :mod:`claims`.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from priorauth.fhir.elements import Backbone, Concept, Element, Resource

OUT: Final = "out"
"""The standing of a resource that does not count at all."""
_UNKNOWN_MODIFIER: Final = "modifierExtension or implicitRules that is not understood"


class Statuses(NamedTuple):
    """The codes of one element: those with which a resource counts, and those with which it is out."""

    element: str
    counts: frozenset[str]
    out: frozenset[str]
    may_miss: bool = False
    """Whether FHIR lets the element be left out: the resource then counts."""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ORDERED: Final = "order original-order reflex-order filler-order instance-order"


def _status(element: str, counts: str, out: str = "", *, may_miss: bool = False) -> Statuses:
    return Statuses(element, _codes(counts), _codes(out), may_miss)


STATUSES: Final[dict[str, tuple[Statuses, ...]]] = {
    "AllergyIntolerance": (
        _status("verification_status", "confirmed unconfirmed presumed", "refuted entered-in-error", may_miss=True),
        _status("clinical_status", "active inactive resolved", may_miss=True),
    ),
    "ClaimResponse": (_status("status", "active", "cancelled draft entered-in-error"),),
    "Condition": (
        _status(
            "verification_status",
            "confirmed unconfirmed provisional differential",
            "refuted entered-in-error",
            may_miss=True,
        ),
        _status("clinical_status", "active recurrence relapse inactive remission resolved", may_miss=True),
    ),
    "Device": (_status("status", "active", "inactive entered-in-error"),),
    "DeviceRequest": (
        _status("status", "active completed", "draft revoked entered-in-error"),
        _status("intent", _ORDERED, "proposal plan option directive", may_miss=True),
    ),
    "DiagnosticReport": (
        _status(
            "status",
            "final amended corrected appended preliminary partial",
            "registered cancelled entered-in-error",
        ),
    ),
    "DocumentReference": (
        _status("status", "current", "superseded entered-in-error"),
        _status("doc_status", "final amended", "preliminary entered-in-error", may_miss=True),
    ),
    "Encounter": (
        _status("status", "arrived triaged in-progress onleave finished", "planned cancelled entered-in-error"),
    ),
    "EpisodeOfCare": (_status("status", "active onhold finished", "planned waitlist cancelled entered-in-error"),),
    "Flag": (_status("status", "active inactive", "entered-in-error"),),
    "Medication": (_status("status", "active inactive", "entered-in-error", may_miss=True),),
    "MedicationRequest": (
        _status("status", "active completed stopped on-hold unknown", "cancelled draft entered-in-error"),
        _status("intent", _ORDERED, "proposal plan option", may_miss=True),
    ),
    "MedicationStatement": (
        _status("status", "active completed stopped on-hold unknown", "entered-in-error intended not-taken"),
    ),
    "Observation": (_status("status", "final amended corrected preliminary", "cancelled entered-in-error"),),
    "Procedure": (_status("status", "completed in-progress stopped on-hold", "preparation not-done entered-in-error"),),
    "QuestionnaireResponse": (_status("status", "completed amended", "entered-in-error"),),
    "ServiceRequest": (
        _status("status", "active completed", "draft revoked entered-in-error"),
        _status("intent", _ORDERED, "proposal plan option directive", may_miss=True),
    ),
}
"""Source: the required value sets of FHIR R4. Where FHIR lets more than the pure fact through (an order on hold), the
reader of that resource says what it makes of it."""

WITHDRAWN_URLS: Final = ("/modifierextension-infoCancelled", "/modifierextension-infoCancelledFlag")
"""The ends of URLs of Da Vinci PAS; the second is of its earlier versions."""

UNDERSTOOD: Final = WITHDRAWN_URLS
"""The ends of the URLs of the modifiers that are understood."""

_HOLDS: Final[dict[str, tuple[str, ...]]] = {
    "AddItem": ("adjudication",),
    "AllergyIntolerance": ("reaction",),
    "Claim": ("care_team", "supporting_info", "diagnosis", "insurance", "item", "related"),
    "ClaimResponse": ("item", "add_item", "adjudication"),
    "Coverage": ("class_",),
    "Device": ("device_name",),
    "Dosage": ("timing",),
    "Encounter": ("participant", "diagnosis"),
    "Item": ("answer", "item"),
    "ItemAnswer": ("item",),
    "Medication": ("ingredient",),
    "MedicationRequest": ("dosage_instruction", "dispense_request"),
    "MedicationStatement": ("dosage",),
    "Observation": ("component",),
    "QuestionnaireResponse": ("item",),
    "ResponseItem": ("adjudication",),
    "Specimen": ("collection",),
}
"""The elements of each struct that may hold a modifierExtension of their own."""


def standing(resource: Resource) -> str | None:
    """Return None where a resource counts, ``OUT`` where it does not at all, else why it is in doubt."""
    ground = _UNKNOWN_MODIFIER if modified(resource) else None
    for statuses in STATUSES.get(resource.kind, ()):
        value = getattr(resource, statuses.element)
        if value in statuses.counts if type(value) is str else value is None and statuses.may_miss:
            continue  # nearly every resource
        given = _given(value)
        if not given.isdisjoint(statuses.out):
            return OUT
        if not given:
            if not statuses.may_miss:
                ground = ground or f"{_camel(statuses.element)} is missing"
        elif not given <= statuses.counts:
            ground = ground or f"{_camel(statuses.element)} is not one that counts"
    return ground


def modified(resource: Resource) -> bool:
    """Return whether a resource or an element of it bears a modifier that is not understood."""
    if resource.implicit_rules:
        return True
    if not resource.modifier_extension:
        for name in _held(type(resource)):
            if getattr(resource, name):
                break
        else:
            return False  # nearly every observation
    elements: list[Resource | Backbone] = [resource]
    for element in elements:  # grows while it is walked, by those below that may hold a modifierExtension
        if element.modifier_extension and not all(one.url.endswith(UNDERSTOOD) for one in element.modifier_extension):
            return True
        for name in _held(type(element)):
            below = getattr(element, name)
            if below:
                elements.extend(below if type(below) in _SEVERAL else (below,))
    return False


_SEVERAL: Final = frozenset((list, tuple))


@cache
def _held(kind: type) -> tuple[str, ...]:
    return _HOLDS.get(kind.__name__, ())


def _given(value: str | Element | None) -> frozenset[str]:
    """Return the codes of a status: of a concept without a code, its lack is a code that nobody knows."""
    if isinstance(value, Concept):
        return frozenset([coding.code for coding in value.coding] or ["?"])
    return frozenset((value,)) if isinstance(value, str) and value else frozenset()


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
