"""Which claims of a Bundle are requests, and that everything in the Bundle belongs to their one patient.

A request is a Claim for preauthorization that is not cancelled and not itself an earlier request: one that another
claim follows on, or that has been answered. Whatever cannot be told is refused, with every fault in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.record import dated
from priorauth.record.bundle import Record, Undecoded, whose
from priorauth.record.elements import Reference, Resource
from priorauth.record.references import name_of, tail
from priorauth.record.refused import RefusedInput, refuse_if
from priorauth.record.structs import Claim, ClaimResponse, Condition, Coverage, Observation, Organization, Patient
from priorauth.values.dates import When, iso

MAX_ITEMS: Final = 500
"""Items of one claim: a claim form has far fewer lines, and each is a request of its own."""
NOT_ASKED: Final = {"cancelled", "entered-in-error"}
_PATIENT_ELEMENTS: Final = ("subject", "patient", "beneficiary")


class Asked(NamedTuple):
    """A claim that asks for authorization, with its day and its coverage."""

    claim: Claim
    created: When
    coverage: Coverage
    payors: tuple[Organization | Reference, ...]


def asked(record: Record) -> tuple[Patient, tuple[Asked, ...]]:
    """Give the patient and the requests; raises RefusedInput where they cannot be told."""
    claims = _requests(record)
    patient = _patient(record, claims)
    strangers(record, patient)
    faults: list[str] = []
    found = [_asked(record, claim, patient, faults) for claim in claims]
    refuse_if(f"{record.name}: {fault}" for fault in faults)
    return patient, tuple(one for one in found if one is not None)


def unasked(record: Record, patient: Patient, day: int) -> Asked:
    """Give an empty claim of a member who asks for nothing, made on a day, under the coverage then in force.

    Where no coverage is in force on the day, the first one counts; where there is none, an empty one of no payor.
    Raises RefusedInput where resources are of another patient.
    """
    strangers(record, patient)

    def later(one: Coverage) -> tuple[bool, str]:
        start, end = dated.start_and_end(one.period, name_of(one), [])
        over = end is not None and end.last < day
        return one.status != "active" or over or (start is not None and start.first > day), one.id

    coverage = min(record.all(Coverage), key=later, default=Coverage())
    return Asked(Claim(created=iso(day)), When(day, day), coverage, tuple(_payors(record, coverage, [])))


def _requests(record: Record) -> list[Claim]:
    open_claims = [
        claim for claim in record.all(Claim) if claim.use == "preauthorization" and claim.status not in NOT_ASKED
    ]
    if not open_claims:
        raise RefusedInput(f"{record.name}: expected a Claim with use preauthorization")
    earlier = {
        id(found)
        for claim in record.all(Claim)
        for related in claim.related
        if (found := record.references.find(related.claim, claim)) is not None and found is not claim
    } | {id(record.references.find(response.request, response)) for response in record.all(ClaimResponse)}
    return [claim for claim in open_claims if id(claim) not in earlier] or open_claims[:1]


def _patient(record: Record, claims: list[Claim]) -> Patient:
    """Give the one patient. A subscriber or policy holder may be in the Bundle beside the patient."""
    if not record.all(Patient):
        raise RefusedInput(f"{record.name}: expected a Patient")
    faults: list[str] = []
    named: dict[str, Patient] = {}
    for claim in claims:
        found = record.references.find(claim.patient, claim)
        if isinstance(found, Patient):
            named[name_of(found)] = found
        else:
            faults.append(f"{record.name}: {name_of(claim)}: patient is not in the Bundle")
    refuse_if(faults)
    if len(named) > 1:
        raise RefusedInput(f"{record.name}: expected claims of one patient, found {', '.join(named)}")
    patient = next(iter(named.values()))
    holders = {
        record.references.key(reference, coverage)
        for coverage in record.all(Coverage)
        for reference in (coverage.subscriber, coverage.policy_holder)
    }
    refuse_if(
        f"{record.name}: {name_of(other)} is another patient than {name_of(patient)}, of the request"
        for other in record.all(Patient)
        if other is not patient and name_of(other) not in holders
    )
    return patient


def strangers(record: Record, patient: Patient) -> None:
    """Refuse resources of another patient, and leave out those that name no patient, with a warning."""
    faults: list[str] = []
    seen: dict[str, bool] = {}
    for kind, listed in list(record.by_type.items()):
        if kind is not Patient:
            record.by_type[kind] = [one for one in listed if _belongs(record, patient, one, faults, seen)]
    record.readings = list(_own_readings(record, patient, faults, seen))
    for other in record.others:
        faults.extend(
            f"{type(other).__name__}/{other.id}: its patient is not {name_of(patient)}, of the request"
            for reference in whose(other)
            if "Patient/" in reference.reference and not _is(record, patient, reference, None)
        )
    refuse_if(f"{record.name}: {fault}" for fault in faults)


def _own_readings(
    record: Record, patient: Patient, faults: list[str], seen: dict[str, bool]
) -> Iterator[Observation | Undecoded]:
    """Keep the observations that are of the patient, decoded or not, each once."""
    ids: set[str] = set()
    for reading in record.readings:
        head = reading.head if isinstance(reading, Undecoded) else reading
        if head.id in ids and head.id:
            record.warnings.append(f"Observation/{head.id} stands more than once in the Bundle; the first counts")
            continue
        ids.add(head.id)
        subject = head.subject
        if (subject is not None and seen.get(subject.reference)) or _belongs(record, patient, head, faults, seen):
            yield reading


def _belongs(record: Record, patient: Patient, resource: Resource, faults: list[str], seen: dict[str, bool]) -> bool:
    for element in _PATIENT_ELEMENTS:
        reference: Reference | None = getattr(resource, element, None)
        if reference is None:
            continue
        literal = reference.reference
        same = seen.get(literal) if literal else None
        if same is None:
            same = _is(record, patient, reference, resource)
            if literal and not literal.startswith("#"):
                seen[literal] = same
        if not same and _of_no_patient(literal):
            record.warnings.append(f"{name_of(resource)}: its {element} is no patient; it does not count")
            return False
        if not same:
            faults.append(f"{name_of(resource)}: its {element} is not {name_of(patient)}, of the request")
        return True
    if resource.kind in _NEEDS_PATIENT:
        record.warnings.append(f"{name_of(resource)} names no patient and does not count")
        return False
    return True


def _of_no_patient(literal: str) -> bool:
    """Say whether a reference is to something that is no patient: a device, a place, a group."""
    kind = tail(literal).partition("/")[0]
    return kind not in ("", "Patient")


_NEEDS_PATIENT: Final = {
    "Observation", "Condition", "Encounter", "AllergyIntolerance", "MedicationRequest", "MedicationStatement",
    "DeviceRequest", "ServiceRequest", "Procedure", "Coverage",
}  # fmt: skip


def _is(record: Record, patient: Patient, reference: Reference, owner: Resource | None) -> bool:
    """Say whether a reference means the patient."""
    found = record.references.find(reference, owner)
    contained = isinstance(found, Patient) and reference.reference.startswith("#")
    return found is patient or (contained and found is not None and found.id == patient.id)


def _asked(record: Record, claim: Claim, patient: Patient, faults: list[str]) -> Asked | None:
    name = name_of(claim)
    before = len(faults)
    created = None
    try:
        created = dated.read(claim.created)
        if not created.exact:
            faults.append(f"{name}: created: expected a full date")
    except ValueError:
        faults.append(f"{name}: created: expected a date (YYYY-MM-DD)")
    if not claim.item:
        faults.append(f"{name}: expected at least one item")
    if len(claim.item) > MAX_ITEMS:
        faults.append(f"{name}: expected at most {MAX_ITEMS} items, found {len(claim.item):,}")
    born = dated.read_or_warn(patient.birth_date, f"{name_of(patient)}: birthDate", [])
    if patient.birth_date and born is None:
        faults.append(f"{name_of(patient)}: birthDate: expected a date")
    if born is not None and created is not None and born.first > created.last:
        faults.append(f"{name_of(patient)}: birthDate lies after {name}: created")
    coverage = _coverage(record, claim, patient, faults)
    payors = () if coverage is None else tuple(_payors(record, coverage, faults))
    faults.extend(_items(record, claim))
    if len(faults) > before or created is None or coverage is None:
        return None
    return Asked(claim, created, coverage, payors)


def _coverage(record: Record, claim: Claim, patient: Patient, faults: list[str]) -> Coverage | None:
    """Give the coverage under which is asked: the focal one, else the first."""
    insurance = sorted(claim.insurance, key=lambda one: (not one.focal, one.sequence))
    if not insurance:
        faults.append(f"{name_of(claim)}: expected insurance with a coverage")
        return None
    found = record.references.find(insurance[0].coverage, claim)
    if not isinstance(found, Coverage):
        faults.append(f"{name_of(claim)}: insurance.coverage is not in the Bundle")
        return None
    if found.beneficiary is not None and not _is(record, patient, found.beneficiary, found):
        faults.append(f"{name_of(found)}: beneficiary is not {name_of(patient)}, of the request")
    return found


def _payors(record: Record, coverage: Coverage, faults: list[str]) -> Iterator[Organization | Reference]:
    if not coverage.payor:
        faults.append(f"{name_of(coverage)}: expected a payor")
    for reference in coverage.payor:
        found = record.references.find(reference, coverage)
        if isinstance(found, Organization):
            yield found
        elif found is None and reference.identifier is not None and not reference.reference:
            yield reference
        elif found is None:
            faults.append(f"{name_of(coverage)}: payor is not in the Bundle")


def _items(record: Record, claim: Claim) -> Iterator[str]:
    """Name the diagnoses that point nowhere."""
    for diagnosis in claim.diagnosis:
        reference = diagnosis.diagnosis_reference
        if reference is not None and not isinstance(record.references.find(reference, claim), Condition):
            yield f"{name_of(claim)}: diagnosis {diagnosis.sequence}: its Condition is not in the Bundle"
