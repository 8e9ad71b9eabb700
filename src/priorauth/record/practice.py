"""Who is who around a request: the prescriber and the practice, and the supplier, who can settle less.

The prescriber is who requested the device; else the author of its prescription; else the care team of the claim. People
and organizations are known by their identifiers too, so that a second record of one is the same one. An order that the
supplier writes itself, or a visit that it only plans, does not make it the practice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from priorauth.facts.rows import Event, Source, mentioned
from priorauth.fhir import dated
from priorauth.fhir.elements import Reference, Resource
from priorauth.fhir.forms import DocumentReference, QuestionnaireResponse
from priorauth.fhir.prescriptions import DeviceRequest, MedicationRequest, ServiceRequest
from priorauth.fhir.references import name_of, pair
from priorauth.fhir.structs import Claim, Encounter, Organization, Practitioner, PractitionerRole
from priorauth.record.chart import Chart
from priorauth.record.readers import documents
from priorauth.record.readers.orders import device_orders

HELD: Final = "finished"


class Practice(Struct, frozen=True):
    """The keys (see References.keys) of the prescriber, of the practice's organizations, and of the supplier."""

    prescriber: frozenset[str]
    organizations: frozenset[str]
    supplier: frozenset[str]
    doubted: bool = False
    """Whether an order of a device is in doubt, and so who is who: of no author a role around the request is known."""

    @property
    def known(self) -> bool:
        """Whether the prescriber or the practice is known."""
        return bool(self.prescriber or self.organizations)


def practice(chart: Chart, claim: Claim, product: str | None) -> Practice:
    """Find the prescriber, the practice and the supplier of one item."""
    provider, places = who(chart, claim.provider, claim)
    own = provider | places
    found = chart.references.find(claim.provider, claim)
    clinician = isinstance(found, Practitioner | PractitionerRole)
    people: set[str] = set()
    organizations: set[str] = set()
    for reference, owner in _prescribers(chart, claim, product):
        someone, where = who(chart, reference, owner)
        if not someone and not clinician and not where.isdisjoint(own):
            continue  # the supplier's own order
        people |= someone
        organizations |= where
    for encounter in chart.record.all(Encounter) if people else ():
        place = chart.references.keys(encounter.service_provider, encounter)
        if encounter.status == HELD and place and not people.isdisjoint(_participants(chart, encounter)):
            organizations |= place
    theirs = not own.isdisjoint(people | organizations)
    seen_there = bool(own) and not people and _sees_patient(chart, own)
    supplier = frozenset() if theirs or seen_there or (clinician and not people) else frozenset(own)
    doubted = any(chart.doubt(order) is not None for order in chart.record.all(DeviceRequest))
    return Practice(frozenset(people), frozenset(organizations), supplier, doubted)


def is_supplier(chart: Chart, team: Practice, author: Reference | None, owner: Resource) -> bool:
    """Whether an author is the supplier, or works for the supplier and not for the practice."""
    people, places = who(chart, author, owner)
    own = people | places
    return not own.isdisjoint(team.supplier) and own.isdisjoint(team.prescriber | team.organizations)


def visits(chart: Chart, team: Practice) -> Iterator[Event]:
    """Yield the days on which the prescriber, or one of the same practice, saw the member."""
    for encounter in chart.record.all(Encounter):
        ground = chart.doubt(encounter)
        if (encounter.status != HELD and ground is None) or encounter.period is None:
            continue
        took_part = set(_participants(chart, encounter))
        place = chart.references.keys(encounter.service_provider, encounter)
        if took_part.isdisjoint(team.prescriber | team.organizations) and place.isdisjoint(team.organizations):
            continue
        ref = name_of(encounter)
        when = dated.read_or_warn(encounter.period.start, f"{ref}: period.start", chart.warnings)
        if when is not None:
            row = Event("prescriber_visit", Source.RECORD, ref, when.first, when.last, when.minute)
            yield row if ground is None else mentioned(row, ground)


def named(chart: Chart, claims: Iterable[Claim]) -> set[str]:
    """Return the keys and the names of all whom a case names as prescriber, practice or supplier: none may judge it."""
    found: set[str] = set()
    spoken: list[tuple[Reference | None, Resource]] = []
    for claim in claims:
        spoken += [(claim.provider, claim), *((member.provider, claim) for member in claim.care_team)]
    spoken += [(order.requester, order) for order in chart.record.all(DeviceRequest)]
    spoken += [(order.requester, order) for order in chart.record.all(ServiceRequest)]
    spoken += [(order.requester, order) for order in chart.record.all(MedicationRequest)]
    spoken += [(author, paper) for paper in chart.record.all(DocumentReference) for author in paper.author]
    spoken += [(form.author, form) for form in chart.record.all(QuestionnaireResponse)]
    for encounter in chart.record.all(Encounter):
        spoken += [(encounter.service_provider, encounter)]
        spoken += [(participant.individual, encounter) for participant in encounter.participant]
    for reference, owner in spoken:
        people, places = who(chart, reference, owner)
        found |= people | places
        meant = chart.references.find(reference, owner)
        if isinstance(meant, Practitioner):
            found |= {called(name.text or " ".join([*name.given, name.family])) for name in meant.name}
        elif reference is not None:
            found.add(called(reference.display))
    return found - {""}


def called(name: str) -> str:
    """Return a person's name as it is compared, without title; "" where it is no full name."""
    words = [word for word in re.findall(r"[^\W\d_]+", name.lower()) if word not in _TITLES]
    return " ".join(words) if len(words) > 1 else ""


_TITLES: Final = {"dr", "md", "do", "np", "pa", "rn", "prof", "phd", "mr", "mrs", "ms", "aprn", "fnp", "m", "d"}


def _prescribers(chart: Chart, claim: Claim, product: str | None) -> list[tuple[Reference, Resource]]:
    ordered: list[tuple[Reference, Resource]] = [
        (order.requester, order) for order in device_orders(chart, product) if order.requester is not None
    ]
    if not ordered:
        ordered = [
            (author, paper) for paper in documents.of(chart, "prescription_signed_on") for author in paper.author
        ]
    if not ordered:
        ordered = [(member.provider, claim) for member in claim.care_team if member.provider is not None]
    return ordered


Who = tuple[frozenset[str], frozenset[str]]
_NOBODY: Final[Who] = (frozenset(), frozenset())


def who(chart: Chart, reference: Reference | None, owner: Resource) -> Who:
    """Return the keys of a person and of the organizations where that person works (or of the organization itself).

    A plain literal of one server means the same in every resource of it, and most visits are with the same few people.
    """
    if reference is None:
        return _NOBODY
    literal = reference.reference
    if not literal or literal.startswith("#") or reference.identifier is not None:
        return _looked_up(chart, reference, owner)
    key = (literal, chart.references.server(owner))
    found = chart.known.get(key)
    if found is None:
        found = chart.known[key] = _looked_up(chart, reference, owner)
    return found


def _looked_up(chart: Chart, reference: Reference, owner: Resource) -> Who:
    keys = frozenset(chart.references.keys(reference, owner))
    if not keys:
        return _NOBODY
    found = chart.references.find(reference, owner)
    if isinstance(found, PractitionerRole):
        person = chart.references.keys(found.practitioner, found)
        return keys | person, frozenset(chart.references.keys(found.organization, found))
    if isinstance(found, Organization) or any(key.startswith("Organization/") for key in keys):
        return frozenset(), keys
    people, places = set(keys), set[str]()
    for role in [role for key in keys for role in chart.roles_of(key)]:
        people |= {name_of(role)} | {"|".join(pair(one)) for one in role.identifier if one.value}
        places |= chart.references.keys(role.organization, role)
    return frozenset(people), frozenset(places)


def _participants(chart: Chart, encounter: Encounter) -> Iterator[str]:
    for participant in encounter.participant:
        people, places = who(chart, participant.individual, encounter)
        yield from people
        yield from places


def _sees_patient(chart: Chart, keys: frozenset[str]) -> bool:
    seen = [one for one in chart.record.all(Encounter) if one.status == HELD and chart.doubt(one) is None]
    return any(not keys.isdisjoint(chart.references.keys(one.service_provider, one)) for one in seen)
