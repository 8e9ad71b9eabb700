"""Who is who around a request: the prescriber and the practice, and the supplier, who can settle less.

The prescriber is who requested the device; else the author of its prescription; else the care team of the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from priorauth.facts.rows import Event, Source
from priorauth.record import dated, documents
from priorauth.record.chart import Chart
from priorauth.record.elements import Reference, Resource
from priorauth.record.orders import device_orders
from priorauth.record.references import name_of
from priorauth.record.structs import Claim, Encounter, Practitioner, PractitionerRole

HELD: Final = "finished"


@dataclass(frozen=True, slots=True)
class Practice:
    """The keys (see References.key) of the prescriber, of the practice's organizations, and of the supplier."""

    prescriber: frozenset[str]
    organizations: frozenset[str]
    supplier: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether the prescriber or the practice is known."""
        return bool(self.prescriber or self.organizations)


def practice(chart: Chart, claim: Claim, product: str | None) -> Practice:
    """Find the prescriber, the practice and the supplier of one item."""
    people: set[str] = set()
    organizations: set[str] = set()
    for reference, owner in _prescribers(chart, claim, product):
        someone, places = _who(chart, reference, owner)
        people |= someone
        organizations |= places
    for encounter in chart.record.all(Encounter) if people else ():
        place = chart.references.key(encounter.service_provider, encounter)
        if place is not None and not people.isdisjoint(_participants(chart, encounter)):
            organizations.add(place)
    provider, places = _who(chart, claim.provider, claim)
    found = chart.references.find(claim.provider, claim)
    clinician = isinstance(found, Practitioner | PractitionerRole)
    theirs = not (provider | places).isdisjoint(people | organizations)
    seen_there = not people and _sees_patient(chart, provider | places)
    supplier = frozenset() if theirs or seen_there or (clinician and not people) else frozenset(provider | places)
    return Practice(frozenset(people), frozenset(organizations), supplier)


def is_supplier(chart: Chart, team: Practice, author: Reference | None, owner: Resource) -> bool:
    """Say whether an author is the supplier, or works for the supplier and not for the practice."""
    people, places = _who(chart, author, owner)
    own = people | places
    return not own.isdisjoint(team.supplier) and own.isdisjoint(team.prescriber | team.organizations)


def visits(chart: Chart, team: Practice) -> Iterator[Event]:
    """Give the days on which the prescriber, or one of the same practice, saw the member."""
    for encounter in chart.record.all(Encounter):
        if encounter.status != HELD or encounter.period is None:
            continue
        took_part = set(_participants(chart, encounter))
        place = chart.references.key(encounter.service_provider, encounter)
        if took_part.isdisjoint(team.prescriber | team.organizations) and place not in team.organizations:
            continue
        ref = name_of(encounter)
        when = dated.read_or_warn(encounter.period.start, f"{ref}: period.start", chart.warnings)
        if when is not None:
            yield Event("prescriber_visit", Source.RECORD, ref, when.first, when.last, when.minute)


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


def _who(chart: Chart, reference: Reference | None, owner: Resource) -> tuple[set[str], set[str]]:
    """Give the keys of a person and of the organizations where that person works (or of the organization itself)."""
    key = chart.references.key(reference, owner)
    if key is None:
        return set(), set()
    found = chart.references.find(reference, owner)
    if isinstance(found, PractitionerRole):
        person = chart.references.key(found.practitioner, found)
        place = chart.references.key(found.organization, found)
        return {key} | ({person} if person else set()), {place} if place else set()
    if key.startswith("Organization/"):
        return set(), {key}
    people, places = {key}, set()
    for role in chart.roles_of(key):
        people.add(name_of(role))
        place = chart.references.key(role.organization, role)
        if place is not None:
            places.add(place)
    return people, places


def _participants(chart: Chart, encounter: Encounter) -> Iterator[str]:
    for participant in encounter.participant:
        people, places = _who(chart, participant.individual, encounter)
        yield from people
        yield from places


def _sees_patient(chart: Chart, keys: set[str]) -> bool:
    seen = chart.record.all(Encounter) if keys else ()
    return any(chart.references.key(one.service_provider, one) in keys for one in seen)
