"""The roles of who states something: from the people around the request, and from what a clinician's own entry says.

Three-valued, as everything: a role that nobody can tell of an author is one that he may have. A clinician outside of
prescriber, practice and supplier of whom no workplace is known may work for any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from priorauth.facts.roles import Role, roles, words
from priorauth.facts.rows import Answer, Row
from priorauth.fhir.elements import Coding, Reference, Resource
from priorauth.fhir.forms import DocumentReference
from priorauth.fhir.prescriptions import DeviceRequest
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Patient, Practitioner, PractitionerRole
from priorauth.record.chart import Chart
from priorauth.record.codes import matches, plain, system_of
from priorauth.record.practice import Practice, is_supplier, who
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth, any_of


def signed(chart: Chart, team: Practice, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows of documents and orders, statements with the roles of who wrote them."""
    papers: dict[str, tuple[Resource, tuple[Reference, ...]]]
    papers = {name_of(one): (one, tuple(one.author)) for one in chart.record.all(DocumentReference)}
    ordered = ((one, one.requester) for one in chart.record.all(DeviceRequest))
    papers |= {name_of(one): (one, (who_asks,)) for one, who_asks in ordered if who_asks is not None}
    for row in rows:
        if isinstance(row, Answer) and row.ref in papers:
            owner, references = papers[row.ref]
            yield replace(row, author=author(chart, team, references, owner))
        else:
            yield row


def author(chart: Chart, team: Practice, references: Iterable[Reference], owner: Resource) -> str | None:
    """Return the roles of the authors of a resource as words; None where nobody is named. Of several each counts."""
    listed = [_roles(chart, team, one, owner) for one in references]
    if not listed:
        return None
    told = {name: any_of([one[name] for one in listed]) for name in roles()}
    sure = frozenset(name for name, truth in told.items() if truth == MET)
    return words(sure, frozenset(name for name, truth in told.items() if truth == UNKNOWN))


def _roles(chart: Chart, team: Practice, reference: Reference, owner: Resource) -> Mapping[str, Truth]:
    """Return of each role whether an author has it."""
    found = chart.references.find(reference, owner)
    kind = reference.type or (reference.reference or "").rpartition("/")[0].rpartition("/")[2]
    if isinstance(found, Patient) or kind in ("Patient", "RelatedPerson"):
        return {name: MET if role.standing == "member" else NOT_MET for name, role in roles().items()}
    people, places = who(chart, reference, owner)
    if not people and not places:
        return dict.fromkeys(roles(), UNKNOWN)
    standing: Mapping[str, Truth] = {}
    if not team.doubted:
        standing = _standing(team, people, places, supplier=is_supplier(chart, team, reference, owner))
    entries = list(_entries(chart, found, people))
    return {
        name: standing.get(role.standing, UNKNOWN) if role.standing is not None else _shown(role, entries)
        for name, role in roles().items()
    }


def _standing(team: Practice, people: frozenset[str], places: frozenset[str], *, supplier: bool) -> Mapping[str, Truth]:
    if supplier:
        return {"prescriber": NOT_MET, "practice": NOT_MET, "supplier": MET, "member": NOT_MET}
    told = {"supplier": _apart(places, team.supplier), "member": NOT_MET}
    if not people.isdisjoint(team.prescriber):
        return told | {"prescriber": MET, "practice": MET, "supplier": NOT_MET}
    prescriber = _apart(people, team.prescriber)
    if not places.isdisjoint(team.organizations):
        return told | {"prescriber": prescriber, "practice": MET, "supplier": NOT_MET}
    return told | {"prescriber": prescriber, "practice": _apart(places, team.organizations)}


def _apart(own: frozenset[str], known: frozenset[str]) -> Truth:
    """Return that somebody is none of those known, where both are known; they have nothing in common."""
    return NOT_MET if own and known else UNKNOWN


def _entries(chart: Chart, found: Resource | None, people: frozenset[str]) -> Iterator[Coding]:
    """Yield the codes of what a clinician is, in the clinician's own entry and in those of each role held."""
    held: list[Resource] = [] if found is None else [found]
    if isinstance(found, PractitionerRole):
        person = chart.references.find(found.practitioner, found)
        held += [] if person is None else [person]
    held += [role for key in sorted(people) for role in chart.roles_of(key)]
    for entry in held:
        if isinstance(entry, Practitioner):
            yield from (code for one in entry.qualification if one.code is not None for code in one.code.coding)
        elif isinstance(entry, PractitionerRole):
            yield from (code for concept in (*entry.code, *entry.specialty) for code in concept.coding)


def _shown(role: Role, entries: Iterable[Coding]) -> Truth:
    """Return whether codes show a role; one that excludes it says no where none shows it."""
    codes = [(system_of(one.system), plain(one.code)) for one in entries]
    if any(matches(role.codes, *code) for code in codes):
        return MET
    return NOT_MET if any(matches(role.not_codes, *code) for code in codes) else UNKNOWN
