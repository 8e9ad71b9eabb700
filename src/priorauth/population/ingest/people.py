"""Who is who among the resources under one patient id: one person, or several whom only their servers tell apart.

A person is a server, type and id, or shares an identifier. Whatever cannot be given to one person beyond doubt leaves
out everybody of that id: nobody's chart rests on another's resources, or lacks some of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from msgspec import Raw

from priorauth.fhir.structs import Patient
from priorauth.population.ingest.bases import NO_SERVER, base_of, is_server, label
from priorauth.population.ingest.deleted import meta
from priorauth.population.ingest.servers import Origin

Found = tuple[int, str, Any]
"""A decoded resource with its number among the texts and its fullUrl."""
TWO: Final = "two different patients have this id, and nothing says whose this is (were two servers put together?)"
UNSAID: Final = "resources of two servers have this patient id, and nothing says of which its Patient is"
UNREAD: Final = "a Patient of this id cannot be read, and nothing else says whose this is"
STRANGER: Final = "of a patient of another server, who has the same id and is not in the export"


class Told(NamedTuple):
    """What is known of where a text comes from: the label that the resource itself names, and its source's origin."""

    label: int
    origin: Origin


@dataclass(slots=True)
class Person:
    """One person: Patients (versions of one, or those of several servers), all else, and the labels of the servers."""

    patients: list[Found]
    others: list[Found] = field(default_factory=list)
    labels: set[int] = field(default_factory=set)
    name: str = ""
    """What this person is called beside another of the same id."""

    @property
    def servers(self) -> list[int]:
        """The servers' labels."""
        return sorted(filter(is_server, self.labels))


@dataclass(slots=True)
class People:
    """Everybody of one id; where ``refused`` says why, nobody can be told apart. ``strangers``: of nobody here."""

    persons: list[Person]
    strangers: list[Found] = field(default_factory=list)
    refused: str = ""


def apart(
    found: Sequence[Found], labels: Sequence[int], told: Callable[[int], Told], text: Callable[[int], bytes | Raw]
) -> People:
    """Tell apart who has resources under one id; ``labels`` are those of ``found``, in most exports all of one server.

    ``told`` and ``text`` give by its number where a resource comes from, and the resource as it was written.
    """
    patients = [one for one in found if type(one[2]) is Patient]
    others = [one for one in found if type(one[2]) is not Patient]
    servers = set(filter(is_server, labels)) if any(labels) else set()
    if len(patients) == 1 and len(servers) <= 1:
        return People([Person(patients, others, set(labels) - {NO_SERVER})])
    persons = _persons(patients, told)
    if len(persons) == 1 and len(servers) <= 1:
        persons[0].others = others
        persons[0].labels = set(labels) - {NO_SERVER}
        return People(persons)
    return _given(persons, others, told, text)


def _given(
    persons: list[Person], others: list[Found], told: Callable[[int], Told], text: Callable[[int], bytes | Raw]
) -> People:
    """Give each resource to its person."""
    refused = People(persons, refused=TWO if len(persons) > 1 else UNSAID)
    certain = True
    for person in persons:
        own, sure = _labels(person, told, text)
        person.labels, certain = own, certain and sure
        if not own:
            return refused
    owners = [(one, person) for person in persons for one in person.labels]
    owner = dict(owners)
    if len(owner) != len(owners):
        return refused
    strangers = []
    for one in others:
        known = told(one[0])
        found = known.label or known.origin.server
        if not found and (source := _source(text(one[0]))) in owner:
            found = source
        if found in owner:
            owner[found].others.append(one)
        elif is_server(found) and certain:
            strangers.append(one)
        else:
            return refused
    if len(persons) > 1:
        for person in persons:
            person.name = _named(person, told, text)
    return People(persons, strangers)


def _persons(patients: list[Found], told: Callable[[int], Told]) -> list[Person]:
    """Put Patients together that are one person."""
    persons: list[Person] = []
    for one in patients:
        same = [person for person in persons if any(_same(one, other, told) for other in person.patients)]
        persons = [person for person in persons if all(person is not each for each in same)]
        persons.append(Person(sorted([*(each for person in same for each in person.patients), one], key=_turn)))
    return sorted(persons, key=lambda person: _turn(person.patients[0]))


def _turn(one: Found) -> int:
    return one[0]


def _same(one: Found, two: Found, told: Callable[[int], Told]) -> bool:
    """Whether two Patients of one id are one person: an identifier in common; else one server, or birth and sex."""
    left, right = ({(each.system, each.value) for each in each.identifier} for each in (one[2], two[2]))
    if left and right:
        return not left.isdisjoint(right)
    (first, origin), (second, other) = told(one[0]), told(two[0])
    servers = [each if is_server(each) else place.server for each, place in ((first, origin), (second, other))]
    if all(servers) and servers[0] != servers[1]:
        return False
    if is_server(first) and first == second:
        return True
    return bool((one[2].birth_date, one[2].gender) == (two[2].birth_date, two[2].gender))


def _labels(person: Person, told: Callable[[int], Told], text: Callable[[int], bytes | Raw]) -> tuple[set[int], bool]:
    """Return the labels of a person's servers, and whether all were named by the Patients themselves."""
    found: set[int] = set()
    sure = True
    for number, _, _ in person.patients:
        known = told(number)
        sure = sure and is_server(known.label)
        found.add(known.label or known.origin.server or _source(text(number)))
    return found - {NO_SERVER}, sure and NO_SERVER not in found


def _source(resource: bytes | Raw) -> int:
    """Return the label of ``meta.source``."""
    source = meta(resource).source.partition("#")[0]
    return label(base_of(source) or source)


def _named(person: Person, told: Callable[[int], Told], text: Callable[[int], bytes | Raw]) -> str:
    """Return the name of a person beside another of the same id: by the whole URL."""
    for number, url, patient in person.patients:
        base = told(number).origin.base or meta(text(number)).source.partition("#")[0]
        if base_of(url) or url.startswith("urn:"):
            return url.partition("/_history/")[0]
        if base:
            return f"{base_of(base) or base.rstrip('/')}/Patient/{patient.id}"
    return ""
