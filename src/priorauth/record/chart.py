"""A chart is one member's record as the readers of resources see it: resources, codes, units, the record's own day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct, field

from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import dated
from priorauth.fhir.bundle import Record
from priorauth.fhir.elements import Concept, NamedConcept, SaidConcept
from priorauth.fhir.references import References
from priorauth.fhir.structs import Patient, PractitionerRole
from priorauth.record.codes import Coded, CodeTables
from priorauth.record.quantities import Scales
from priorauth.values.dates import FIRST_DAY, When

SEXES: Final = ("female", "male")


class Chart(Struct):
    """One member's record.

    ``day`` is the day for which the record was sent (Claim.created): what the record calls past was past by then.
    ``born`` is the span of days of birth, None where it is not on file. ``warnings`` grows while the chart is read.
    """

    record: Record
    patient: Patient
    codes: CodeTables
    scales: Scales
    day: int
    born: When | None = None
    warnings: list[str] = field(default_factory=list)
    known: dict[tuple[str, str], tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    """Who is meant by a reference of a server, once that was looked up: see :mod:`practice`."""
    _roles: dict[str, list[PractitionerRole]] | None = None

    def doubt(self, resource: object) -> str | None:
        """Return the ground on which a resource is in doubt, None where it counts."""
        return self.record.doubt(resource)

    def roles_of(self, practitioner: str) -> list[PractitionerRole]:
        """Return the roles of a practitioner, by key."""
        if self._roles is None:
            self._roles = {}
            for role in self.record.all(PractitionerRole):
                for key in self.references.keys(role.practitioner, role):
                    self._roles.setdefault(key, []).append(role)
        return self._roles.get(practitioner, [])

    @property
    def died(self) -> int | None:
        """The first day on which the member may have died, None where nothing says so; unknown is long ago."""
        if self.patient.deceased_date_time:
            try:
                return dated.read(self.patient.deceased_date_time).first
            except ValueError:
                return FIRST_DAY
        return FIRST_DAY if self.patient.deceased_boolean else None

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts."""
        return self.scales.vocabulary

    @property
    def references(self) -> References:
        """What references point to."""
        return self.record.references

    @property
    def sex(self) -> str | None:
        """The administrative gender, where it is female or male."""
        return self.patient.gender if self.patient.gender in SEXES else None


AnyConcept = Concept | SaidConcept | NamedConcept


def codings(*concepts: AnyConcept | None) -> list[Coded]:
    """Return every code of some concepts."""
    found: list[Coded] = []
    for concept in concepts:
        if concept is not None:
            found += concept.coding
    return found


def has_code(concepts: Iterable[AnyConcept | None], codes: Collection[str]) -> bool:
    """Whether one of the concepts has one of the codes, in whatever system (for FHIR's own required codes)."""
    for concept in concepts:
        if concept is not None:
            for coding in concept.coding:
                if coding.code in codes:
                    return True
    return False
